"""Does one shape take in every object or array that another allows?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from apicheck.conform.difference import Effect, Failure, Side
from apicheck.conform.nodes import Key, Node, Schema, alike, key
from apicheck.conform.scalars import matches
from apicheck.conform.shapes import Shape, at
from apicheck.model import Place

PairKey = tuple[Key, Key, Side]


class Pair(NamedTuple):
    """Two schemas, of which the wide one should take in all that the narrow one allows, on one side."""

    wide: Schema
    narrow: Schema
    side: Side

    @property
    def name(self) -> PairKey:
        """What two equal pairs share."""
        return key(self.wide), key(self.narrow), self.side


def array_parts(wide: Shape, narrow: Shape, side: Side) -> Iterator[Pair]:
    """Yield the items that are to be looked at next."""
    for index in range(max(len(wide.prefix), len(narrow.prefix))):
        if schema := at(wide, index):
            yield Pair(schema, at(narrow, index) or _anything(narrow, schema, "prefixItems", index), side)
    if wide.items:
        yield Pair(wide.items, narrow.items or _anything(narrow, wide.items, "items"), side)


def object_parts(wide: Shape, narrow: Shape, side: Side) -> Iterator[Failure | Pair]:
    """Yield what is wrong with the properties of two objects, and those that are to be looked at next.

    What neither document names is taken for not sent, although a schema that is not closed allows it: so the reference can be
    read as what its clients do, and an optional property more breaks nobody.
    """
    for name, schema in narrow.properties.items():
        if name in wide.properties:
            yield Pair(wide.properties[name], schema, side)
        else:
            yield from _unnamed(wide, name, schema, side)
    for name in wide.required:
        if name not in narrow.required:
            kind = "property-optional" if name in narrow.properties else "property-missing"
            yield Failure(kind, Effect.BREAKING, _property(wide, name), _property(narrow, name), {"name": name})
    for name in (name for name in wide.properties if name not in narrow.properties and name not in wide.required):
        schema = wide.properties[name]
        if narrow.additional is not None and not _closed(narrow.additional):
            yield Pair(schema, narrow.additional, side)
        elif side is Side.REQUEST:
            yield Failure("property-added", Effect.HARMLESS, _place(schema, wide), narrow.place, {"name": name})
        else:
            yield Failure("property-dropped", Effect.UNKNOWN, _place(schema, wide), _property(narrow, name), {"name": name})
    yield from _additional(wide, narrow, side)


def _unnamed(wide: Shape, name: str, schema: Schema, side: Side) -> Iterator[Failure | Pair]:
    """A property that the narrow side names and the wide side does not."""
    at_narrow, at_wide = schema[0].place, _property(wide, name)
    by_pattern = [part for pattern, part in wide.named.items() if matches(pattern, name) is not False]
    if by_pattern:
        yield from (Pair(part, schema, side) for part in by_pattern)
    elif wide.additional is not None and _closed(wide.additional):
        yield Failure("property-refused", Effect.BREAKING, wide.additional[0].place, at_narrow, {"name": name})
    elif wide.additional is not None:
        yield Pair(wide.additional, schema, side)
    elif side is Side.REQUEST and (wide.properties or wide.read_only):  # an object that names none is free to hold any
        yield Failure("property-refused", Effect.BREAKING, at_wide, at_narrow, {"name": name})
    elif side is Side.RESPONSE:
        yield Failure("property-added", Effect.HARMLESS, at_wide, at_narrow, {"name": name})


def _additional(wide: Shape, narrow: Shape, side: Side) -> Iterator[Failure | Pair]:
    """What holds for properties without a name, where the wide side says something of them."""
    for pattern, schema in wide.named.items():
        if pattern in narrow.named:
            yield Pair(schema, narrow.named[pattern], side)
    if wide.additional is None or (narrow.additional is not None and _closed(narrow.additional)):
        return
    if not _closed(wide.additional):
        if narrow.additional is not None or side is Side.REQUEST:
            yield Pair(wide.additional, narrow.additional or _anything(narrow, wide.additional, "additionalProperties"), side)
        return
    silent = narrow.additional is None
    effect = Effect.UNKNOWN if silent and side is Side.RESPONSE else Effect.BREAKING
    yield Failure("closed", effect, wide.additional[0].place, narrow.place)


def _anything(shape: Shape, other: Schema, *tokens: str | int) -> Schema:
    """The schema that is not there, and so accepts anything."""
    return (Node(value=True, place=shape.place.child(*tokens), document=other[0].document),)


def _closed(additional: Schema) -> bool:
    return any(node.value is False for node in additional)


def _place(schema: Schema, shape: Shape) -> Place:
    return schema[0].place if schema else shape.place


def _property(shape: Shape, name: str) -> Place:
    """Where a property stands, or would."""
    schema = shape.properties.get(name)
    return schema[0].place if schema else shape.place.child("properties", name)


def undecided(wide: Shape, narrow: Shape) -> Iterator[Failure]:
    """Yield the keywords of which nothing can be told, unless the narrow side says the same."""
    for keyword, nodes in sorted(wide.undecided.items()):
        others = narrow.undecided.get(keyword, ())
        if not all(any(alike(node, other) for other in others) for node in nodes):
            at_narrow = others[0].place if others else narrow.place
            yield Failure("undecided", Effect.UNKNOWN, nodes[0].place, at_narrow, {"keyword": keyword})
