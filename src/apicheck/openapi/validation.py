"""Does a value fit a schema of the document?

This is our own reading of Schema Objects. The engine that fuzzes has another, so the two can be held against each other.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from apicheck.model import Place
from apicheck.openapi.copying import BROUGHT_IN, Copy
from apicheck.openapi.document import Document

if TYPE_CHECKING:
    import jsonschema_rs

_URN: Final = "urn:apicheck:document"
_DROPPED: Final = {"request": "readOnly", "response": "writeOnly"}
"""Properties with this mark need not be there, though they are required (OAS 3.0.4, 4.7.24.1: Fixed Fields)."""
_TYPES: Final = {"string": str, "boolean": bool, "integer": int}
_SAYS_NO_MORE: Final = frozenset({"type", "title", "description", "default", "example", "examples", "nullable", "deprecated"})
"""Keywords of a schema that forbid nothing, beside the type."""
_DEEPEST: Final = 200
_MOST_KEPT: Final = 100
"""Validators that are kept for the next value: each holds all that its schema leads to."""


class Validation:
    """Validates values with JSON Schema 2020-12; the schemas of OAS 3.0 are written over to it first.

    Args:
        direction: ``request`` or ``response``: which way the values go.
    """

    def __init__(self, document: Document, direction: str) -> None:
        self._document = document
        self._copy = _SchemaCopy(document, _DROPPED[direction])
        self._validators: dict[Place, jsonschema_rs.Draft202012Validator | None] = {}

    def fits(self, schema: dict[str, Any], place: Place, value: Any) -> bool | None:
        """Say whether a value fits the schema at a place; None when no validator can be made of it."""
        if _fits_plainly(schema, value):
            return True
        if place not in self._validators:
            if len(self._validators) == _MOST_KEPT:
                del self._validators[next(iter(self._validators))]
            self._validators[place] = self._validator(schema, place)
        validator = self._validators[place]
        return None if validator is None else validator.is_valid(value)

    def breach(self, schema: dict[str, Any], place: Place, value: Any) -> tuple[str, str]:
        """Return the first keyword that a value breaks, and the JSON pointer to the part of the value that breaks it.

        Raises:
            ValueError: the value breaks none, or no validator can be made of the schema.
        """
        validator = self._validators.get(place) or self._validator(schema, place)
        error = next(validator.iter_errors(value), None) if validator else None
        if error is None:
            raise ValueError(f"nothing is wrong with the value at {place}")
        return error.kind.name, "".join(f"/{token}" for token in error.instance_path) or "/"

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        import jsonschema_rs  # noqa: PLC0415  # only who validates pays for it

        root = self._copy.of(self._document.root, self._document.place())
        return jsonschema_rs.Registry([(_URN, {**root, BROUGHT_IN: self._copy.brought_in()})])

    def _validator(self, schema: dict[str, Any], place: Place) -> jsonschema_rs.Draft202012Validator | None:
        import jsonschema_rs  # noqa: PLC0415

        try:
            return jsonschema_rs.Draft202012Validator(
                self._copy.of(schema, place), registry=self._registry, validate_formats=True, offline=True
            )
        except ValueError:  # no schema, or a reference that leads nowhere
            return None


class _SchemaCopy(Copy):
    """Copies a document with the schemas of OAS 3.0 written over, and without demands that do not hold in one direction."""

    def __init__(self, document: Document, dropped: str) -> None:
        super().__init__(document)
        self._is_older = document.version == "3.0"
        self._dropped = dropped

    def finished(self, copied: dict[str, Any], depth: int) -> Any:
        """Return the schema that is written over; what is no schema does not suffer from it."""
        if depth > _DEEPEST:
            return True
        reference = copied.get("$ref")
        if isinstance(reference, str):
            copied["$ref"] = _URN + reference
        if self._is_older:
            if isinstance(reference, str):
                return {"$ref": copied["$ref"]}  # what stands beside it is passed over (OAS 3.0.4, 4.7.23)
            _modernise(copied)
        return self._without_dropped(copied)

    def _without_dropped(self, schema: dict[str, Any]) -> dict[str, Any]:
        dropped = _required_with(self._dropped, schema)
        if not dropped:
            return schema
        return {**schema, "required": [name for name in schema["required"] if not (isinstance(name, str) and name in dropped)]}


def depends_on_direction(schema: dict[str, Any]) -> bool:
    """Say whether a schema requires a property that goes one way only: all in which the two directions differ."""
    return any(_required_with(mark, schema) for mark in _DROPPED.values())


def _required_with(mark: str, schema: dict[str, Any]) -> frozenset[str]:
    """Return the names of the properties that a schema requires and that have a mark."""
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list):
        return frozenset()
    described = ((name, properties.get(name)) for name in required if isinstance(name, str))
    return frozenset(name for name, child in described if isinstance(child, dict) and child.get(mark) is True)


def _fits_plainly(schema: dict[str, Any], value: Any) -> bool:
    """Say whether a value has the type of a schema that asks for nothing else, for which no validator need be made."""
    stated = schema.get("type")
    return isinstance(stated, str) and _TYPES.get(stated) is type(value) and _SAYS_NO_MORE.issuperset(schema)


def _modernise(schema: dict[str, Any]) -> None:
    """Write what OAS 3.0 has of its own as JSON Schema 2020-12 does: null, and limits that are left out."""
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        left_out = schema.get(exclusive)
        if isinstance(left_out, bool):
            del schema[exclusive]
            if left_out and limit in schema:
                schema[exclusive] = schema.pop(limit)
