"""Do fields whose name speaks of a date or a moment also have the format of one?

Hints by name: geboortedatum and birthDate are dates, of a registratiedatum the time may well matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from apicheck.answers import Answer, Fault
from apicheck.lint.date_time import PRESCRIBED, of_date_or_time
from apicheck.lint.lexicon import tokens, words
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.lint.schemas import Shapes
from apicheck.model import Place
from apicheck.openapi import Header, Item, Parameter, View

_SPEAKING = re.compile("dat|tijdstip|timestamp", re.IGNORECASE)
_NO_SCALAR = frozenset({"boolean", "object", "array"})


@check("date-time-names")
def date_time_names(api: View) -> Iterator[Answer]:
    """Has every field whose name speaks of a date or moment a format that says so? /core/date-time/format."""
    shapes = Shapes(api)
    for name, value, place, holder in _named(api):
        spoken = tokens(name)
        if not _says_date(spoken) and not _says_moment(spoken):
            continue
        whole = shapes.of(value, place)
        other_kind = whole.properties or whole.types & _NO_SCALAR or {"enum", "const"} & value.keys()
        if other_kind or not whole.certain or (whole.formats and all(map(of_date_or_time, whole.formats - PRESCRIBED))):
            yield from [None] if whole.formats & PRESCRIBED else []
        else:
            text = "lint.date-name-with-other-format" if whole.formats else "lint.date-name-without-format"
            yield Fault(text, at=place, used_by=holder.used_by, name=name, format=" / ".join(sorted(whole.formats)))


@check("date-names-with-time")
def date_names_with_time(api: View) -> Iterator[Answer]:
    """Is no field that is called a date described as date-time? /core/date-time/date-omit-time-portion."""
    shapes, moments = Shapes(api), tuple(words("moment-stems"))
    for name, value, place, holder in _named(api):
        spoken = tokens(name)
        if not _says_date(spoken) or any(word.startswith(moments) for word in spoken):
            continue
        formats = shapes.of(value, place).formats
        if formats == {"date-time"}:
            yield Fault("lint.date-name-with-time", at=place, used_by=holder.used_by, name=name)
        elif formats & PRESCRIBED:
            yield None


def _named(api: View) -> Iterator[tuple[str, dict[str, Any], Place, Item]]:
    """Every property, parameter and header whose name may speak of a date or moment, by the name it has on the wire."""
    for schema in api.schemas:
        for name, value in mapping(schema.value.get("properties")).items():
            if isinstance(value, dict) and _may_speak(name):
                yield name, value, schema.place.child("properties", name), schema
    described: tuple[Parameter | Header, ...] = (*api.parameters, *api.headers)
    for item in described:
        if _may_speak(item.name):
            yield item.name, mapping(item.value.get("schema")), item.place.child("schema"), item


@lru_cache(maxsize=10_000)
def _may_speak(name: str) -> bool:
    """Say whether it is worth a closer look; many fields have the same name."""
    return _SPEAKING.search(name) is not None


def _says_date(spoken: list[str]) -> bool:
    if not spoken or words("moment-words").intersection(spoken) or spoken[0] in {"is", "has", "heeft"}:
        return False
    if spoken[0] == "datum":
        return words("after-datum").issuperset(spoken[1:])
    return spoken[-1].endswith("datum") or spoken[-1] in words("dates-en") or (spoken[-1] == "date" and spoken[-2:-1] != ["to"])


def _says_moment(spoken: list[str]) -> bool:
    """Of a parameter that is called datetime the OGC says that it may be an interval (OGC API Features, 7.15.4)."""
    return spoken != ["datetime"] and "".join(spoken[-2:]).endswith(("tijdstip", "datumtijd", "datetime", "timestamp"))
