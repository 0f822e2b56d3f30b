"""Do mends mend, and does nothing else in the text change?"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck import catalogue
from apicheck.errors import UnreadableDocument
from apicheck.mending import mend
from apicheck.openapi import load, parse
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


@given(st.dictionaries(st.text(max_size=8), st.none() | st.booleans() | st.text(max_size=8) | st.just({}), max_size=4))
def test_whatever_stands_beside_it_stays(beside: dict[str, object]) -> None:
    info = {"title": "x", "version": "1.0.0", **{f"x-{key}": value for key, value in beside.items()}}
    spec = {"openapi": "3.0.3", "info": info, "paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}}}
    mended = orjson.loads(mend(parse(orjson.dumps(spec), "api.json"), catalogue.load()).text)
    assert {key: value for key, value in mended["info"].items() if key != "contact"} == info
