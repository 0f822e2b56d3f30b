"""Is invalid input refused, and all that is wrong with it told, as the rules /core/error-handling/… ask?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.openapi import MediaType, Operation, Parameter
from apicheck.openapi.media_types import is_json
from apicheck.probe.live import LiveApi, Reached, doubt, json_body
from apicheck.probe.registry import question
from apicheck.probe.values import Kind, kind

_INVALID = "apicheck"
"""No number, no boolean, no date, and hardly a value of anybody's list."""
_ASKED = re.compile(rf"[?&][^\s\"'<>]*?={_INVALID}[^\s\"'<>]*")
"""The query that was sent, as an answer may repeat it."""
_HALF, _TEXT = b'{"', b'"apicheck"'
"""Bodies that cannot be valid: no JSON, and JSON of another type."""
_WRITES = frozenset({"post", "put", "patch"})
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


@question("invalid-body-400")
def invalid_body(api: LiveApi) -> Iterator[Answer]:
    """Does a body that cannot be valid give 400: half a text in JSON, and a text where the schema asks for an object or a list?

    Only with leave to write, and where nothing else can be wrong: the path can be filled, and no more is needed. 2xx and 422 are
    faults, and so is 500 while the API goes on answering; another status is about something else (no access, another media type,
    no such object), and tells nothing. What a body of DELETE is for, HTTP leaves open (RFC 9110 §9.3.5).
    """
    for operation in api.operations.values():
        media_type = _json_of(operation)
        if media_type is None:
            continue
        target = api.target(operation)
        if target is None or not api.client.leave.offers(operation.method.upper(), operation.path):
            yield Unsure("probe.body-not-tried", request=operation.name)
            continue
        for body in (_HALF, *([_TEXT] if _wants_no_text(api, media_type) else [])):
            yield _body_refused(api, operation, media_type, target, body)


def _json_of(operation: Operation) -> MediaType | None:
    body = operation.request_body if operation.method in _WRITES and operation.path.startswith("/") else None
    types = [media_type for media_type in (body.media_types if body else ()) if "*" not in media_type.name]
    return next((media_type for media_type in types if is_json(media_type.name)), None)


def _wants_no_text(api: LiveApi, media_type: MediaType) -> bool:
    schema, _ = api.document.resolve(media_type.value.get("schema"), media_type.place.child("schema"))
    return isinstance(schema, dict) and schema.get("type") in {"object", "array"}


def _body_refused(api: LiveApi, operation: Operation, media_type: MediaType, target: str, body: bytes) -> Answer:
    exchange = api.client.send(
        operation.method.upper(),
        target,
        headers=[("Content-Type", media_type.name)],
        content=body,
        operation=operation.name,
        purpose="invalid-body-400",
    )
    unsure, status = doubt(exchange), exchange.status or 0
    if unsure or status == 400:
        return unsure
    about: dict[str, Any] = {"request": operation.name, "status": status}
    if status not in {200, 201, 202, 204, 422, 500}:
        return Unsure("probe.invalid-body-unclear", **about)
    if status == 500 and not _still_answers(api):
        return Unsure("probe.no-longer-answers", request=operation.name)
    kind_of_fault = _FAULTS.get(status, "accepted" if status < 300 else "server-error")
    return Fault(f"probe.invalid-body-{kind_of_fault}", exchange=exchange, **about)


def _still_answers(api: LiveApi) -> bool:
    reached = next(iter(api.reached.values()), None)
    return reached is not None and 200 <= (api.again(reached, "invalid-body-400").status or 0) < 300


@question("all-errors-together")
def all_errors(api: LiveApi) -> Iterator[Answer]:
    """Does a request with two faults get an answer that names both? /core/error-handling/all-errors.

    Two query values of one operation are made invalid, each by itself and both together. Where each by itself is refused with its
    own name, the answer to both must hold both names; that it repeats the URL does not count. Where no name is told, a list that
    has grown says that there were two.
    """
    operations = api.operations.values()
    untried = any(operation.request_body is not None or len(_fallible(api, operation)) > 1 for operation in operations)
    for reached in api.reached.values():
        fallible = _fallible(api, reached.operation)
        if len(fallible) > 1:
            untried = False
            yield _both_told(api, reached, *fallible[:2])
    if untried:
        yield Unsure("probe.two-faults-not-tried")


def _fallible(api: LiveApi, operation: Operation) -> list[Parameter]:
    """Return the query parameters of which a value can be wrong."""
    return [parameter for parameter in operation.parameters if parameter.location == "query" and kind(api.document, parameter)]


def _both_told(api: LiveApi, reached: Reached, one: Parameter, other: Parameter) -> Answer:
    def ask(*wrong: Parameter) -> Exchange:
        return api.again(reached, "all-errors-together", query={parameter.name: _INVALID for parameter in wrong})

    name = reached.operation.name
    first, second, both = ask(one), ask(other), ask(one, other)
    for exchange in (first, second, both):
        if unsure := doubt(exchange):
            return unsure
        if exchange.status not in {400, 422} or exchange.error:
            return Unsure("probe.two-faults-unclear", request=name)
    by_itself = _names(first, one, other) == {one.name} and _names(second, one, other) == {other.name}
    told = _names(both, one, other)
    if by_itself and len(told) == 1:
        about: dict[str, Any] = {"request": name, "told": told.pop(), "one": one.name, "other": other.name}
        return Fault("probe.one-error-only", exchange=both, operation=name, **about)
    told_both = (by_itself and len(told) == 2) or _longest_list(both) > max(_longest_list(first), _longest_list(second))
    return None if told_both else Unsure("probe.two-faults-unclear", request=name)


def _names(exchange: Exchange, *parameters: Parameter) -> set[str]:
    """Return the names of which an answer speaks, the URL that was asked for left out."""
    text = _ASKED.sub("", exchange.body.decode("utf-8", "replace"))
    return {parameter.name for parameter in parameters if re.search(rf"(?<!\w){re.escape(parameter.name)}(?!\w)", text)}


def _longest_list(exchange: Exchange) -> int:
    longest, todo = 0, [json_body(exchange)]
    while todo:
        value = todo.pop()
        longest = max(longest, len(value) if isinstance(value, list) else 0)
        todo += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return longest
