"""Are a query and a header that cannot be valid refused, as /core/error-handling/invalid-input asks?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.openapi import Operation, Parameter
from apicheck.probe.live import LiveApi, Reached, doubt
from apicheck.probe.registry import question
from apicheck.probe.values import Kind, kind

_INVALID = "apicheck"
"""No number, no boolean, no date, and hardly a value of anybody's list."""
_NO_SUCH_DAY = {Kind.DATE: "2025-02-30", Kind.DATE_TIME: "2025-02-30T12:00:00Z"}
"""What has the form of a date, and is none (RFC 3339 §5.7)."""
_OF_HTTP = re.compile(
    r"(?:accept|authorization|cache-control|content-|cookie|expect|from|host|if-|prefer|range|te|trace|user-agent)", re.IGNORECASE
)
_FAULTS = {404: "not-found", 422: "unprocessable"}


@question("invalid-query-400")
def invalid_query(api: LiveApi) -> Iterator[Answer]:
    """Does a query value that cannot be valid give 400, and one that lacks too?

    Of every operation that answered, one parameter of each kind is tried: integer, number, boolean, list of values, date and
    date-time, of which also a day that does not exist; and one that must be given is left out. 2xx, 404, 422 and 5xx are faults:
    with valid values the same request answered 2xx, so that is the cause. For 404 and 5xx it is asked once more as it was.
    Another 4xx (406, 415) is about something else, and tells nothing. Where nothing could be tried, but there is a body or a
    query that could not be reached, that is no proof that there is no input.
    """
    untried = any(_takes_what_can_be_wrong(api, operation) for operation in api.operations.values())
    for reached in api.reached.values():
        in_query = [parameter for parameter in reached.operation.parameters if parameter.location == "query"]
        kinds: set[Kind] = set()
        for parameter in in_query:
            expected = kind(api.document, parameter)
            if expected and expected not in kinds:
                kinds.add(expected)
                untried = False
                yield _refused(api, reached, parameter, _INVALID)
                if expected in _NO_SUCH_DAY:
                    yield _refused(api, reached, parameter, _NO_SUCH_DAY[expected])
        needed = next((parameter for parameter in in_query if parameter.value.get("required") is True), None)
        if needed:
            untried = False
            yield _refused(api, reached, needed, None)
    if untried:
        yield Unsure("probe.input-not-tried")


def _takes_what_can_be_wrong(api: LiveApi, operation: Operation) -> bool:
    """Say whether an operation takes a body, or a query value of which some cannot be valid."""
    in_query = (parameter for parameter in operation.parameters if parameter.location == "query")
    return operation.request_body is not None or any(kind(api.document, parameter) for parameter in in_query)


def _refused(api: LiveApi, reached: Reached, parameter: Parameter, value: str | None) -> Answer:
    exchange = api.again(reached, "invalid-query-400", query={parameter.name: value})
    unsure, status = doubt(exchange), exchange.status or 0
    if unsure or status == 400:
        return unsure
    about: dict[str, Any] = {"request": reached.operation.name, "parameter": parameter.name, "status": status}
    if 300 <= status < 500 and status not in _FAULTS:
        return Unsure("probe.invalid-query-unclear", **about)
    if status != 422 and status >= 400:
        still = api.again(reached, "invalid-query-400")
        if still.status is None or not 200 <= still.status < 300:
            return Unsure("probe.no-longer-answers", request=reached.operation.name)
    kind_of_fault = _FAULTS.get(status, "accepted" if status < 300 else "server-error")
    return Fault(
        f"probe.invalid-query-{kind_of_fault}", at=parameter.place, used_by=[reached.operation.name], exchange=exchange, **about
    )


@question("invalid-header-refused")
def invalid_header(api: LiveApi) -> Iterator[Answer]:
    """Is a header refused of which the value cannot be valid according to the document?

    Any 4xx is right: the rule speaks of the query and the body. The headers of HTTP itself are left out, for of many of these a
    server is to ignore what it does not understand (RFC 9110 §13.1, RFC 7240 §2).
    """
    for reached in api.reached.values():
        for parameter in reached.operation.parameters:
            in_header = parameter.location == "header" and not _OF_HTTP.match(parameter.name)
            if in_header and kind(api.document, parameter):
                yield _header_refused(api, reached, parameter)


def _header_refused(api: LiveApi, reached: Reached, parameter: Parameter) -> Answer:
    name, others = parameter.name, [pair for pair in reached.headers if pair[0].lower() != parameter.name.lower()]
    exchange = api.client.send(
        "GET",
        reached.url,
        headers=[*others, (name, _INVALID)],
        operation=reached.operation.name,
        purpose="invalid-header-refused",
    )
    status = exchange.status or 0
    if 400 <= status < 500 or not (200 <= status < 300 or status == 500):
        return doubt(exchange)
    if not still_answers(api):
        return Unsure("probe.no-longer-answers", request=reached.operation.name)
    about: dict[str, Any] = {"request": reached.operation.name, "parameter": name, "status": status}
    fault = "accepted" if status < 300 else "server-error"
    return Fault(f"probe.invalid-header-{fault}", at=parameter.place, used_by=[reached.operation.name], exchange=exchange, **about)


def still_answers(api: LiveApi) -> bool:
    """Say whether the API goes on answering what it answered before."""
    reached = next(iter(api.reached.values()), None)
    return reached is not None and 200 <= (api.again(reached, "still-answers").status or 0) < 300
