"""How does a document become one that needs no other file?

What stands in other files is brought in. A reference that leads elsewhere says nothing of a response, which may then be anything;
where it describes a request it leads nowhere, so that only what needs it cannot be used.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from apicheck.model import Place
from apicheck.openapi.document import Document

BROUGHT_IN: Final = "x-apicheck"
"""The key of the copy below which the parts of other files stand."""
_ANYTHING: Final = "anything"
_REFERENCES: Final = frozenset({"$ref", "$dynamicRef"})
_FETCHED: Final = frozenset({"externalValue", "$schema"})
"""Keys of which a string is an address that would be fetched."""


class Copy:
    """Copies parts of a document so that they fit together, and remembers what is to be brought in from other files."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._entry = document.place().file
        self._keys: dict[Place, str] = {}
        self._waiting: list[tuple[str, object, Place]] = []

    def of(self, value: Any, place: Place) -> Any:
        """Return a copy of what stands at a place, in which every reference leads into the copy of the whole."""
        return self._copied(value, place.file, list(place.tokens), -len(place.tokens))

    def _copied(self, value: Any, file: str, path: list[str | int], above: int) -> Any:
        """Copy what stands at a path; ``above`` and the length of the path are its depth. A scalar is no work at all."""
        if isinstance(value, list):
            items = []
            for index, child in enumerate(value):
                path.append(index)
                items.append(self._copied(child, file, path, above) if isinstance(child, dict | list) else child)
                path.pop()
            return items
        if not isinstance(value, dict):
            return value
        copied: dict[str, Any] = {}
        for key, child in value.items():
            kind = type(child)
            if kind is dict or kind is list:
                if kind is list or "operationRef" not in child or not _leads_elsewhere(child["operationRef"]):
                    path.append(key)
                    copied[key] = self._copied(child, file, path, above)
                    path.pop()
            elif kind is not str:
                copied[key] = child
            elif key in _REFERENCES:
                copied[key] = self._reference(child, file, path)
            elif key not in _FETCHED:
                copied[key] = child
        return self.finished(copied, above + len(path))

    def finished(self, copied: dict[str, Any], depth: int) -> Any:
        """Return what is to stand where an object was copied, with all that is in it, so many levels below what was asked for."""
        return copied

    def brought_in(self) -> dict[str, Any]:
        """Return what is to stand below ``BROUGHT_IN`` for the references of all copies so far."""
        parts: dict[str, Any] = {_ANYTHING: {}}
        while self._waiting:
            key, value, place = self._waiting.pop()
            parts[key] = self.of(value, place)
        return parts

    def _reference(self, reference: str, file: str, path: list[str | int]) -> str:
        """Return a reference that means the same in the copy; it stands in an object at this path."""
        if reference.startswith("#") and file == self._entry:
            return reference
        place = Place(file, tuple(path))
        value, found = self._document.resolve({"$ref": reference}, place, stop_at_siblings=True)
        if value is None:
            return f"#/{BROUGHT_IN}/{_ANYTHING if 'responses' in place.tokens else 'nowhere'}"
        if found.file == self._entry:
            return f"#{quote(found.pointer, safe='/~')}"
        if found not in self._keys:
            self._keys[found] = str(len(self._keys))
            self._waiting.append((self._keys[found], value, found))
        return f"#/{BROUGHT_IN}/{self._keys[found]}"


def _leads_elsewhere(target: object) -> bool:
    """Say whether the target of a link is an operation of another document, which would be fetched (OAS 3.0.4, 4.7.20)."""
    return isinstance(target, str) and not target.startswith("#")
