"""Is every place found exactly, and do the fast loader and the one with places agree on what a document says?"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml as pyyaml
import yaml_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from apicheck import openapi
from apicheck.errors import UnreadableDocument
from apicheck.openapi.reading import content
from apicheck.openapi.yaml_positions import YamlPositions

Tokens = tuple[str | int, ...]


def where(text: str, *tokens: str | int, name: str = "openapi.yaml") -> tuple[int, int]:
    document = openapi.parse(text.encode(), name)
    location = document.locate(document.place(*tokens))
    assert location.line is not None
    assert location.column is not None
    return location.line, location.column


JSON = """{
\t"openapi": "3.0.3",\t"info" : {"é😀": [1, {"a": "\\\\"}, [ ] , "x:y", null],
  "a\\u0062\\n\\"": {"b": {}}} }"""
YAML = """\
# é
openapi: 3.0.3
info:
  title: "één 😀"  # {a: 1}
  é😀: ja
  list:
  - one
  -   - two
      - b: 1
        c: {d: [e, {f: g}], "h": i}
  ? lang
  : waarde
  block: |
    title: none
      list: none
  200: status
  "200x": [ ]
  null: nil
  yes: ja
"""


@pytest.mark.parametrize(
    ("tokens", "place"),
    [
        ((), (1, 1)),
        (("openapi",), (2, 2)),
        (("info",), (2, 22)),
        (("info", "é😀"), (2, 32)),
        (("info", "é😀", 0), (2, 39)),
        (("info", "é😀", 1), (2, 42)),
        (("info", "é😀", 1, "a"), (2, 43)),
        (("info", "é😀", 2), (2, 55)),
        (("info", "é😀", 3), (2, 61)),
        (("info", "é😀", 4), (2, 68)),
        (("info", 'ab\n"'), (3, 3)),
        (("info", 'ab\n"', "b"), (3, 19)),
        (("info", "missing", "deep"), (2, 22)),
        (("info", "é😀", 9), (2, 32)),
        (("info", "é😀", 0, "below a number"), (2, 39)),
    ],
)
def test_places_in_json(tokens: Tokens, place: tuple[int, int]) -> None:
    assert where(JSON, *tokens, name="openapi.json") == place


@pytest.mark.parametrize(
    ("tokens", "place"),
    [
        ((), (2, 1)),
        (("openapi",), (2, 1)),
        (("info", "title"), (4, 3)),
        (("info", "é😀"), (5, 3)),
        (("info", "list"), (6, 3)),
        (("info", "list", 0), (7, 5)),
        (("info", "list", 1), (8, 7)),
        (("info", "list", 1, 0), (8, 9)),
        (("info", "list", 1, 1), (9, 9)),
        (("info", "list", 1, 1, "b"), (9, 9)),
        (("info", "list", 1, 1, "c", "d", 1, "f"), (10, 21)),
        (("info", "list", 1, 1, "c", "h"), (10, 29)),
        (("info", "lang"), (11, 5)),
        (("info", "block"), (13, 3)),
        (("info", "200"), (16, 3)),
        (("info", "200x"), (17, 3)),
        (("info", "null"), (18, 3)),
        (("info", "yes"), (19, 3)),
        (("info", "list", 7), (6, 3)),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_places_in_yaml(tokens: Tokens, place: tuple[int, int], line_end: str, start: str) -> None:
    assert where(start + YAML.replace("\n", line_end), *tokens) == place


def test_an_alias_stands_where_its_anchor_does() -> None:
    text = "openapi: 3.0.3\na: &a\n  b: 1\nc: *a\nd:\n- *a\ne: {<<: *a}\nf: {<<: [{x: 1}, *a]}\ng: &g k\n*g : {h: 1}\n"
    assert where(text, "c") == (4, 1)
    assert where(text, "c", "b") == (3, 3)
    assert where(text, "d", 0) == (6, 3)
    assert where(text, "d", 0, "b") == (3, 3)
    assert where(text, "e", "b") == (3, 3)
    assert where(text, "f", "b") == (3, 3)
    assert where(text, "k", "h") == (10, 7)


@pytest.mark.parametrize("strange", ["\x1b", "\x07", "\u2028", "\u2029", "\x85", "\ufeff", "\ufffe", "\x7f"])
def test_no_character_moves_a_place(strange: str) -> None:
    assert where(f"openapi: 3.0.3\nx: 'a{strange}b'\ny: {{z: 1}}\n", "y", "z") == (3, 5)
    assert where(f'{{"openapi": "3.0.3",\n"x": "{max(strange, " ")}", "y": 1}}', "y") == (2, 11)


def test_what_stands_before_a_mistake_still_has_its_place() -> None:
    text = "openapi: 3.0.3\nbefore: 1\nc: - \nafter: 1\n"
    positions = YamlPositions(text)
    assert positions.line_and_column(positions.offset(("before",))) == (2, 1)
    assert positions.line_and_column(positions.offset(("nowhere", "x"))) == (1, 1)


def test_a_long_string_of_escapes_takes_no_memory() -> None:
    text = json.dumps({"openapi": "3.0.3", "a": "\n" * 1_000_000, "b": 1})
    assert content(text.encode(), "openapi.json").positions.offset(("b",)) == text.index('"b"')


# What holds for every document

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
# yaml_rs writes a key over several lines so that it cannot read it back, and U+FFFE and U+FFFF as they are, which libyaml refuses.
in_keys = st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\ufffe\uffff")
keys = st.text(in_keys, max_size=8) | st.sampled_from(
    ["$ref", "200", "yes", "null", "~", "<<x", "- a", "? b", "a: b", "#c", "1e3", "0x1", "{", "é😀"]
)
documents = st.recursive(
    scalars,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(keys.filter(lambda key: key != "<<"), children, max_size=4),
    max_leaves=25,
)
WRITERS: dict[str, Callable[[Any], str]] = {
    "json": json.dumps,
    "json, indented": lambda value: json.dumps(value, indent="\t", ensure_ascii=False),
    "json, tight": lambda value: json.dumps(value, separators=(",", ":")),
    "yaml": lambda value: pyyaml.dump(value, allow_unicode=True, Dumper=pyyaml.CSafeDumper),
    "yaml, in flow style": lambda value: pyyaml.dump(value, default_flow_style=True, Dumper=pyyaml.CSafeDumper),
    "yaml, all quoted": lambda value: pyyaml.dump(
        value, default_style='"', allow_unicode=True, Dumper=pyyaml.CSafeDumper, width=20
    ),
    "yaml 1.2": yaml_rs.dumps,
}


def nodes(value: object, tokens: Tokens = ()) -> Iterator[tuple[Tokens, object]]:
    yield tokens, value
    if isinstance(value, dict | list):
        for token, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from nodes(child, (*tokens, token))


def found(positions: YamlPositions) -> Iterator[Tokens]:
    """Yield every place that the exact reader knows, as it comes upon them."""

    def below(collection: Any, tokens: Tokens) -> Iterator[Tokens]:
        for token in collection.offsets:
            yield (*tokens, token)
            if token in collection.below:
                yield from below(collection.below[token], (*tokens, token))

    return (tokens[1:] for tokens in below(positions._top, ()))


@pytest.mark.parametrize("writer", WRITERS)
@settings(max_examples=60, deadline=None)
@given(value=documents.map(lambda value: {"openapi": "3.0.3", "x": value}))
def test_both_ways_of_reading_agree(writer: str, value: dict[str, Any]) -> None:
    read = content(WRITERS[writer](value).encode(), "openapi")
    positions, places = read.positions, [tokens for tokens, _ in nodes(read.root)]
    assert read.is_json == writer.startswith("json")
    if isinstance(positions, YamlPositions):
        assert positions.duplicate is None
        assert list(found(positions)) == places
    offsets = [positions.offset(tokens) for tokens in places[1:]]
    assert offsets == sorted(offsets)


@settings(max_examples=100, deadline=None)
@given(documents, st.sampled_from([None, 1, "\t"]))
def test_at_every_place_in_json_stands_what_should(value: Any, indent: int | str | None) -> None:
    text = json.dumps([value], indent=indent, ensure_ascii=False)
    read = content(text.encode(), "openapi.json")
    positions = read.positions
    assert read.is_json
    for tokens, node in nodes(read.root):
        at_place, _ = json.JSONDecoder().raw_decode(text, positions.offset(tokens))
        assert at_place == (tokens[-1] if tokens and isinstance(tokens[-1], str) else node)


@settings(max_examples=200, deadline=None)
@given(
    keys.filter(str.isprintable).filter(lambda key: not key.startswith(("&", "{", "[")))
)  # a colon may be part of an anchor's name, or end it; a collection has no name
def test_a_bare_yaml_key_is_found_by_what_the_loader_makes_of_it(key: str) -> None:
    text = f"x:\n  {key}: {{b: 1}}\n"
    try:
        read = content(text.encode(), "openapi")
        list(pyyaml.parse(text, Loader=pyyaml.CBaseLoader))
    except (UnreadableDocument, pyyaml.YAMLError):
        return
    for tokens, _ in nodes(read.root):
        if tokens[-1:] == ("b",):
            assert text[read.positions.offset(tokens)] == "b"
