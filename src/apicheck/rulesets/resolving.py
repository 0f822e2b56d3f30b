"""What does a document say once its references are followed?

Each reference is replaced by the very object that it points to, so the result is as large as the document and not a tree that
grows with every use. References that lead into what holds them stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote

from apicheck.openapi.files import CannotFollow, Files
from apicheck.rulesets.ecmascript import UNDEFINED, member

Keys = tuple[str, ...]
"""A way down from the root of a file; an index is written as text."""


class Spot(NamedTuple):
    """A node of one of the files."""

    file: str
    keys: Keys


class Reference(NamedTuple):
    """A ``$ref``: where it stands, what it says, and where it leads."""

    at: Spot
    text: str
    target: Spot


class Broken(NamedTuple):
    """A reference that leads nowhere, or where apicheck does not go. ``reason`` is an id in ``words/errors.yaml``."""

    at: Spot
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The files of a document, with their references followed.

    ``links`` tells where each reference that was followed leads to. ``named`` are the spots that some reference points at.
    """

    roots: dict[str, Any]
    links: dict[Spot, Spot]
    named: frozenset[Spot]
    broken: tuple[Broken, ...]


def resolve(files: Files) -> Resolved:
    """Follow the references in the entry file, and in what they lead to."""
    return _Resolving(files).result()


def closest(value: object, keys: Keys) -> Keys:
    """Return as many of the keys as there are, from the root."""
    for count, key in enumerate(keys):
        value = member(value, key) if isinstance(value, dict | list) and key != "length" else UNDEFINED
        if value is UNDEFINED:
            return keys[:count]
    return keys


def at(value: object, keys: Keys) -> Any:
    """Return the node below another, or ``UNDEFINED``."""
    for key in keys:
        value = member(value, key)
    return value


class _Resolving:
    def __init__(self, files: Files) -> None:
        self._files = files
        self._roots: dict[str, Any] = {}
        self._found: dict[Spot, Reference] = {}
        self._broken: list[Broken] = []

    def result(self) -> Resolved:
        entry = Spot(self._files.entry, ())
        waiting, visited = [entry], set()
        while waiting:
            spot = waiting.pop()
            if spot in visited:
                continue
            visited.add(spot)
            for reference in self._below(spot):
                self._found[reference.at] = reference
                if reference.target.file != entry.file:  # the entry file is read as a whole, others as far as they are used
                    waiting.append(reference.target)
        links = {reference.at: reference.target for reference in self._without_circles()}
        self._replace(links)
        named = frozenset(reference.target for reference in self._found.values())
        return Resolved(self._roots, links, named, tuple(self._broken))

    def _root(self, file: str) -> Any:
        if file not in self._roots:
            self._roots[file] = _copy(self._files.root(file))
        return self._roots[file]

    def _below(self, spot: Spot) -> Iterator[Reference]:
        """The references in a node, those in what they lead to not counted."""
        start = at(self._root(spot.file), spot.keys)
        waiting: list[tuple[Any, Keys]] = [(start, spot.keys)]
        while waiting:
            value, keys = waiting.pop()
            if isinstance(value, dict):
                if isinstance(text := value.get("$ref"), str):
                    reference = self._reference(Spot(spot.file, keys), text)
                    if reference:
                        yield reference
                    continue
                waiting += reversed([(child, (*keys, key)) for key, child in value.items() if isinstance(child, dict | list)])
            elif isinstance(value, list):
                waiting += reversed(
                    [(child, (*keys, str(index))) for index, child in enumerate(value) if isinstance(child, dict | list)]
                )

    def _reference(self, where: Spot, text: str) -> Reference | None:
        """The reference that a text makes; None when it leads to what holds it, or nowhere."""
        resource, _, fragment = text.partition("#")
        try:
            file = self._files.refer(resource, where.file) if resource else where.file
            target = Spot(file, _tokens(fragment))
        except CannotFollow as refusal:
            self._broken.append(Broken(where, text, refusal.reason))
            return None
        if file == where.file and where.keys[: len(target.keys)] == target.keys:
            return None
        return Reference(where, text, target)

    def _without_circles(self) -> Iterator[Reference]:
        """The references that can be replaced: their target does not come back to what they stand in."""
        references = list(self._found.values())
        targets = {target: 1 << index for index, target in enumerate(dict.fromkeys(reference.target for reference in references))}
        holders = [[spot for spot in _ancestors(reference.at) if spot in targets] for reference in references]
        reached = dict.fromkeys(targets, 0)
        edges: dict[Spot, set[Spot]] = defaultdict(set)
        for reference, holding in zip(references, holders, strict=True):
            for holder in holding:
                if not _holds(holder, reference.target):
                    edges[holder].add(reference.target)
        changed = True
        while changed:
            changed = False
            for spot, below in edges.items():
                before = reached[spot]
                for target in below:
                    reached[spot] |= targets[target] | reached[target]
                changed = changed or reached[spot] != before
        for reference, holding in zip(references, holders, strict=True):
            if not any(reached[reference.target] & targets[holder] for holder in holding):
                yield reference

    def _replace(self, links: dict[Spot, Spot]) -> None:
        """Put at each reference what it leads to, the end of a chain first."""
        done: set[Spot] = set()

        def put(spot: Spot) -> None:
            chain: list[Spot] = []
            while spot in links and spot not in done and spot not in chain:
                chain.append(spot)
                spot = links[spot]
            for link in reversed(chain):
                done.add(link)
                target = links[link]
                for ancestor in _ancestors(target):
                    if ancestor in links and ancestor not in done:
                        put(ancestor)
                value = at(self._root(target.file), target.keys)
                if value is UNDEFINED:
                    self._broken.append(Broken(link, "#/" + "/".join(target.keys), "ref-target-missing"))
                elif link.keys:
                    holder = at(self._root(link.file), link.keys[:-1])
                    holder[int(link.keys[-1]) if isinstance(holder, list) else link.keys[-1]] = value
                else:
                    self._roots[link.file] = value

        for link in list(links):
            put(link)


def _ancestors(spot: Spot) -> list[Spot]:
    return [Spot(spot.file, spot.keys[:count]) for count in range(1, len(spot.keys))]


def _holds(holder: Spot, spot: Spot) -> bool:
    return holder.file == spot.file and spot.keys[: len(holder.keys)] == holder.keys


def _tokens(fragment: str) -> Keys:
    """The keys of a JSON pointer in a fragment (RFC 6901, 6).

    Raises:
        CannotFollow: it is no JSON pointer.
    """
    if not fragment or fragment == "/":
        return ()
    if not fragment.startswith("/"):
        raise CannotFollow("ref-malformed")
    return tuple(unquote(part).replace("~1", "/").replace("~0", "~") for part in fragment[1:].split("/"))


def _copy(value: Any) -> Any:
    """Copy what an alias of YAML repeats as often as it stands there."""
    if isinstance(value, dict):
        return {key: _copy(child) for key, child in value.items()}
    return [_copy(child) for child in value] if isinstance(value, list) else value
