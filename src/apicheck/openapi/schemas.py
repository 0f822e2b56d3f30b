"""Which keywords of a Schema Object hold further schemas?"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import Any


class Bond(Enum):
    """What a subschema says something about."""

    SAME = auto()
    """The same value as its parent."""
    PROPERTY = auto()
    """The property of that name."""
    PART = auto()
    """Any other part of the value."""


class _Shape(Enum):
    ONE = auto()
    LIST = auto()
    MAP = auto()


_COMMON = {
    "properties": (_Shape.MAP, Bond.PROPERTY),
    "items": (_Shape.ONE, Bond.PART),
    "additionalProperties": (_Shape.ONE, Bond.PART),
    "allOf": (_Shape.LIST, Bond.SAME),
    "anyOf": (_Shape.LIST, Bond.SAME),
    "oneOf": (_Shape.LIST, Bond.SAME),
    "not": (_Shape.ONE, Bond.SAME),
}
_LATER = {
    "$defs": (_Shape.MAP, Bond.PART),
    "definitions": (_Shape.MAP, Bond.PART),
    "patternProperties": (_Shape.MAP, Bond.PART),
    "dependentSchemas": (_Shape.MAP, Bond.SAME),
    "prefixItems": (_Shape.LIST, Bond.PART),
    "contains": (_Shape.ONE, Bond.PART),
    "propertyNames": (_Shape.ONE, Bond.PART),
    "unevaluatedItems": (_Shape.ONE, Bond.PART),
    "unevaluatedProperties": (_Shape.ONE, Bond.PART),
    "contentSchema": (_Shape.ONE, Bond.PART),
    "if": (_Shape.ONE, Bond.SAME),
    "then": (_Shape.ONE, Bond.SAME),
    "else": (_Shape.ONE, Bond.SAME),
}
KEYWORDS_30 = _COMMON
"""OAS 3.0.4, 4.7.24."""
KEYWORDS_31 = _COMMON | _LATER
"""JSON Schema 2020-12, which OAS 3.1 and 3.2 use, with ``definitions`` of the drafts before it."""

Keywords = dict[str, tuple[_Shape, Bond]]


def subschemas(schema: dict[str, Any], keywords: Keywords) -> Iterator[tuple[dict[str, Any], tuple[str | int, ...], Bond]]:
    """Yield the schemas directly inside a schema: value, tokens that lead there, and bond. Boolean schemas say nothing."""
    for keyword, held in schema.items():
        if keyword not in keywords:
            continue
        shape, bond = keywords[keyword]
        if type(held) is dict:
            if shape is _Shape.ONE:
                yield held, (keyword,), bond
            elif shape is _Shape.MAP:
                for key, child in held.items():
                    if type(child) is dict:
                        yield child, (keyword, key), bond
        elif shape is _Shape.LIST and type(held) is list:
            for index, child in enumerate(held):
                if type(child) is dict:
                    yield child, (keyword, index), bond
