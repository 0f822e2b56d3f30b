"""How does a guest behave on somebody else's server: who is it, and when does it wait?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from apicheck import __version__
from apicheck.model import Exchange

USER_AGENT: Final = f"apicheck/{__version__} (conformance test; apicheck-nl)"
"""How we introduce ourselves (RFC 9110 §10.1.5)."""
HELD_OFF: Final = frozenset({429, 503})
"""Statuses with which a server asks to try again later (RFC 6585 §4, RFC 9110 §15.6.4)."""
LONGEST_WAIT: Final = 60.0
"""Seconds that a server may ask us to wait."""


def introduction(contact: str | None) -> str:
    """Return how we introduce ourselves, with an address or page for who wonders about our requests."""
    return f"{USER_AGENT[:-1]}; {contact})" if contact else USER_AGENT


def asked_to_wait(exchange: Exchange) -> float | None:
    """Return the seconds after which the server asks to try again (RFC 9110 §10.2.3).

    None when it does not ask, or asks for more than ``LONGEST_WAIT``.
    """
    if exchange.status not in HELD_OFF:
        return None
    after = exchange.header("retry-after")
    if after is None:
        return 1.0 if exchange.status == 429 else None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  # only a server that asks to wait needs it

    try:
        seconds = float(after) if after.isdecimal() else (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return None
    return max(seconds, 0.0) if seconds <= LONGEST_WAIT else None
