"""Does a finding stand where Spectral has it: behind references, and to the character?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apicheck.openapi import Source
from apicheck.openapi.ranges import Ranges, has_odd_keys
from apicheck.openapi.reading import content
from apicheck.openapi.source import read
from apicheck.rulesets import consult
from tests.rulesets.documents import inspected, outcome

YAML = """\
a:
  b: "x"   # a word
  c: |
    one
    two

  d: {e: 1, f: [2, {g: 3}]}
  h:
  i: []
200: plain words
<<: {merged: 1}
"""


@pytest.mark.parametrize(
    ("keys", "start", "end"),
    [
        ((), (0, 0), (10, 14)),
        (("a",), (0, 2), (8, 7)),
        (("a", "b"), (1, 5), (1, 8)),
        (("a", "c"), (2, 5), (5, 0)),
        (("a", "d"), (6, 4), (6, 24)),
        (("a", "d", "f", 1, "g"), (6, 23), (6, 24)),
        (("a", "h"), (7, 4), (7, 4)),
        (("a", "i"), (8, 4), (8, 7)),
        (("a", "nothing", "below"), (0, 2), (8, 7)),
        (("200",), (9, 5), (9, 16)),
    ],
)
def test_ranges_of_yaml(keys: tuple[str | int, ...], start: tuple[int, int], end: tuple[int, int]) -> None:
    found = Ranges(content(YAML.encode(), "x.yaml")).of(keys)
    assert (tuple(found.start), tuple(found.end)) == (start, end)


def test_ranges_of_json_are_those_of_yaml() -> None:
    text = b'{\n  "a": [1, {"\\u0062": "x"}, []],\n  "c": {}\n}\n'
    as_json = Ranges(content(text, "x.json"))
    found = {keys: as_json.of(keys) for keys in ((), ("a",), ("a", 1), ("a", 1, "b"), ("a", 2), ("c",))}
    assert {keys: (tuple(each.start), tuple(each.end)) for keys, each in found.items()} == {
        (): ((0, 0), (2, 9)),
        ("a",): ((1, 6), (1, 30)),
        ("a", 1): ((1, 11), (1, 25)),
        ("a", 1, "b"): ((1, 22), (1, 25)),
        ("a", 2): ((1, 28), (1, 30)),
        ("c",): ((2, 6), (2, 9)),
    }


def test_keys_that_are_no_text() -> None:
    read_ = content(b"200: a\nx: {true: b, ~: c}\n'404': d\n", "x.yaml")
    assert has_odd_keys(read_)
    assert [(key.keys, key.kind) for key in Ranges(read_).odd_keys] == [
        (("200",), "number"),
        (("x", "true"), "boolean"),
        (("x", "~"), "null"),
    ]


def found_at(folder: Path, given: str, document: Any) -> list[str]:
    rules = {"r": {"given": given, "then": {"function": "falsy"}}}
    return sorted("/".join(finding.keys) for finding in outcome(folder, {"rules": rules}, document).findings)


def test_what_is_shared_is_told_once_where_it_is_defined(tmp_path: Path) -> None:
    document = {"defs": {"a": {"x": 1}}, "one": {"$ref": "#/defs/a"}, "two": {"$ref": "#/defs/a"}}
    assert found_at(tmp_path, "$..x", document) == ["defs/a/x"]
    assert found_at(tmp_path, "$.one", document) == ["defs/a"]


def test_what_stands_beside_a_reference_is_told_there_too(tmp_path: Path) -> None:
    document = {"defs": {"a": {"x": 1}, "b": {"p": {"$ref": "#/defs/a", "y": 2}}}, "one": {"$ref": "#/defs/b"}}
    assert found_at(tmp_path, "$..p", document) == ["defs/a", "defs/b/p"]


def test_a_circle_is_left_as_it_is_written() -> None:
    document = inspected({"defs": {"a": {"b": {"$ref": "#/defs/b"}}, "b": {"a": {"$ref": "#/defs/a"}}}, "x": {"$ref": "#/defs/a"}})
    assert document.resolved["x"] is document.resolved["defs"]["a"]
    assert document.resolved["defs"]["a"] == {"b": {"$ref": "#/defs/b"}}


def test_a_long_chain_of_references_is_followed() -> None:
    chain = {f"d{n}": {"$ref": f"#/d{n + 1}"} for n in range(3000)}
    assert inspected({**chain, "d3000": {"x": 1}}).resolved["d0"] == {"x": 1}


def test_other_files_are_followed_and_named(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_text("x: {$ref: 'parts/one.yaml#/a'}\ny: {$ref: '../out.yaml'}\nz: {$ref: '#/nope'}\n", "utf-8")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "one.yaml").write_text("a:\n  t: word\n", "utf-8")
    (tmp_path / "r.yaml").write_text("rules: {r: {given: $.x.t, then: {function: falsy}}}", "utf-8")
    findings = consult(read(str(tmp_path / "main.yaml")), [str(tmp_path / "r.yaml")])[0].findings
    assert [(each.rule, each.location.file, each.location.pointer, each.location.line) for each in findings] == [
        ("invalid-ref", "main.yaml", "/y/$ref", 2),
        ("invalid-ref", "main.yaml", "/z/$ref", 3),
        ("r", "parts/one.yaml", "/a/t", 2),
    ]


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr("socket.socket.connect", refuse)
    (tmp_path / "r.yaml").write_text("extends: spectral:oas", "utf-8")
    source = Source("x.json", b'{"openapi": "3.1.0", "paths": {"/": {"$ref": "https://example.nl/x.yaml"}}}')
    found = consult(source, [str(tmp_path / "r.yaml")])[0].findings
    assert "https://example.nl/x.yaml is not followed (ref-elsewhere)" in {each.message for each in found}
