"""Which shapes does a schema come to, however it was written?

References are followed, ``allOf`` is merged, alternatives are spread out; OpenAPI 3.0 and 3.1 come to the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from apicheck.conform.difference import Side
from apicheck.conform.nodes import ANNOTATIONS, Key, Node, Schema, key
from apicheck.conform.scalars import fits
from apicheck.conform.shapes import TYPES, Bound, Shape, both, canonical, type_of
from apicheck.model import Place

MOST_SHAPES = 128
"""Shapes that one schema may come to. Beyond that nothing is told about it."""

_BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_LIMITING = frozenset({*_BOUNDS, "exclusiveMinimum", "exclusiveMaximum", "format", "pattern", "multipleOf", "uniqueItems"})
_IMPLIED = {
    "object": {"properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"},
    "array": {"items", "prefixItems", "minItems", "maxItems", "uniqueItems"},
}
"""Keywords that show which type was meant where none is stated, as documents often leave it out."""
_SAMENESS = frozenset({"not", "if", "then", "else", "contains", "minContains", "maxContains", "propertyNames"}) | {
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedItems",
    "$dynamicRef",
}
_ONLY_COMBINING = ANNOTATIONS | {"allOf", "oneOf", "anyOf", "nullable", "discriminator", "readOnly", "writeOnly"}
"""Keywords of a schema that says nothing of its own about a value."""
_NULL = frozenset({"null"})


MOST_STEPS = 2_000
"""References that are followed for one schema: parts that each refer twice to the next ones double with every step."""
LONGEST_WAY = 60
"""References in a row."""


class _Way:
    """The references that lead to where we are; a circle of those alone says nothing."""

    def __init__(self, places: frozenset[Place] = frozenset(), steps: Iterator[int] | None = None) -> None:
        self._places = places
        self._steps = steps or iter(range(MOST_STEPS))

    def to(self, place: Place) -> _Way | None:
        """Return the way to one place further; None when it leads in a circle, or too far."""
        if place in self._places or len(self._places) >= LONGEST_WAY or next(self._steps, None) is None:
            return None
        return _Way(self._places | {place}, self._steps)


class Normal:
    """Brings schemas to their shapes, each once."""

    def __init__(self) -> None:
        self._known: dict[Key, tuple[Shape, ...]] = {}
        self._kept: list[Schema] = []

    def shapes(self, schema: Schema, side: Side) -> tuple[Shape, ...]:
        """Return the shapes of a schema on one side: what is ``readOnly`` is not in a request, ``writeOnly`` not in a response."""
        known = key(schema)
        if known not in self._known:
            self._kept.append(schema)  # what is told apart by identity must live as long
            found = [Shape(schema[0].place if schema else Place("", ()))]
            for index, node in enumerate(schema):
                parts = _shapes(node, _Way())
                found = parts if index == 0 else _all(found, parts, node)
            self._known[known] = tuple(shape for shape in map(_settled, found) if shape)
        return tuple(_shown(shape, shape.read_only if side is Side.REQUEST else shape.write_only) for shape in self._known[known])


def _settled(shape: Shape) -> Shape | None:
    """A shape of which every listed value fits what else it says; None when no value is left."""
    if shape.values is None or not (shape.bounds or shape.patterns or shape.multiples):
        return shape
    values = {text: value for text, value in shape.values.items() if fits(shape, value) is not False}
    return replace(shape, values=values) if values else None


def _shown(shape: Shape, hidden: frozenset[str]) -> Shape:
    """A shape without what does not go this way, whoever requires it (OAS 3.0.4, 4.7.24.1)."""
    if not hidden:
        return shape
    return replace(
        shape,
        properties={name: schema for name, schema in shape.properties.items() if name not in hidden},
        required={name: place for name, place in shape.required.items() if name not in hidden},
    )


def _all(found: list[Shape], parts: list[Shape], node: Node) -> list[Shape]:
    """The shapes of what fits one of the first and one of the others."""
    if len(found) * len(parts) > MOST_SHAPES:
        return [Shape(node.place, undecided={"allOf": (node,)})]
    joined = (both(one, other) for one, other in product(found, parts))
    return [shape for shape in joined if shape]


def _shapes(node: Node, way: _Way) -> list[Shape]:
    """The shapes of one node."""
    value = node.value
    if not isinstance(value, dict):
        return [] if value is False else [Shape(node.place)]
    if "$ref" in value:
        return _referred(node, way)
    parts = [_shapes(node.child("allOf", index), way) for index in range(len(_list(value, "allOf")))]
    choices = [_options(node, keyword, way) for keyword in ("oneOf", "anyOf") if _list(value, keyword)]
    if len(parts) + len(choices) == 1 and value.keys() <= _ONLY_COMBINING:
        (found,) = (*parts, *choices)
    else:
        found = [_own(node)]
        for part in parts:
            found = _all(found, part, node)
        for options in choices:
            found = _all(options, found, node)  # an alternative stands where it is written
    if isinstance(value.get("unevaluatedProperties"), dict | bool):  # what no part of the schema names
        rest = (node.child("unevaluatedProperties"),)
        found = [shape if shape.additional else replace(shape, additional=rest) for shape in found]
    if value.get("nullable") is True and node.document.version == "3.0":
        # What the author means: also beside an enum or a reference, where OAS 3.0.3 later said that it has no effect.
        found.append(Shape(node.place.child("nullable"), types=_NULL))
    return found


def _referred(node: Node, way: _Way) -> list[Shape]:
    target = node.resolved()
    further = way.to(target.place) if target else None
    if target is None or further is None:
        return [Shape(node.place, undecided={"$ref": (node,)})]
    found = _shapes(target, further)
    beside = {name: child for name, child in node.value.items() if name != "$ref"}
    if node.document.version == "3.0" or not beside:  # OAS 3.0.4, 4.7.23: what stands beside a reference is ignored
        return found
    return _all(found, _shapes(Node(beside, node.place, node.document), way), node)


def _options(node: Node, keyword: str, way: _Way) -> list[Shape]:
    return [shape for index in range(len(node.value[keyword])) for shape in _option(node, keyword, index, way)]


def _option(node: Node, keyword: str, index: int, way: _Way) -> list[Shape]:
    """The shapes of one alternative; with a discriminator the value of that property tells that it is meant (OAS 3.0.4, 4.7.25)."""
    option = node.child(keyword, index)
    found = _shapes(option, way)
    discriminator = node.value.get("discriminator")
    name = discriminator.get("propertyName") if isinstance(discriminator, dict) else None
    if not isinstance(name, str) or not isinstance(option.value, dict) or "$ref" not in option.value:
        return found
    at = node.place.child("discriminator")
    tag = Node({"type": "string", "enum": _tags(discriminator, str(option.value["$ref"]))}, at, node.document)
    told = Shape(option.place, types=frozenset({"object"}), properties={name: (tag,)}, required={name: at})
    return [shape for part in found if (shape := both(part, told) if "object" in part.types else part)]


def _tags(discriminator: Mapping[str, Any], reference: str) -> list[str]:
    name = reference.rpartition("/")[2]
    mapping = discriminator.get("mapping")
    mapped = [tag for tag, to in mapping.items() if to in {reference, name}] if isinstance(mapping, dict) else []
    return mapped or [name]


def _own(node: Node) -> Shape:
    """What a schema says by its own keywords."""
    value, place = node.value, node.place
    shape = Shape(place, types=_types(value))
    if not _LIMITING.isdisjoint(value):
        _limit(shape, value, place)
    values = [value["const"]] if "const" in value else value.get("enum")
    if isinstance(values, list):
        shape.values = {canonical(one): one for one in values}
    if "items" in value and isinstance(value["items"], dict | bool):
        shape.items = (node.child("items"),)
    if "prefixItems" in value:
        shape.prefix = tuple((node.child("prefixItems", index),) for index in range(len(_list(value, "prefixItems"))))
    if not _IMPLIED["object"].isdisjoint(value):
        _describe_object(shape, node)
    if not _SAMENESS.isdisjoint(value):
        shape.undecided = {keyword: (node.child(keyword),) for keyword in value.keys() & _SAMENESS}
    return shape


def _limit(shape: Shape, value: Mapping[str, Any], place: Place) -> None:
    for keyword in _BOUNDS:
        if isinstance(limit := value.get(keyword), int | float) and not isinstance(limit, bool):
            shape.bounds[keyword] = Bound(limit, value.get(f"exclusive{keyword.capitalize()}") is True, place.child(keyword))
    _exclusive(shape, value, place)
    if isinstance(form := value.get("format"), str):
        shape.formats = {form: place.child("format")}
    if isinstance(pattern := value.get("pattern"), str):
        shape.patterns = {pattern: place.child("pattern")}
    if isinstance(multiple := value.get("multipleOf"), int | float) and multiple > 0:
        shape.multiples = {multiple: place.child("multipleOf")}
        if float(multiple).is_integer() and "number" in shape.types:
            shape.types = shape.types - {"number"} | {"integer"}
    if value.get("uniqueItems") is True:
        shape.unique = place.child("uniqueItems")


def _types(value: Mapping[str, Any]) -> frozenset[str]:
    stated = value.get("type")
    if isinstance(stated, str):
        return frozenset({stated}) & TYPES or TYPES
    if isinstance(stated, list):
        return frozenset(kind for kind in stated if isinstance(kind, str)) & TYPES
    if "const" in value:
        return frozenset({type_of(value["const"])})
    if isinstance(value.get("enum"), list):
        return frozenset(map(type_of, value["enum"]))
    return frozenset(kind for kind, keywords in _IMPLIED.items() if not keywords.isdisjoint(value)) or TYPES


def _exclusive(shape: Shape, value: Mapping[str, Any], place: Place) -> None:
    """Take the limits of OAS 3.1 in, where ``exclusiveMinimum`` is a number by itself (JSON Schema 2020-12, 6.2.5)."""
    for keyword, plain, tighter in (("exclusiveMinimum", "minimum", max), ("exclusiveMaximum", "maximum", min)):
        limit = value.get(keyword)
        if isinstance(limit, int | float) and not isinstance(limit, bool):
            found = shape.bounds.get(plain)
            if found is None or tighter(found.value, limit) == limit:
                shape.bounds[plain] = Bound(limit, True, place.child(keyword))  # noqa: FBT003  # a named tuple of three


def _describe_object(shape: Shape, node: Node) -> None:
    value, place = node.value, node.place
    properties = value.get("properties")
    if isinstance(properties, dict):
        shape.properties = {name: (node.child("properties", name),) for name in properties}
        marks = [(name, _marks(child)) for name, (child,) in shape.properties.items()]
        shape.read_only = frozenset(name for name, found in marks if "readOnly" in found)
        shape.write_only = frozenset(name for name, found in marks if "writeOnly" in found)
    shape.required = {name: place.child("required") for name in _list(value, "required") if isinstance(name, str)}
    if isinstance(value.get("additionalProperties"), dict | bool):
        shape.additional = (node.child("additionalProperties"),)
    patterns = value.get("patternProperties")
    if isinstance(patterns, dict):
        shape.named = {pattern: (node.child("patternProperties", pattern),) for pattern in patterns}


def _marks(node: Node) -> set[str]:
    """The marks of a property: ``readOnly``, ``writeOnly``; its own, or of what it refers to."""
    if not isinstance(node.value, dict):
        return set()
    parts = [node.value]
    if "$ref" in node.value:
        target = node.resolved()
        parts += [target.value] if target and isinstance(target.value, dict) else []
    elif "allOf" in node.value:
        resolved = (node.child("allOf", index).resolved() for index in range(len(_list(node.value, "allOf"))))
        parts += [part.value for part in resolved if part and isinstance(part.value, dict)]
    return {mark for mark in ("readOnly", "writeOnly") for part in parts if part.get(mark) is True}


def _list(value: object, keyword: str) -> list[Any]:
    found = value.get(keyword) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []
