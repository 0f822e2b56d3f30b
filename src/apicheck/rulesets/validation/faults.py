"""What is wrong with a schema itself, so that no value can be held against it?

A fault is told once, in the words of the validator that rulesets lean on: first what its meta-schema says, then what only
shows when it is read. A reference in it that leads nowhere is no fault of its own: the value is then not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from apicheck.rulesets.patterns import NoPattern, pattern
from apicheck.rulesets.validation import unevaluated  # noqa: F401  # registers the keywords, with those that it builds on
from apicheck.rulesets.validation.evaluate import KEYWORDS, Evaluation
from apicheck.rulesets.validation.schemas import Schemas, Scope, Unresolvable
from apicheck.rulesets.validation.tell import pointer_of

_FOLDERS = {"draft4": "draft4", "draft7": "draft7", "draft2019-09": "draft201909", "draft2020-12": "draft202012"}
_OF_SCHEMA = {
    "not",
    "if",
    "then",
    "else",
    "items",
    "additionalItems",
    "additionalProperties",
    "contains",
    "propertyNames",
    "unevaluatedProperties",
}
_OF_SCHEMAS = {"allOf", "anyOf", "oneOf", "prefixItems", "items"}
_OF_NAMED = {"properties", "patternProperties", "dependencies", "dependentSchemas"}


class Faults:
    """Finds what is wrong with schemas of one dialect, and remembers it: many schemas share their parts."""

    def __init__(self, dialect: str, nullable: tuple[str, ...] = ()) -> None:
        self._dialect = dialect
        self._nullable = nullable
        self._meta = _Remembering(_meta_schemas(dialect))
        self._read: dict[int, tuple[Any, str | Unresolvable | None]] = {}

    def fault(self, schema: Any) -> str | None:
        """Return what is wrong with a schema.

        Raises:
            Unresolvable: a reference in it leads nowhere.
        """
        errors = self._meta.errors(self._meta.schemas.root, schema, (), Scope())
        if errors:
            return "schema is invalid: " + ", ".join(f"data{pointer_of(error)} {error.message}" for error in errors)
        return self._reading(schema, Schemas(schema, self._dialect))

    def _reading(self, schema: Any, schemas: Schemas) -> str | None:
        if not isinstance(schema, dict):
            return None
        if id(schema) not in self._read:
            self._read[id(schema)] = schema, None  # a schema that leads back to itself is read once
            try:
                self._read[id(schema)] = schema, self._read_now(schema, schemas)
            except Unresolvable as unresolvable:
                self._read[id(schema)] = schema, unresolvable
        fault = self._read[id(schema)][1]
        if isinstance(fault, Unresolvable):
            raise fault
        return fault

    def _read_now(self, schema: dict[str, Any], schemas: Schemas) -> str | None:
        if not any(name in KEYWORDS or name in {"type", "nullable"} for name in schema):
            return None
        if "type" not in schema and any(
            key in schema and (key == "nullable" or schema[key] is True) for key in ("nullable", *self._nullable)
        ):
            return '"nullable" cannot be used without "type"'
        if "$ref" in schema:
            if not isinstance(schema["$ref"], str):
                return '$ref value must be ["string"]'
            schemas.follow(schema["$ref"], Scope())
        try:
            for expression in (*([schema["pattern"]] if "pattern" in schema else ()), *(schema.get("patternProperties") or ())):
                pattern(expression)
        except NoPattern as error:
            return f"Invalid regular expression: /{expression}/: {error}"
        return next((fault for child in _children(schema) if (fault := self._reading(child, schemas))), None)


class _Remembering(Evaluation):
    """Holds schemas against a meta-schema; what was found valid once is not looked at again."""

    def __init__(self, schemas: Schemas) -> None:
        super().__init__(schemas, every=False)
        self._valid: dict[tuple[int, int], Any] = {}

    def errors(self, schema: Any, value: Any, way: Any, scope: Scope) -> Any:
        """Return what is wrong with a value; nothing when it is valid."""
        if not isinstance(value, dict | list):
            return super().errors(schema, value, way, scope)
        mark = id(schema), id(value)
        if mark in self._valid:
            return []
        errors = super().errors(schema, value, way, scope)
        if not errors:
            self._valid[mark] = value
        return errors


def _children(schema: dict[str, Any]) -> Iterator[Any]:
    """The schemas within a schema, in the order in which they are read."""
    order = sorted((each[0].order, name) for name in schema if (each := KEYWORDS.get(name)))
    for _, name in order:
        value = schema[name]
        if name == "if":
            yield from (schema[key] for key in ("if", "then", "else") if key in schema)
        elif name in _OF_SCHEMAS and isinstance(value, list):
            yield from value
        elif name in _OF_NAMED and isinstance(value, dict):
            yield from value.values()
        elif name in _OF_SCHEMA:
            yield value


@cache
def _meta_schemas(dialect: str) -> Schemas:
    found = find_spec("jsonschema_specifications")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("jsonschema_specifications")
    folder = Path(found.submodule_search_locations[0]) / "schemas" / _FOLDERS[dialect]
    root, *others = [
        orjson.loads(path.read_bytes()) for path in (folder / "metaschema.json", *sorted((folder / "vocabularies").glob("*")))
    ]
    return Schemas(root, dialect, others=[root, *others] if others else (), formats=False)


__all__ = ["Faults", "Unresolvable"]
