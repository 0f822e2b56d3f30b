"""Which body may be sent to an operation that takes one?

What the owner gave goes first, then the examples of the document; else the smallest value that the schema allows is put together.
Nothing is taken that our own reading of the schema does not allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from apicheck.model import Place
from apicheck.openapi import Document, MediaType, Operation
from apicheck.openapi.media_types import is_json
from apicheck.openapi.validation import Validation
from apicheck.testdata import TestData

_DEEPEST: Final = 8
_FORMATS: Final = {
    "date": "2024-01-01",
    "date-time": "2024-01-01T12:00:00Z",
    "uuid": "9f2b8c1e-5a7d-4c3b-8e6f-0d1a2b3c4d5e",
    "email": "apicheck@example.org",
    "uri": "https://apicheck.invalid/",
    "url": "https://apicheck.invalid/",
    "time": "12:00:00Z",
}
"""What is sent for a format; the hosts are nobody's (RFC 2606)."""


def json_type(operation: Operation) -> MediaType | None:
    """Return the media type in which an operation takes JSON; None when it takes none."""
    types = operation.request_body.media_types if operation.request_body else ()
    return next((media_type for media_type in types if is_json(media_type.name)), None)


def sample(document: Document, operation: Operation, data: TestData) -> Any:
    """Return a value to send to an operation as JSON; None when none is known."""
    given = data.body(operation.name)
    if given is not None:
        return given
    media_type = json_type(operation)
    if media_type is None or media_type.schema is None:
        return None
    schema = media_type.schema
    validation = Validation(document, "request")
    for value in _candidates(document, media_type):
        if isinstance(value, dict) and validation.fits(schema.value, schema.place, value):
            return value
    return None


def _candidates(document: Document, media_type: MediaType) -> Iterator[Any]:
    yield media_type.value.get("example")
    examples = media_type.value.get("examples")
    for name, example in examples.items() if isinstance(examples, dict) else ():
        found, _ = document.resolve(example, media_type.place.child("examples", name))
        yield found.get("value") if isinstance(found, dict) else None
    yield from _stated(*document.resolve(media_type.value.get("schema"), media_type.place.child("schema")))
    yield _smallest(document, media_type.value.get("schema"), media_type.place.child("schema"), 0)


def _stated(schema: Any, _: Place) -> Iterator[Any]:
    if isinstance(schema, dict):
        yield schema.get("example")
        yield from schema["examples"] if isinstance(schema.get("examples"), list) else ()
        yield schema.get("default")


def _smallest(document: Document, schema: Any, place: Place, depth: int) -> Any:
    """Return a value with only what must be there. Whether it is right, is for the validation to tell."""
    schema, place = document.resolve(schema, place)
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return None
    stated = next((value for value in (*_stated(schema, place), schema.get("const")) if value is not None), None)
    if stated is not None:
        return stated
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return schema["enum"][0]
    for keyword in ("oneOf", "anyOf"):
        if isinstance(schema.get(keyword), list) and schema[keyword]:
            return _smallest(document, schema[keyword][0], place.child(keyword, 0), depth + 1)
    parts = schema.get("allOf")
    if isinstance(parts, list) and parts:
        found = [_smallest(document, part, place.child("allOf", index), depth + 1) for index, part in enumerate(parts)]
        return {name: value for part in found if isinstance(part, dict) for name, value in part.items()} or found[0]
    return _of_type(document, schema, place, depth)


def _of_type(document: Document, schema: dict[str, Any], place: Place, depth: int) -> Any:
    kind = schema.get("type")
    kind = next((name for name in kind if name != "null"), None) if isinstance(kind, list) else kind
    match kind:
        case "integer" | "number":
            least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
            return least + 1 if isinstance(least, int | float) and not isinstance(least, bool) else 1
        case "boolean":
            return True
        case "array":
            items = schema.get("items")
            count = schema.get("minItems", 0)
            return [_smallest(document, items, place.child("items"), depth + 1)] * (count if isinstance(count, int) else 0)
        case "string":
            text = _FORMATS.get(str(schema.get("format")), "apicheck")
            least = schema.get("minLength", 0)
            most = schema.get("maxLength", len(text))
            return text.ljust(least, "x")[: most or None] if isinstance(least, int) and isinstance(most, int) else text
    properties = schema.get("properties")
    required = schema.get("required")
    return {
        name: _smallest(document, properties[name], place.child("properties", name), depth + 1)
        for name in (required if isinstance(required, list) else ())
        if isinstance(properties, dict) and name in properties
    }
