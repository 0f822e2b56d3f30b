"""Are fields with a format for dates and times described as the chapter on date and time asks?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.lint.lexicon import words
from apicheck.lint.nodes import sequence
from apicheck.lint.registry import check
from apicheck.lint.schemas import Shapes
from apicheck.openapi import View

PRESCRIBED = frozenset({"date", "date-time", "time-local"})
"""The formats of /core/date-time/format."""

_PICTURE = re.compile(r"[dmyjhstz0-9:./_ ,'+-]+")
_COMPOSITIONS = frozenset({"allOf", "anyOf", "oneOf"})
_ENDS_IN_UTC = re.compile(r"(?:Z|\[Zz\]|\[zZ\]|\(Z\))\)?\$?\Z")
_SHORTEST_WITH_OFFSET = len("2026-11-24T12:00:00+01:00")


@check("date-time-formats")
def date_time_formats(api: View) -> Iterator[Answer]:
    """Has every field with a format for a date or time the prescribed one, and the type string? /core/date-time/format.

    A field without any format is left to date-time-names.
    """
    shapes = Shapes(api)
    for schema in api.schemas:
        stated = schema.value.get("format")
        if not isinstance(stated, str) or not of_date_or_time(stated):
            continue
        at, name = schema.place.child("format"), schema.name or schema.place.pointer
        shape = shapes.of(schema.value, schema.place)
        types = shape.types
        if stated not in PRESCRIBED:
            yield Fault("lint.date-time-format", at=at, used_by=schema.used_by, name=name, format=stated)
        elif "string" in types or (not types and _COMPOSITIONS.intersection(schema.place.tokens[-2:-1])):
            yield None
        elif types:
            found = " / ".join(sorted(types))
            yield Fault("lint.date-time-type", at=at, used_by=schema.used_by, name=name, format=stated, type=found)
        elif not shape.certain:
            yield Unsure("lint.schema-elsewhere", name=name)
        else:
            yield Fault("lint.date-time-type-missing", at=at, used_by=schema.used_by, name=name, format=stated)


@check("offsets-not-restricted")
def offsets_not_restricted(api: View) -> Iterator[Answer]:
    """Does no date-time in a request have a schema that lets in UTC only? /core/date-time/timezone.

    That is so where the pattern ends in Z, where every value of an enum does, or where an offset does not fit in the length.
    """
    for schema in api.schemas:
        if schema.value.get("format") != "date-time" or "request" not in schema.direction:
            continue
        keyword = _restricting(schema.value)
        if keyword:
            at = schema.place.child(keyword)
            name = schema.name or schema.place.pointer
            yield Fault("lint.offsets-restricted", at=at, used_by=schema.used_by, name=name, keyword=keyword)
        else:
            yield None


@lru_cache(maxsize=1024)
def of_date_or_time(stated: str) -> bool:
    """Say whether a format is one for a date or time: a known name, or a picture such as ``dd-mm-jjjj``."""
    lowered = stated.lower()
    if re.sub(r"[^a-z0-9]", "", lowered) in words("date-time-formats"):
        return True
    of_date = ("yy" in lowered or "jj" in lowered) and ("mm" in lowered or "dd" in lowered)
    return _PICTURE.fullmatch(lowered) is not None and (of_date or ("hh" in lowered and "mm" in lowered))


def _restricting(schema: dict[str, Any]) -> str | None:
    """The keyword that keeps an offset out of a date-time (RFC 3339, 5.6: ``time-offset``), if there is one."""
    pattern, values, length = schema.get("pattern"), sequence(schema.get("enum")), schema.get("maxLength")
    if isinstance(pattern, str) and _ENDS_IN_UTC.search(pattern[-10:]) and r"\+" not in pattern and "[+" not in pattern:
        return "pattern"
    if values and all(isinstance(value, str) and value.endswith("Z") for value in values):
        return "enum"
    return "maxLength" if isinstance(length, int) and length < _SHORTEST_WITH_OFFSET else None
