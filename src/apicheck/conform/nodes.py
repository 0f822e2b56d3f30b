"""What is a schema of one of the two documents, wherever it stands?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apicheck.model import Place
from apicheck.openapi import Document

ANNOTATIONS = frozenset(
    {"title", "description", "summary", "default", "example", "examples", "deprecated", "externalDocs", "xml", "$comment", "$id"}
)
"""Keywords that accept and refuse nothing (JSON Schema 2020-12 Validation, 9; OAS 3.0.4, 4.7.24)."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value of a document that stands for a schema, and its place. ``True`` accepts everything, ``False`` nothing."""

    value: Any
    place: Place
    document: Document

    def child(self, *tokens: str | int) -> Node:
        """Return the node below; ``True`` where there is none."""
        value = self.value
        for token in tokens:
            value = value[token]
        return Node(value, self.place.child(*tokens), self.document)

    def resolved(self) -> Node | None:
        """Return the node that this one refers to, or itself; None when the reference is broken."""
        if not (isinstance(self.value, dict) and "$ref" in self.value):
            return self
        later = self.document.version != "3.0"
        value, place = self.document.resolve(self.value, self.place, stop_at_siblings=later)
        return Node(value, place, self.document) if isinstance(value, dict | bool) else None

    @property
    def identity(self) -> object:
        """What two nodes share when they are one definition of one document."""
        return id(self.value) if isinstance(self.value, dict) else (self.place, id(self.document))


Schema = tuple[Node, ...]
"""All of these hold for one value; () is the schema that accepts everything."""

Key = tuple[object, ...]


def key(schema: Schema) -> Key:
    """Return what tells one schema from another."""
    return tuple(node.identity for node in schema)


def described(holder: Mapping[str, Any], place: Place, document: Document) -> Schema:
    """Return the schema that a media type, parameter or header describes; one that accepts anything when it describes none."""
    value = holder.get("schema", True)
    return (Node(value if isinstance(value, dict | bool) else True, place.child("schema"), document),)


def alike(one: Node, other: Node) -> bool:
    """Say whether two nodes say the same in the same words, annotations and the spelling of references aside.

    What holds two references to each other in a circle is alike as long as nothing in the circle differs.
    """
    assumed: set[tuple[object, object]] = set()
    waiting = [(one, other)]
    while waiting:
        asked = waiting.pop()
        first, second = (node.resolved() for node in asked)
        if first is None or second is None:  # the same address elsewhere gives the same, whatever that is
            if first is not second or asked[0].value.get("$ref") != asked[1].value.get("$ref"):
                return False
            continue
        if isinstance(first.value, dict) and isinstance(second.value, dict):
            pair = (first.identity, second.identity)
            if pair in assumed:
                continue
            assumed.add(pair)
            keys = _telling(first.value)
            if keys != _telling(second.value):
                return False
            waiting += [(first.child(token), second.child(token)) for token in keys]
        elif isinstance(first.value, list) and isinstance(second.value, list):
            if len(first.value) != len(second.value):
                return False
            waiting += [(first.child(index), second.child(index)) for index in range(len(first.value))]
        elif type(first.value) is not type(second.value) or first.value != second.value:
            return False
    return True


def _telling(value: dict[str, Any]) -> set[str]:
    """The keys of an object that say something. A property may be called ``title`` too; its schema then is an object."""
    return {token for token, child in value.items() if token not in ANNOTATIONS or isinstance(child, dict)}
