"""How do the single answers of a check become Evidence?

A check is a generator. For each thing it examines it yields one answer: ``None`` when the thing is right, a ``Fault`` when it
is not, ``Unsure`` when it could not be told. So every check says how much it looked at, and silence is vacuous, never a pass.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sized
from typing import Any, Generic, ParamSpec, TypeVar

from apicheck.model import Evidence, Exchange, Finding, Location, Outcome, Place, Source, Text
from apicheck.words import say

P = ParamSpec("P")


class Fault:
    """One thing that is not as the rule asks. ``message`` is an id of the catalogue of words, ``values`` fill it in.

    ``everywhere`` says that the cause lies in the server as a whole: one finding, however many operations show it.
    """

    __slots__ = ("at", "exchange", "message", "operation", "used_by", "values")

    def __init__(
        self,
        message: str,
        *,
        at: Place | None = None,
        used_by: Iterable[str] = (),
        exchange: Exchange | None = None,
        operation: str | None = None,
        everywhere: bool = False,
        **values: object,
    ) -> None:
        self.message = message
        self.at = at
        self.used_by = tuple(used_by)
        self.exchange = exchange
        self.operation = operation if operation or exchange is None or everywhere else exchange.operation
        self.values = values


class Unsure:
    """One thing that could not be told, with the reason as an id of the catalogue of words."""

    __slots__ = ("message", "values")

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values


Answer = Fault | Unsure | None


class CannotTell(Exception):
    """Raised by what a check leans on (no budget left, no answer): the check ends as unknown with this reason."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.reason = say(message, **values)


def finding_id(check: str, message: str, where: str) -> str:
    """Return the id of a finding: stable over runs, independent of line numbers, values and language."""
    return hashlib.sha256("\0".join((check, message, where)).encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Tally:
    """Counts the answers of one check, one cause one finding, and says at any moment what they come to.

    ``entry`` is the file that the document starts in: what it is called is no part of what was found, so the same document under
    another name gives the same ids.
    """

    def __init__(self, check: str, source: Source, entry: str = "") -> None:
        self.check = check
        self.source = source
        self._entry = entry
        self.examined = 0
        self._faults: dict[str, tuple[Fault, int]] = {}
        self._reason: Text | None = None
        self._crashed = False

    def add(self, answer: Answer) -> bool:
        """Take one answer in; return whether it brought a cause that was not seen before."""
        if isinstance(answer, Unsure):
            self.unsure(say(answer.message, **answer.values))
            return False
        self.examined += 1
        if answer is None:
            return False
        key = finding_id(self.check, answer.message, self._where(answer))
        first, count = self._faults.get(key, (answer, 0))
        self._faults[key] = (first, count + 1)
        return count == 0

    def _where(self, fault: Fault) -> str:
        if fault.at is None:
            return fault.operation or ""
        return fault.at.pointer + (fault.at.file if fault.at.file != self._entry else "")

    def unsure(self, reason: Text) -> None:
        """Something could not be told; the first reason is kept."""
        self._reason = self._reason or reason

    def crash(self, error: Exception) -> None:
        """The check itself broke down; that is told before any other doubt."""
        self._crashed = True
        self._reason = say("errors.check-crashed", check=f"{self.source}:{self.check}", error=f"{type(error).__name__}: {error}")

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that the findings refer to; no other needs to be kept."""
        return tuple(fault.exchange for fault, _ in self._faults.values() if fault.exchange)

    def evidence(self, locate: Callable[[Fault], Location | None]) -> Evidence:
        """Return what the answers so far come to. A violation outweighs a doubt, a doubt outweighs what was right."""
        findings = tuple(
            Finding(
                id=key,
                message=say(fault.message, **fault.values),
                location=locate(fault),
                operation=fault.operation,
                exchange=fault.exchange.id if fault.exchange else None,
                occurrences=count,
            )
            for key, (fault, count) in self._faults.items()
        )
        return Evidence(
            check=self.check,
            source=self.source,
            outcome=_outcome(findings, self._reason, self.examined),
            examined=self.examined,
            findings=findings,
            reason=self._reason,
            crashed=self._crashed,
        )


def together(first: Evidence, then: Evidence) -> Evidence:
    """Return what a check came to that looked in two goes, at different things."""
    more = {finding.id: finding for finding in then.findings}
    counted = [
        finding.model_copy(update={"occurrences": finding.occurrences + more.pop(finding.id).occurrences})
        if finding.id in more
        else finding
        for finding in first.findings
    ]
    findings, examined = (*counted, *more.values()), first.examined + then.examined
    doubtful = then if then.crashed and not first.crashed else first
    why = doubtful.reason or then.reason
    told = {"findings": findings, "examined": examined, "reason": why, "crashed": first.crashed or then.crashed}
    return first.model_copy(update={**told, "outcome": _outcome(findings, why, examined)})


def _outcome(findings: Sized, reason: Text | None, examined: int) -> Outcome:
    """A violation outweighs a doubt, a doubt outweighs what was right."""
    if findings:
        return Outcome.VIOLATED
    if reason:
        return Outcome.UNKNOWN
    return Outcome.MET if examined else Outcome.VACUOUS


def ask(tally: Tally, check: Callable[P, Iterable[Answer]], *args: P.args, **kwargs: P.kwargs) -> None:
    """Put a check to the test; a crash of ours is a doubt, never a fault of the API."""
    try:
        for answer in check(*args, **kwargs):
            tally.add(answer)
    except CannotTell as cannot:
        tally.unsure(cannot.reason)
    except Exception as crash:  # noqa: BLE001  # whatever breaks in a check of ours, the vendor must not pay for it
        tally.crash(crash)


F = TypeVar("F", bound=Callable[..., Any])


class Registry(Generic[F]):
    """The checks of one package by name; a name is taken once."""

    def __init__(self) -> None:
        self._checks: dict[str, F] = {}

    def __call__(self, name: str) -> Callable[[F], F]:
        """Register a check under a name."""

        def register(check: F) -> F:
            if name in self._checks:
                raise ValueError(f"two checks are called {name}")
            self._checks[name] = check
            return check

        return register

    def __getitem__(self, name: str) -> F:
        return self._checks[name]

    def __contains__(self, name: str) -> bool:
        return name in self._checks

    def __iter__(self) -> Any:
        return iter(self._checks)
