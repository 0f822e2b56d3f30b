"""What did the checks of the engine look at, and what did they find?

The engine has names and classes of its own; ours are those that a rule file can bind to. Nothing found here decides: it is told,
beside the standard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import Status
from schemathesis.engine.recorder import CheckNode, ScenarioRecorder
from schemathesis.generation.case import Case
from schemathesis.generation.meta import CoverageScenario, coverage_scenario
from schemathesis.openapi import checks as failed
from schemathesis.specs.openapi._auth_retry import get_security_parameters

from apicheck.answers import Fault, Tally
from apicheck.fuzz.adapter import SLOW
from apicheck.model import Exchange, Place, Source, Text

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

_NAMES_ONLY: Final = frozenset({"required", "additionalProperties", "unevaluatedProperties"})
"""Keywords of JSON Schema of which the message holds names of properties and no values, which may be personal."""


@dataclass(slots=True)
class _Cause:
    """The first time that something was found, and the number of every exchange in which it was."""

    fault: Fault
    exchanges: list[int]


class Ledger:
    """Gathers what the checks looked at and found, one cause for each check and operation.

    Args:
        places: where each operation stands in the document, by name.
    """

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places
        self._tallies = {name: Tally(name, Source.FUZZ) for name in CHECKS.values()}
        self._causes: dict[tuple[str, str, str, bool], _Cause] = {}

    def take(self, recorder: ScenarioRecorder, exchanges: dict[str, Exchange]) -> None:
        """Take in a scenario of the engine, and take the exchanges of its cases out."""
        for case_id, node in recorder.cases.items():
            exchange = exchanges.pop(case_id, None)
            if exchange is None or exchange.status is None or _held_off(exchange):
                continue
            for check in recorder.checks.get(case_id, ()):
                self._add(check, node.value, recorder.find_response(case_id=case_id), exchange)

    def forget_failures_after(self, exchange: str | None) -> None:
        """Take it that a server that did nothing but fail from this exchange on, failed only once of itself."""
        if exchange is not None:
            for (_, _, _, failing), cause in self._causes.items():
                cause.exchanges = [number for number in cause.exchanges if not failing or number <= _number(exchange)]

    def close(self, stopped: Text | None) -> tuple[Tally, ...]:
        """Return a tally of each check. When the run was cut short, nothing is certain to go well."""
        for (check, _, _, _), cause in self._causes.items():
            for _ in cause.exchanges:
                self._tallies[check].add(cause.fault)
        if stopped:
            for tally in self._tallies.values():
                tally.unsure(stopped)
        return tuple(self._tallies.values())

    def _add(self, check: CheckNode, case: Case[Any], response: Response | None, exchange: Exchange) -> None:
        name = CHECKS[check.name]
        if check.status is Status.SUCCESS and response is not None:
            self._tallies[name].examined += _looked(check.name, case, response)
        if check.failure_info is None:
            return
        failure = check.failure_info.failure
        operation = case.operation.label
        message = f"fuzz.{name}" if check.name != "allow_header_conformance" else "fuzz.allow-header-documented"
        key = (name, message, operation, (exchange.status or 0) >= 500)
        if key not in self._causes:
            fault = Fault(
                message,
                at=self._places.get(operation),
                used_by=(operation,),
                exchange=exchange,
                operation=operation,
                status=exchange.status,
                received=exchange.media_type or "-",
                detail=_detail(failure),
                seconds=f"{exchange.elapsed:.1f}",
                limit=SLOW,
            )
            self._causes[key] = _Cause(fault, [])
        self._causes[key].exchanges.append(_number(exchange.id))


def _held_off(exchange: Exchange) -> bool:
    """Say whether the server only asked to slow down (RFC 6585 §4, RFC 9110 §15.6.4)."""
    return exchange.status == 429 or (exchange.status == 503 and exchange.header("retry-after") is not None)


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
