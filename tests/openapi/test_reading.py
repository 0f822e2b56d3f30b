"""Does a document say the same, in whatever encoding and dialect it is written?"""

import hashlib
import json
import math
import re
from contextlib import suppress
from typing import Any

import pytest
import yaml_rs
from hypothesis import given
from hypothesis import strategies as st

from apicheck import openapi
from apicheck.errors import UnreadableDocument
from apicheck.openapi.keys import key_text
from apicheck.openapi.reading import content
from tests.openapi.documents import described, yaml

CORE = re.compile(r"[-+]?(?:[0-9]+|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)|0o[0-7]+|[-+]?0x[0-9a-fA-F]+")
"""A number in the core schema of YAML 1.2 (10.3.2); the reader also takes a sign before a hexadecimal one."""
SAID = described(paths={"/gebouwen/{id}": {"get": {"summary": "Één gebouw 😀"}}})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("write", [lambda value: json.dumps(value, ensure_ascii=False), yaml_rs.dumps, json.dumps])
def test_every_encoding_says_the_same(encoding: str, write: Any) -> None:
    text = write(SAID)
    document = openapi.parse(text.encode(encoding), "openapi.yaml")
    assert document.root == SAID
    location = document.locate(document.place("paths", "/gebouwen/{id}", "get", "summary"))
    assert location.line == text[: text.index("summary")].count("\n") + 1


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("2020-01-01", "2020-01-01"),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
        ("1.0.0", "1.0.0"),
        ("true", True),
        ("Null", None),
        ("~", None),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("!!str 12", "12"),
        ("!!python/object/apply:os.system ['exit 1']", ["exit 1"]),
        ("!Ref x", "x"),
        ("!!set {a, 1}", {"a": None, "1": None}),
        ('"\\ud83d\\ude00"', "😀"),
        ("|\r\n    a\r\n    b", "a\nb\n"),
    ],
)
def test_yaml_is_read_as_12_and_runs_nothing(written: str, value: object) -> None:
    assert yaml(f"x: {written}\n").root["x"] == value


@pytest.mark.parametrize("text", ["1_000", "_1", "1_", "0b1", "+1_2", "1e1_0", "-1_000.5", "0x1_F"])
def test_what_is_no_number_in_yaml_12_is_text(text: str) -> None:
    document = yaml(f"paths: {{}}\nx-a: [{text}, &x {text}, '{text}', 1]\nx-b:\n  {text}: |\n    {text}\n")
    assert document.root["x-a"] == [text, text, text, 1]
    assert document.root["x-b"] == {text: f"{text}\n"}
    location = document.locate(document.place("x-b", text))
    assert (location.line, location.column) == (document.content.text.count(b"\n") - 1, 3)


@given(st.text("01_xb.-+e", min_size=1, max_size=6))
def test_what_is_taken_for_a_number_is_one(text: str) -> None:
    with suppress(UnreadableDocument):
        root = content(f"a: [ {text} ]".encode(), "openapi.yaml").root
        number = root["a"][0] if isinstance(root, dict) and isinstance(root["a"], list) else None
        assert not isinstance(number, int | float) or CORE.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("a: 1\n---\nb: 2\n", True),
        ("---\na: 1\n---\n", True),
        ("--- [1]\n---\n- 1\n", True),
        ("%YAML 1.2\n# a\n---\n- 1\n- 2\n", False),
        ("- 1\n- '---'\n- |\n  ---\n", False),
        ("---\n- openapi: 3.0.3\n", False),
    ],
)
def test_a_list_is_told_from_several_documents(text: str, several: bool) -> None:  # noqa: FBT001  # a parameter of the test
    if several:
        with pytest.raises(UnreadableDocument, match="more than one YAML document"):
            content(text.encode(), "a.yaml")
    else:
        assert isinstance(content(text.encode(), "a.yaml").root, list)


def test_every_key_is_a_string() -> None:
    root = yaml("x: {200: a, 1.5: b, true: c, null: d, 2020-01-01: e, 1e2: f, .inf: g, ? [1, 2] : h}\n").root
    assert list(root["x"]) == ["200", "1.5", "true", "null", "2020-01-01", "100", "Infinity", "(1, 2)"]


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, -(2**64), 10**300])
def test_a_large_number_is_read_as_in_json(number: int) -> None:
    in_json = openapi.parse(json.dumps({"openapi": "3.0.3", "x": number}).encode(), "x").root["x"]
    in_yaml = yaml(f"x: {number}").root["x"]
    assert (in_yaml, type(in_yaml)) == (in_json, type(in_json))


def test_no_number_is_too_large_to_say() -> None:
    assert yaml("x: -" + "9" * 5_000).root["x"] == -math.inf


def test_a_key_reads_as_in_json() -> None:
    assert [key_text(key) for key in (200, 2.0, 2.5, True, None, "x")] == ["200", "2", "2.5", "true", "null", "x"]


def test_what_stands_in_a_mapping_wins_from_what_is_merged_in() -> None:
    root = yaml(
        "one: &one {a: 1, b: 1, c: 1}\n"
        "two: &two {<<: *one, b: 2, d: 2}\n"
        "x: {<<: *two, d: 3}\n"
        "y: {<<: [*two, {e: 4, a: 4}], c: 5}\n"
        "z: {<<: [], f: 6}\n"
    ).root
    assert root["x"] == {"a": 1, "b": 2, "c": 1, "d": 3}
    assert root["y"] == {"a": 1, "b": 2, "c": 5, "d": 2, "e": 4}
    assert root["z"] == {"f": 6}


def test_a_brace_may_open_yaml() -> None:
    assert openapi.parse(b"{openapi: 3.0.3, # a comment\n 'info': {}, }", "openapi.yaml").root == {"openapi": "3.0.3", "info": {}}


@pytest.mark.parametrize(
    ("stated", "version"),
    [("3.0.0", "3.0"), ("3.0.4", "3.0"), ("3.1.2", "3.1"), ("3.2.0", "3.2"), ("3.1", "3.1"), ("3.1.0-rc0", "3.1")],
)
def test_the_version_is_known(stated: str, version: str) -> None:
    assert openapi.parse(json.dumps({"openapi": stated, "swagger": "2.0"}).encode(), "x").version == version


def test_the_digest_is_that_of_the_bytes_as_fetched() -> None:
    data = b'\xef\xbb\xbf{"openapi": "3.0.3"}'
    assert openapi.parse(data, "x").digest == hashlib.sha256(data).hexdigest()


def test_the_deepest_nesting_that_is_read() -> None:
    levels = 248  # the root, and one below the last list for its content
    for text in ('{"openapi": "3.0.3", "x": ' + "[" * levels + "]" * levels + "}", "openapi: 3.0.3\nx:\n" + "- " * levels + "1\n"):
        assert openapi.parse(text.encode(), "x").version == "3.0"
