"""What do the bytes of one file say, as plain dicts, lists and scalars?"""

from __future__ import annotations

import codecs
import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import orjson
import yaml_rs

from apicheck.errors import UnreadableDocument
from apicheck.openapi.keys import key_text
from apicheck.openapi.positions import Positions

DEEPEST = 250
"""Levels of nesting. What reads or writes a document as JSON gives up soon after (orjson writes 254 levels)."""
MOST_ALIASED = 1_000_000
"""YAML nodes that aliases may repeat in all. Ten anchors that each hold ten aliases of the one before make 10^10."""

_OPENING = re.compile(rb"\s*(.)", re.DOTALL)
_MARKUP = re.compile(rb"\s*<(?:!|\?|html)", re.IGNORECASE)
_MEMBER = re.compile(rb'(?<!\\)(?:\\\\)*"[ \t\r\n]*:')
_STEEP = re.compile(r"^[-?: \t]{500}", re.MULTILINE)
_POSITION = re.compile(r"line (\d+), column (\d+)")


class Content(NamedTuple):
    """A file as read: its text as UTF-8 without byte order mark, what it says, and whether it is written in JSON."""

    text: bytes
    root: object
    is_json: bool

    @property
    def positions(self) -> Positions:
        """Where everything stands. Reads the text again."""
        return Positions(self.text.decode(), is_json=self.is_json)


def content(data: bytes, name: str) -> Content:
    """Read JSON or YAML 1.2.

    A text that opens with a brace or bracket is JSON when it can be; otherwise YAML, of which JSON is nearly a subset.

    Raises:
        UnreadableDocument: the bytes are no text, no JSON and no YAML, or go beyond a limit.
    """
    text = _utf8(data, name)
    opening = _OPENING.match(text)
    if opening is None:
        raise UnreadableDocument("document-empty", name=name)
    if _MARKUP.match(text):
        raise UnreadableDocument("document-markup", name=name)
    with collection_paused():
        if opening[1] in b"{[":
            try:
                return _json(text, name)
            except orjson.JSONDecodeError as error:
                if name.lower().endswith(".json"):
                    problem = {"line": error.lineno, "column": error.colno, "problem": error.msg}
                    raise UnreadableDocument("document-syntax", name=name, **problem) from error
        return _yaml(text, name)


