"""Is invalid input refused as /core/error-handling/invalid-input asks?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.openapi import Parameter
from apicheck.probe.live import LiveApi, Reached, doubt
from apicheck.probe.registry import question
from apicheck.probe.values import Kind, kind

_INVALID = "apicheck"
"""No number, no boolean, no date, and hardly a value of anybody's list."""
_FAULTS = {404: "not-found", 422: "unprocessable"}


@question("invalid-query-400")
def invalid_query(api: LiveApi) -> Iterator[Answer]:
    """Does a query value that cannot be valid give 400?

    Of every operation that answered, one parameter of each kind is tried: integer, number, boolean, list of values, date and
    date-time. 2xx, 404, 422 and 5xx are faults; without the invalid value the same request answered 2xx, so that is the cause.
    For 404 and 5xx it is asked once more without it. Another 4xx (406, 415) is about something else, and tells nothing.
    """
    for reached in api.reached.values():
        asked: set[Kind] = set()
        for parameter in reached.operation.parameters:
            expected = kind(api.document, parameter) if parameter.location == "query" else None
            if expected and expected not in asked:
                asked.add(expected)
                yield _refused(api, reached, parameter)


def _refused(api: LiveApi, reached: Reached, parameter: Parameter) -> Answer:
    exchange = api.again(reached, "invalid-query-400", query={parameter.name: _INVALID})
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
    return Fault(f"probe.invalid-query-{kind_of_fault}", exchange=exchange, **about)
