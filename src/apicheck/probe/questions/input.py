"""Is invalid input refused as /core/error-handling/invalid-input asks?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.openapi import Operation, Parameter
from apicheck.probe.live import LiveApi, Reached, doubt
from apicheck.probe.registry import question
from apicheck.probe.values import Kind, kind

_INVALID = "apicheck"
"""No number, no boolean, no date, and hardly a value of anybody's list."""
_FAULTS = {404: "not-found", 422: "unprocessable"}


@question("invalid-query-400")
def invalid_query(api: LiveApi) -> Iterator[Answer]:
    """Does a query value that cannot be valid give 400, and one that lacks too?

    Of every operation that answered, one parameter of each kind is tried: integer, number, boolean, list of values, date and
    date-time; and one that must be given is left out. 2xx, 404, 422 and 5xx are faults: with valid values the same request
    answered 2xx, so that is the cause. For 404 and 5xx it is asked once more as it was. Another 4xx (406, 415) is about
    something else, and tells nothing. Where nothing could be tried, but there is a body or a query that could not be reached,
    that is no proof that there is no input.
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
