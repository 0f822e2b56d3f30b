"""Which entries of a map or a list are objects?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apicheck.model import Place

Mapping = dict[str, Any]


def entries(value: object, place: Place, *, extensible: bool = False) -> Iterator[tuple[str, Mapping, Place]]:
    """Yield the objects in a map: key, value and place. Where the specification allows extensions, ``x-`` is none."""
    if isinstance(value, dict):
        for key, child in value.items():
            if isinstance(child, dict) and not (extensible and key.startswith("x-")):
                yield key, child, place.child(key)


def listed(value: object, place: Place) -> Iterator[tuple[Mapping, Place]]:
    """Yield the objects in a list, with their places."""
    if isinstance(value, list):
        for index, child in enumerate(value):
            if isinstance(child, dict):
                yield child, place.child(index)
