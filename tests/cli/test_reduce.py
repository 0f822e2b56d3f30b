"""Is the reduced document small, and does it still show the finding?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck import catalogue
from apicheck.demo import planted_faults, written_document
from apicheck.openapi import parse
from apicheck.reduction import reduce

from .conftest import Run

FAULT = next(fault for fault in planted_faults() if fault.name == "query-key-in-snake-case")


def test_the_smallest_document_still_shows_the_finding(run: Run, tmp_path: Path) -> None:
    with written_document([FAULT]) as document:
        result = run("reduce", str(document), "lint:query-keys-camel-case")
        whole = document.read_text("utf-8")
    assert result.code == 0
    assert len(result.out) < 600 < len(whole)
    (tmp_path / "small.json").write_text(result.out)
    assert "page_size" in run("lint", "small.json").out


def test_a_finding_is_named_by_its_id_or_by_a_rule(run: Run) -> None:
    with written_document([FAULT]) as document:
        report = json.loads(run("lint", str(document), "--format", "json").out)
        found = next(one for one in report["evidence"] if one["check"] == "query-keys-camel-case")
        by_id = run("reduce", str(document), found["findings"][0]["id"])
        by_rule = run("reduce", str(document), "/core/query-keys-camel-case")
        nothing = run("reduce", str(document), "/core/no-trailing-slash")
    assert by_id.out == by_rule.out
    assert (nothing.code, nothing.out, nothing.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("other", ["paths.json", "missing.json"])
def test_what_stands_in_other_files_is_brought_in(run: Run, tmp_path: Path, other: str) -> None:
    (tmp_path / "paths.json").write_text('{"get": {"parameters": [{"in": "query", "name": "page_size", "schema": {}}]}}')
    paths = {"/gebouwen": {"$ref": "paths.json"}, "/panden": {"$ref": other}}
    spec = {"openapi": "3.0.3", "info": {"title": "x", "version": "1.0.0"}, "paths": paths}
    (tmp_path / "openapi.json").write_text(json.dumps(spec))
    result = run("reduce", "openapi.json", "query-keys-camel-case")
    assert "page_size" in result.out
    assert ".json" not in result.out


@given(st.dictionaries(st.text(max_size=5), st.recursive(st.none() | st.text(), st.lists), max_size=4))
def test_whatever_else_a_document_holds_goes(extra: dict[str, object]) -> None:
    more = {f"x-{key}": value for key, value in extra.items()}
    spec = {"openapi": "3.0.3", "info": {"title": "x", "version": "1.0.0"}, "paths": {"/gebouw_delen": {}}, **more}
    smallest = reduce(parse(json.dumps(spec).encode(), "openapi.json"), catalogue.load(), "path-segments-kebab-case")
    assert smallest == {"openapi": "3.0.3", "paths": {"/gebouw_delen": {}}}
