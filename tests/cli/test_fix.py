"""Do mends mend, and does nothing else in the text change?"""

from __future__ import annotations

import json
import re
import subprocess
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from apicheck import catalogue
from apicheck.errors import UnreadableDocument
from apicheck.mending import mend, patch
from apicheck.openapi import load, parse
from apicheck.openapi.insertion import Piece, with_pieces
from apicheck.openapi.patch import unified
from tests.lint.corpus import ABSENT, CORPUS, documents

from .conftest import Run

YAML = """\
openapi: 3.0.3
info:
  # what it is about
  title: Gebouwen   # short
  version: 1.0.0
servers: [{url: "https://api.example.nl/v1"}]
paths:
  /gebouwen:
    get:
      parameters:
        - {in: query, name: naam, schema: {type: string}}
      responses:
        "200":
          description: 'ok'
"""


def test_yaml_keeps_its_comments_order_and_style(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(YAML)
    patch = run("fix", "api.yaml", "--dry-run", "--lang", "en")
    assert patch.code == 0
    assert (tmp_path / "api.yaml").read_text() == YAML
    assert all(not line.startswith("-") or line.startswith("---") for line in patch.out.splitlines())
    assert run("fix", "api.yaml").code == 0
    mended = (tmp_path / "api.yaml").read_text()
    assert [line for line in mended.splitlines() if line in YAML.splitlines()] == YAML.splitlines()
    report = json.loads(run("lint", "api.yaml", "--format", "json").out)
    failing = {verdict["rule"] for verdict in report["verdicts"] if verdict["status"] == "fail"}
    assert failing == {"/core/doc-openapi-contact"}  # a place for a contact is no contact


def test_the_patch_is_one_that_others_take(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(YAML.rstrip("\n"))
    patch = run("fix", "api.yaml", "--dry-run").out
    subprocess.run(["patch", "api.yaml"], input=patch, text=True, cwd=tmp_path, check=True, capture_output=True)
    by_patch = (tmp_path / "api.yaml").read_text()
    (tmp_path / "api.yaml").write_text(YAML.rstrip("\n"))
    run("fix", "api.yaml")
    assert (tmp_path / "api.yaml").read_text() == by_patch


def test_a_body_of_another_kind_is_not_changed(run: Run, tmp_path: Path) -> None:
    other = "openapi: 3.0.3\ninfo: {title: x, version: 1.0.0}\npaths:\n  /a:\n    get:\n      responses:\n        default:\n"
    (tmp_path / "api.yaml").write_text(
        f"{other}          description: no\n          content:\n            text/plain:\n              schema: {{}}\n"
    )
    assert "problem+json" not in run("fix", "api.yaml", "--dry-run").out


def test_what_stands_twice_by_an_alias_is_left_alone(run: Run, tmp_path: Path) -> None:
    text = YAML.replace("description: 'ok'", "&ok\n            description: 'ok'").replace('"200":\n          &ok', '"200": &ok')
    (tmp_path / "api.yaml").write_text(f'{text}        "201": *ok\n')
    result = run("fix", "api.yaml", "--lang", "en")
    assert result.code == 4
    assert "without changing more" in result.err
    assert (tmp_path / "api.yaml").read_text() == f'{text}        "201": *ok\n'


def test_twice_mended_is_once_mended(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(YAML)
    run("fix", "api.yaml")
    once = (tmp_path / "api.yaml").read_text()
    run("fix", "api.yaml")
    assert (tmp_path / "api.yaml").read_text() == once


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json_is_mended_in_place(run: Run, tmp_path: Path, indent: int | str | None) -> None:
    response = {"200": {"description": "ok"}, "404": {"description": "no"}}
    spec = {"openapi": "3.0.3", "info": {"title": "x", "version": "1.0.0"}, "paths": {"/a": {"get": {"responses": response}}}}
    (tmp_path / "api.json").write_text(json.dumps(spec, indent=indent))
    assert run("fix", "api.json").code == 0
    mended = json.loads((tmp_path / "api.json").read_text())
    found = mended["paths"]["/a"]["get"]["responses"]
    assert found["200"]["headers"] == {"API-Version": {"$ref": "#/components/headers/API-Version"}}
    assert "application/problem+json" in found["404"]["content"]
    assert set(mended["components"]) == {"headers", "schemas"}


def test_windows_line_ends_stay(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_bytes(YAML.replace("\n", "\r\n").encode())
    run("fix", "api.yaml")
    mended = (tmp_path / "api.yaml").read_bytes()
    assert mended.count(b"\n") == mended.count(b"\r\n") > YAML.count("\n")


def test_what_is_no_file_is_refused(run: Run) -> None:
    result = run("fix", "-", stdin=YAML)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)


@pytest.mark.skipif(not CORPUS.exists(), reason=ABSENT)
def test_in_real_documents_only_what_is_new_is_new() -> None:
    mended = 0
    for name, file in documents("dutch"):
        try:
            document = load(str(file))
            new = mend(document, catalogue.load())
        except UnreadableDocument:
            continue  # no OpenAPI 3, or nothing that can be mended without changing more
        lines = iter(new.text.splitlines())
        if not document.content.is_json:
            assert all(line in lines for line in document.content.text.decode().splitlines()), name
        mended += bool(new.findings)
    assert mended > 5


def compared(name: str, before: str, after: str) -> str:
    """The patch that comes of comparing the two texts."""
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (before, after))
    lines = unified_diff(old, new, name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def changed(patch: str) -> int:
    """How many lines a patch takes out or puts in."""
    return sum(line[:1] in {"-", "+"} for line in patch.split("\n"))


def test_the_patch_is_that_of_a_comparison() -> None:
    document = parse(YAML.encode(), "api.yaml")
    mended = mend(document, catalogue.load())
    assert patch(document, mended) == compared("api.yaml", YAML, mended.text)


responses = st.dictionaries(
    st.sampled_from(("200", "201", "404", "default")),
    st.sampled_from(
        (
            {"description": "ok"},
            {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}},
            {"headers": {"X-A": {"schema": {"type": "string"}}}, "description": "no"},
        )
    ),
    min_size=1,
)


@given(
    st.lists(st.tuples(st.sampled_from(("get", "put", "delete")), responses), min_size=1, max_size=3),
    st.sampled_from((None, 1, 2, "\t")),
    st.booleans(),
)
def test_the_patch_changes_no_more_than_that_of_a_comparison(
    operations: list[Any],
    indent: int | str | None,
    as_yaml: bool,  # noqa: FBT001  # drawn
) -> None:
    paths = {f"/a{number}": {method: {"responses": found}} for number, (method, found) in enumerate(operations)}
    spec = {"openapi": "3.0.3", "info": {"title": "x", "version": "1.0.0"}, "paths": paths}
    text = json.dumps(spec, indent=indent)
    text = yaml.safe_dump(json.loads(text), sort_keys=False) if as_yaml else text
    document = parse(text.encode(), "api.yaml")
    mended = mend(document, catalogue.load())
    assert changed(patch(document, mended)) <= changed(compared("api.yaml", text, mended.text))


lines = st.lists(st.sampled_from(("a", "b", "", "  c\r", "\x0cd\u2028")), max_size=12).map("\n".join)


@given(lines, st.lists(st.tuples(st.integers(0, 30), st.sampled_from(("x", "x\n", "\nx", "x\ny\n", "b\n"))), max_size=4))
def test_a_patch_puts_in_what_was_put_in(text: str, put_in: list[tuple[int, str]]) -> None:
    pieces = sorted((Piece(min(offset, len(text)), piece) for offset, piece in put_in), key=lambda piece: piece.offset)
    wanted = with_pieces(text, pieces)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "api.yaml"
        file.write_text(text, "utf-8", newline="")
        if text and wanted != text:
            apply = ["git", "apply", "-p0", "--whitespace=nowarn", "-"]
            subprocess.run(apply, input=unified("api.yaml", text, pieces).encode(), cwd=folder, check=True, capture_output=True)
            assert file.read_bytes().decode() == wanted


@given(st.dictionaries(st.text(max_size=8), st.none() | st.booleans() | st.text(max_size=8) | st.just({}), max_size=4))
def test_whatever_stands_beside_it_stays(beside: dict[str, object]) -> None:
    info = {"title": "x", "version": "1.0.0", **{f"x-{key}": value for key, value in beside.items()}}
    spec = {"openapi": "3.0.3", "info": info, "paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}}}
    mended = orjson.loads(mend(parse(orjson.dumps(spec), "api.json"), catalogue.load()).text)
    assert {key: value for key, value in mended["info"].items() if key != "contact"} == info
