"""What did the checks of the engine look at, and what did they find?

The engine has names and classes of its own; ours are those that a rule file can bind to. Nothing found here decides: it is told,
beside the standard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import Status
from schemathesis.engine.recorder import CheckNode, ScenarioRecorder
from schemathesis.generation.case import Case
from schemathesis.generation.meta import CoverageScenario, coverage_scenario
from schemathesis.openapi import checks as failed
from schemathesis.specs.openapi._auth_retry import get_security_parameters

from apicheck.answers import Fault, Tally, Unsure
from apicheck.arrival import arrived
from apicheck.courtesy import HELD_OFF
from apicheck.fuzz.adapter import SLOW
from apicheck.fuzz.before import Before
from apicheck.fuzz.repetition import NOT_REPEATED, Repetition
from apicheck.model import Exchange, Finding, Location, Observation, Place, Source, Text

CHECKS: Final = {
    "not_a_server_error": "no-server-error",
    "status_code_conformance": "status-documented",
    "content_type_conformance": "media-type-documented",
    "response_schema_conformance": "response-matches-schema",
    "negative_data_rejection": "invalid-data-rejected",
    "missing_required_header": "invalid-data-rejected",
    "positive_data_acceptance": "valid-data-accepted",
    "unsupported_method": "unsupported-method",
    "allow_header_conformance": "unsupported-method",
    "response_headers_conformance": "headers-documented",
    "ignored_auth": "authorisation-enforced",
    "object_level_authorization": "authorisation-enforced",
    "max_response_time": "answers-in-time",
}
"""Our name for each check of the engine. Its checks of what becomes of a resource that was written are off."""

ANSWERED: Final = "request-answered"
"""The name of what we look at ourselves: the engine takes a request without an answer for trouble of its own."""
UNANSWERED: Final = frozenset({"timed-out", "reset", "malformed"})
"""Errors of an exchange that may be the doing of the API: nothing came, or nothing that is HTTP."""
_NAMES_ONLY: Final = frozenset({"required", "additionalProperties", "unevaluatedProperties"})
"""Keywords of JSON Schema of which the message holds names of properties and no values, which may be personal."""


@dataclass(slots=True)
class Cause:
    """One thing that is wrong, at one operation.

    ``claim`` is a name of ours for what is said to be wrong; whether it is so, is not known until it was done again. ``first`` is
    the exchange in which it was seen first, ``seen`` has the number of each, and whether the server failed in it.
    """

    check: str
    claim: str
    first: Exchange
    fault: Fault
    seen: list[tuple[int, bool]] = field(default_factory=list)
    repetition: Repetition = NOT_REPEATED


class Ledger:
    """Gathers what the checks looked at and found, one cause for each check and operation.

    Args:
        entry: the file that the document starts in.
        places: where each operation stands in the document, by name.
        patience: seconds that the server may be silent before a request is given up.
    """

    def __init__(self, entry: str, places: Mapping[str, Place], patience: float) -> None:
        self._entry = entry
        self._places = places
        self._patience = patience
        self._tallies = {name: Tally(name, Source.FUZZ, entry) for name in (*CHECKS.values(), ANSWERED)}
        self._causes: dict[tuple[str, str], Cause] = {}
        self._found_before: tuple[Observation, ...] = ()

    def see(self, exchange: Exchange) -> None:
        """Look whether an answer came at all. When the run is out of time we do not wait for one as long as we should."""
        given_up_early = exchange.error == "timed-out" and exchange.elapsed < self._patience
        if exchange.operation and exchange.operation in self._places and not given_up_early:
            if exchange.error in UNANSWERED:
                self._note(ANSWERED, f"{ANSWERED}-{exchange.error}", exchange.operation, exchange)
            elif arrived(exchange):
                self._tallies[ANSWERED].add(None)

    def take(self, recorder: ScenarioRecorder, exchanges: dict[str, Exchange]) -> None:
        """Take in a scenario of the engine, and take the exchanges of its cases out."""
        for case_id, node in recorder.cases.items():
            exchange = exchanges.pop(case_id, None)
            if exchange is None or not arrived(exchange) or exchange.status in HELD_OFF:
                continue
            for check in recorder.checks.get(case_id, ()):
                self._add(check, node.value, recorder.find_response(case_id=case_id), exchange)

    @property
    def examined(self) -> dict[str, int]:
        """How many things each check looked at so far, by its name."""
        return {name: tally.examined for name, tally in self._tallies.items()}

    def resume(self, before: Before) -> None:
        """Begin with what an earlier part of the run has looked at and found."""
        for name, tally in self._tallies.items():
            tally.examined += before.examined.get(name, 0)
        self._found_before = tuple(seen for seen in before.found if seen.check in self._tallies)

    @property
    def not_seen_again(self) -> tuple[Observation, ...]:
        """What only an earlier part of the run has seen: it was never done again."""
        seen = {self.finding(cause, lambda _: None).id for cause in self.causes}
        return tuple(before for before in self._found_before if before.id not in seen)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What was found, each cause once, in the order in which it was seen first."""
        found = [cause for cause in tuple(self._causes.values()) if cause.seen]  # the engine may add one meanwhile
        return tuple(sorted(found, key=lambda cause: (_number(cause.first.id), cause.claim)))

    def forget_failures_after(self, exchange: str | None) -> None:
        """Take it that a server that did nothing but fail from this exchange on, failed only once of itself."""
        if exchange is not None:
            for cause in self._causes.values():
                cause.seen = [(number, failed) for number, failed in cause.seen if not failed or number <= _number(exchange)]

    def finding(self, cause: Cause, locate: Callable[[Fault], Location | None]) -> Finding:
        """Return what is told of a cause."""
        tally = Tally(cause.check, Source.FUZZ, self._entry)
        for _ in cause.seen:
            tally.add(cause.fault)
        return tally.evidence(locate).findings[0]

    def close(self, stopped: Text | None, crash: Exception | None) -> tuple[Tally, ...]:
        """Return a tally of each check. When the run was cut short, nothing is certain to go well.

        What was not confirmed is a doubt: the check cannot tell.
        """
        for cause in self.causes:
            for _ in cause.seen:
                self._tallies[cause.check].add(cause.fault if cause.repetition.confirmed else Unsure("fuzz.not-confirmed"))
        for before in self.not_seen_again:
            self._tallies[before.check].add(Unsure("fuzz.not-confirmed"))
        for tally in self._tallies.values():
            if stopped:
                tally.unsure(stopped)
            if crash:
                tally.crash(crash)
        return tuple(self._tallies.values())

    def _add(self, check: CheckNode, case: Case[Any], response: Response | None, exchange: Exchange) -> None:
        name = CHECKS[check.name]
        if check.status is Status.SUCCESS and response is not None:
            self._tallies[name].examined += _looked(check.name, case, response)
        if check.failure_info is not None and not _refused_all_the_same(check.name, exchange):
            claim = name if check.name != "allow_header_conformance" else "allow-header-documented"
            self._note(name, claim, case.operation.label, exchange, _detail(check.failure_info.failure))

    def _note(self, check: str, claim: str, operation: str, exchange: Exchange, detail: str = "") -> None:
        cause = self._causes.get((claim, operation))
        if cause is None:
            fault = Fault(
                f"fuzz.{claim}",
                at=self._places.get(operation),
                used_by=(operation,),
                exchange=exchange,
                operation=operation,
                status=exchange.status,
                received=exchange.media_type or "-",
                detail=detail,
                seconds=f"{exchange.elapsed:.1f}",
                limit=SLOW,
                patience=f"{self._patience:g}",
            )
            cause = self._causes[claim, operation] = Cause(check, claim, exchange, fault)
        cause.seen.append((_number(exchange.id), (exchange.status or 0) >= 500))


