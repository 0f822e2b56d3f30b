"""Which schemas does a document hold, at any depth?"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

from apicheck.model import Place
from apicheck.openapi.document import Document
from apicheck.openapi.entries import Mapping
from apicheck.openapi.items import Schema
from apicheck.openapi.uses import RECEIVED, SENT, Uses


class _Bond(Enum):
    """What a subschema says something about."""

    SAME = auto()
    """The same value as its parent."""
    PROPERTY = auto()
    """The property of that name."""
    PART = auto()
    """Any other part of the value."""


_ONE = {"items": _Bond.PART, "additionalProperties": _Bond.PART, "not": _Bond.SAME}
_LIST = {"allOf": _Bond.SAME, "anyOf": _Bond.SAME, "oneOf": _Bond.SAME}
_MAP = {"properties": _Bond.PROPERTY}
_KEYWORDS_30 = (_ONE, _LIST, _MAP)
"""The keywords that hold a schema, a list of them, or a map of them (OAS 3.0.4, 4.7.24)."""
_KEYWORDS_31 = (
    _ONE
    | {"if": _Bond.SAME, "then": _Bond.SAME, "else": _Bond.SAME}
    | dict.fromkeys(
        ("contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "contentSchema"),
        _Bond.PART,
    ),
    _LIST | {"prefixItems": _Bond.PART},
    _MAP | {"dependentSchemas": _Bond.SAME} | dict.fromkeys(("$defs", "definitions", "patternProperties"), _Bond.PART),
)
"""The same in JSON Schema 2020-12, which OAS 3.1 and 3.2 use; ``definitions`` is what earlier drafts call ``$defs``."""


class Schemas:
    """Collects the schemas of a document. Each waits its turn, so that no nesting or chain exhausts the stack."""

    def __init__(self, document: Document, uses: Uses) -> None:
        self.found: dict[int, Schema] = {}
        self._document = document
        self._uses = uses
        self._siblings_count = document.version != "3.0"
        self._one, self._list, self._map = _KEYWORDS_31 if self._siblings_count else _KEYWORDS_30
        components = document.root.get("components")
        schemas = components.get("schemas") if isinstance(components, dict) else None
        self._components: Mapping = schemas if isinstance(schemas, dict) else {}
        self._waiting: list[Schema] = []

    def take_in(self, holder: Mapping, place: Place, field: str, user: int, name: str) -> Schema | None:
        """Take the schema in a field of an object; None when it holds none."""
        return self.take(holder[field], place.child(field), user, name) if field in holder else None

    def take(self, value: object, place: Place, user: int, name: str, *, is_property: bool = False) -> Schema | None:
        """Take a schema in that a node uses, by the name that it there has; None when it is none, or a broken reference.

        In OAS 3.1 a schema may say more beside its ``$ref`` (JSON Schema 2020-12, 8.2.3.1), and is then one of its own.
        """
        if not isinstance(value, dict):
            return None
        own_name = name
        if "$ref" in value and not (self._siblings_count and len(value) > 1):
            target, place = self._document.resolve(value, place, stop_at_siblings=self._siblings_count)
            if not isinstance(target, dict):
                return None
            value, own_name = target, ""
        schema = self.found.get(id(value))
        if schema is None:
            schema = Schema(value, place, self._uses.node(), self._uses, own_name, [])
            self.found[id(value)] = schema
            self._waiting.append(schema)
        if name and name != schema.name:
            schema.other_names.append(name)
        self._uses.use(user, schema.node, _only(value) if is_property else None)
        return schema

    def take_components(self, user: int, place: Place) -> None:
        """Take all schemas of the components in, for a user that is no operation."""
        for name, value in self._components.items():
            self.take(value, place.child(name), user, "")

    def finish(self) -> None:
        """Take in what the schemas so far hold and refer to, until nothing new comes."""
        for schema in self._waiting:  # grows on the way
            value, place, node = schema.value, schema.place, schema.node
            for child, tokens, bond in self._subschemas(value):
                name = str(tokens[-1]) if bond is _Bond.PROPERTY else schema.name if bond is _Bond.SAME else ""
                self.take(child, place.child(*tokens), node, name, is_property=bond is _Bond.PROPERTY)
            if "$ref" in value:
                self.take({"$ref": value["$ref"]}, place, node, schema.name)
            if "discriminator" in value:
                self._take_mapped(value["discriminator"], node)
        self._waiting = []

    def _subschemas(self, schema: Mapping) -> Iterator[tuple[Any, tuple[str | int, ...], _Bond]]:
        """The schemas directly inside a schema: value, tokens that lead there, and bond."""
        for keyword, held in schema.items():
            if keyword in self._map and isinstance(held, dict):
                for key, child in held.items():
                    yield child, (keyword, key), self._map[keyword]
            elif keyword in self._one:
                yield held, (keyword,), self._one[keyword]
            elif keyword in self._list and isinstance(held, list):
                for index, child in enumerate(held):
                    yield child, (keyword, index), self._list[keyword]

    def _take_mapped(self, discriminator: object, node: int) -> None:
        """The schemas that a discriminator chooses from (OAS 3.0.4, 4.7.25) often are named nowhere else."""
        mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
        for target in mapping.values() if isinstance(mapping, dict) else ():
            name = target.rpartition("/")[2] if isinstance(target, str) else ""
            if name in self._components:
                self.take(self._components[name], self._document.place("components", "schemas", name), node, "")


def _only(schema: Mapping) -> int | None:
    """The one direction in which a property goes, if that is said (OAS 3.0.4, 4.7.24.1: Fixed Fields)."""
    if schema.get("readOnly") is True:
        return SENT
    return RECEIVED if schema.get("writeOnly") is True else None
