"""What does the reference promise about one exchange with a running API?"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple, TypeVar

from apicheck.conform.benchmark import Benchmark
from apicheck.conform.json_schema import Breach, Validator
from apicheck.conform.operations import covering
from apicheck.conform.paths import match
from apicheck.openapi import Document, MediaType, Operation, Response, View, answering

_PARAMETER = re.compile(r"\{([^}]*)\}")
T = TypeVar("T")


class _Route(NamedTuple):
    """An operation of the reference, and what its paths look like here."""

    method: str
    pattern: re.Pattern[str]
    operation: Operation


class ReferenceApi:
    """The document of a standard, as if it described the API at hand: its paths start as they do there.

    ``document`` is that of the standard under the paths of the API, and ``view`` what it says.
    """

    def __init__(self, benchmark: Benchmark, candidate: View) -> None:
        original = View(benchmark.document)
        matching = match(candidate, original, benchmark.prefix)
        self.identity = benchmark.identity
        self.prefix = matching.prefix
        self.document = _mounted(benchmark.document, {item.path: matching.prefix.mapped(item.path) for item in original.path_items})
        self.view = View(self.document)
        self._found = {asked.name: found for asked, found in matching.pairs if found}
        self._validators: dict[int, Validator] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of an operation of the API by that of its counterpart in ``view``."""
        found = {}
        for name, operation in self._found.items():
            method, _, path = name.partition(" ")
            found[f"{method} {self.prefix.mapped(path)}"] = operation.name
        return found

    def values(self, known: Mapping[str, Mapping[str, T]]) -> dict[str, dict[str, T]]:
        """Return values that the operations of the API take, by those of the reference; path parameters may have another name."""
        renamed = {}
        for theirs, ours in self.names.items():
            names = dict(zip(_PARAMETER.findall(ours), _PARAMETER.findall(theirs), strict=True))
            renamed[theirs] = {names.get(name, name): value for name, value in known.get(ours, {}).items()}
        return renamed

    def operation(self, method: str, path: str) -> Operation | None:
        """Return the operation of the reference that a request is for, by its path below the base URL; None when it has none."""
        asked = method.lower()
        return next((route.operation for route in self._routes if route.method == asked and route.pattern.fullmatch(path)), None)

    @cached_property
    def _routes(self) -> list[_Route]:
        """OAS 3.0.4, 4.7.8.2: a path without templates is matched before those with."""
        ordered = sorted(self.view.operations, key=lambda operation: [part.startswith("{") for part in operation.path.split("/")])
        return [_Route(operation.method, _pattern(operation.path), operation) for operation in ordered]

    def promised(self, operation: Operation, status: int) -> Response | None:
        """Return what the reference documents for a status: itself, its range, or the default."""
        return answering(str(status), operation.responses)

    def media_type(self, response: Response, name: str) -> MediaType | None:
        """Return what the reference documents for a media type, itself or a range that holds it."""
        return covering(name, response.media_types)

    def breaches(self, media_type: MediaType, value: object) -> tuple[Breach, ...]:
        """Return where a body breaks what the reference says of it.

        Raises:
            CannotTell: the reference says it in a way that cannot be read.
        """
        key = id(media_type.value)
        if key not in self._validators:
            self._validators[key] = Validator(media_type, self.document)
        return self._validators[key].breaches(value)


def _mounted(document: Document, paths: Mapping[str, str]) -> Document:
    """The same document with other paths."""
    mounted = copy.copy(document)
    items = document.root.get("paths")
    if isinstance(items, dict):
        mounted.root = {**document.root, "paths": {paths.get(path, path): item for path, item in items.items()}}
    return mounted


def _pattern(path: str) -> re.Pattern[str]:
    parts = _PARAMETER.split(path)
    return re.compile("".join("[^/]+" if index % 2 else re.escape(part) for index, part in enumerate(parts)))
