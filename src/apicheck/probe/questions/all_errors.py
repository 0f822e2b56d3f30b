"""Is all that is wrong with a request told at once, as /core/error-handling/all-errors asks?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.openapi import Operation
from apicheck.probe.live import LiveApi, Reached, doubt, json_body
from apicheck.probe.questions.bodies import Flaw, flaws, may_try, send
from apicheck.probe.registry import question
from apicheck.probe.values import kind

_PURPOSE = "all-errors-together"
_INVALID = "apicheck"
"""No number, no boolean, no date, and hardly a value of anybody's list."""
_ASKED = re.compile(rf"[?&][^\s\"'<>]*?={_INVALID}[^\s\"'<>]*")
"""The query that was sent, as an answer may repeat it."""


@question("all-errors-together")
def all_errors(api: LiveApi) -> Iterator[Answer]:
    """Does a request with two faults get an answer that names both? /core/error-handling/all-errors.

    Two query values of one operation are made invalid, each by itself and both together; with leave to write two members of a body
    as well. Where each by itself is refused with its own name, the answer to both must hold both names; that it repeats the URL
    does not count. Where no name is told, a list that has grown says that there were two.
    """
    operations = api.operations.values()
    untried = any(operation.request_body is not None or len(_fallible(api, operation)) > 1 for operation in operations)
    for reached in api.reached.values():
        fallible = _fallible(api, reached.operation)
        if len(fallible) > 1:
            untried = False
            yield _both_told(reached.operation, *fallible[:2], ask=_query(api, reached))
    for operation in operations:
        found = flaws(api, operation) if may_try(api, operation) else None
        if found and len(found.flaws) > 1:
            untried = False
            one, other = found.flaws[:2]
            yield _both_told(operation, one.member, other.member, ask=_body(api, operation, found.body, one, other))
    if untried:
        yield Unsure("probe.two-faults-not-tried")


def _fallible(api: LiveApi, operation: Operation) -> list[str]:
    """Return the names of the query parameters of which a value can be wrong."""
    in_query = (parameter for parameter in operation.parameters if parameter.location == "query")
    return [parameter.name for parameter in in_query if kind(api.document, parameter)]


def _query(api: LiveApi, reached: Reached) -> Callable[..., Exchange]:
    def ask(*wrong: str) -> Exchange:
        return api.again(reached, _PURPOSE, query=dict.fromkeys(wrong, _INVALID))

    return ask


def _body(api: LiveApi, operation: Operation, body: dict[str, Any], *both: Flaw) -> Callable[..., Exchange]:
    def ask(*wrong: str) -> Exchange:
        spoilt = body
        for flaw in both:
            spoilt = flaw.spoil(spoilt) if flaw.member in wrong else spoilt
        return send(api, operation, orjson.dumps(spoilt), _PURPOSE)

    return ask


def _both_told(operation: Operation, one: str, other: str, *, ask: Callable[..., Exchange]) -> Answer:
    first, second, both = ask(one), ask(other), ask(one, other)
    for exchange in (first, second, both):
        if unsure := doubt(exchange):
            return unsure
        if exchange.status not in {400, 422} or exchange.error:
            return Unsure("probe.two-faults-unclear", request=operation.name)
    by_itself = _names(first, one, other) == {one} and _names(second, one, other) == {other}
    told = _names(both, one, other)
    if by_itself and len(told) == 1:
        about: dict[str, Any] = {"request": operation.name, "told": told.pop(), "one": one, "other": other}
        return Fault("probe.one-error-only", exchange=both, operation=operation.name, **about)
    told_both = (by_itself and len(told) == 2) or _longest_list(both) > max(_longest_list(first), _longest_list(second))
    return None if told_both else Unsure("probe.two-faults-unclear", request=operation.name)


def _names(exchange: Exchange, *names: str) -> set[str]:
    """Return the names of which an answer speaks, the URL that was asked for left out."""
    text = _ASKED.sub("", exchange.body.decode("utf-8", "replace"))
    return {name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)}


def _longest_list(exchange: Exchange) -> int:
    longest, todo = 0, [json_body(exchange)]
    while todo:
        value = todo.pop()
        longest = max(longest, len(value) if isinstance(value, list) else 0)
        todo += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return longest
