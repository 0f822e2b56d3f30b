"""Which operations never gave a good answer, and why?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hypothesis.errors import Unsatisfiable
from requests import RequestException
from schemathesis.core.errors import InvalidSchema, UnresolvableReference
from schemathesis.engine.events import NonFatalError

from apicheck.leave import Leave
from apicheck.model import Exchange, Text, Unreached
from apicheck.openapi import Operation
from apicheck.words import say


class Reach:
    """Counts the answers of each operation, and keeps what the engine says it cannot do."""

    def __init__(self, operations: Iterable[Operation], leave: Leave) -> None:
        self._operations = tuple(operations)
        self._leave = leave
        self._answers: dict[str, Counter[int | None]] = {operation.name: Counter() for operation in self._operations}
        self._errors: dict[str, Exception] = {}
        self._lacking: set[str] = set()

    def see(self, exchange: Exchange) -> None:
        """Take one exchange into account."""
        if exchange.operation in self._answers:
            self._answers[exchange.operation][exchange.status] += 1

    def hear(self, event: NonFatalError) -> None:
        """Take an error of the engine into account; it names an operation, or a path of which it could not read any."""
        if not isinstance(event.value, RequestException):
            self._errors.setdefault(event.label, event.value)

    def lack(self, operation: str) -> None:
        """Take into account that there was no object of ours for an operation."""
        self._lacking.add(operation)

    @property
    def tested(self) -> tuple[Operation, ...]:
        """The operations that may be asked."""
        return tuple(operation for operation in self._operations if self._may_ask(operation))

    def unreached(self, stopped: Text | None) -> tuple[Unreached, ...]:
        """Return every operation that never answered 2xx, with the reason."""
        return tuple(
            Unreached(operation=operation.name, reason=self._reason(operation, stopped))
            for operation in self._operations
            if not any(status and 200 <= status < 300 for status in self._answers[operation.name])
        )

    def _reason(self, operation: Operation, stopped: Text | None) -> Text:
        if not self._may_ask(operation):
            return say(f"scope.left-out-{self._leave.mode}", method=operation.method.upper())
        error = self._errors.get(operation.name) or self._errors.get(operation.path)
        match error:
            case Unsatisfiable():
                return say("fuzz.unsatisfiable")
            case InvalidSchema() | UnresolvableReference():
                return say("fuzz.schema-unusable", error=first_line(error))
        if self._answers[operation.name]:
            return self._what_came_instead(operation)
        if error is not None:
            return say("fuzz.engine-error", error=f"{type(error).__name__}: {first_line(error)}")
        if operation.name in self._lacking:
            return say("fuzz.nothing-of-ours")
        return stopped or say("fuzz.not-asked")

    def _what_came_instead(self, operation: Operation) -> Text:
        statuses = sorted(status for status in self._answers[operation.name] if status is not None)
        listed = ", ".join(map(str, statuses))
        if not statuses:
            return say("fuzz.no-answer")
        if set(statuses) <= {401, 403}:
            return say("fuzz.no-access", statuses=listed)
        if all(400 <= status < 500 for status in statuses):
            return say("fuzz.no-known-value", statuses=listed)
        return say("fuzz.other-answers", statuses=listed)

    def _may_ask(self, operation: Operation) -> bool:
        return self._leave.worth_trying(operation.method.upper(), operation.path)


def first_line(error: Exception) -> str:
    """Return what an error says, without the advice that the engine adds."""
    return next(iter(str(error).splitlines()), "")
