"""Does the API do what HTTP says of methods that write, on an object that this run made itself?

Only with consent to write. What is made here is removed when the run ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from apicheck.answers import Answer, Fault, Unsure
from apicheck.leave import created
from apicheck.model import Exchange, Mode
from apicheck.openapi import Operation
from apicheck.openapi.validation import Validation
from apicheck.probe.live import LiveApi, doubt, json_body
from apicheck.probe.registry import question
from apicheck.probe.samples import json_type, sample

_GONE = frozenset({404, 410})
_ON_A_CONDITION = frozenset({409, 412, 423, 428})
"""Refusals that ask for something first (RFC 9110 §15.5.10, RFC 6585 §3), which says nothing about the method."""
_MARK = "apicheck"


@dataclass(frozen=True, slots=True)
class _Made:
    """An object that this run made: its URL, what was sent, and the operations on it by their method."""

    url: str
    body: Any
    create: Operation
    on_it: dict[str, Operation]


@question("written-is-read")
def written_is_read(api: LiveApi) -> Iterator[Answer]:
    """Can what was created be read, and does reading show what was changed? RFC 9110 §9.3.3 and §9.3.4; /core/http-methods."""
    for made in _make(api, "written-is-read", "get"):
        if isinstance(made, Unsure):
            yield made
            continue
        read = _ask(api, made, "get", "written-is-read")
        if read.status in _GONE:
            yield _fault("created-not-found", read, made.create)
            continue
        yield doubt(read)
        change = _change(api, made, json_body(read))
        if change is None or doubt(read):
            continue
        name, body = change
        put = _ask(api, made, "put", "written-is-read", body)
        if unsure := _not_done(put):
            yield unsure
            continue
        after = json_body(read := _ask(api, made, "get", "written-is-read"))
        shown = after.get(name) if isinstance(after, dict) else None
        yield doubt(read) or (None if shown == body[name] else _fault("change-not-shown", read, made.on_it["put"], member=name))


@question("put-repeatable")
def put_repeatable(api: LiveApi) -> Iterator[Answer]:
    """Does a PUT that is sent twice do no more than one that is sent once? RFC 9110 §9.2.2; /core/http-safety."""
    for made in _make(api, "put-repeatable", "put"):
        if isinstance(made, Unsure):
            yield made
            continue
        shown = json_body(_ask(api, made, "get", "put-repeatable")) if "get" in made.on_it else None
        body = _as_shown(made.body, shown)
        first = _ask(api, made, "put", "put-repeatable", body)
        if unsure := _not_done(first):
            yield unsure
            continue
        once = _ask(api, made, "get", "put-repeatable") if "get" in made.on_it else None
        second = _ask(api, made, "put", "put-repeatable", body)
        if second.status in _ON_A_CONDITION or doubt(second):
            yield _not_done(second)
        elif not 200 <= (second.status or 0) < 300:
            yield _fault("put-not-repeatable", second, made.on_it["put"], status=second.status)
        elif once is None or doubt(once):
            yield None
        else:
            twice = _ask(api, made, "get", "put-repeatable")
            same = _settled(json_body(once), body) == _settled(json_body(twice), body)
            yield doubt(twice) or (None if same else _fault("put-adds-up", twice, made.on_it["put"]))


@question("delete-repeatable")
def delete_repeatable(api: LiveApi) -> Iterator[Answer]:
    """Is what was deleted gone, and does deleting it again do no harm? RFC 9110 §9.2.2 and §9.3.5; /core/http-safety.

    The second answer may be another one (404): the effect is to be the same, not the status.
    """
    for made in _make(api, "delete-repeatable", "delete"):
        if isinstance(made, Unsure):
            yield made
            continue
        first = _ask(api, made, "delete", "delete-repeatable")
        if unsure := _not_done(first):
            yield unsure
            continue
        again = _ask(api, made, "delete", "delete-repeatable")
        if (again.status or 0) >= 500 and not doubt(again):
            yield _fault("delete-not-repeatable", again, made.on_it["delete"], status=again.status)
        elif "get" not in made.on_it:
            yield doubt(again)
        else:
            read = _ask(api, made, "get", "delete-repeatable")
            there = 200 <= (read.status or 0) < 300 and first.status != 202  # 202: it will be done later
            yield doubt(again) or doubt(read) or (_fault("deleted-still-there", read, made.on_it["delete"]) if there else None)


def _make(api: LiveApi, purpose: str, method: str) -> Iterator[_Made | Unsure]:
    """Make one object in every collection of which a single object takes a method, and of which it can be removed again."""
    for create in api.view.operations:
        on_it = _on_one(api, create)
        if create.method != "post" or "{" in create.path or not {method, "delete"} <= on_it.keys():
            continue
        if api.client.leave.mode is Mode.READ_ONLY:
            yield Unsure("probe.writes-not-tried", request=create.name)
            continue
        body, media_type = sample(api.document, create, api.data), json_type(create)
        if body is None or media_type is None:
            yield Unsure("probe.no-body-known", request=create.name)
            continue
        answer = api.client.send(
            "POST",
            create.path,
            headers=[("Content-Type", media_type.name)],
            content=orjson.dumps(body),
            operation=create.name,
            purpose=purpose,
        )
        url = created(answer)
        if url is not None and url in api.client.leave.own:
            yield _Made(url, body, create, on_it)
        else:
            yield doubt(answer) or Unsure("probe.not-created", request=create.name, status=answer.status)


def _on_one(api: LiveApi, create: Operation) -> dict[str, Operation]:
    """Return the operations on a single object of the collection that an operation adds to."""
    return {
        operation.method: operation
        for operation in api.view.operations
        if operation.path.rpartition("/")[0] == create.path.rstrip("/") and operation.path.endswith("}")
    }


def _ask(api: LiveApi, made: _Made, method: str, purpose: str, body: Any = None) -> Exchange:
    operation = made.on_it[method]
    media_type = json_type(operation)
    return api.client.send(
        method.upper(),
        made.url,
        headers=[("Content-Type", media_type.name)] if body is not None and media_type else [],
        content=b"" if body is None else orjson.dumps(body),
        operation=operation.name,
        purpose=purpose,
    )


def _not_done(exchange: Exchange) -> Unsure | None:
    """Return why a write tells nothing: it was not done."""
    if 200 <= (exchange.status or 0) < 300:
        return None
    return doubt(exchange) or Unsure("probe.write-refused", request=exchange.operation, status=exchange.status)


def _change(api: LiveApi, made: _Made, shown: Any) -> tuple[str, dict[str, Any]] | None:
    """Return a member that is shown as it was sent, and the body that says something else there; None when there is none."""
    put = made.on_it.get("put")
    media_type = json_type(put) if put else None
    if media_type is None or media_type.schema is None or not isinstance(made.body, dict) or not isinstance(shown, dict):
        return None
    validation, schema = Validation(api.document, "request"), media_type.schema
    for name, value in made.body.items():
        body = {**_as_shown(made.body, shown), name: f"{value} {_MARK}"}
        if isinstance(value, str) and shown.get(name) == value and validation.fits(schema.value, schema.place, body):
            return name, body
    return None


def _as_shown(sent: Any, shown: Any) -> Any:
    """Return what was sent to create an object, with its values as the API shows them: the id must be its own."""
    if not isinstance(sent, dict) or not isinstance(shown, dict):
        return sent
    return {name: shown.get(name, value) for name, value in sent.items()}


def _settled(shown: Any, body: Any) -> Any:
    """Return what a PUT is to settle of an object: the members that it sent. Others, such as a time or a version, may move on."""
    if not isinstance(shown, dict) or not isinstance(body, dict):
        return shown
    return {name: value for name, value in shown.items() if name in body}


def _fault(kind: str, exchange: Exchange, operation: Operation, **values: Any) -> Fault:
    return Fault(f"probe.{kind}", exchange=exchange, operation=operation.name, request=operation.name, **values)