@contextmanager
def collection_paused() -> Iterator[None]:
    """Keep the garbage collector from visiting a tree over and over while it grows; a tree holds no garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _utf8(data: bytes, name: str) -> bytes:
    """The text as UTF-8. The other encodings that YAML 1.2 (5.2) and RFC 4627 (3) allow are told by the first four bytes."""
    if data.startswith(codecs.BOM_UTF8):
        encoding, data = "utf-8", data[3:]
    elif data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        encoding = "utf-32"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        nul = tuple(byte == 0 for byte in data[:4])
        encoding = {
            (True, True, True, False): "utf-32-be",
            (False, True, True, True): "utf-32-le",
            (True, False, True, False): "utf-16-be",
            (False, True, False, True): "utf-16-le",
        }.get(nul, "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\0" in data:
            raise UnreadableDocument("document-binary", name=name) from error
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableDocument("document-encoding", name=name, line=line) from error
    if "\0" in text:
        raise UnreadableDocument("document-binary", name=name)
    return data if encoding == "utf-8" else text.encode()


def _json(text: bytes, name: str) -> Content:
    """Read JSON. orjson keeps the last of two members of one name in silence, so the members are counted."""
    try:
        root = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if "depth" in error.msg:
            raise UnreadableDocument("document-too-deep", name=name, deepest=DEEPEST) from error
        raise
    found = Content(text, root, is_json=True)
    if len(_MEMBER.findall(text)) != _members(root, name):
        _refuse_duplicates(found, name)
    return found


def _members(root: object, name: str) -> int:
    """Count the members of all objects, level by level."""
    members, level = 0, [root] if isinstance(root, dict | list) else []
    for _ in range(DEEPEST):
        below: list[object] = []
        for value in level:
            if type(value) is dict:
                members += len(value)
                below += [child for child in value.values() if type(child) is dict or type(child) is list]
            elif type(value) is list:
                below += [child for child in value if type(child) is dict or type(child) is list]
        if not below:
            return members
        level = below
    raise UnreadableDocument("document-too-deep", name=name, deepest=DEEPEST)


def _refuse_duplicates(found: Content, name: str) -> None:
    positions = found.positions
    if positions.duplicate:
        key, offset = positions.duplicate
        line, column = positions.line_and_column(offset)
        raise UnreadableDocument("document-duplicate-key", name=name, key=key, line=line, column=column)


def _yaml(text: bytes, name: str) -> Content:
    decoded = text.decode()
    if _STEEP.search(decoded):  # yaml_rs reads block collections by recursion, and each stands further to the right
        raise UnreadableDocument("document-too-deep", name=name, deepest=DEEPEST)
    try:
        root: object = yaml_rs.loads(
            decoded, parse_datetime=False, alias_limits=yaml_rs.AliasLimits(max_total_replayed_events=MOST_ALIASED)
        )
    except yaml_rs.YAMLDecodeError as error:
        raise _refusal(error, Content(text, None, is_json=False), name) from error
    if isinstance(root, list) and any(isinstance(part, dict) and "openapi" in part for part in root):
        raise UnreadableDocument("document-several", name=name)
    if root is None:
        raise UnreadableDocument("document-empty", name=name)
    return Content(text, _plain(root, name), is_json=False)


def _refusal(error: yaml_rs.YAMLDecodeError, unread: Content, name: str) -> UnreadableDocument:
    """What went wrong with YAML, in our words."""
    message = str(error)
    problem = message.rstrip().rpartition("\n")[2]
    if "alias" in message and "limit" in message:
        return UnreadableDocument("document-aliases", name=name, most=MOST_ALIASED)
    if "recursion" in problem or "depth" in problem:
        return UnreadableDocument("document-too-deep", name=name, deepest=DEEPEST)
    if message.startswith("duplicate mapping key"):
        _refuse_duplicates(unread, name)
    at = _POSITION.search(message)
    line, column = (at[1], at[2]) if at else ("?", "?")
    return UnreadableDocument("document-syntax", name=name, line=line, column=column, problem=problem)


def _plain(root: object, name: str) -> object:
    """Bring YAML down to what JSON knows: every key a string, merge keys merged, no sets, and no deeper than DEEPEST."""
    top = [root]
    level: list[dict[object, object] | list[object]] = [top]
    for _ in range(DEEPEST + 1):
        below: list[dict[object, object] | list[object]] = []
        for holder in level:
            items = holder.items() if type(holder) is dict else enumerate(holder)
            for key, child in list(items):
                if type(child) is dict:
                    holder[key] = child = _mapping(child, name)  # type: ignore[index]
                    below.append(child)
                elif type(child) is list:
                    below.append(child)
                elif type(child) is set:
                    holder[key] = {key_text(member): None for member in child}  # type: ignore[index]  # a !!set is a mapping to null
        if not below:
            return top[0]
        level = below
    raise UnreadableDocument("document-too-deep", name=name, deepest=DEEPEST)


def _mapping(value: dict[object, object], name: str) -> dict[object, object]:
    """The same mapping with strings for keys, and what its merge keys bring in."""
    if "<<" in value:
        value = _merged(value, name)
    if all(type(key) is str for key in value):
        return value
    renamed = {key_text(key): child for key, child in value.items()}
    if len(renamed) != len(value):
        raise UnreadableDocument("document-keys-alike", name=name, keys=", ".join(map(key_text, value)))
    return renamed


def _merged(value: dict[object, object], name: str) -> dict[object, object]:
    """Merge ``<<`` (https://yaml.org/type/merge.html): YAML 1.1, yet documents use it. What stands in the mapping itself wins."""
    merged: dict[object, object] = {}
    waiting: list[object] = [value]
    while waiting:
        source = waiting.pop()
        if not isinstance(source, dict):  # a scalar, or a mapping that would merge itself: yaml_rs puts null there
            raise UnreadableDocument("document-merge-key", name=name)
        for key, child in source.items():
            merged.setdefault(key, child)
        brought = merged.pop("<<", [])
        waiting += reversed(brought) if isinstance(brought, list) else [brought]
    return merged
