"""Which values can a parameter be given?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any
from urllib.parse import unquote, urlsplit

from apicheck.model import Place
from apicheck.openapi import Document, Parameter

MOST = 3
"""Values that are tried for one parameter."""
_LONGEST = 200
"""Characters of a value that is taken from an answer."""
_DEEPEST = 8
"""Levels below a schema or an answer that are looked into."""


_POINT_IN_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:")


class Kind(Enum):
    """Kinds of values that a word can be told from: whatever is sent for one of these, ``apicheck`` is not valid."""

    INTEGER = auto()
    NUMBER = auto()
    BOOLEAN = auto()
    ENUM = auto()
    DATE = auto()
    DATE_TIME = auto()


_KINDS = {
    ("integer", None): Kind.INTEGER,
    ("number", None): Kind.NUMBER,
    ("boolean", None): Kind.BOOLEAN,
    ("string", "date"): Kind.DATE,
    ("string", "date-time"): Kind.DATE_TIME,
}


def kind(document: Document, parameter: Parameter) -> Kind | None:
    """Return the kind of value that a parameter takes, or its items when it is a list; None when any text may be valid."""
    return _Kinds(document).of(parameter.value.get("schema"), parameter.place.child("schema"))


class _Kinds:
    """Works kinds out, that of each schema once: schemas share their parts, and the paths to them may be without number."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[Place, Kind | None] = {}

    def of(self, schema: Any, place: Place, depth: int = 0) -> Kind | None:
        schema, place = self._document.resolve(schema, place)
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return None
        if place not in self._known:
            self._known[place] = None  # as far as a schema holds itself, it says nothing
            self._known[place] = self._worked_out(schema, place, depth + 1)
        return self._known[place]

    def _worked_out(self, schema: dict[str, Any], place: Place, depth: int) -> Kind | None:
        if "enum" in schema or "const" in schema:
            return Kind.ENUM
        for keyword in ("anyOf", "oneOf"):
            alternatives = schema.get(keyword)
            if isinstance(alternatives, list):
                others = [(index, part) for index, part in enumerate(alternatives) if part != {"type": "null"}]
                kinds = {self.of(part, place.child(keyword, index), depth) for index, part in others}
                return kinds.pop() if len(kinds) == 1 else None
        parts = schema.get("allOf")
        for index, part in enumerate(parts if isinstance(parts, list) else ()):
            if found := self.of(part, place.child("allOf", index), depth):
                return found
        stated = schema.get("type")
        types = [name for name in (stated if isinstance(stated, list) else [stated]) if name != "null"]
        if types == ["array"]:
            return self.of(schema.get("items"), place.child("items"), depth)
        if len(types) != 1 or not isinstance(types[0], str):
            return None
        return _KINDS.get((types[0], str(schema.get("format")) if types[0] == "string" else None))


def documented(document: Document, parameter: Parameter) -> Iterator[str]:
    """Yield the values that the document itself gives for a parameter: its examples first, then default, const and enum."""
    schema, _ = document.resolve(parameter.value.get("schema"), parameter.place.child("schema"))
    values: list[Any] = [parameter.value.get("example")]
    examples = parameter.value.get("examples")
    for name, example in examples.items() if isinstance(examples, dict) else ():
        found, _ = document.resolve(example, parameter.place.child("examples", name))
        values.append(found.get("value") if isinstance(found, dict) else None)
    if isinstance(schema, dict):
        values.append(schema.get("example"))
        values += schema["examples"] if isinstance(schema.get("examples"), list) else []
        values += [schema.get("default"), schema.get("const")]
        values += schema["enum"] if isinstance(schema.get("enum"), list) else []
    yield from dict.fromkeys(text for value in values if (text := _written(value)))


def _written(value: Any) -> str | None:
    """Return a value as style ``form`` or ``simple`` writes it; None when there is none or it is an object."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        parts = [_written(part) for part in value]
        return ",".join(part for part in parts if part) or None
    return str(value) if isinstance(value, str | int | float) else None


def ids(body: Any, parameter: str) -> list[str]:
    """Return the first few ids in the answer of a collection, for the path parameter with this name.

    An id is the member called as the parameter, else ``id``, else the last segment of the resource's own link.
    """
    found = dict.fromkeys(value for item in _items(body) if (value := _id(item, parameter)))
    return list(found)[:MOST]


def members(body: Any) -> list[str]:
    """Return what a list in an answer holds, sorted: the id of each member, of one without an id its texts. Empty without a list.

    Numbers and points in time are left out, for they may tell how often and when a member was looked at.
    """
    return sorted(_id(item, "id") or _texts(item) for item in _items(body))


def _texts(item: Any) -> str:
    if isinstance(item, dict):
        texts = sorted((name, value) for name, value in item.items() if isinstance(value, str))
        return " ".join(f"{name}={value}" for name, value in texts if not _POINT_IN_TIME.match(value))
    return item if isinstance(item, str) else ""


def _items(body: Any) -> list[Any]:
    """Return the first list in an answer that is not empty, nearest to the top first."""
    level = [body]
    for _ in range(_DEEPEST):
        for value in level:
            if isinstance(value, list) and value:
                return value
        level = [part for value in level if isinstance(value, dict) for part in value.values()]
    return []


def _id(item: Any, parameter: str) -> str | None:
    if not isinstance(item, dict):
        return usable(item)
    wanted = _letters(parameter)
    holders = [item, item.get("properties")]  # in GeoJSON the members of a resource stand there (RFC 7946 §3.2)
    return next((found for holder in holders if isinstance(holder, dict) and (found := _id_in(holder, wanted))), None)


def _id_in(item: dict[str, Any], wanted: str) -> str | None:
    plain = {_letters(name): value for name, value in item.items()}
    return (
        usable(plain.get(wanted))
        or usable(plain.get("id"))
        or next((last for link in _links(item) if (last := _last_segment(link))), None)
    )


def _letters(name: str) -> str:
    """Return a name without what differs between the ways to write it."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _links(item: dict[str, Any]) -> Iterator[Any]:
    """Yield the links of a resource to itself: a plain one, that of HAL, and that of a list of links (RFC 8288)."""
    yield from (item.get(name) for name in ("url", "self", "href"))
    hal = item.get("_links")
    own = hal.get("self") if isinstance(hal, dict) else None
    yield own.get("href") if isinstance(own, dict) else own
    links = item.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == "self":
            yield link.get("href")


def _last_segment(link: Any) -> str | None:
    if not isinstance(link, str):
        return None
    try:
        path = urlsplit(link).path
    except ValueError:
        return None
    return usable(unquote(path.rstrip("/").rpartition("/")[2]))


def usable(value: Any) -> str | None:
    """Return a value as the segment of a path; None when it cannot be one. ``.`` and ``..`` lead elsewhere (RFC 3986 §3.3)."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value)
    return text if 0 < len(text) <= _LONGEST and text.isprintable() and text not in {".", ".."} else None
