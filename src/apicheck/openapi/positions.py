"""Where in the text does each node stand?

The fast loaders keep no places, so the text is read a second time, and only when something has to be pointed out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import orjson
import yaml_rs

from apicheck.openapi.keys import key_text

_JSON = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?|[{}\[\]]|[^\s,:{}\[\]"]+', re.DOTALL)
_LINE_END = re.compile(r"\r\n?|\n")
_NOT_FOR_LIBYAML = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_MAYBE_NO_STRING = re.compile(r"[-+.\d_]|~|null$|true$|false$|$", re.IGNORECASE)


class Node(NamedTuple):
    """Where a node starts: at its key in an object, else at its value. ``children`` is None for a scalar."""

    offset: int
    children: dict[str | int, Node] | None


class Positions:
    """The places of all nodes of one text.

    ``duplicate`` is the first key that stands twice in one object, and where its second stands.
    """

    def __init__(self, text: str, *, is_json: bool) -> None:
        self._text = text
        self.duplicate: tuple[str, int] | None = None
        self._root = self._json() if is_json else self._yaml()

    def offset(self, tokens: Iterable[str | int]) -> int:
        """Return where a node stands, in characters from the start; a missing one stands where its nearest parent does."""
        node = self._root
        for token in tokens:
            child = _child(node, token)
            if child is None:
                break
            node = child
        return node.offset

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1; lines end as in YAML 1.2 (5.4): LF, CR LF or CR."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self._text))]

    def _add(self, children: dict[str | int, Node], token: str | int, node: Node) -> None:
        if token in children and self.duplicate is None:
            self.duplicate = str(token), node.offset
        children[token] = node

    def _json(self) -> Node:
        """Read the tokens of a text that is known to be JSON."""
        top: dict[str | int, Node] = {}
        children, in_object = top, False
        outer: list[tuple[dict[str | int, Node], bool]] = []
        token: str | int = 0
        at = -1
        for found in _JSON.finditer(self._text):
            if found[2] is not None:
                at = found.start()
                token = orjson.loads(f'"{found[1]}"') if "\\" in found[1] else found[1]
                continue
            first = self._text[found.start()]
            if first in "}]":
                children, in_object = outer.pop()
                continue
            if not in_object:
                token, at = len(children), found.start()
            below: dict[str | int, Node] | None = {} if first in "{[" else None
            self._add(children, token, Node(at, below))
            if below is not None:
                outer.append((children, in_object))
                children, in_object = below, first == "{"
        return top[0]

    def _yaml(self) -> Node:
        """Follow the events of libyaml. What it cannot read (it knows YAML 1.1 only) has no place, what came before it has."""
        import yaml  # only who asks for a place pays for it  # noqa: PLC0415

        top: dict[str | int, Node] = {}
        holders: list[_Holder] = [_Holder(top, is_mapping=False)]
        anchors: dict[str, Node] = {}
        text = _NOT_FOR_LIBYAML.sub("\ufffd", self._text)
        try:
            for event in yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
                if isinstance(event, yaml.CollectionEndEvent):
                    holders.pop()
                    continue
                if not isinstance(event, yaml.NodeEvent):
                    continue
                holder, at = holders[-1], event.start_mark.index
                is_collection = isinstance(event, yaml.CollectionStartEvent)
                if isinstance(event, yaml.AliasEvent):
                    node = Node(at, anchors[event.anchor].children) if event.anchor in anchors else Node(at, None)
                else:
                    below: dict[str | int, Node] = {}
                    node = Node(at, below if is_collection else None)
                    if event.anchor:
                        anchors[event.anchor] = node
                if holder.expects_key:
                    holder.key, holder.key_at, holder.expects_key = _key(event), at, False
                else:
                    token = holder.key if holder.is_mapping else len(holder.children)
                    self._add(holder.children, token, Node(holder.key_at, node.children) if holder.is_mapping else node)
                    holder.expects_key = holder.is_mapping
                if is_collection:
                    holders.append(_Holder(below, is_mapping=isinstance(event, yaml.MappingStartEvent)))
        except yaml.YAMLError:
            pass
        return top.get(0, Node(0, None))


class _Holder:
    """A collection that is being read."""

    __slots__ = ("children", "expects_key", "is_mapping", "key", "key_at")

    def __init__(self, children: dict[str | int, Node], *, is_mapping: bool) -> None:
        self.children = children
        self.is_mapping = self.expects_key = is_mapping
        self.key: str | int = ""
        self.key_at = 0


def _key(event: object) -> str:
    """The key as the loader has it: a plain scalar may be a number, a boolean or null."""
    value = getattr(event, "value", None)
    if not isinstance(value, str):
        return ""
    if getattr(event, "style", "") in {"", None} and _MAYBE_NO_STRING.match(value):
        return key_text(yaml_rs.loads(f"- {value}", parse_datetime=False)[0])
    return value


def _child(node: Node, token: str | int) -> Node | None:
    """The child with this token, or the one that a YAML merge key brings in."""
    waiting = [node]
    while waiting:
        children = waiting.pop().children or {}
        if token in children:
            return children[token]
        if "<<" in children:
            merged = children["<<"]
            several = merged.children or {}
            waiting += [several[item] for item in sorted(several, reverse=True)] if 0 in several else [merged]  # type: ignore[type-var]
    return None
