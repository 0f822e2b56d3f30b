"""How is a key put into the text of a document, so that nothing else in it changes?

Comments, order and style are the author's. What is put in is written as the text around it is: as JSON, or as a block of YAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from apicheck.openapi.positions import Positions
from apicheck.openapi.reading import Content

_PLAIN = re.compile(r"[$A-Za-z][A-Za-z0-9_-]*")


class Addition(NamedTuple):
    """A key that an object does not have yet; the object is there and is not empty."""

    holder: tuple[str | int, ...]
    key: str
    value: Any


class Piece(NamedTuple):
    """What is put into a text, and where; the offset counts characters."""

    offset: int
    text: str


def pieces(content: Content, additions: Iterable[Addition]) -> list[Piece]:
    """Return what additions put into the text of a file, in its order: each at the start of the object that it goes into."""
    text, positions = content.text.decode(), content.positions
    return sorted((_piece(text, positions, content.root, addition) for addition in additions), key=attrgetter("offset"))


def with_pieces(text: str, put_in: Iterable[Piece]) -> str:
    """Return a text with what is put into it."""
    parts, done = [], 0
    for offset, piece in put_in:
        parts += [text[done:offset], piece]
        done = offset
    return "".join([*parts, text[done:]])


def _piece(text: str, positions: Positions, root: Any, addition: Addition) -> Piece:
    holder = root
    for token in addition.holder:
        holder = holder[token]
    first = positions.offset((*addition.holder, next(iter(holder))))
    before = first
    while before and text[before - 1].isspace():
        before -= 1
    if text[before - 1 : before] == "{":
        return Piece(
            first,
            f"{json.dumps(addition.key)}: {json.dumps(addition.value, ensure_ascii=False)},{text[before:first] or ' '}",
        )
    line_end = "\r\n" if "\r\n" in text else "\n"
    indent = first - text.rfind("\n", 0, first) - 1
    block = "".join(f"{line}{line_end}" for line in _block({addition.key: addition.value}, " " * indent))
    if not addition.holder:
        return Piece(len(text), block if text.endswith("\n") else line_end + block)
    return Piece(text.index("\n", positions.offset(addition.holder)) + 1, block)


def _block(mapping: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        name = key if _PLAIN.fullmatch(key) else json.dumps(key)
        if isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from _block(value, f"{indent}  ")
        else:
            yield f"{indent}{name}: {json.dumps(value, ensure_ascii=False)}"
