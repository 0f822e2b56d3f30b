"""What do the bytes of one file say, as plain dicts, lists and scalars?"""

from __future__ import annotations

import codecs
import math
import re
from typing import Any, NamedTuple

import orjson
import yaml_rs

from apicheck.errors import UnreadableDocument
from apicheck.openapi.collection import collection_paused
from apicheck.openapi.json_positions import JsonPositions, first_duplicate
from apicheck.openapi.keys import key_text
from apicheck.openapi.positions import Positions
from apicheck.openapi.yaml_positions import YamlPositions
from apicheck.openapi.yaml_scalars import quoted

DEEPEST = 250
"""Levels of nesting. What reads or writes a document as JSON gives up soon after (orjson writes 254 levels)."""
MOST_ALIASED = 1_000_000
"""YAML nodes that aliases may repeat in all. Ten anchors that each hold ten aliases of the one before make 10^10."""

_ALIAS_LIMITS = yaml_rs.AliasLimits(max_total_replayed_events=MOST_ALIASED, max_replay_stack_depth=DEEPEST)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the start of it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZEROS = {"000x": "utf-32-be", "x000": "utf-32-le", "0x0x": "utf-16-be", "x0x0": "utf-16-le"}
_OPENING = re.compile(rb"\s*(.)", re.DOTALL)
_MARKUP = re.compile(rb"\s*<[!?a-zA-Z]")
_STEEP = re.compile(r"^[-?: \t]{500}", re.MULTILINE)
"""Five hundred columns of indentation."""
_DOCUMENT_START = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_YAML_CONTENT = re.compile(r"^(?!---\s*$|\.\.\.|%|\s*#|\s*$).", re.MULTILINE)
"""A line that is no comment, no directive and no mark between documents."""
_POSITION = re.compile(r"line (\d+), column (\d+)")


class Content(NamedTuple):
    """A file as read: its text as UTF-8 without byte order mark, what it says, and in JSON where everything stands."""

    text: bytes
    root: object
    json: JsonPositions | None = None

    @property
    def is_json(self) -> bool:
        """Whether it is written in JSON."""
        return self.json is not None

    @property
    def positions(self) -> Positions:
        """Where everything stands. Reads YAML again."""
        return self.json or YamlPositions(self.text.decode())


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
                _decoded(text, name)
                if name.lower().endswith(".json"):
                    problem = {"line": error.lineno, "column": error.colno, "problem": error.msg}
                    raise UnreadableDocument("document-syntax", name=name, **problem) from error
        return _yaml(text, name)


def _utf8(data: bytes, name: str) -> bytes:
    """The text as UTF-8. The other encodings that YAML 1.2 (5.2) and RFC 4627 (3) allow are told by the first four bytes."""
    encoding = next((encoding for start, encoding in _BYTE_ORDER_MARKS if data.startswith(start)), None)
    if encoding == "utf-8":
        data = data[len(codecs.BOM_UTF8) :]
    elif encoding is None:
        zeros = "".join("0" if byte == 0 else "x" for byte in data[:4])
        encoding = _ZEROS.get(zeros, "utf-8")
    if encoding != "utf-8":
        data = _decoded(data, name, encoding).encode()
    if b"\0" in data:
        raise UnreadableDocument("document-binary", name=name)
    return data


def _decoded(data: bytes, name: str, encoding: str = "utf-8") -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableDocument("document-encoding", name=name, line=line) from error


def _json(text: bytes, name: str) -> Content:
    """Read JSON. Of two members of one name orjson keeps the last in silence, so the names in the text are counted."""
    try:
        root = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if error.msg == "depth limit exceeded":
            raise UnreadableDocument("document-too-deep", name=name, deepest=DEEPEST) from error
        raise
    positions = JsonPositions(text.decode(), root, _members(root, name))
    if not positions.complete:
        _refuse_duplicate(positions, first_duplicate(text.decode()), name)
    return Content(text, root, positions)


def _members(root: object, name: str) -> dict[int, int]:
    """Count the members of each object and list, at any depth, by the ``id`` of it."""
    counted: dict[int, int] = {}

    def count(holder: dict[str, Any] | list[Any], depth: int) -> int:
        if depth > DEEPEST:
            raise UnreadableDocument("document-too-deep", name=name, deepest=DEEPEST)
        members, children = (len(holder), holder.values()) if isinstance(holder, dict) else (0, holder)
        for child in children:
            if type(child) is dict or type(child) is list:
                members += count(child, depth + 1)
        counted[id(holder)] = members
        return members

    if isinstance(root, dict | list):
        count(root, 1)
    return counted


