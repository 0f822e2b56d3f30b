"""What does the engine get to read of a document?

A copy, for it writes into what it reads, in which nothing is left to fetch: what stands in other files is brought into it. A
reference that leads elsewhere says nothing of a response, which may then be anything; where it describes a request it leads
nowhere, so that only the operations that need it go untested.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from apicheck.model import Place
from apicheck.openapi import Document, Operation

BROUGHT_IN: Final = "x-apicheck"
"""The key of the copy below which the parts of other files stand."""
_ANYTHING: Final = "anything"
_REFERENCES: Final = frozenset({"$ref", "$dynamicRef"})
_FETCHED: Final = frozenset({"externalValue", "$schema"})
"""Keys of which a string is an address that would be fetched."""

Values = Mapping[str, Mapping[str, Any]]
"""By the name of an operation: values that it is known to answer to, by the name of the path parameter."""


def for_engine(document: Document, operations: Iterable[Operation], values: Values) -> dict[str, Any]:
    """Return a document as the engine may read it, with the known values as examples of the parameters."""
    copy = _Copy(document)
    root: dict[str, Any] = copy.of(document.root, document.place())
    for operation in operations:
        known = values.get(operation.name)
        item = root["paths"].get(operation.path)
        if known and isinstance(item, dict) and isinstance(item.get(operation.method), dict):
            item[operation.method]["parameters"] = [
                _with_example(copy.of(parameter.value, parameter.place), known) for parameter in operation.parameters
            ]
    root[BROUGHT_IN] = copy.brought_in()
    return root


def complete_copy(document: Document) -> tuple[Callable[[Any, Place], Any], dict[str, Any]]:
    """Return a copy of a document with nothing left to fetch, and what copies any part of the document to fit in with it."""
    copy = _Copy(document)
    root = copy.of(document.root, document.place())
    return copy.of, {**root, BROUGHT_IN: copy.brought_in()}


def _with_example(parameter: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    schema = parameter.get("schema")
    if parameter.get("in") != "path" or parameter["name"] not in known or not isinstance(schema, dict):
        return parameter
    value = known[parameter["name"]]
    if isinstance(value, str) and schema.get("type") in {"integer", "number", "boolean"}:
        try:
            value = json.loads(value)
        except ValueError:
            return parameter
    return {**{key: child for key, child in parameter.items() if key != "examples"}, "example": value}


class _Copy:
    """Copies parts of a document, and remembers what is to be brought in from other files."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._entry = document.place().file
        self._keys: dict[Place, str] = {}
        self._waiting: list[tuple[str, object, Place]] = []

    def of(self, value: Any, place: Place) -> Any:
        if isinstance(value, list):
            return [self.of(child, place.child(index)) for index, child in enumerate(value)]
        if not isinstance(value, dict):
            return value
        return {
            key: self._reference(child, place)
            if key in _REFERENCES and isinstance(child, str)
            else self.of(child, place.child(key))
            for key, child in value.items()
            if not (key in _FETCHED and isinstance(child, str))
        }

    def brought_in(self) -> dict[str, Any]:
        parts: dict[str, Any] = {_ANYTHING: {}}
        while self._waiting:
            key, value, place = self._waiting.pop()
            parts[key] = self.of(value, place)
        return parts

    def _reference(self, reference: str, place: Place) -> str:
        """Return a reference that means the same in the copy."""
        if reference.startswith("#") and place.file == self._entry:
            return reference
        value, found = self._document.resolve({"$ref": reference}, place, stop_at_siblings=True)
        if value is None:
            return f"#/{BROUGHT_IN}/{_ANYTHING if 'responses' in place.tokens else 'nowhere'}"
        if found.file == self._entry:
            return f"#{quote(found.pointer, safe='/~')}"
        if found not in self._keys:
            self._keys[found] = str(len(self._keys))
            self._waiting.append((self._keys[found], value, found))
        return f"#/{BROUGHT_IN}/{self._keys[found]}"
