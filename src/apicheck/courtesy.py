"""How does a guest behave on somebody else's server: who is it, and when does it wait?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from apicheck import __version__
from apicheck.model import Exchange

USER_AGENT: Final = f"apicheck/{__version__} (conformance test; apicheck-nl)"
"""How we introduce ourselves (RFC 9110 §10.1.5)."""
MOST_REQUESTS: Final = 1500
"""Requests of one run, unless something else is agreed."""
LONGEST_RUN: Final = 600.0
"""Seconds that one run may take, unless something else is agreed: twice what its requests take at the pace of a guest."""
AS_A_GUEST: Final = 5.0
"""Requests per second to a server of somebody else, unless something else is agreed: what one person in a web page brings about."""
AT_HOME: Final = 50.0
"""Requests per second to this machine itself, where nobody else is in the way."""
HELD_OFF: Final = frozenset({429, 503})
"""Statuses with which a server asks to try again later (RFC 6585 §4, RFC 9110 §15.6.4)."""
LONGEST_WAIT: Final = 60.0
"""Seconds that a server may ask us to wait."""


def pace(base_url: str) -> float:
    """Return the requests per second that are polite when nothing was agreed; a name is not looked up."""
    host = urlsplit(base_url).hostname or ""
    return AT_HOME if is_this_machine(host) else AS_A_GUEST


def is_this_machine(host: str) -> bool:
    """Say whether a host is by its very name this machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3)."""
    from ipaddress import ip_address  # noqa: PLC0415  # whoever only reads a document has no host

    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


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
