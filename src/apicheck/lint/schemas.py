"""What does a Schema Object come to, once its references and compositions are followed?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apicheck.lint.nodes import mapping, sequence, strings
from apicheck.model import Place
from apicheck.openapi import View

Node = tuple[dict[str, Any], Place]

_DEEPEST = 50
"""Schemas within schemas that are followed. No schema for people goes there."""

_PUT_TOGETHER = frozenset({"$ref", "allOf", "oneOf", "anyOf"})
"""Keywords of a schema that other schemas are part of."""


@dataclass(slots=True)
class Shape:
    """What holds for every value that fits the schema: allOf adds up, of oneOf and anyOf only what all alternatives share counts.

    Types and formats are those that a value may have. ``certain`` is False where a reference could not be followed, so that more
    may hold than is known.
    """

    properties: dict[str, Node] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    formats: set[str] = field(default_factory=set)
    certain: bool = True

    def add(self, other: Shape) -> None:
        """Let another schema hold as well. What is not changed is shared, for many schemas may be put together from a large one."""
        self.properties = {**other.properties, **self.properties} if self.properties else other.properties
        self.required = self.required | other.required
        self.types = self.types | other.types
        self.formats = self.formats | other.formats
        self.certain = self.certain and other.certain


class Shapes:
    """Works shapes out, each once: schemas share their parts, and a walk through all paths to them would grow without bound."""

    def __init__(self, api: View) -> None:
        self._api = api
        self._known: dict[Place, Shape] = {}

    def of(self, value: Any, place: Place, depth: int = 0) -> Shape:
        """Return the shape of a schema.

        What contains itself adds nothing the second time. What stands beside a ``$ref`` counts since OAS 3.1.
        """
        if place in self._known:
            return self._known[place]
        if depth > _DEEPEST:
            return Shape(certain=False)
        schema = mapping(value)
        if _PUT_TOGETHER.isdisjoint(schema):
            alone = self._known[place] = _own(schema, place)
            return alone
        whole = self._known[place] = Shape()
        if "$ref" in schema:
            target, there = self._api.document.resolve(schema, place)
            whole.add(self.of(target, there, depth + 1) if isinstance(target, dict) else Shape(certain=False))
        if "$ref" not in schema or self._api.document.version != "3.0":
            whole.add(_own(schema, place))
            for part in self._of_each(schema, place, "allOf", depth):
                whole.add(part)
            for keyword in ("oneOf", "anyOf"):
                alternatives = self._of_each(schema, place, keyword, depth)
                whole.add(_shared([one for one in alternatives if one.types != {"null"}]))
        return whole

    def _of_each(self, schema: dict[str, Any], place: Place, keyword: str, depth: int) -> list[Shape]:
        schemas = enumerate(sequence(schema.get(keyword)))
        return [self.of(one, place.child(keyword, index), depth + 1) for index, one in schemas]


def _own(schema: dict[str, Any], place: Place) -> Shape:
    properties = mapping(schema.get("properties"))
    return Shape(
        properties={
            name: (value, place.child("properties", name)) for name, value in properties.items() if isinstance(value, dict)
        },
        required=set(strings(schema.get("required"))),
        types=set(strings(schema.get("type"))),
        formats=set(strings(schema.get("format"))),
    )


def _shared(alternatives: list[Shape]) -> Shape:
    """What holds whichever of the alternatives is taken."""
    if not alternatives:
        return Shape()
    return Shape(
        properties={
            name: node for name, node in alternatives[0].properties.items() if all(name in one.properties for one in alternatives)
        },
        required=set.intersection(*(one.required for one in alternatives)),
        types=set.union(*(one.types for one in alternatives)),
        formats=set.union(*(one.formats for one in alternatives)),
        certain=all(one.certain for one in alternatives),
    )
