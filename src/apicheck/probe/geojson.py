"""Which geometries does an answer hold, where do they lie, and in which coordinate reference system?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from apicheck.model import Exchange

_CRS = "http://www.opengis.net/def/crs/"
CRS84 = f"{_CRS}OGC/1.3/CRS84"
RD = frozenset({"EPSG:28992", "EPSG:7415"})
ETRS89 = frozenset({"EPSG:4258", "EPSG:4937"})
MEMBERS = {"EPSG:4258": "EPSG:9067", "EPSG:4937": "EPSG:7931"}
"""Of an ensemble, the member that must be listed beside it (/geo/ensemble-member-crs)."""
_TYPES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"})
_URI = re.compile(r"<?([^<>]*)>?")
_EPSG = re.compile(r"/EPSG/[^/]+/(\d+)\Z")
_MOST = 20_000
"""Nodes of an answer that are looked at."""
_CIRCLE = 360
"""Degrees. A coordinate of RD within this lies in the middle of nowhere, so whoever sends it sends degrees."""


class Bounds(NamedTuple):
    """The box around a geometry, in its own coordinates and in their order."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Bounds) -> bool:
        """Say whether two boxes have a point in common."""
        return self.left <= other.right and other.left <= self.right and self.bottom <= other.top and other.bottom <= self.top

    def widened(self, by: float) -> Bounds:
        """Return the box with some room around it."""
        return Bounds(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def __str__(self) -> str:
        return ",".join(f"{value:g}" if value == int(value) else f"{value:.8f}" for value in self)


def geometries(body: Any) -> list[dict[str, Any]]:
    """Return the geometries of GeoJSON (RFC 7946 §3.1) in an answer, at any depth."""
    found: list[dict[str, Any]] = []
    todo, seen = [body], 0
    while todo and seen < _MOST:
        value, seen = todo.pop(), seen + 1
        if isinstance(value, dict):
            if str(value.get("type")) in _TYPES and ("coordinates" in value or "geometries" in value):
                found.append(value)
            else:
                todo += reversed(list(value.values()))
        elif isinstance(value, list):
            todo += reversed(value)
    return found


def bounds(geometry: dict[str, Any]) -> Bounds | None:
    """Return the box around a geometry; None when it has no coordinates."""
    positions = list(_positions(geometry.get("coordinates", geometry.get("geometries"))))
    if not positions:
        return None
    first, second = ([position[axis] for position in positions] for axis in (0, 1))
    return Bounds(min(first), min(second), max(first), max(second))


def _positions(value: Any) -> Iterator[tuple[float, float]]:
    todo, seen = [value], 0
    while todo and seen < _MOST:
        node, seen = todo.pop(), seen + 1
        if isinstance(node, dict):
            todo.append(node.get("coordinates", node.get("geometries")))
        elif isinstance(node, list):
            if len(node) > 1 and all(isinstance(part, int | float) and not isinstance(part, bool) for part in node):
                yield float(node[0]), float(node[1])
            else:
                todo += node


def content_crs(exchange: Exchange) -> str | None:
    """Return the URI in Content-Crs, without the angle brackets that OGC API Features part 2 puts around it."""
    value = exchange.header("content-crs")
    found = _URI.fullmatch(value.strip()) if value else None
    return found[1] if found and found[1] else None


def code(uri: str | None) -> str:
    """Return a coordinate reference system in brief: ``CRS84``, ``CRS84h`` or ``EPSG:28992``; empty when it is none we know."""
    if uri is None:
        return ""
    name = uri.rpartition("/")[2]
    if name in {"CRS84", "CRS84h"}:
        return name
    found = _EPSG.search(uri)
    return f"EPSG:{found[1]}" if found else ""


def misplaced(code_: str, boxes: Iterable[Bounds]) -> str | None:
    """Say what is wrong with coordinates that should be in a system: ``degrees``, ``swapped`` or None.

    Whether the place itself is right cannot be told. Only the Netherlands gives away that longitude and latitude were swapped:
    read the wrong way round, it lies in the Indian Ocean.
    """
    for box in boxes:
        if code_ in RD:
            if max(map(abs, box)) <= _CIRCLE:
                return "degrees"
            continue
        turned = box if code_ in {"CRS84", "CRS84h"} else Bounds(box.bottom, box.left, box.top, box.right)
        if max(abs(turned.left), abs(turned.right)) > _CIRCLE / 2 or max(abs(turned.bottom), abs(turned.top)) > _CIRCLE / 4:
            return "metres" if max(map(abs, box)) > _CIRCLE else "swapped"
        if turned.left >= 50 and turned.right <= 54 and turned.bottom >= 3 and turned.top <= 8:
            return "swapped"
    return None
