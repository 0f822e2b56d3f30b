"""Where in a JSON text does each node stand, when it is known what the text says?

Keys stand in the text in the order in which they were read, so the place of a key is found by its number: nothing is looked at
but what lies on the way to the node that is asked for.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from apicheck.openapi.positions import Positions, Token

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"(\s*+:)?+', re.DOTALL)
_STRING_OR_BRACKET = re.compile(rf"{_STRING.pattern}|[{{}}\[\]]", re.DOTALL)
_GAP = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
"""Tells where a value ends. Numbers stay text: Python reads no integer of more than 4,300 digits."""


class JsonPositions(Positions):
    """The places in a text that is known to be JSON. They are right when it is ``complete``.

    Args:
        text: the text.
        root: what it says.
        members: how many members stand in each object and list, at any depth, by the ``id`` of it.
    """

    def __init__(self, text: str, root: object, members: Mapping[int, int]) -> None:
        super().__init__(text)
        self._root = root
        self._members = members
        self._keys = array("Q", (found.start() for found in _STRING.finditer(text) if found.lastindex))
        self._known: dict[int, dict[Token, tuple[int, int]]] = {}

    @property
    def complete(self) -> bool:
        """Whether every key of the text was kept: of two with one name in one object only one is."""
        return len(self._keys) == self._members.get(id(self._root), 0)

    def offset(self, tokens: Iterable[Token]) -> int:
        """Return where a node starts."""
        node: Any = self._root
        offset, first = self._after_gap(0), 0
        for token in tokens:
            below = self._below(node, offset, first)
            if token not in below:
                break
            node, (offset, first) = node[token], below[token]
        return offset

    def _below(self, node: Any, offset: int, first: int) -> dict[Token, tuple[int, int]]:
        """Where each child of a node starts, and the number of the first key in it; ``first`` is that of the node."""
        if id(node) not in self._known:
            children = self._in_object(node, first) if isinstance(node, dict) else self._in_list(node, offset, first)
            self._known[id(node)] = children
        return self._known[id(node)]

    def _in_object(self, node: dict[str, Any], first: int) -> dict[Token, tuple[int, int]]:
        children: dict[Token, tuple[int, int]] = {}
        for key, child in node.items():
            children[key] = self._keys[first], first + 1
            first += 1 + self._members.get(id(child), 0)
        return children

    def _in_list(self, node: Any, offset: int, first: int) -> dict[Token, tuple[int, int]]:
        """An object stands at the brace before its first key; what has no keys is found behind what comes before it."""
        children: dict[Token, tuple[int, int]] = {}
        for index, child in enumerate(node if isinstance(node, list) else ()):
            if isinstance(child, dict) and child:
                offset = self._text.rindex("{", 0, self._keys[first])
            else:
                offset = self._after_gap(_DECODER.raw_decode(self._text, offset)[1] if index else self._opening(offset) + 1)
            children[index] = offset, first
            first += self._members.get(id(child), 0)
        return children

    def _opening(self, offset: int) -> int:
        """Where a list opens that stands at an offset, or at the key there."""
        key = _STRING.match(self._text, offset)
        return self._after_gap(key.end() if key else offset)

    def _after_gap(self, offset: int) -> int:
        gap = _GAP.match(self._text, offset)
        return gap.end() if gap else offset


def first_duplicate(text: str) -> tuple[str, int] | None:
    """Return the first key of a JSON text that stands twice in one object, and where it does so; None when there is none."""
    names: set[str] = set()
    outer: list[set[str]] = []
    for found in _STRING_OR_BRACKET.finditer(text):
        if found[1] is not None:
            name = orjson.loads(found[0][: found.start(1) - found.start()])
            if name in names:
                return name, found.start()
            names.add(name)
        elif found[0] in "{[":
            outer.append(names)
            names = set()
        elif found[0] in "}]":
            names = outer.pop()
    return None
