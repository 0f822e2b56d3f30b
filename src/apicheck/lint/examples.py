"""Do the examples, default values and patterns of the document say what its schemas say?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from apicheck.answers import Answer, Fault
from apicheck.lint.nodes import mapping, sequence
from apicheck.lint.registry import check
from apicheck.model import Place
from apicheck.openapi import Header, Item, MediaType, Parameter, Schema, View
from apicheck.openapi.media_types import is_json
from apicheck.openapi.validation import Validation, depends_on_direction


class _Value(NamedTuple):
    """A value that the document itself gives for what a schema describes."""

    schema: Schema
    given: Any
    place: Place


@check("examples-match-schema")
def examples_match_schema(api: View) -> Iterator[Answer]:
    """Do examples and default values fit their schema? /core/doc-openapi; OAS 3.0.4, 4.7.24.1 and 4.7.10.

    A value is right when it could be sent in either direction. Of media types only JSON is looked at: another is written as text.
    """
    sent = Validation(api.document, "response")
    received = Validation(api.document, "request")
    one_way = cache(lambda: any(depends_on_direction(schema.value) for schema in api.schemas))
    for schema, given, at in _values(api):
        fits = sent.fits(schema.value, schema.place, given)
        if fits is None:
            continue
        if fits or (one_way() and received.fits(schema.value, schema.place, given)):
            yield None
        else:
            keyword, within = sent.breach(schema.value, schema.place, given)
            yield Fault("lint.example-does-not-fit", at=at, used_by=schema.used_by, keyword=keyword, within=within)


@check("patterns-valid")
def patterns_valid(api: View) -> Iterator[Answer]:
    """Is every ``pattern`` a regular expression of ECMAScript? OAS 3.0.4, 4.7.24.1: Properties."""
    from regress import Regex, RegressError  # noqa: PLC0415  # only a document with patterns needs it

    for schema in api.schemas:
        if "pattern" not in schema.value and "patternProperties" not in schema.value:
            continue
        patterns = [(schema.place.child("pattern"), schema.value.get("pattern"))]
        patterns += [(schema.place.child("patternProperties", key), key) for key in mapping(schema.value.get("patternProperties"))]
        for place, pattern in patterns:
            if not isinstance(pattern, str):
                continue
            try:
                Regex(pattern)
            except (RegressError, UnicodeError):
                yield Fault("lint.pattern-invalid", at=place, used_by=schema.used_by, pattern=pattern)
            else:
                yield None


def _values(api: View) -> Iterator[_Value]:
    for schema in api.schemas:
        yield from (
            _Value(schema, schema.value[key], schema.place.child(key)) for key in ("default", "example") if key in schema.value
        )
        for index, given in enumerate(sequence(schema.value.get("examples"))):
            yield _Value(schema, given, schema.place.child("examples", index))
    described: tuple[Parameter | Header | MediaType, ...] = (*api.parameters, *api.headers, *api.media_types)
    for item in described:
        if item.schema and not (isinstance(item, MediaType) and not is_json(item.name)):
            yield from (_Value(item.schema, given, place) for given, place in _examples(api, item))


def _examples(api: View, item: Item) -> Iterator[tuple[Any, Place]]:
    if "example" in item.value:
        yield item.value["example"], item.place.child("example")
    for name, example in mapping(item.value.get("examples")).items():
        found, place = api.document.resolve(example, item.place.child("examples", name))
        for key in ("value", "dataValue"):
            if key in mapping(found):
                yield mapping(found)[key], place.child(key)
