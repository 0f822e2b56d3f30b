"""Are the dates and times in responses written as /core/date-time asks?

Only fields that the document declares as one are looked at, in the response that it documents for this operation and status.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from apicheck.answers import Answer, CannotTell, Fault
from apicheck.model import Exchange, Place
from apicheck.openapi import Document, MediaType, Operation, answering
from apicheck.openapi.media_types import is_json
from apicheck.probe.live import LiveApi, named
from apicheck.probe.registry import response_check
from apicheck.probe.temporal import FORMATS, form, is_well_formed, offset

_ENOUGH = 5
"""Different values of one field from which a habit shows."""
_MIDNIGHTS = frozenset({"00:00:00", "22:00:00", "23:00:00", "23:59:59"})
"""The start of a day in UTC and in the Netherlands, and the end of one."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A value in a body whose schema declares it to be a date or time."""

    place: Place
    name: str
    format: str
    value: str


@response_check("date-time-values")
def date_time_values(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Is every value of a field with format date, date-time or time-local written so? /core/date-time/format."""
    for stamp in _stamps(exchange, api):
        if is_well_formed(stamp.format, stamp.value):
            yield None
        else:
            yield Fault(
                "probe.date-time-malformed",
                at=stamp.place,
                used_by=[exchange.operation or ""],
                exchange=exchange,
                field=stamp.name,
                format=stamp.format,
                form=form(stamp.value),
            )


@response_check("utc-date-times")
def utc_date_times(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Is every date-time given in UTC? /core/date-time/timezone. ``+00:00`` is UTC too."""
    for stamp in _stamps(exchange, api):
        if stamp.format != "date-time" or not is_well_formed(stamp.format, stamp.value):
            continue
        if offset(stamp.value) in {"Z", "+00:00"}:
            yield None
        else:
            yield Fault(
                "probe.date-time-not-utc",
                at=stamp.place,
                used_by=[exchange.operation or ""],
                exchange=exchange,
                field=stamp.name,
                offset=offset(stamp.value),
            )


@response_check("times-of-day")
def times_of_day(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Do the date-times of a field tell times of day? When all are midnight, it is a date. /core/date-time/date-omit-time-portion.

    Five different values or more in one answer; midnight is that of UTC or of the Netherlands. Test data may be made at midnight.
    """
    by_field: dict[Place, dict[str, _Stamp]] = {}
    for stamp in _stamps(exchange, api):
        if stamp.format == "date-time" and is_well_formed(stamp.format, stamp.value):
            by_field.setdefault(stamp.place, {})[stamp.value] = stamp
    for place, stamps in by_field.items():
        if len(stamps) < _ENOUGH:
            continue
        if any(value[11:19] not in _MIDNIGHTS for value in stamps):
            yield None
        else:
            name = next(iter(stamps.values())).name
            yield Fault("probe.only-midnights", at=place, used_by=[exchange.operation or ""], exchange=exchange, field=name)


def _stamps(exchange: Exchange, api: LiveApi) -> Iterator[_Stamp]:
    operation = api.operations.get(exchange.operation or "")
    if operation is None or exchange.method == "HEAD" or not is_json(exchange.media_type):
        return
    media_type = _documented(operation, exchange)
    if media_type is None:
        return
    if exchange.error:
        raise CannotTell("probe.body-not-whole", request=named(exchange))
    yield from _in_body(api.document, media_type, exchange.body)


@lru_cache(maxsize=8)  # three checks ask the same of an answer, and many answers are the same; a body may be large
def _in_body(document: Document, media_type: MediaType, text: bytes) -> tuple[_Stamp, ...]:
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError:
        return ()
    return tuple(_walk(document, media_type.value.get("schema"), media_type.place.child("schema"), body))


def _documented(operation: Operation, exchange: Exchange) -> MediaType | None:
    """Return what the document says of the body of this response."""
    response = answering(str(exchange.status), operation.responses)
    if response is None:
        return None
    names = {media_type.name.partition(";")[0].strip().lower(): media_type for media_type in response.media_types}
    return names.get(exchange.media_type)


def _walk(document: Document, schema: Any, place: Place, body: Any) -> Iterator[_Stamp]:
    """Yield every declared date or time in a body.

    Of ``anyOf`` and ``oneOf`` only a single alternative beside null is followed: of several, who knows which one is meant.
    """
    seen: set[tuple[Place, int]] = set()
    todo: list[tuple[Any, Place, str, Any]] = [(schema, place, "", body)]
    while todo:
        schema, place, name, value = todo.pop()
        schema, place = document.resolve(schema, place)
        if not isinstance(schema, dict) or (place, id(value)) in seen:
            continue
        seen.add((place, id(value)))
        if isinstance(value, str) and schema.get("format") in FORMATS:
            yield _Stamp(place, name, schema["format"], value)
        todo.extend(reversed([(below, at, label or name, part) for below, at, label, part in _below(schema, place, value)]))


def _below(schema: dict[str, Any], place: Place, value: Any) -> Iterator[tuple[Any, Place, str, Any]]:
    """Yield the schemas right below this one, each with its place, the name of the field and the part of the value it is for."""
    for index, part in enumerate(_list(schema, "allOf")):
        yield part, place.child("allOf", index), "", value
    for keyword in ("anyOf", "oneOf"):
        alternatives = [(index, part) for index, part in enumerate(_list(schema, keyword)) if part != {"type": "null"}]
        if len(alternatives) == 1:
            index, part = alternatives[0]
            yield part, place.child(keyword, index), "", value
    if isinstance(value, dict):
        properties, others = schema.get("properties"), schema.get("additionalProperties")
        for name, part in value.items():
            if isinstance(properties, dict) and name in properties:
                yield properties[name], place.child("properties", name), name, part
            else:
                yield others, place.child("additionalProperties"), name, part
    elif isinstance(value, list):
        leading = _list(schema, "prefixItems")
        for index, part in enumerate(value):
            if index < len(leading):
                yield leading[index], place.child("prefixItems", index), "", part
            else:
                yield schema.get("items"), place.child("items"), "", part


def _list(schema: dict[str, Any], keyword: str) -> list[Any]:
    found = schema.get(keyword)
    return found if isinstance(found, list) else []
