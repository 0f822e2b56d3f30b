"""What does a Schema Object come to, once its references and compositions are followed?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from apicheck.lint.nodes import mapping, sequence, strings
from apicheck.model import Place
from apicheck.openapi import View

Node = tuple[dict[str, Any], Place]

_DEEPEST = 50
"""Alternatives within alternatives that are followed. No schema for people goes there."""


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
        """Let another schema hold as well."""
        self.properties = other.properties | self.properties
        self.required |= other.required
        self.types |= other.types
        self.formats |= other.formats
        self.certain &= other.certain


class Shapes:
    """Works shapes out, each once: schemas share their parts, and a walk through all paths to them would grow without bound."""

    def __init__(self, api: View) -> None:
        self._api = api
        self._known: dict[Place, Shape] = {}

    def of(self, value: Any, place: Place, depth: int = 0) -> Shape:
        """Return the shape of a schema. What contains itself adds nothing the second time."""
        if place in self._known:
            return self._known[place]
        whole = self._known[place] = Shape()
        for part, at in parts(self._api, value, place):
            if part is None or depth > _DEEPEST:
                whole.certain = False
                continue
            whole.add(_own(part, at))
            for keyword in ("oneOf", "anyOf"):
                alternatives = enumerate(sequence(part.get(keyword)))
                shapes = [self.of(one, at.child(keyword, index), depth + 1) for index, one in alternatives]
                whole.add(_shared([one for one in shapes if one.types != {"null"}]))
        return whole


def parts(api: View, value: Any, place: Place) -> Iterator[tuple[dict[str, Any] | None, Place]]:
    """Yield the schemas that all hold at once: the schema itself and, through ``$ref`` and allOf, those it is put together from.

    None stands for one behind a reference that cannot be followed. What stands beside a ``$ref`` counts since OAS 3.1.
    """
    seen, waiting = set(), [(value, place)]
    while waiting:
        value, place = waiting.pop()
        if place in seen or not isinstance(value, dict):
            continue
        seen.add(place)
        if "$ref" in value:
            target, there = api.document.resolve(value, place)
            if isinstance(target, dict):
                waiting.append((target, there))
            else:
                yield None, place
            if api.document.version == "3.0":
                continue
        yield value, place
        waiting += [(one, place.child("allOf", index)) for index, one in enumerate(sequence(value.get("allOf")))]


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
