"""What did the questions show that no rule of the standard asks about?

An answer that breaks down, is not as documented or lets a stranger in is told whoever provoked it: by the same reading of the
document, in the same words and under the same id as what the fuzzer finds, so that one cause stays one observation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import orjson

from apicheck import probe
from apicheck.answers import CannotTell, Fault, Tally
from apicheck.courtesy import HELD_OFF
from apicheck.fuzz.adapter import SLOW
from apicheck.fuzz.failures import ANSWERED, UNANSWERED
from apicheck.fuzz.repetition import NOT_REPEATED, TIMES, Repetition, observation, repeat
from apicheck.fuzz.second_opinion import SecondOpinion
from apicheck.fuzz.sent import media_type_of
from apicheck.fuzz.terms import Terms
from apicheck.model import Evidence, Exchange, Location, Observation, Source
from apicheck.openapi import Document, Operation, Response, View, answering
from apicheck.openapi.validation import Validation

SECRETS: Final = "no-secrets-in-answers"
"""What is looked for in every answer, also to the fuzzer, which has no such check of its own."""
_CLAIMS: Final[Mapping[str, str]] = {
    "authorisation-enforced": "authorisation-enforced",
    "no-server-error": "no-server-error",
    **{f"{ANSWERED}-{error}": ANSWERED for error in sorted(UNANSWERED)},
    "answers-in-time": "answers-in-time",
    "invalid-data-rejected": "invalid-data-rejected",
    "response-matches-schema": "response-matches-schema",
    "media-type-documented": "media-type-documented",
    "status-documented": "status-documented",
}
"""What is looked for in every answer to a question, weightiest first, and the check of the fuzzer that it is told under."""
_WORKED_OUT: Final = frozenset({"token-hard-to-forge"})
"""Questions for which nothing is sent, so that nothing can show again."""
_ORDER: Final = (SECRETS, *_CLAIMS)
TOLD: Final = frozenset({SECRETS, *_CLAIMS.values()})
"""The checks that something seen in an answer is told under."""


@dataclass(slots=True)
class _Cause:
    """One thing that is wrong, at one operation."""

    claim: str
    first: Exchange
    fault: Fault
    count: int = 1
    repetition: Repetition = NOT_REPEATED


class Beyond:
    """Looks at every exchange of a run, and gathers what is told beside the standard.

    Args:
        document: what describes the API.
        terms: what was agreed.
    """

    def __init__(self, document: Document, terms: Terms) -> None:
        view = View(document)
        self._document = document
        self._opinion = SecondOpinion(document, view, terms)
        self._responses = Validation(document, "response")
        self._patience = terms.request_timeout
        self._operations = {operation.name: operation for operation in view.operations}
        self._causes: dict[tuple[str, str], _Cause] = {}
        self._established: list[Evidence] = []
        self._shown: list[Exchange] = []

    def see(self, exchange: Exchange) -> None:
        """Take in one exchange. Of those of the fuzzer only what it does not look for itself."""
        operation = self._operations.get(exchange.operation or "")
        if operation is None or _tells_nothing(exchange, self._patience):
            return
        for claim in _ORDER if exchange.sender is Source.PROBE else (SECRETS,):
            if self._shows(claim, exchange):
                key = claim, operation.name
                if key in self._causes:
                    self._causes[key].count += 1
                else:
                    self._causes[key] = _Cause(claim, exchange, self._fault(claim, operation, exchange))

    def establish(self, evidence: Evidence, exchanges: Iterable[Exchange]) -> None:
        """Take in what a question established that no standard asks: what it found that was sent, it has seen three times."""
        self._established.append(evidence)
        self._shown += exchanges

    def repeat(self, again: Callable[[Exchange], Exchange | None]) -> None:
        """See of every cause that was not tried before whether it shows again, as long as there is budget."""
        try:
            for cause in self._causes.values():
                if cause.repetition is NOT_REPEATED:
                    cause.repetition = repeat(cause.first, partial(self._shows, cause.claim), again)
        except CannotTell:
            return

    def told(self, fuzzed: Iterable[Observation] = ()) -> tuple[Observation, ...]:
        """Return what is to be told, with what the fuzzer tells: one cause once, what was seen again each time first."""
        found = {seen.id: seen for seen in chain(self._of_questions(), map(self._observation, self._ordered()))}
        for seen in fuzzed:
            ours = found.get(seen.id)
            found[seen.id] = _together(ours, seen) if ours else seen
        return tuple(sorted(found.values(), key=lambda seen: not 0 < seen.tried == seen.reproduced))

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that show what is told."""
        return (*self._shown, *(cause.first for cause in self._causes.values()))

    def _ordered(self) -> list[_Cause]:
        return sorted(self._causes.values(), key=lambda cause: _ORDER.index(cause.claim))

    def _shows(self, claim: str, exchange: Exchange) -> bool | None:
        if claim == SECRETS:
            return probe.shown_secret(exchange) is not None
        if claim == "status-documented" and _is_named(self._operations[exchange.operation or ""], exchange.status):
            return False  # by a reference that leads outside the document, at least
        return self._opinion.agrees(claim, exchange.operation or "", exchange)

    def _fault(self, claim: str, operation: Operation, exchange: Exchange) -> Fault:
        about: dict[str, Any] = {
            "status": exchange.status,
            "received": exchange.media_type or "-",
            "seconds": f"{exchange.elapsed:.1f}",
            "limit": SLOW,
            "patience": f"{self._patience:g}",
            "detail": self._detail(claim, operation, exchange),
        }
        message = f"probe.{SECRETS}" if claim == SECRETS else f"fuzz.{claim}"
        return Fault(message, at=operation.place, used_by=(operation.name,), exchange=exchange, operation=operation.name, **about)

    def _detail(self, claim: str, operation: Operation, exchange: Exchange) -> str:
        """Return what a cause is about: names and rules of the document, never a value of an answer."""
        response = answering(str(exchange.status), operation.responses)
        match claim:
            case "no-secrets-in-answers":
                return probe.shown_secret(exchange) or ""
            case "status-documented":
                return ", ".join(_statuses(operation))
            case "invalid-data-rejected":
                return ", ".join(dict.fromkeys(name for name, _ in parse_qsl(urlsplit(exchange.url).query))) or exchange.purpose
            case "media-type-documented" if response:
                return ", ".join(media_type.name for media_type in response.media_types)
            case "response-matches-schema" if response:
                return self._breach(response, exchange)
        return exchange.purpose

    def _breach(self, response: Response, exchange: Exchange) -> str:
        item = media_type_of(response.media_types, exchange.media_type)
        if item is None or item.schema is None:
            return exchange.media_type
        try:
            keyword, pointer = self._responses.breach(item.schema.value, item.schema.place, orjson.loads(exchange.body))
        except ValueError:  # no JSON at all
            return exchange.media_type
        return f"#{pointer}: {keyword}"

    def _observation(self, cause: _Cause) -> Observation:
        check = _CLAIMS.get(cause.claim, cause.claim)
        tally = Tally(check, Source.PROBE, self._document.place().file)
        for _ in range(cause.count):
            tally.add(cause.fault)
        (finding,) = tally.evidence(self._locate).findings
        return observation(check, finding, cause.repetition, Source.PROBE)

    def _of_questions(self) -> Iterator[Observation]:
        for evidence in self._established:
            times = 0 if evidence.check in _WORKED_OUT else TIMES
            for finding in evidence.findings:
                yield Observation(
                    id=finding.id,
                    check=evidence.check,
                    message=finding.message,
                    operation=finding.operation,
                    exchange=finding.exchange,
                    occurrences=finding.occurrences,
                    tried=times,
                    reproduced=times,
                    source=Source.PROBE,
                )

    def _locate(self, fault: Fault) -> Location | None:
        return self._document.locate(fault.at, fault.used_by) if fault.at else None


def _tells_nothing(exchange: Exchange, patience: float) -> bool:
    """Say whether the server only asked to slow down (RFC 6585 §4, RFC 9110 §15.6.4), or was not waited for long enough."""
    return exchange.status in HELD_OFF or (exchange.error == "timed-out" and exchange.elapsed < patience)


def _statuses(operation: Operation) -> tuple[str, ...]:
    responses = operation.value.get("responses")
    return tuple(map(str, responses)) if isinstance(responses, dict) else ()


def _is_named(operation: Operation, status: int | None) -> bool:
    return not {str(status), f"{str(status)[0]}XX", "DEFAULT"}.isdisjoint(name.upper() for name in _statuses(operation))


def _together(ours: Observation, fuzzed: Observation) -> Observation:
    """Return one observation for a cause that showed to questions and fuzzer alike: the one that is better founded."""
    better, other = (ours, fuzzed) if ours.reproduced >= fuzzed.reproduced else (fuzzed, ours)
    return better.model_copy(update={"occurrences": better.occurrences + other.occurrences})