def _refused_all_the_same(check: str, exchange: Exchange) -> bool:
    """Say whether a request without a required header was refused, if not with a status that the engine has in mind."""
    return check == "missing_required_header" and (exchange.status or 0) >= 400


def _documented_body(case: Case[Any], response: Response) -> bool:
    return bool(case.operation.schema.get_content_types(case.operation, response))


def _documented_schema(case: Case[Any], response: Response) -> bool:
    documented = case.operation.responses.find_by_status_code(response.status_code)
    media_type = next(iter(response.headers.get("content-type", ())), None)
    return documented is not None and documented.get_schema(media_type).schema is not None


def _documented_headers(case: Case[Any], response: Response) -> bool:
    documented = case.operation.responses.find_by_status_code(response.status_code)
    return documented is not None and bool(documented.headers)


_LOOKED: Final[Mapping[str, Callable[[Case[Any], Response], bool]]] = {
    "content_type_conformance": _documented_body,
    "response_schema_conformance": _documented_schema,
    "response_headers_conformance": _documented_headers,
    "negative_data_rejection": lambda case, _: case.meta is not None and case.meta.generation.mode.is_negative,
    "positive_data_acceptance": lambda case, _: case.meta is not None and case.meta.generation.mode.is_positive,
    "missing_required_header": lambda case, _: coverage_scenario(case) == CoverageScenario.MISSING_PARAMETER,
    "unsupported_method": lambda case, _: coverage_scenario(case) == CoverageScenario.UNSPECIFIED_HTTP_METHOD,
    "allow_header_conformance": lambda case, response: case.method.upper() == "OPTIONS" and "allow" in response.headers,
    "ignored_auth": lambda case, response: response.status_code < 300 and bool(get_security_parameters(case.operation)),
    "object_level_authorization": lambda *_: False,
}


def _looked(check: str, case: Case[Any], response: Response) -> bool:
    """Say whether a check that found nothing did look at something: the engine counts what it passes over as well."""
    return check not in _LOOKED or _LOOKED[check](case, response)


def _detail(failure: Failure) -> str:
    """Return what a failure is about: names and rules of the document, never a value of a response."""
    match failure:
        case failed.UndefinedStatusCode():
            return ", ".join(failure.defined_status_codes)
        case failed.UndefinedContentType():
            return ", ".join(failure.defined_content_types)
        case failed.MissingContentType():
            return ", ".join(failure.media_types)
        case failed.MissingHeaders():
            return ", ".join(failure.missing_headers)
        case failed.MissingHeaderNotRejected():
            return failure.header_name
        case failed.AllowHeaderMismatch():
            return failure.allow_header
        case failed.JsonSchemaError():
            keyword = str(failure.schema_path[-1]) if failure.schema_path else "false"
            place = "/".join(["#", *map(str, failure.instance_path)])
            return f"{place}: {failure.validation_message if keyword in _NAMES_ONLY else keyword}"
    told = failure.message.partition("Invalid component:")[2]
    return " ".join(told.split()) or failure.title


def _number(exchange: str) -> int:
    return int(exchange[1:])
