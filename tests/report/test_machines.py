"""Do build servers, code hosts and spreadsheets get what they expect?"""

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from apicheck.model import Level, Status
from apicheck.report import csv_, github, junit, markdown, sarif
from tests.report import sample

SARIF = json.loads(Path(__file__).with_name("schemas").joinpath("sarif-2.1.0.json").read_text("utf-8"))
"""The schema of OASIS as SchemaStore keeps it (github.com/SchemaStore/schemastore, Apache-2.0)."""


@pytest.mark.parametrize("make", [sample.failing, sample.explained, sample.conforming, sample.lint_only])
def test_sarif_is_as_its_schema_says(make: Any) -> None:
    log = json.loads(sarif.render(make(), "nl"))
    assert [error.message for error in jsonschema_rs.validator_for(SARIF).iter_errors(log)] == []


def test_sarif_points_at_the_line_and_keeps_its_fingerprint() -> None:
    run = json.loads(sarif.render(sample.failing(), "en"))["runs"][0]
    slash = next(result for result in run["results"] if result["properties"]["check"] == "lint:no-trailing-slash")
    assert slash["level"] == "error"
    assert slash["locations"][0]["physicalLocation"]["region"] == {"startLine": 61, "startColumn": 3}
    assert slash["partialFingerprints"] == {"apicheck/v1": "0c6f5a4be2d7"}
    assert run["tool"]["driver"]["rules"][slash["ruleIndex"]]["id"] == slash["ruleId"] == "/core/no-trailing-slash"


def test_sarif_says_what_could_not_be_established() -> None:
    run = json.loads(sarif.render(sample.failing(), "en"))["runs"][0]
    told = {note["associatedRule"]["id"] for note in run["invocations"][0]["toolExecutionNotifications"]}
    assert told == {verdict.rule for verdict in sample.failing().verdicts if verdict.status is Status.OPEN}


def test_junit_counts_what_it_holds_and_passes_nothing_that_was_not_tested() -> None:
    root = ET.fromstring(junit.render(sample.failing(), "en"))  # noqa: S314  # our own output
    passed = []
    for suite in root:
        cases = list(suite)
        assert int(suite.get("tests", "")) == len(cases)
        assert int(suite.get("failures", "")) == sum(case.find("failure") is not None for case in cases)
        assert int(suite.get("skipped", "")) == sum(case.find("skipped") is not None for case in cases)
        passed += [str(case.get("name")).partition(" ")[0] for case in cases if not list(case)]
    tested = [
        verdict.rule for verdict in sample.failing().verdicts if verdict.status is Status.PASS and "attest" not in verdict.basis
    ]
    assert passed == tested


def test_junit_fails_on_what_is_mandatory_only() -> None:
    root = ET.fromstring(junit.render(sample.failing(), "en"))  # noqa: S314  # our own output
    failed = {str(case.get("name")).partition(" ")[0] for case in root.iter("testcase") if case.find("failure") is not None}
    verdicts = sample.failing().verdicts
    assert failed == {one.rule for one in verdicts if one.status is Status.FAIL and one.level is Level.MUST}


def test_what_the_buyer_accepted_fails_no_build_and_stays_in_sight() -> None:
    root = ET.fromstring(junit.render(sample.explained(), "en"))  # noqa: S314  # our own output
    assert root.get("failures") == "0"
    run = json.loads(sarif.render(sample.explained(), "en"))["runs"][0]
    assert [one["status"] for result in run["results"] for one in result["suppressions"]] == ["accepted"]
    assert "::error" not in github.render(sample.explained(), "en")
    assert "/core/no-trailing-slash" in github.render(sample.explained(), "en")


def test_a_sheet_has_a_row_for_every_rule_and_a_cell_for_every_column() -> None:
    for language, delimiter in (("nl", ";"), ("en", ",")):
        text = csv_.render(sample.failing(), language).decode("utf-8-sig")  # type: ignore[arg-type]  # mypy widens the literals
        head, *rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        assert tuple(head) == csv_.COLUMNS
        assert all(len(row) == len(head) for row in rows)
        assert {row[0] for row in rows} == {verdict.rule for verdict in sample.failing().verdicts}


def test_github_gets_ten_annotations_of_a_kind_and_hears_of_the_rest() -> None:
    lines = github.render(sample.many(5_000), "en").splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert lines[-2].startswith("12 of 5,00")
    assert lines[-1] == "Does not conform: 3 mandatory requirements are not met"


def test_the_summary_fits_on_a_screen() -> None:
    assert len(markdown.render(sample.many(5_000), "nl").splitlines()) < 60
