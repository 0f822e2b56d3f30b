"""Does the same question get the same answer?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.openapi import Parameter
from apicheck.probe.live import LiveApi, Reached, doubt, json_body, named
from apicheck.probe.registry import question
from apicheck.probe.values import Kind, kind

_SAME_INSTANT = (
    "2024-01-01T12:00:00Z",
    "2024-01-01T14:00:00+02:00",
    "2024-01-01T07:00:00-05:00",
    "2024-01-01T17:30:00+05:30",
    "2024-01-02T02:00:00+14:00",
)
_PASSING = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
"""Points in time and UUIDs: what may differ from one answer to the next without a change of the resource."""


@question("same-answer-twice")
def same_answer_twice(api: LiveApi) -> Iterator[Answer]:
    """Does a GET that is repeated give the same answer? /core/http-safety, /core/stateless.

    Every request has a connection of its own and no cookies. Points in time and UUIDs may differ.
    """
    for reached in api.reached.values():
        exchange = api.again(reached, "same-answer-twice")
        unsure = _doubt(exchange) or _doubt(reached.exchange)
        if unsure:
            yield unsure
        elif exchange.status == reached.exchange.status and _content(exchange) == _content(reached.exchange):
            yield None
        else:
            yield Fault("probe.other-answer", exchange=exchange, request=reached.operation.name, status=exchange.status)


@question("offsets-accepted")
def offsets_accepted(api: LiveApi) -> Iterator[Answer]:
    """Does one instant give one answer, whatever the offset it is written in? /core/date-time/timezone.

    The answer in UTC is asked for first and last, so that data that changes meanwhile is not taken for a fault.
    """
    for reached in api.reached.values():
        for parameter in reached.operation.parameters:
            if parameter.location == "query" and kind(api.document, parameter) is Kind.DATE_TIME:
                yield _same_in_every_offset(api, reached, parameter)


def _same_in_every_offset(api: LiveApi, reached: Reached, parameter: Parameter) -> Answer:
    about: dict[str, Any] = {"request": reached.operation.name, "parameter": parameter.name}

    def ask(instant: str) -> Exchange:
        return api.again(reached, "offsets-accepted", query={parameter.name: instant})

    def fault(message: str, exchange: Exchange, instant: str) -> Fault:
        at, used_by = parameter.place, [reached.operation.name]
        return Fault(message, at=at, used_by=used_by, exchange=exchange, instant=instant, status=exchange.status, **about)

    utc, *others = _SAME_INSTANT
    first = ask(utc)
    answers = [(instant, ask(instant)) for instant in others]
    last = ask(utc)
    unsure = next((found for exchange in (first, last, *(answer for _, answer in answers)) if (found := _doubt(exchange))), None)
    if unsure:
        return unsure
    if not (_is_success(first) and _is_success(last)):
        return Unsure("probe.instant-not-accepted", status=first.status, **about)
    for instant, exchange in answers:
        if not _is_success(exchange):
            return fault("probe.offset-refused", exchange, instant)
    if _content(first, utc) != _content(last, utc):
        return Unsure("probe.data-moves", **about)
    for instant, exchange in answers:
        if _content(exchange, instant) != _content(first, utc):
            return fault("probe.offset-differs", exchange, instant)
    return None


def _doubt(exchange: Exchange) -> Unsure | None:
    """Return why an answer cannot be held against another one: also when we did not read all of it."""
    return doubt(exchange) or (Unsure("probe.body-not-whole", request=named(exchange)) if exchange.error else None)


def _is_success(exchange: Exchange) -> bool:
    return exchange.status is not None and 200 <= exchange.status < 300


def _content(exchange: Exchange, instant: str = "") -> str:
    """Return what an answer says, without what may differ: the instant that was asked for (in a link to itself) and what passes."""
    body = json_body(exchange)
    text = (exchange.body if body is None else orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).decode("utf-8", "replace")
    for written in (quote(instant, safe=""), quote(instant, safe=":"), instant):
        text = text.replace(written, "") if written else text
    return _PASSING.sub("", text)