def _refuse_duplicate(positions: Positions, duplicate: tuple[str, int] | None, name: str) -> None:
    if duplicate:
        key, offset = duplicate
        line, column = positions.line_and_column(offset)
        raise UnreadableDocument("document-duplicate-key", name=name, key=key, line=line, column=column)


def _yaml(text: bytes, name: str) -> Content:
    decoded = _decoded(text, name)
    if _STEEP.search(decoded):  # yaml_rs reads block collections by recursion, without a limit; each stands further to the right
        raise UnreadableDocument("document-too-deep", name=name, deepest=DEEPEST)
    try:
        root: object = yaml_rs.loads(quoted(decoded), parse_datetime=False, alias_limits=_ALIAS_LIMITS)
    except yaml_rs.YAMLDecodeError as error:
        raise _refusal(error, decoded, name) from error
    except TypeError as error:  # a set or a mapping cannot be a key of a dict
        raise UnreadableDocument("document-key-compound", name=name) from error
    if isinstance(root, list) and _are_several(decoded):
        raise UnreadableDocument("document-several", name=name)
    if root is None:
        raise UnreadableDocument("document-empty", name=name)
    return Content(text, _plain(root, name))


def _are_several(text: str) -> bool:
    """Say whether a text holds more than one YAML document, which the reader gives as a list: whether one starts behind content."""
    starts = [found.start() for found in _DOCUMENT_START.finditer(text)]
    return bool(starts) and _YAML_CONTENT.search(text, 0, starts[-1]) is not None


def _refusal(error: yaml_rs.YAMLDecodeError, text: str, name: str) -> UnreadableDocument:
    """What went wrong with YAML, in our words."""
    message = str(error)
    problem = message.rstrip().rpartition("\n")[2]
    if message.startswith("alias replay limit exceeded"):
        return UnreadableDocument("document-aliases", name=name, most=MOST_ALIASED)
    if message.startswith("alias replay stack depth exceeded") or problem == "recursion limit exceeded":
        return UnreadableDocument("document-too-deep", name=name, deepest=DEEPEST)
    if message.startswith("duplicate mapping key"):
        positions = YamlPositions(text)
        _refuse_duplicate(positions, positions.duplicate, name)
    at = _POSITION.search(message)
    if at is None:
        return UnreadableDocument("document-yaml", name=name, problem=problem)
    return UnreadableDocument("document-syntax", name=name, line=at[1], column=at[2], problem=problem)


def _plain(root: object, name: str) -> object:
    """Bring YAML down to what JSON knows, as orjson reads it: keys are strings, merge keys merged, large numbers floats.

    Raises:
        UnreadableDocument: it is nested deeper than ``DEEPEST``, or its keys cannot be told apart.
    """
    top = [root]
    level: list[dict[Any, Any] | list[Any]] = [top]
    for _ in range(DEEPEST + 1):
        below: list[dict[Any, Any] | list[Any]] = []
        for holder in level:
            for key, child in holder.items() if isinstance(holder, dict) else enumerate(holder):  # no key comes or goes on the way
                if type(child) is dict:
                    holder[key] = plain = _mapping(child, name)
                    below.append(plain)
                elif type(child) is list:
                    below.append(child)
                elif type(child) is set:  # !!set is a mapping to null (https://yaml.org/type/set.html)
                    holder[key] = dict.fromkeys(map(key_text, child))
                elif type(child) is int and not -(2**63) <= child < 2**64:
                    holder[key] = _large(child)
        if not below:
            return top[0]
        level = below
    raise UnreadableDocument("document-too-deep", name=name, deepest=DEEPEST)


def _large(number: int) -> float:
    """A number beyond 64 bits, as orjson reads it."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _mapping(value: dict[Any, Any], name: str) -> dict[str, Any]:
    """The same mapping with strings for keys, and with what its merge keys bring in."""
    if "<<" in value:
        value = _merged(value, name)
    if set(map(type, value)) == {str}:
        return value
    renamed = {key_text(key): child for key, child in value.items()}
    if len(renamed) != len(value):
        raise UnreadableDocument("document-keys-alike", name=name, keys=", ".join(map(key_text, value)))
    return renamed


def _merged(value: dict[Any, Any], name: str) -> dict[Any, Any]:
    """Merge ``<<`` (https://yaml.org/type/merge.html): YAML 1.1, yet documents use it. What stands in the mapping itself wins."""
    merged: dict[Any, Any] = {}
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
