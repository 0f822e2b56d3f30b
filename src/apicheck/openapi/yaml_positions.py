"""Where in a YAML text does each node stand?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import yaml_rs

from apicheck.openapi.collection import collection_paused
from apicheck.openapi.keys import key_text
from apicheck.openapi.positions import Positions, Token
from apicheck.openapi.yaml_scalars import is_misread

_STRANGE_TO_LIBYAML = "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
"""What libyaml refuses, though JSON and YAML 1.2 allow it in strings, and what it alone takes for the end of a line."""
_PERHAPS_NO_STRING = re.compile(r"[-+]?[.\d_][-+.\w]*|~|null|true|false|", re.ASCII | re.IGNORECASE)
"""A plain YAML scalar that looks like a number, a boolean or null."""


class _Collection:
    """Where the nodes in an object or a list start: at their key, or at the value in a list. Offsets count characters."""

    __slots__ = ("below", "is_mapping", "offsets")

    def __init__(self, *, is_mapping: bool) -> None:
        self.is_mapping = is_mapping
        self.offsets: dict[Token, int] = {}
        self.below: dict[Token, _Collection] = {}


class YamlPositions(Positions):
    """The places in a YAML text.

    ``duplicate`` is the first key that stands twice in one mapping, with the offset of the second; None when there is none.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._top = _Collection(is_mapping=False)
        with collection_paused():
            self.duplicate = self._read()

    def offset(self, tokens: Iterable[Token]) -> int:
        """Return where a node starts."""
        offset, collection = self._top.offsets.get(0, 0), self._top.below.get(0)
        for token in tokens:
            holder = _holder(collection, token)
            if holder is None:
                break
            offset, collection = holder.offsets[token], holder.below.get(token)
        return offset

    def _read(self) -> tuple[str, int] | None:
        """Follow the events of libyaml. It knows YAML 1.1: what it cannot read has no place, what came before that has one."""
        import yaml  # only who asks for a place pays for it  # noqa: PLC0415

        text = re.sub(_STRANGE_TO_LIBYAML, "\ufffd", self._text)
        scalar, alias, mapping = yaml.ScalarEvent, yaml.AliasEvent, yaml.MappingStartEvent
        starts, ends = (yaml.MappingStartEvent, yaml.SequenceStartEvent), (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        reader = _YamlReader(self._top)
        events: Iterable[Any] = yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        try:
            for event in events:
                kind = type(event)
                if kind is scalar:
                    reader.scalar(event.start_mark.index, event.value, event.anchor, is_plain=not event.style)
                elif kind in starts:
                    reader.start(event.start_mark.index, event.anchor, is_mapping=kind is mapping)
                elif kind in ends:
                    reader.end()
                elif kind is alias:
                    reader.alias(event.start_mark.index, event.anchor)
        except yaml.YAMLError:
            pass
        return reader.duplicate


class _YamlReader:
    """Puts the events of a YAML text in their collections. In a mapping every second node is a key."""

    def __init__(self, top: _Collection) -> None:
        self.duplicate: tuple[str, int] | None = None
        self._collection = top
        self._key: str | None = None
        self._key_offset = 0
        self._outer: list[tuple[_Collection, str | None, int]] = []
        self._anchors: dict[str, _Collection] = {}
        self._keys: dict[str, str] = {}

    def scalar(self, offset: int, value: str, anchor: str | None, *, is_plain: bool) -> None:
        if anchor:
            self._keys[anchor] = value
        if self._collection.is_mapping and self._key is None:
            self._key, self._key_offset = _key(value) if is_plain else value, offset
        else:
            self._place(offset)

    def alias(self, offset: int, anchor: str) -> None:
        if self._collection.is_mapping and self._key is None:
            self._key, self._key_offset = self._keys.get(anchor, ""), offset
            return
        collection, token = self._collection, self._place(offset)
        if anchor in self._anchors:
            collection.below[token] = self._anchors[anchor]

    def start(self, offset: int, anchor: str | None, *, is_mapping: bool) -> None:
        below = _Collection(is_mapping=is_mapping)
        if anchor:
            self._anchors[anchor] = below
        if self._collection.is_mapping and self._key is None:  # a collection for a key has no name to find its value by
            self._outer.append((self._collection, "", offset))
        else:
            self._collection.below[self._place(offset)] = below
            self._outer.append((self._collection, None, 0))
        self._collection, self._key = below, None

    def end(self) -> None:
        self._collection, self._key, self._key_offset = self._outer.pop()

    def _place(self, offset: int) -> Token:
        """Note where a value of the collection stands; a key may follow."""
        offsets = self._collection.offsets
        token: Token = len(offsets)
        if self._collection.is_mapping:
            token, offset, self._key = self._key or "", self._key_offset, None
            if token in offsets and self.duplicate is None:
                self.duplicate = token, offset
        offsets[token] = offset
        return token


@lru_cache(maxsize=10_000)
def _key(text: str) -> str:
    """A plain key as the loader has it, which may be that of a number, a boolean or null."""
    if _PERHAPS_NO_STRING.fullmatch(text) and not is_misread(text):
        value: Any = yaml_rs.loads(f"- {text}", parse_datetime=False)
        return key_text(value[0])
    return text


def _holder(collection: _Collection | None, token: Token) -> _Collection | None:
    """The collection that has this token: the one at hand, or one that its YAML merge keys bring in."""
    waiting = [collection]
    while waiting:
        at_hand = waiting.pop()
        if at_hand is None:
            continue
        if token in at_hand.offsets:
            return at_hand
        merged = at_hand.below.get("<<")
        if merged:
            waiting += (
                [merged] if merged.is_mapping else [merged.below.get(index) for index in reversed(range(len(merged.offsets)))]
            )
    return None
