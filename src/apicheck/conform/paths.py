"""Which operation of the candidate stands for which operation of the reference?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from apicheck.openapi import Operation, View

_PARAMETER = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Prefix:
    """How paths differ at their start: what the reference has there, and what the candidate has instead."""

    reference: str = ""
    candidate: str = ""

    @classmethod
    def parse(cls, text: str | None) -> Prefix | None:
        """Return the prefix that ``/v1`` or ``/zaken/api/v1=/v1`` asks for; None for None."""
        if text is None:
            return None
        reference, equals, candidate = text.partition("=")
        return cls(*(part.rstrip("/") for part in ((reference, candidate) if equals else ("", reference))))

    def mapped(self, path: str) -> str:
        """Return a path of the reference as the candidate would have it."""
        return self.candidate + path.removeprefix(self.reference)

    def __str__(self) -> str:
        return f"{self.reference or '/'} → {self.candidate or '/'}"


@dataclass(frozen=True, slots=True)
class Matching:
    """The operations of the reference with those of the candidate, and those that only the candidate has.

    ``ambiguous``: other prefixes would match as many.
    """

    prefix: Prefix
    pairs: tuple[tuple[Operation, Operation | None], ...]
    added: tuple[Operation, ...]
    ambiguous: bool = False


def anonymous(path: str) -> str:
    """Return a path template without the names of its parameters, which no client sees (OAS 3.0.4, 4.7.8.2)."""
    return _PARAMETER.sub("{}", path)


def match(candidate: View, reference: View, prefix: Prefix | None = None) -> Matching:
    """Match operations by method and path template; without a prefix, the one that matches most paths is taken."""
    ambiguous = False
    if prefix is None:
        prefix, ambiguous = _inferred(candidate, reference)
    offered = {(operation.method, anonymous(operation.path)): operation for operation in candidate.operations}
    pairs = tuple(
        (operation, offered.get((operation.method, anonymous(prefix.mapped(operation.path))))) for operation in reference.operations
    )
    met = {found.name for _, found in pairs if found}
    added = tuple(operation for operation in candidate.operations if operation.name not in met)
    return Matching(prefix, pairs, added, ambiguous)


def _inferred(candidate: View, reference: View) -> tuple[Prefix, bool]:
    """The prefix that matches most paths; none goes before any, one that the servers name before others."""
    asked = {anonymous(operation.path) for operation in reference.operations}
    offered = {anonymous(operation.path) for operation in candidate.operations}
    if asked <= offered:
        return Prefix(), False
    stripped = sorted(_shared(asked), key=len)
    best: list[tuple[int, Prefix]] = []
    for strip in stripped:
        left = {path.removeprefix(strip) for path in asked}
        for add in _leading(offered):
            matched = sum(add + path in offered for path in left)
            best.append((matched, Prefix(strip, add)))
    most = max((matched for matched, _ in best), default=0)
    found = [prefix for matched, prefix in best if matched == most]
    if not most or Prefix() in found:
        return Prefix(), False
    served = Prefix(_base(candidate), _base(reference))
    if served in found:
        return served, False
    distinct = {(prefix.mapped(path)) for prefix in found for path in asked}
    return min(found, key=lambda prefix: len(prefix.reference) + len(prefix.candidate)), len(distinct) > len(asked)


def _base(view: View) -> str:
    """The path below which a document says that its paths are; empty when it does not say."""
    servers = view.document_servers
    return urlsplit(servers[0].url).path.rstrip("/") if servers and "{" not in servers[0].url else ""


def _shared(paths: Iterable[str]) -> set[str]:
    """The beginnings that all paths have, the empty one included."""
    kept: set[str] | None = None
    for path in paths:
        kept = _beginnings(path) if kept is None else kept & _beginnings(path)
    return kept or {""}


def _leading(paths: Iterable[str]) -> set[str]:
    """The beginnings that any path has, the empty one included."""
    return {beginning for path in paths for beginning in _beginnings(path)} | {""}


def _beginnings(path: str) -> set[str]:
    """The beginnings of a path that are whole segments without a parameter."""
    segments = path.split("/")[:-1]
    beginnings, so_far = {""}, ""
    for segment in segments[1:]:
        if "{" in segment:
            break
        so_far += f"/{segment}"
        beginnings.add(so_far)
    return beginnings
