"""Does ``apicheck lint --ruleset`` advise without touching a verdict, and stand in for ``spectral lint -f json``?"""

import json
from pathlib import Path

import pytest

from apicheck.resources import resource

from .conftest import Run

GOOD = str(resource("examples") / "gebouwen" / "openapi.yaml")
RULESET = """
extends: [[spectral:oas, off]]
rules:
  info-contact: error
  title-is-short:
    message: "{{value}} is too long"
    given: $.info.title
    then: {function: length, functionOptions: {max: 3}}
  own:
    given: $.info
    then: {function: ourOwnFunction}
"""
SWAGGER = 'swagger: "2.0"\ninfo:\n  title: Gebouwen\n  version: 1.0.0\npaths: {}\n'


@pytest.fixture
def ruleset(tmp_path: Path) -> str:
    (tmp_path / "rules.yaml").write_text(RULESET, "utf-8")
    (tmp_path / "swagger.yaml").write_text(SWAGGER, "utf-8")
    return "rules.yaml"


def test_it_prints_what_spectral_prints(run: Run, ruleset: str, tmp_path: Path) -> None:
    result = run("lint", "swagger.yaml", "--ruleset", ruleset, "--format", "spectral-json", "--lang", "en")
    source = str(tmp_path / "swagger.yaml")
    assert json.loads(result.out) == [
        {
            "code": "info-contact",
            "path": ["info"],
            "message": 'Info object must have "contact" object.',
            "severity": 0,
            "range": {"start": {"line": 1, "character": 5}, "end": {"line": 3, "character": 16}},
            "source": source,
        },
        {
            "code": "title-is-short",
            "path": ["info", "title"],
            "message": "Gebouwen is too long",
            "severity": 1,
            "range": {"start": {"line": 2, "character": 9}, "end": {"line": 2, "character": 17}},
            "source": source,
        },
    ]
    assert result.code == 1
    assert "own" in result.err
    assert "ourOwnFunction is JavaScript" in result.err


def test_a_rule_that_is_not_run_is_no_pass(run: Run, ruleset: str, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("rules: {own: {given: $, then: {function: ourOwn}}}", "utf-8")
    result = run("lint", "swagger.yaml", "--ruleset", "one.yaml", "--format", "spectral-json")
    assert (result.code, result.out) == (4, "[]\n")
    (tmp_path / "none.yaml").write_text("rules: {}", "utf-8")
    assert run("lint", "swagger.yaml", "--ruleset", "none.yaml", "--format", "spectral-json") == (0, "[]\n", "")


def test_it_touches_no_verdict(run: Run, ruleset: str, tmp_path: Path) -> None:
    alone = run("lint", GOOD, "--format", "json")
    beside = run("lint", GOOD, "--ruleset", ruleset, "--format", "json", "--format", "spectral-json=found.json")
    assert beside.code == alone.code == 0
    before, after = json.loads(alone.out), json.loads(beside.out)
    assert before["verdicts"] == after["verdicts"]
    assert before["conclusion"] == after["conclusion"]
    (outcome,) = after["rulesets"]
    assert outcome["name"] == "rules.yaml"
    assert len(outcome["digest"]) == 64
    assert {finding["rule"] for finding in outcome["findings"]} == {"title-is-short"}
    assert {entry["code"] for entry in json.loads((tmp_path / "found.json").read_text("utf-8"))} == {"title-is-short"}


def test_a_terminal_says_that_it_is_advice(run: Run, ruleset: str) -> None:
    result = run("lint", GOOD, "--ruleset", ruleset, "--ruleset", "spectral:oas", "--lang", "en")
    assert result.code == 0
    assert "warn  title-is-short" in result.out
    assert "not tested: own, for the function ourOwnFunction is JavaScript" in result.out
    assert "Ruleset rules.yaml, for information: no verdict rests on it. Found: 1 warn." in result.out
    assert "Ruleset spectral:oas, for information" in result.out


def test_a_summary_names_the_rules_that_were_not_run(run: Run, ruleset: str) -> None:
    result = run("lint", GOOD, "--ruleset", ruleset, "--format", "markdown", "--lang", "en")
    assert "Ruleset rules.yaml, for information: no verdict rests on it." in result.out
    assert "- not tested: own, for the function ourOwnFunction is JavaScript" in result.out


def test_a_page_shows_what_was_found_as_text_that_cannot_act(run: Run, ruleset: str, tmp_path: Path) -> None:
    rule = {"given": "$.info.title", "message": "<script>alert({{value}})</script>", "then": {"function": "falsy"}}
    (tmp_path / "hostile.yaml").write_text(json.dumps({"rules": {"r": rule}}), "utf-8")
    run(
        "lint",
        GOOD,
        "--ruleset",
        ruleset,
        "--ruleset",
        "hostile.yaml",
        "--format",
        "html=r.html",
        "--format",
        "markdown=r.md",
        "--lang",
        "en",
    )
    page = (tmp_path / "r.html").read_text("utf-8")
    assert 'id="rulesets"' in page
    assert "title-is-short" in page
    assert "&lt;script&gt;alert(" in page
    assert "<script>alert(" not in page
    assert "Ruleset rules.yaml, for information" in (tmp_path / "r.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["swagger.yaml", "--format", "spectral-json"], 2, "--ruleset"),
        (["swagger.yaml", "--format", "spectral-json", "--ruleset", "nowhere.yaml"], 4, "nowhere.yaml"),
        (["nowhere.yaml", "--format", "spectral-json", "--ruleset", "rules.yaml"], 4, "nowhere.yaml"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, ruleset: str, arguments: list[str], code: int, said: str) -> None:
    result = run("lint", *arguments)
    assert ruleset == "rules.yaml"
    assert (result.code, result.out) == (code, "")
    assert said in result.err


def test_standard_input_has_the_name_that_is_given(run: Run, ruleset: str, tmp_path: Path) -> None:
    arguments = ["--stdin-filename", "swagger.yaml", "--ruleset", ruleset, "--format", "spectral-json"]
    result = run("lint", "-", *arguments, stdin=SWAGGER.replace("Gebouwen", "Bos"))
    assert [(each["code"], each["source"]) for each in json.loads(result.out)] == [("info-contact", str(tmp_path / "swagger.yaml"))]
