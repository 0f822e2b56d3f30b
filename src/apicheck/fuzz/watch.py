"""Is the API still the one that we began to test?

Fuzzing may break what it tests, a token expires, a firewall loses its patience. What is seen from then on says nothing about the
API, so a run of trouble of one kind makes us suspicious. Whether it is true, one request that went well before can tell.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from apicheck.model import Exchange

_SUSPICIOUS: Final = {"no-answer": 10, "held-off": 6, "no-access": 30, "failing": 30}
"""How many answers in a row, but for one in ten, make trouble of a kind suspicious."""
_NO_TROUBLE: Final = frozenset({"unsendable", "too-large"})
"""Errors of an exchange that say nothing about the API: nothing was sent, or more came than we read."""


def trouble(exchange: Exchange) -> str | None:
    """Return the kind of trouble that an exchange shows; None when the API gave a sensible answer."""
    if exchange.error is not None:
        return None if exchange.error in _NO_TROUBLE else "no-answer"
    match exchange.status:
        case 401 | 403:
            return "no-access"
        case 429:
            return "held-off"
        case int(status) if status >= 500:
            return "failing"
    return None


class Watch:
    """Looks at the exchanges of a run as they come."""

    def __init__(self) -> None:
        self._recent: deque[tuple[str, str | None]] = deque(maxlen=max(_SUSPICIOUS.values()))

    def suspect(self, exchange: Exchange) -> str | None:
        """Take in an exchange; return the kind of trouble that has become suspicious."""
        kind = trouble(exchange)
        self._recent.append((exchange.id, kind))
        if kind is None:
            return None
        last = list(self._recent)[-_SUSPICIOUS[kind] :]
        alike = sum(other == kind for _, other in last)
        return kind if len(last) == _SUSPICIOUS[kind] and alike * 10 >= len(last) * 9 else None

    def clear(self) -> None:
        """Begin anew: the suspicion was wrong."""
        self._recent.clear()

    def since(self, kind: str) -> str:
        """Return the id of the first of the recent exchanges with trouble of this kind."""
        return next(exchange for exchange, other in self._recent if other == kind)
