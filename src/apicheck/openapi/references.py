"""What does a ``$ref`` lead to?"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from apicheck.model import Place
from apicheck.openapi.files import CannotFollow, Files

Found = tuple[object, Place]

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


class Reference(NamedTuple):
    """A ``$ref`` that was followed: where it stands, what it says, and why it leads nowhere (a text id) or None.

    The text of ``reason`` has one placeholder, ``{reference}``.
    """

    place: Place
    reference: str
    reason: str | None


class References:
    """Follows references (RFC 3986, RFC 6901), each link once: a chain costs its length, a circle is seen as broken."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._links: dict[tuple[str, str], Found | str] = {}
        self._ends: dict[tuple[str, str, bool], Found] = {}
        self._anchors: dict[str, dict[str, tuple[str | int, ...]]] = {}
        self.followed: dict[Place, Reference] = {}

    def resolve(self, value: object, place: Place, *, stop_at_siblings: bool) -> Found:
        """Follow a value while it is a reference, or until one that has siblings; a broken one gives None where it stands."""
        passed: dict[tuple[str, str, bool], None] = {}
        while isinstance(value, dict) and "$ref" in value and not (stop_at_siblings and passed and len(value) > 1):
            reference = value["$ref"]
            step = (place.file, str(reference), stop_at_siblings)
            target = "ref-circle" if step in passed else self._follow(place.file, reference)
            self._record(place, reference, target)
            if isinstance(target, str):
                value = None
                break
            if step in self._ends:
                value, place = self._ends[step]
                break
            passed[step] = None
            value, place = target
        for step in passed:
            self._ends[step] = (value, place)
        return value, place

    def _record(self, place: Place, reference: object, target: Found | str) -> None:
        at = place.child("$ref")
        if isinstance(target, str):
            self.followed[at] = Reference(at, str(reference), f"errors.{target}")
        elif at not in self.followed:
            self.followed[at] = Reference(at, str(reference), None)

    def _follow(self, file: str, reference: object) -> Found | str:
        """What one link leads to, or why it leads nowhere; remembered."""
        if not isinstance(reference, str):
            return "ref-not-a-string"
        link = (file, reference)
        if link not in self._links:
            try:
                self._links[link] = self._target(file, reference)
            except CannotFollow as refusal:
                self._links[link] = refusal.reason
        return self._links[link]

    def _target(self, file: str, reference: str) -> Found:
        resource, _, fragment = reference.partition("#")
        if resource:
            file = self._files.refer(resource, file)
        root = self._files.root(file)
        try:
            pointer = unquote(fragment, errors="strict")
        except UnicodeDecodeError as error:
            raise CannotFollow("ref-malformed") from error
        if not pointer:
            return root, Place(file, ())
        if not pointer.startswith("/"):
            tokens = self._anchored(file, root).get(pointer)
            if tokens is None:
                raise CannotFollow("ref-target-missing")
            return _at(root, tokens, file)
        return _at(root, tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")), file)

    def _anchored(self, file: str, root: object) -> dict[str, tuple[str | int, ...]]:
        """The names that schemas of OAS 3.1 can have for themselves (JSON Schema 2020-12, 8.2.2)."""
        if file not in self._anchors:
            found: dict[str, tuple[str | int, ...]] = {}
            self._anchors[file] = found
            waiting: list[tuple[object, tuple[str | int, ...]]] = [(root, ())]
            while waiting:
                value, tokens = waiting.pop()
                if isinstance(value, dict):
                    found |= {name: tokens for key in ("$anchor", "$dynamicAnchor") if isinstance(name := value.get(key), str)}
                children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
                waiting += [(child, (*tokens, key)) for key, child in children if isinstance(child, dict | list)]
        return self._anchors[file]


def _at(value: object, tokens: tuple[str | int, ...], file: str) -> Found:
    """The node at a pointer, indexes as numbers (RFC 6901, 4: without leading zeros)."""
    path: list[str | int] = []
    for token in tokens:
        if isinstance(value, dict) and token in value:
            value = value[token]
            path.append(token)
        elif isinstance(value, list) and _INDEX.fullmatch(str(token)) and int(token) < len(value):
            value = value[int(token)]
            path.append(int(token))
        else:
            raise CannotFollow("ref-target-missing")
    return value, Place(file, tuple(path))
