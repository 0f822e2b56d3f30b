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
from apicheck.probe.responses.leaks import is_affinity
from apicheck.probe.values import Kind, kind, members

_SAME_INSTANT = (
    "2024-01-01T12:00:00Z",
    "2024-01-01T14:00:00+02:00",
    "2024-01-01T07:00:00-05:00",
    "2024-01-01T17:30:00+05:30",
    "2024-01-02T02:00:00+14:00",
)
_MOST = 25
"""Operations that are asked again to hold their answers against each other."""
_ORDER, _READING = "same-answer-in-other-order", "reading-changes-nothing"
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


@question("same-answer-in-other-order")
def same_answer_in_other_order(api: LiveApi) -> Iterator[Answer]:
    """Is an answer the same, whatever was asked before? /core/stateless.

    All that answered is asked in order and in reverse. An answer that differs is a fault only when both orders give, once more,
    what they gave before: data that moves, or is made up anew each time, does not do that. One request more before each of these
    keeps servers that take turns from looking like an order.
    """
    ahead = list(api.reached.values())[:_MOST]
    back = ahead[::-1]

    def ask(order: list[Reached]) -> dict[str, Exchange]:
        return {reached.operation.name: api.again(reached, _ORDER) for reached in order}

    first, second = ask(ahead), ask(back)
    third, fourth = first, second
    if any(_differ(first[name], second[name]) for name in first):
        ask(ahead[:1])
        third = ask(ahead)
        ask(back[:1])
        fourth = ask(back)
    for name in first:
        answers = first[name], second[name], third[name], fourth[name]
        unsure = next((found for exchange in answers if (found := _doubt(exchange))), None)
        yield unsure or _told_apart(name, *answers, message="order-matters")


@question("same-answer-without-cookie")
def same_answer_without_cookie(api: LiveApi) -> Iterator[Answer]:
    """Does a cookie that the API set make no difference to what it answers? /core/stateless.

    Each is asked with its cookies, twice without, and with them again, so that neither data that moves nor servers that take turns
    are a fault. The cookies of a load balancer are no state of the API.
    """
    for reached in list(api.reached.values())[:_MOST]:
        cookies = "; ".join(_cookies(reached.exchange))
        if cookies:
            yield _with_and_without(api, reached, cookies)


def _with_and_without(api: LiveApi, reached: Reached, cookies: str) -> Answer:
    def ask(*headers: tuple[str, str]) -> Exchange:
        return api.again(reached, "same-answer-without-cookie", headers=headers)

    cookie = ("Cookie", cookies)
    known, stranger, stranger_again, known_again = answers = ask(cookie), ask(), ask(), ask(cookie)
    unsure = next((found for exchange in answers if (found := _doubt(exchange))), None)
    return unsure or _told_apart(reached.operation.name, known, stranger, known_again, stranger_again, message="cookie-matters")


def _cookies(exchange: Exchange) -> Iterator[str]:
    for name, value in exchange.headers:
        pair = value.partition(";")[0].strip()
        if name.lower() == "set-cookie" and not is_affinity(pair.partition("=")[0]):
            yield pair


def _told_apart(name: str, one: Exchange, other: Exchange, one_again: Exchange, other_again: Exchange, *, message: str) -> Answer:
    """Say whether two ways of asking give two answers, each of them the same when it is repeated."""
    if not _differ(one, other):
        return None
    if _differ(one, one_again) or _differ(other, other_again):
        return Unsure("probe.answer-moves", request=name)
    return Fault(f"probe.{message}", exchange=other, request=name, status=other.status)


def _differ(one: Exchange, other: Exchange) -> bool:
    return one.status != other.status or _content(one) != _content(other)


@question("reading-changes-nothing")
def reading_changes_nothing(api: LiveApi) -> Iterator[Answer]:
    """Do the lists of the API hold the same resources after reading as before? /core/http-safety, RFC 9110 §9.2.1.

    The lists are asked, then all that answered, then the lists again. Only when one differs it is found out which GET does it: one
    after which the list differs, twice in a row, while between the two it stays the same when it is asked twice.
    """
    lists = {reached.operation.name: reached for reached in api.reached.values() if members(json_body(reached.exchange))}
    before = {name: api.again(reached, _READING) for name, reached in lists.items()}
    for reached in list(api.reached.values())[:_MOST] if lists else ():
        api.again(reached, _READING)
    for name, reached in lists.items():
        now = api.again(reached, _READING)
        if unsure := _doubt(now) or _doubt(before[name]):
            yield unsure
        elif members(json_body(now)) == members(json_body(before[name])):
            yield None
        else:
            culprits = (other for other in list(api.reached.values())[:_MOST] if other is not reached)
            yield next((found for other in culprits if (found := _changes(api, other, reached))), None) or Unsure(
                "probe.answer-moves", request=name
            )


def _changes(api: LiveApi, suspect: Reached, watched: Reached) -> Fault | None:
    def listed() -> list[str]:
        return members(json_body(api.again(watched, _READING)))

    before, exchange, after, still = listed(), api.again(suspect, _READING), listed(), listed()
    if before == after or after != still:
        return None
    api.again(suspect, _READING)
    once_more, at_last = listed(), listed()
    if once_more == after or once_more != at_last:
        return None
    request, changed = suspect.operation.name, watched.operation.name
    return Fault("probe.reading-changes", exchange=exchange, operation=request, request=request, changed=changed)


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
