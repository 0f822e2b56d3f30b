"""How much of the API was seen, and why not the rest?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from apicheck.arrival import arrived
from apicheck.model import Coverage, Exchange, Source, Status, Text, Unreached, Verdict
from apicheck.words import say


class Census:
    """Counts every exchange as it passes, whoever sent it, and shows it on to its listeners.

    Args:
        operations: those of the document, by name.
        secured: those of them that ask for credentials.
        recognises: says whether an exchange was sent with our credentials.
    """

    def __init__(
        self, operations: Iterable[str], secured: Iterable[str] = (), recognises: Callable[[Exchange], bool] = lambda _: False
    ) -> None:
        self.listeners: list[Callable[[Exchange], None]] = []
        self._secured = frozenset(secured)
        self._recognises = recognises
        self._identified: set[str] = set()
        self._statuses: dict[str, Counter[int]] = {operation: Counter() for operation in operations}
        self._requests: Counter[Source] = Counter()

    def see(self, exchange: Exchange) -> None:
        """Take one exchange into account."""
        self.count(exchange, identified=self._recognises(exchange))
        for listener in self.listeners:
            listener(exchange)

    def count(self, exchange: Exchange, *, identified: bool) -> None:
        """Take an exchange into account of which no more is known than who sent it, for which operation, and what came back."""
        self._requests[exchange.sender] += 1
        if arrived(exchange) and exchange.status is not None and exchange.operation in self._statuses:
            self._statuses[exchange.operation][exchange.status] += 1
            if 200 <= exchange.status < 300 and identified:
                self._identified.add(exchange.operation)

    def coverage(self, verdicts: Iterable[Verdict], reasons: Mapping[str, Text]) -> Coverage:
        """Return the counts; ``reasons`` say, by operation, why one never answered 2xx."""
        answered = {operation for operation, statuses in self._statuses.items() if any(200 <= code < 300 for code in statuses)}
        return Coverage(
            rules=_by_status(verdicts),
            operations=len(self._statuses),
            reached=sum(bool(statuses) for statuses in self._statuses.values()),
            answered=len(answered),
            secured=len(self._secured),
            answered_with_auth=len(self._identified),
            requests=dict(self._requests),
            not_reached=tuple(
                Unreached(operation=operation, reason=reasons.get(operation) or self._reason(operation))
                for operation in self._statuses
                if operation not in answered
            ),
        )

    def _reason(self, operation: str) -> Text:
        statuses = self._statuses[operation]
        if not statuses:
            return say("coverage.never-asked")
        return say("coverage.only-others", statuses=", ".join(str(code) for code in sorted(statuses)))


def _by_status(verdicts: Iterable[Verdict]) -> dict[Status, int]:
    counted = Counter(verdict.status for verdict in verdicts)
    return {status: counted[status] for status in Status}
