"""Does a maker hear only of what is new, while nothing that was there is hidden?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .conftest import Run

IGNORE = "x-apicheck-ignore"
RULE = "/core/path-segments-kebab-case"


def document(**paths: Any) -> str:
    info = {"title": "x", "version": "1.0.0", "contact": {"name": "n", "email": "a@example.nl"}}
    servers = [{"url": "https://api.example.nl/v1"}]
    return json.dumps(
        {"openapi": "3.0.3", "info": info, "servers": servers, "paths": {f"/{name}": item for name, item in paths.items()}}
    )


def item(**fields: Any) -> dict[str, Any]:
    response = {"description": "x", "headers": {"API-Version": {"schema": {"type": "string"}}}}
    return {"get": {"responses": {"200": response}}, **fields}


def kebab(report: dict[str, Any]) -> list[dict[str, Any]]:
    found = next(evidence for evidence in report["evidence"] if evidence["check"] == "path-segments-kebab-case")
    findings: list[dict[str, Any]] = found["findings"]
    return findings


def test_what_the_document_tolerates_is_shown_and_counted_and_lets_lint_pass(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(document(old_path=item(**{IGNORE: {RULE: "goes with v2"}})))
    result = run("lint", "api.json", "--lang", "en")
    assert result.code == 0
    assert "old_path" in result.out
    assert "tolerated: goes with v2" in result.out
    assert "1 tolerated" in result.out
    report = json.loads(run("lint", "api.json", "--format", "json").out)
    verdict = next(verdict for verdict in report["verdicts"] if verdict["rule"] == RULE)
    assert (verdict["status"], report["conclusion"]) == ("fail", "fails")


def test_it_holds_at_and_below_its_place_and_for_its_own_rule_only(run: Run, tmp_path: Path) -> None:
    paths = {"old_path": item(**{IGNORE: {"/core/no-trailing-slash": "other rule"}}), "new_path": item()}
    (tmp_path / "api.json").write_text(document(**paths))
    result = run("lint", "api.json", "--lang", "en")
    assert result.code == 1
    assert "tolerates what is not there" in result.out
    spec = json.loads(document(old_path=item(), new_path=item()))
    spec["paths"][IGNORE] = {"lint:path-segments-kebab-case": "all of them"}
    (tmp_path / "api.json").write_text(json.dumps(spec))
    assert run("lint", "api.json").code == 0


def test_without_a_reason_nothing_is_tolerated(run: Run, tmp_path: Path) -> None:
    for said in ({RULE: ""}, {RULE: None}, {"no-such-rule": "because"}, "everything"):
        (tmp_path / "api.json").write_text(document(old_path=item(**{IGNORE: said})))
        result = run("lint", "api.json", "--lang", "en")
        assert result.code == 1
        assert "tolerates nothing" in result.out


def test_a_baseline_lets_only_what_is_new_fail(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(document(old_path=item()))
    written = run("baseline", "api.json", "--reason", 'was "there"', "--until", "2999-12-31")
    (tmp_path / "known.yaml").write_text(written.out)
    known = run("lint", "api.json", "--baseline", "known.yaml", "--lang", "en")
    assert known.code == 0
    assert 'tolerated until 2999-12-31: was "there"' in known.out
    (tmp_path / "api.json").write_text(document(old_path=item(), new_path=item()))
    report = json.loads(run("lint", "api.json", "--baseline", "known.yaml", "--format", "json").out)
    assert [finding["tolerated"] is not None for finding in kebab(report)] == [True, False]
    assert run("lint", "api.json", "--baseline", "known.yaml").code == 1


def test_a_baseline_ends_and_what_is_mended_leaves_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(document(old_path=item()))
    (tmp_path / "known.yaml").write_text(run("baseline", "api.json", "--reason", "r", "--until", "2020-01-01").out)
    over = run("lint", "api.json", "--baseline", "known.yaml", "--lang", "en")
    assert over.code == 1
    assert "That time is over" in over.out
    (tmp_path / "api.json").write_text(document(path=item()))
    gone = run("lint", "api.json", "--baseline", "known.yaml", "--lang", "en")
    assert gone.code == 0
    assert "is gone" in gone.out


def test_an_unusable_baseline_gets_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(document(path=item()))
    (tmp_path / "known.yaml").write_text("findings: [{id: a}]")
    for name in ("known.yaml", "nowhere.yaml"):
        result = run("lint", "api.json", "--baseline", name)
        assert (result.code, result.out, result.err.count("\n")) == (4, "", 1)


def test_a_code_host_hears_that_it_is_tolerated(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(document(old_path=item(**{IGNORE: {RULE: "goes with v2"}})))
    log = json.loads(run("lint", "api.json", "--format", "sarif").out)
    results = [result for result in log["runs"][0]["results"] if result["ruleId"] == RULE]
    assert [suppression["justification"] for result in results for suppression in result["suppressions"]] == ["goes with v2"]
