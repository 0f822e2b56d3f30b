"""Does a body that came over the wire hold what the reference says of it?

The schema of an answer is put into JSON Schema 2020-12, whatever version of OpenAPI it stands in. It is read as a comparison reads
it: alternatives of a ``oneOf`` may overlap, and what is ``writeOnly`` is not in an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from apicheck.answers import CannotTell
from apicheck.conform.nodes import Node, described
from apicheck.model import Place
from apicheck.openapi import Document, MediaType

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_FORMATS = frozenset({"date", "date-time", "uuid"})
"""Formats that are held to: of others it is not agreed what fits."""
_ONE = frozenset({"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"}) | {
    "unevaluatedItems",
    "unevaluatedProperties",
}
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})
_PLAIN = frozenset({"type", "enum", "const", "minLength", "maxLength", "pattern", "multipleOf", "minItems", "maxItems"}) | {
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
    "dependentRequired",
}


class Breach(NamedTuple):
    """Where a value breaks a schema, as a JSON pointer with ``*`` for an index, and which keyword. Never the value itself."""

    pointer: str
    keyword: str


class Validator:
    """Holds bodies against the schema of one media type.

    Raises:
        CannotTell: the schema cannot be read, because of a reference that leads nowhere or a pattern that is none.
    """

    def __init__(self, media_type: MediaType, document: Document) -> None:
        import jsonschema_rs  # noqa: PLC0415  # who compares documents only does not pay for it

        translation = _Translation()
        (node,) = described(media_type.value, media_type.place, document)
        schema = {**translation.of(node), "$defs": translation.definitions()}
        try:
            self._errors = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True).iter_errors
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
            raise CannotTell("conform.reference-schema-unreadable", place=media_type.place.pointer) from error

    def breaches(self, value: object) -> tuple[Breach, ...]:
        """Return every breach once; of the items of a list all are one."""
        return tuple(dict.fromkeys(_breach(error) for error in self._errors(value)))


def _breach(error: ValidationError) -> Breach:
    pointer = Place("", tuple("*" if isinstance(token, int) else token for token in error.instance_path)).pointer
    return Breach(pointer or "/", error.kind.name)


class _Translation:
    """Puts schemas into JSON Schema, each that is referred to once."""

    def __init__(self) -> None:
        self._names: dict[Place, str] = {}
        self._waiting: list[tuple[str, Node]] = []

    def of(self, node: Node) -> dict[str, Any]:
        """Return a schema as JSON Schema; references lead to the definitions."""
        value = node.value
        if not isinstance(value, dict):
            return {"not": {}} if value is False else {}
        if "$ref" in value:
            target = node.resolved()
            if target is None:
                raise CannotTell("conform.reference-schema-unreadable", place=node.place.pointer)
            beside = {name: child for name, child in value.items() if name != "$ref"}
            own = {} if node.document.version == "3.0" else self.of(Node(beside, node.place, node.document))
            return {**own, "$ref": f"#/$defs/{self._name(target)}"}
        schema = dict(self._keywords(node))
        if node.document.version == "3.0" and value.get("nullable") is True:
            return {"anyOf": [schema, {"type": "null"}]}
        return schema

    def definitions(self) -> dict[str, Any]:
        """Return everything that was referred to, also by what is returned."""
        made: dict[str, Any] = {}
        while self._waiting:
            name, node = self._waiting.pop()
            made[name] = self.of(node)
        return made

    def _name(self, target: Node) -> str:
        if target.place not in self._names:
            self._names[target.place] = f"s{len(self._names)}"
            self._waiting.append((self._names[target.place], target))
        return self._names[target.place]

    def _keywords(self, node: Node) -> Iterator[tuple[str, Any]]:
        together: list[dict[str, Any]] = []
        for keyword, value in node.value.items():
            if keyword in _ONE and isinstance(value, dict | bool):
                yield keyword, self.of(node.child(keyword))
            elif keyword in _LISTS and isinstance(value, list):
                parts = [self.of(node.child(keyword, index)) for index in range(len(value))]
                if keyword == "prefixItems":
                    yield keyword, parts
                else:
                    together += parts if keyword == "allOf" else [{"anyOf": parts}]
            elif keyword in _MAPS and isinstance(value, dict):
                yield keyword, {name: self.of(node.child(keyword, name)) for name in value}
            elif keyword == "required" and isinstance(value, list):
                yield keyword, [name for name in value if not _is_write_only(node, name)]
            elif keyword in _PLAIN or (keyword == "format" and value in _FORMATS):
                yield keyword, value
        if together:
            yield "allOf", together
        yield from _limits(node.value)


def _is_write_only(node: Node, name: object) -> bool:
    properties = node.value.get("properties")
    if not isinstance(properties, dict) or name not in properties:
        return False
    child = node.child("properties", str(name)).resolved()
    return child is not None and isinstance(child.value, dict) and child.value.get("writeOnly") is True


def _limits(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The limits of numbers; in OAS 3.0 ``exclusiveMinimum`` says of ``minimum`` that it is outside."""
    for plain, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if value.get(exclusive) is True:
            if plain in value:
                yield exclusive, value[plain]
            continue
        yield from ((keyword, value[keyword]) for keyword in (plain, exclusive) if keyword in value and value[keyword] is not False)
