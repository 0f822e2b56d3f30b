"""What does a ruleset see of a document, and where does what it finds stand?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from apicheck.openapi import Source
from apicheck.openapi.files import Files
from apicheck.openapi.ranges import OddKey, Ranges, has_odd_keys
from apicheck.rulesets.ecmascript import UNDEFINED
from apicheck.rulesets.formats import FORMATS
from apicheck.rulesets.resolving import Keys, Resolved, Spot, at, closest, resolve
from apicheck.rulesets.validation import Faults


class Found(NamedTuple):
    """Where a finding stands: a file, the keys that lead to it, and those that are asked for, of which the last may be missing."""

    file: str
    keys: Keys
    asked: Keys | None


@dataclass(frozen=True)
class Inspected:
    """A document as a ruleset sees it: as written and with its references followed."""

    source: Source
    files: Files

    @classmethod
    def of(cls, source: Source) -> Inspected:
        """Take a document that was read.

        Raises:
            UnreadableDocument: it is no JSON and no YAML.
        """
        return cls(source, Files(source))

    @property
    def written(self) -> Any:
        """The entry file as it is written."""
        return self.files.root(self.files.entry)

    @cached_property
    def followed(self) -> Resolved:
        """The files with their references followed."""
        return resolve(self.files)

    @cached_property
    def resolved(self) -> Any:
        """The entry file with its references followed."""
        return self.followed.roots[self.files.entry]

    @cached_property
    def formats(self) -> frozenset[str]:
        """The names of the formats that the document is in."""
        return frozenset(name for name, each in FORMATS.items() if each.is_format(self.resolved))

    def ranges(self, file: str) -> Ranges:
        """Return from where to where the nodes of a file reach."""
        if file not in self._ranges:
            self._ranges[file] = Ranges(self.files.content(file))
        return self._ranges[file]

    def odd_keys(self) -> Iterator[tuple[str, OddKey]]:
        """Yield the keys that are no text, in the files that were read."""
        for file in self.files.read:
            if has_odd_keys(self.files.content(file)):
                yield from ((file, key) for key in self.ranges(file).odd_keys)

    @cached_property
    def _ranges(self) -> dict[str, Ranges]:
        return {}

    def faults(self, dialect: str, nullable: tuple[str, ...]) -> Faults:
        """Return what finds the faults of schemas in a dialect, in which these keys say that null is allowed."""
        known = self._faults
        if (dialect, nullable) not in known:
            known[dialect, nullable] = Faults(dialect, nullable)
        return known[dialect, nullable]

    @cached_property
    def _faults(self) -> dict[tuple[str, tuple[str, ...]], Faults]:
        return {}

    @cached_property
    def crossings(self) -> frozenset[tuple[int, str]]:
        """The places of references, as object and key, when some have something beside them.

        What is found at such a reference stands there, or at its target when the way there leads over another reference.
        """
        return self._places(lambda _: True) if self.companions else frozenset()

    @cached_property
    def companions(self) -> frozenset[tuple[int, str]]:
        """The places, as object and key, of references with something beside them."""
        return self._places(lambda written: isinstance(written, dict) and len(written) > 1)

    def _places(self, wanted: Callable[[Any], bool]) -> frozenset[tuple[int, str]]:
        roots = self.followed.roots
        return frozenset(
            (id(at(roots[link.file], link.keys[:-1])), link.keys[-1])
            for link in self.followed.links
            if link.keys and wanted(at(self.files.root(link.file), link.keys))
        )

    def associate(self, keys: Sequence[str | int], *, resolved: bool) -> Found:
        """Return where in the files a path leads to, its references followed when it is one in the resolved document."""
        path = tuple(map(str, keys))
        entry = self.files.entry
        if not resolved:
            return Found(entry, closest(self.written, path), path)
        reached = closest(self.resolved, path)
        try:
            left = _after_last_reference(self.written, reached)
        except LookupError:
            return Found(entry, reached, None)
        if left is None:
            return Found(entry, closest(self.written, path), path)
        spot = self._spot(path)
        keys_there = closest(self.files.root(spot.file), spot.keys)
        missing = path[_last_index(path, left[-1]) + 1 :] if left else ()
        return Found(spot.file, keys_there, (*keys_there, *missing))

    def _spot(self, path: Keys) -> Spot:
        spot, links = Spot(self.files.entry, ()), self.followed.links
        for key in path:
            spot = Spot(spot.file, (*spot.keys, key))
            passed = set()
            while spot in links and spot not in passed:
                passed.add(spot)
                spot = links[spot]
        return spot


def _after_last_reference(written: Any, path: Keys) -> Keys | None:
    """The keys that are left when the way comes upon a reference; None when it comes upon none.

    Raises:
        LookupError: the way leads nowhere.
    """
    value = written
    for count, key in enumerate(path):
        below = at(value, (key,)) if isinstance(value, dict | list) else UNDEFINED
        if below is UNDEFINED:
            if isinstance(value, dict) and isinstance(value.get("$ref"), str):
                return path[count:]
            raise LookupError(key)
        value = below
    return () if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("$ref"), str) else None


def _last_index(path: Keys, key: str) -> int:
    return len(path) - 1 - path[::-1].index(key)
