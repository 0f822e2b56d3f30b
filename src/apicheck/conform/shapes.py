"""What can one value look like, once everything that a schema says about it is put together?

A schema is a union of shapes: ``oneOf`` and ``anyOf`` add shapes, ``allOf`` narrows each. That two alternatives of a ``oneOf``
must not both fit is not looked at: it tells alternatives apart, and no standard relies on it to refuse a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import orjson

from apicheck.conform.nodes import Node, Schema
from apicheck.model import Place

TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})


class Bound(NamedTuple):
    """A limit and where it is set; ``exclusive``: the limit itself is outside."""

    value: float
    exclusive: bool
    place: Place


@dataclass(slots=True)
class Shape:
    """What holds together for a value.

    ``values`` are all it can be (``enum``, ``const``) by their canonical text. ``additional`` is what holds for properties without
    a name; None when nothing is said, which leaves it open. ``read_only`` and ``write_only`` are properties that go one way.
    ``undecided`` are keywords of which only sameness is looked at.
    """

    place: Place
    types: frozenset[str] = TYPES
    values: Mapping[str, Any] | None = None
    bounds: dict[str, Bound] = field(default_factory=dict)
    formats: dict[str, Place] = field(default_factory=dict)
    patterns: dict[str, Place] = field(default_factory=dict)
    multiples: dict[float, Place] = field(default_factory=dict)
    unique: Place | None = None
    items: Schema = ()
    prefix: tuple[Schema, ...] = ()
    properties: dict[str, Schema] = field(default_factory=dict)
    required: dict[str, Place] = field(default_factory=dict)
    additional: Schema | None = None
    named: dict[str, Schema] = field(default_factory=dict)
    """Properties by a pattern of their name (``patternProperties``)."""
    read_only: frozenset[str] = frozenset()
    write_only: frozenset[str] = frozenset()
    undecided: dict[str, tuple[Node, ...]] = field(default_factory=dict)


def canonical(value: object) -> str:
    """Return a value as text, the same for values that JSON Schema holds equal: 1 and 1.0, the keys of an object in any order."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def type_of(value: object) -> str:
    """Return the type of a JSON value; a number without fraction is an integer (JSON Schema 2020-12, 6.1.1)."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, float) and not value.is_integer():
        return "number"
    kinds = {int: "integer", float: "integer", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def takes(types: frozenset[str], asked: str) -> bool:
    """Say whether a type is among types; an integer is a number."""
    return asked in types or (asked == "integer" and "number" in types)


def both(one: Shape, other: Shape) -> Shape | None:
    """Return the shape of what fits both; None when no type or no value is left."""
    types = frozenset(kind for kind in TYPES if takes(one.types, kind) and takes(other.types, kind))
    if not types:
        return None
    if "number" in types:
        types -= {"integer"}
    values = _either(one.values, other.values, lambda mine, theirs: {key: mine[key] for key in mine if key in theirs})
    if values is not None:
        values = {key: value for key, value in values.items() if takes(types, type_of(value))}
        if not values:
            return None
    properties = _joined_properties(one, other)
    required = one.required | other.required
    never = {name for name, schema in properties.items() if any(node.value is False for node in schema)}
    if "object" in types and not never.isdisjoint(required):
        types -= {"object"}
    return replace(
        one,
        types=types,
        values=values,
        bounds=_tightest(one.bounds, other.bounds),
        formats=one.formats | other.formats,
        patterns=one.patterns | other.patterns,
        multiples=one.multiples | other.multiples,
        unique=one.unique or other.unique,
        items=one.items + other.items,
        prefix=_joined_prefix(one, other),
        properties={name: schema for name, schema in properties.items() if name not in never},
        required=required,
        additional=_either(one.additional, other.additional, lambda mine, theirs: mine + theirs),
        named=one.named | other.named,
        read_only=one.read_only | other.read_only,
        write_only=one.write_only | other.write_only,
        undecided=_joined(one.undecided, other.undecided),
    )


def _either(mine: Any, theirs: Any, join: Callable[[Any, Any], Any]) -> Any:
    if mine is None or theirs is None:
        return theirs if mine is None else mine
    return join(mine, theirs)


def _joined(mine: dict[str, tuple[Node, ...]], theirs: dict[str, tuple[Node, ...]]) -> dict[str, tuple[Node, ...]]:
    return {name: mine.get(name, ()) + theirs.get(name, ()) for name in mine.keys() | theirs.keys()}


def _tightest(mine: dict[str, Bound], theirs: dict[str, Bound]) -> dict[str, Bound]:
    joined = dict(mine)
    for keyword, bound in theirs.items():
        found = joined.get(keyword, bound)
        lower = keyword.startswith("min")
        order = (lambda limit: (limit.value, limit.exclusive)) if lower else (lambda limit: (-limit.value, limit.exclusive))
        joined[keyword] = max(found, bound, key=order)
    return joined


def _joined_prefix(one: Shape, other: Shape) -> tuple[Schema, ...]:
    """The schemas of the first items; where one has no more of them, its ``items`` hold (JSON Schema 2020-12, 10.3.1.2)."""
    longest = max(len(one.prefix), len(other.prefix))
    return tuple(at(one, index) + at(other, index) for index in range(longest))


def at(shape: Shape, index: int) -> Schema:
    """Return what holds for the item with this index."""
    return shape.prefix[index] if index < len(shape.prefix) else shape.items


def _joined_properties(one: Shape, other: Shape) -> dict[str, Schema]:
    """A property that one of the two does not name is for that one an additional property."""
    names = list(dict.fromkeys((*one.properties, *other.properties)))
    return {name: _property(one, name) + _property(other, name) for name in names}


def _property(shape: Shape, name: str) -> Schema:
    return shape.properties.get(name, shape.additional or ())
