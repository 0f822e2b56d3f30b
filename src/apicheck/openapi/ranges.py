"""From where to where does each node of a file reach, as editors of JSON and YAML show it?

A node ends where the last scalar in it ends: a closing bracket belongs to nothing. The value of a key starts behind the key, unless
it is a scalar, which starts where it stands.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from apicheck.openapi.json_positions import JsonPositions
from apicheck.openapi.keys import key_text
from apicheck.openapi.reading import Content
from apicheck.openapi.yaml_scalars import STRANGE_TO_LIBYAML, is_misread

_JSON_KEY = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+")\s*:\s*', re.DOTALL)
_JSON_VALUE = json.JSONDecoder(parse_int=str, parse_float=str)
"""Tells where a value ends. Numbers stay text: Python reads no integer of more than 4,300 digits."""
_TAB = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|\t', re.DOTALL)
_LINE_END = re.compile(r"\n")


class Position(NamedTuple):
    """A place in a text, line and character from 0."""

    line: int
    character: int


class Range(NamedTuple):
    """Where a node starts, and the place behind its end."""

    start: Position
    end: Position


class OddKey(NamedTuple):
    """A key that is no text in YAML: the keys that lead to it, itself the last, its kind, and where it stands."""

    keys: tuple[str, ...]
    kind: str
    range: Range


def tabs(content: Content) -> Iterator[Range]:
    """Yield where tabs stand between the tokens of a file in JSON."""
    if not content.is_json or b"\t" not in content.text:
        return
    text = content.text.decode()
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
    for found in _TAB.finditer(text):
        if found[0] == "\t":
            line = bisect_right(starts, found.start()) - 1
            here = Position(line, found.start() - starts[line])
            yield Range(here, here)


class _Node:
    """A node with what is below it by key or index. ``key`` is from where to where its key stands; None for an item."""

    __slots__ = ("below", "end", "is_scalar", "key", "last", "start")

    def __init__(self, start: int, end: int, key: tuple[int, int] | None, *, is_scalar: bool) -> None:
        self.start = start
        self.end = end
        self.key = key
        self.is_scalar = is_scalar
        self.below: dict[str, _Node] = {}
        self.last: _Node | None = None


_ODD = rb"(?:[-+.~\d]|null|true|false)"
_ODD_KEY = re.compile(rb"^[ \t?-]*" + _ODD + rb"[^\s:]*[ \t]*:|[{,]\s*" + _ODD + rb'[^\s:,"]*\s*:', re.MULTILINE | re.IGNORECASE)


def has_odd_keys(content: Content) -> bool:
    """Return whether a file may have keys that JSON could not have; False is certain."""
    return not content.is_json and _ODD_KEY.search(content.text) is not None


_Odd = tuple[tuple[str, ...], str, int, int]
"""A key that is no text: the keys that lead to it, its kind, and from where to where it stands."""


class Ranges:
    """The ranges of all nodes of a file. ``odd_keys`` are those that JSON could not have."""

    def __init__(self, content: Content) -> None:
        text = content.text.decode()
        self._lines = [0, *[end.end() for end in _LINE_END.finditer(text)]]
        self._nodes = _JsonNodes(text, content.root, content.json) if content.json else _YamlNodes(text)
        self.odd_keys = [
            OddKey(keys, kind, Range(self._position(start), self._position(end))) for keys, kind, start, end in self._nodes.odd
        ]

    def of(self, keys: Sequence[str | int]) -> Range:
        """Return where a node is; of one that is missing, where the nearest that there is above it."""
        start, end, is_root = self._nodes.span(keys)
        if is_root and len(self._lines) > 1 and start == self._lines[1]:
            start = 0
        return Range(self._position(start), self._position(end))

    def _position(self, offset: int) -> Position:
        line = bisect_right(self._lines, offset) - 1
        return Position(line, offset - self._lines[line])


class _JsonNodes:
    """The nodes of a text in JSON, each looked for when it is asked for."""

    def __init__(self, text: str, root: Any, positions: JsonPositions) -> None:
        self.odd: list[_Odd] = []
        self._text = text
        self._root = root
        self._positions = positions

    def span(self, keys: Sequence[str | int]) -> tuple[int, int, bool]:
        """Return where a node starts and ends, and whether it is the root."""
        node, way = self._root, list[str | int]()
        for key in keys:
            token = int(key) if isinstance(node, list) and str(key).isdecimal() else key
            if token not in (range(len(node)) if isinstance(node, list) else node if isinstance(node, dict) else ()):
                break
            node = node[token]
            way.append(token)
        after_key, start = self._value(way)
        if isinstance(node, dict | list) and after_key is not None:
            start = after_key + 1
        is_root = not way
        while node and isinstance(node, dict | list):
            last = len(node) - 1 if isinstance(node, list) else next(reversed(node))
            node = node[last]
            way.append(last)
        return start, _JSON_VALUE.raw_decode(self._text, self._value(way)[1])[1], is_root

    def _value(self, way: Sequence[str | int]) -> tuple[int | None, int]:
        """Where the key of a value ends, if it has one, and where the value starts."""
        offset = self._positions.offset(way)
        key = _JSON_KEY.match(self._text, offset) if way and isinstance(way[-1], str) else None
        return (key.end(1), key.end()) if key else (None, offset)


class _YamlNodes:
    """The nodes of a text in YAML."""

    def __init__(self, text: str) -> None:
        self.odd: list[_Odd] = []
        self._top = _Node(0, 0, None, is_scalar=False)
        self._read(text)

    def span(self, keys: Sequence[str | int]) -> tuple[int, int, bool]:
        """Return where a node starts and ends, and whether it is the root."""
        root = node = self._top.below.get("0")
        for key in keys:
            below = _find(node, str(key)) if node else None
            if below is None:
                break
            node = below
        if node is None:
            return 0, 0, False
        start, is_root = node.key[1] + 1 if node.key and not node.is_scalar else node.start, node is root
        while node.last is not None:
            node = node.last
        return start, node.end, is_root

    def _read(self, text: str) -> None:
        """Follow the events of libyaml as far as it can read; what comes after has no place of its own."""
        import yaml  # only who asks for a place pays for it  # noqa: PLC0415

        events: Iterable[Any] = yaml.parse(
            re.sub(STRANGE_TO_LIBYAML, "\ufffd", text), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        )
        reader = _YamlReader(self._top, self.odd, text)
        try:
            for event in events:
                reader.take(type(event).__name__, event)
        except yaml.YAMLError:
            pass


class _YamlReader:
    """Puts the events of YAML in their nodes; in a mapping every second node is a key."""

    def __init__(self, top: _Node, odd: list[_Odd], text: str) -> None:
        self._frames: list[tuple[_Node, bool]] = [(top, False)]
        self._key: tuple[str, int, int] | None = None
        self._keys: list[tuple[str, int, int] | None] = []
        self._names: list[str] = []
        self._anchors: dict[str, _Node] = {}
        self._odd = odd
        self._text = text

    def take(self, kind: str, event: Any) -> None:
        """Take the next event."""
        if kind == "ScalarEvent":
            if self._expects_key():
                self._key = self._named(event)
            else:
                self._put(event, is_scalar=True)
        elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
            if self._expects_key():  # a collection for a key has no name to find its value by
                self._key = "", event.start_mark.index, event.end_mark.index
                self._frames.append((_Node(0, 0, None, is_scalar=False), kind == "MappingStartEvent"))
                self._keys.append(self._key)
                self._names.append("")
                self._key = None
                return
            node, name = self._put(event, is_scalar=False)
            self._frames.append((node, kind == "MappingStartEvent"))
            self._keys.append(None)
            self._names.append(name)
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            node, _ = self._frames.pop()
            self._key = self._keys.pop()
            self._names.pop()
            node.end = event.end_mark.index
        elif kind == "AliasEvent":
            if self._expects_key():
                self._key = "", event.start_mark.index, event.end_mark.index
                return
            node, _ = self._put(event, is_scalar=True)
            if event.anchor in self._anchors:
                node.below = self._anchors[event.anchor].below

    def _expects_key(self) -> bool:
        return self._frames[-1][1] and self._key is None

    def _named(self, event: Any) -> tuple[str, int, int]:
        name, start, end = event.value, event.start_mark.index, event.end_mark.index
        if not event.style and not is_misread(name) and (kind := _kind(name)):
            self._odd.append(((*self._names[1:], name), kind, start, end))
            name = key_text(_number(name)) if kind == "number" else name
        return name, start, end

    def _put(self, event: Any, *, is_scalar: bool) -> tuple[_Node, str]:
        holder, _ = self._frames[-1]
        start, end = event.start_mark.index, event.end_mark.index
        name, key = (self._key[0], self._key[1:]) if self._key else (str(len(holder.below)), None)
        node = _Node(start, self._end_of_text(end, event), key, is_scalar=is_scalar)
        holder.below[name] = holder.last = node
        self._key = None
        if event.anchor:
            self._anchors.setdefault(event.anchor, node)
        return node, name

    def _end_of_text(self, end: int, event: Any) -> int:
        """Where a scalar ends; a block ends at the last line break before what follows it."""
        if getattr(event, "style", None) not in {"|", ">"}:
            return end
        end -= 1
        while end > 0 and self._text[end] in " \t":
            end -= 1
        return end


def _find(node: _Node, key: str) -> _Node | None:
    """The node at a key, which a YAML merge key may bring in."""
    if key in node.below:
        return node.below[key]
    merged = node.below.get("<<")
    if merged is None:
        return None
    if key in merged.below:
        return merged.below[key]
    return next((found for each in merged.below.values() if (found := _find(each, key))), None)


_NUMBER = re.compile(
    r"[-+]?(?:0|[1-9][0-9_]*|0o?[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|\.[0-9_]+|\.inf|\.Inf)|\.nan"
)


def _kind(key: str) -> str | None:
    """What a plain key is, when it is no text."""
    if key in {"", "~", "null", "Null", "NULL"}:
        return "null"
    if key in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return "boolean"
    return "number" if _NUMBER.fullmatch(key) else None


def _number(key: str) -> object:
    try:
        return int(key)
    except ValueError:
        return key
