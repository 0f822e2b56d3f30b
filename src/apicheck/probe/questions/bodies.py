"""Is a body that cannot be valid refused, as /core/error-handling/invalid-input asks? Only with leave to write.

Where nothing else can be wrong: the path can be filled, and no more is needed. What a body of DELETE is for, HTTP leaves open
(RFC 9110 §9.3.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.openapi import MediaType, Operation
from apicheck.openapi.media_types import is_json
from apicheck.openapi.validation import Validation
from apicheck.probe.live import LiveApi, doubt
from apicheck.probe.questions.input import still_answers
from apicheck.probe.registry import question
from apicheck.probe.samples import sample

_HALF: Final = b'{"'
_TEXT: Final = b'"apicheck"'
"""Bodies that cannot be valid: no JSON, and JSON of another type."""
_NO_FORM: Final = "application/x-apicheck"
_WRITES: Final = frozenset({"post", "put", "patch"})
_FAULTS: Final = {422: "unprocessable"}
_WRONG: Final[dict[tuple[str, str | None], tuple[Any, ...]]] = {
    ("string", None): ("", "apicheck", "x" * 1001),
    ("string", "date"): ("2025-02-30",),
    ("string", "date-time"): ("2025-02-30T12:00:00Z",),
    ("integer", None): (-987_654_321, 987_654_321),
    ("number", None): (-987_654_321, 987_654_321),
}
"""Values to break a limit with, by type and format; of another format it differs how strictly it is to be read."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that can be wrong with a body: a member that lacks, or that has a value which its schema does not allow."""

    member: str
    value: Any
    lacks: bool = False

    def spoil(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a body with this wrong in it."""
        kept = {name: value for name, value in body.items() if name != self.member}
        return kept if self.lacks else {**kept, self.member: self.value}


@dataclass(frozen=True, slots=True)
class Flaws:
    """A body that is right, and what can be made wrong of it, each in another member: limits first, then types.

    ``lacks`` is a member that must be there.
    """

    body: dict[str, Any]
    flaws: tuple[Flaw, ...]
    lacks: Flaw | None


@question("invalid-body-400")
def invalid_body(api: LiveApi) -> Iterator[Answer]:
    """Does a body that cannot be valid give 400?

    Tried are half a text in JSON, a text where the schema asks for an object or a list, a member that is required and lacks, and
    one with a value that is not allowed. 2xx and 422 are faults, and so is 500 while the API goes on answering; another status is
    about something else (no access, another media type, no such object), and tells nothing.
    """
    for operation in api.operations.values():
        media_type = _json_of(operation)
        if media_type is None:
            continue
        if not may_try(api, operation):
            yield Unsure("probe.body-not-tried", request=operation.name)
            continue
        for body in (_HALF, *([_TEXT] if _wants_no_text(api, media_type) else [])):
            yield _refused(api, operation, body)
        found = flaws(api, operation)
        if found:
            valued = next((flaw for flaw in found.flaws if not flaw.lacks), None)
            for flaw in (found.lacks, valued):
                if flaw:
                    yield _refused(api, operation, orjson.dumps(flaw.spoil(found.body)))


@question("wrong-media-type-refused")
def wrong_media_type(api: LiveApi) -> Iterator[Answer]:
    """Is a body of a media type that the document does not have refused, and one of which the type lacks? RFC 9110 §15.5.16.

    415 and 406 are what the text beside the design rules asks, 400 is taken too. 2xx is a fault, and so is 500 while the API goes
    on answering.
    """
    for operation in api.operations.values():
        if _json_of(operation) is None or _takes_anything(operation):
            continue
        if not may_try(api, operation):
            yield Unsure("probe.body-not-tried", request=operation.name)
            continue
        for media_type in (_NO_FORM, ""):
            exchange = send(api, operation, b"apicheck", "wrong-media-type-refused", media_type)
            yield _told(api, operation, exchange, frozenset({400, 406, 415}), "wrong-media-type")


def may_try(api: LiveApi, operation: Operation) -> bool:
    """Say whether a wrong body may be sent to an operation, and whether nothing but the body would be wrong then."""
    offered = api.client.leave.offers(operation.method.upper(), operation.path)
    return _json_of(operation) is not None and offered and api.target(operation) is not None


def send(api: LiveApi, operation: Operation, body: bytes, purpose: str, media_type: str | None = None) -> Exchange:
    """Send a body to an operation that may be tried; as the JSON that it takes, unless another media type is given."""
    described = _json_of(operation)
    named = described.name if described and media_type is None else media_type
    return api.client.send(
        operation.method.upper(),
        api.target(operation) or operation.path,
        headers=[("Content-Type", named)] if named else [],
        content=body,
        operation=operation.name,
        purpose=purpose,
    )


def flaws(api: LiveApi, operation: Operation) -> Flaws | None:
    """Return what can be made wrong of a body for an operation; None when no right one is known."""
    media_type = _json_of(operation)
    body = sample(api.document, operation, api.data)
    if media_type is None or media_type.schema is None or not isinstance(body, dict):
        return None
    schema, place = api.document.resolve(media_type.schema.value, media_type.schema.place)
    properties = schema.get("properties") if isinstance(schema, dict) else None
    validation = Validation(api.document, "request")

    def breaks(flaw: Flaw) -> bool:
        return media_type.schema is not None and (
            validation.fits(media_type.schema.value, media_type.schema.place, flaw.spoil(body)) is False
        )

    limits, types, lacking = [], [], []
    for name, held in properties.items() if isinstance(properties, dict) else ():
        described, _ = api.document.resolve(held, place.child("properties", name))
        wrong = [Flaw(name, value) for value in _values(described)]
        limits += [flaw for flaw in wrong if breaks(flaw)][:1]
        types += [flaw for flaw in (Flaw(name, "apicheck"), Flaw(name, {"apicheck": True})) if breaks(flaw)][:1]
        lacking += [flaw for flaw in (Flaw(name, None, lacks=True),) if breaks(flaw)]
    by_member = {flaw.member: flaw for flaw in reversed([*limits, *lacking, *types])}
    chosen = (flaw for flaw in (*limits, *lacking, *types) if by_member[flaw.member] is flaw)
    return Flaws(body, tuple(chosen), next(iter(lacking), None))


def _values(schema: Any) -> tuple[Any, ...]:
    if not isinstance(schema, dict):
        return ()
    stated, form = schema.get("type"), schema.get("format")
    kinds = [name for name in (stated if isinstance(stated, list) else [stated]) if name != "null"]
    form = form if isinstance(form, str) and kinds == ["string"] else None
    return _WRONG.get((str(kinds[0]), form), ()) if len(kinds) == 1 else ()


def _json_of(operation: Operation) -> MediaType | None:
    body = operation.request_body if operation.method in _WRITES and operation.path.startswith("/") else None
    types = [media_type for media_type in (body.media_types if body else ()) if "*" not in media_type.name]
    return next((media_type for media_type in types if is_json(media_type.name)), None)


def _takes_anything(operation: Operation) -> bool:
    return any("*" in media_type.name for media_type in (operation.request_body.media_types if operation.request_body else ()))


def _wants_no_text(api: LiveApi, media_type: MediaType) -> bool:
    schema, _ = api.document.resolve(media_type.value.get("schema"), media_type.place.child("schema"))
    return isinstance(schema, dict) and schema.get("type") in {"object", "array"}


def _refused(api: LiveApi, operation: Operation, body: bytes) -> Answer:
    exchange = send(api, operation, body, "invalid-body-400")
    return _told(api, operation, exchange, frozenset({400}), "invalid-body")


def _told(api: LiveApi, operation: Operation, exchange: Exchange, right: frozenset[int], about: str) -> Answer:
    unsure, status = doubt(exchange), exchange.status or 0
    if unsure or status in right:
        return unsure
    values: dict[str, Any] = {"request": operation.name, "status": status}
    if status not in {200, 201, 202, 204, 422, 500} or (status == 422 and about != "invalid-body"):
        return Unsure(f"probe.{about}-unclear", **values)
    if status == 500 and not still_answers(api):
        return Unsure("probe.no-longer-answers", request=operation.name)
    kind_of_fault = _FAULTS.get(status, "accepted" if status < 300 else "server-error")
    return Fault(f"probe.{about}-{kind_of_fault}", exchange=exchange, **values)
