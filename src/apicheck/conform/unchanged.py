"""Which schemas stand in both documents word for word, with everything that they refer to?

Of those nothing needs to be looked at: a vendor who starts from the document of a standard leaves most of it as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from apicheck.conform.nodes import Node
from apicheck.openapi import Document

_COMPONENTS = "#/components/schemas/"


class Unchanged:
    """Knows the components that two documents have in common."""

    def __init__(self, candidate: Document, reference: Document) -> None:
        self._one_version = candidate.version == reference.version
        self._entries = {candidate.place().file, reference.place().file}
        self._references: dict[int, frozenset[str]] = {}
        self._same = self._components(candidate, reference) if self._one_version else set()

    def holds(self, wide: Node, narrow: Node) -> bool:
        """Say whether two nodes are the same in all that they say and refer to."""
        return (
            self._one_version
            and wide.document is not narrow.document
            and {wide.place.file, narrow.place.file} <= self._entries
            and isinstance(wide.value, dict)
            and wide.value == narrow.value
            and self._refers_to(wide.value) <= self._same
        )

    def _components(self, candidate: Document, reference: Document) -> set[str]:
        """The references to components that are equal and refer to nothing else: the largest set of which that is true."""
        mine, theirs = (_schemas(document) for document in (candidate, reference))
        refers = {
            _COMPONENTS + name: self._refers_to(value) for name, value in mine.items() if name in theirs and value == theirs[name]
        }
        users: dict[str, list[str]] = {}
        for name, references in refers.items():
            for referred in references:
                users.setdefault(referred, []).append(name)
        changed = [referred for referred in users if referred not in refers]
        same = set(refers)
        while changed:
            reached = [name for name in users.get(changed.pop(), ()) if name in same]
            same.difference_update(reached)
            changed += reached
        return same

    def _refers_to(self, value: Any) -> Set[str]:
        if id(value) not in self._references:
            self._references[id(value)] = frozenset(_references(value))
        return self._references[id(value)]


def _schemas(document: Document) -> dict[str, Any]:
    components = document.root.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    return schemas if isinstance(schemas, dict) else {}


def _references(value: Any) -> Iterator[str]:
    """Every reference in a value, at any depth; also what only looks like one, which then is not among the components."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            yield from (str(found[keyword]) for keyword in ("$ref", "$dynamicRef") if keyword in found)
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
