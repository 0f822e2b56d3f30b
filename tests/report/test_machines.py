"""Do build servers, code hosts and spreadsheets get what they expect?"""

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import junitparser
import pytest
from haralyzer import HarEntry, HarParser  # type: ignore[import-untyped]  # it has no types
from rdflib import RDF, Graph, Namespace

from apicheck.model import Level, Outcome, Source, Status, Text
from apicheck.report import csv_, earl, github, gitlab, har, junit, markdown, sarif
from tests.report import sample

SARIF = json.loads(Path(__file__).with_name("schemas").joinpath("sarif-2.1.0.json").read_text("utf-8"))
"""The schema of OASIS as SchemaStore keeps it (github.com/SchemaStore/schemastore, Apache-2.0)."""

EARL = Namespace("http://www.w3.org/ns/earl#")
HAR_ENTRY = {
    "": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"},
    "response": {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"},
    "timings": {"send", "wait", "receive"},
}
"""What HAR 1.2 asks of an entry and its parts."""


def earl_graph(data: str | bytes) -> Graph:
    """Return the triples as a reader of RDF that others wrote takes them from an export."""
    return Graph().parse(data=data, format="json-ld")


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
        cases = suite.findall("testcase")
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


@pytest.mark.parametrize("make", [sample.failing, sample.explained, sample.conforming, sample.lint_only])
def test_junit_is_read_by_a_reader_that_others_wrote(make: Any) -> None:
    suites: Any = junitparser.JUnitXml.fromstring(junit.render(make(), "nl"))
    told = (suites.tests, suites.failures, suites.errors, suites.skipped)
    suites.update_statistics()
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == told
    assert suites.tests == len(make().verdicts)


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


def test_a_check_of_ours_that_crashed_is_an_error_and_no_failure() -> None:
    why = Text(nl="De controle ging stuk.", en="The check broke down.")
    crashed = sample.evidence("lint:no-trailing-slash", Outcome.UNKNOWN, 0, reason=why).model_copy(update={"crashed": True})
    others = tuple(item for item in sample.LINT if item.check != crashed.check)
    root = ET.fromstring(junit.render(sample.make((*others, crashed), sources=(Source.LINT,), url=None), "en"))  # noqa: S314  # our own output
    errors = {str(case.get("name")).partition(" ")[0]: case.find("error") for case in root.iter("testcase")}
    broken = {rule: error for rule, error in errors.items() if error is not None}
    assert {rule: error.get("message") for rule, error in broken.items()} == {"/core/no-trailing-slash": why.en}
    assert root.get("errors") == "1"
    assert sum(int(suite.get("skipped", "")) for suite in root) == sum(1 for _ in root.iter("skipped"))


@pytest.mark.parametrize("make", [sample.failing, sample.explained, sample.crowded])
def test_gitlab_gets_an_issue_for_every_finding_of_every_rule(make: Any) -> None:
    issues = json.loads(gitlab.render(make(), "en"))
    rules = make().standard.rules
    counts = {(item.source, item.check): len(item.findings) for item in make().evidence if item.source is not Source.ATTEST}
    assert len(issues) == sum(counts.get((ref.source, ref.check), 0) for rule in rules for _, ref in rule.bindings)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1


def test_gitlab_is_shown_the_line_and_hears_that_a_must_is_critical() -> None:
    issues = json.loads(gitlab.render(sample.failing(), "en"))
    slash = next(issue for issue in issues if issue["description"] == "The path /eigenaren/ ends in a slash.")
    assert slash["location"] == {"path": "gebouwen.yaml", "lines": {"begin": 61}}
    assert slash["severity"] == "critical"
    assert "critical" not in {issue["severity"] for issue in json.loads(gitlab.render(sample.explained(), "en"))}


@pytest.mark.parametrize("make", [sample.failing, sample.explained, sample.conforming, sample.lint_only])
def test_earl_has_an_assertion_for_every_rule_and_basis(make: Any) -> None:
    graph = earl_graph(earl.render(make(), "en"))
    assertions = set(graph.subjects(RDF.type, EARL.Assertion))
    assert len(assertions) >= sum(max(1, len(verdict.basis)) for verdict in make().verdicts)
    for assertion in assertions:
        for name in ("assertedBy", "subject", "test", "mode", "result"):
            assert len(list(graph.objects(assertion, EARL[name]))) == 1
        assert graph.value(assertion, EARL.mode) in {EARL.automatic, EARL.manual}
    assert set(graph.objects(None, EARL.test)) == set(graph.subjects(RDF.type, EARL.TestRequirement))


def test_earl_says_what_failed_what_is_open_and_what_a_person_declared() -> None:
    report = sample.failing()
    graph = json.loads(earl.render(report, "en"))["@graph"]
    names = {node["@id"]: node["dct:identifier"] for node in graph if node.get("@type") == "earl:TestRequirement"}
    told = {
        (names[node["earl:test"]["@id"]], node["earl:mode"]["@id"], node["earl:result"]["earl:outcome"]["@id"])
        for node in graph
        if node.get("@type") == "earl:Assertion"
    }
    expected = {"pass": {"earl:passed"}, "fail": {"earl:failed"}, "not-applicable": {"earl:inapplicable"}}
    outcomes = {verdict.rule: expected.get(verdict.status, {"earl:untested", "earl:cantTell"}) for verdict in report.verdicts}
    assert all(outcome in outcomes[rule] for rule, _, outcome in told)
    assert {outcome for _, _, outcome in told} == {
        f"earl:{name}" for name in ("passed", "failed", "cantTell", "untested", "inapplicable")
    }
    assert ("/core/hide-implementation", "earl:manual", "earl:passed") in told


def test_har_is_read_by_a_reader_that_others_wrote() -> None:
    report = sample.failing()
    log = HarParser(json.loads(har.render(report, "en")))
    assert [entry["_id"] for entry in log.har_data["entries"]] == [exchange.id for exchange in report.exchanges]
    entries = [HarEntry(entry) for entry in log.har_data["entries"]]
    assert [(entry.request.method, entry.request.url, entry.status) for entry in entries] == [
        (exchange.method, exchange.url, exchange.status) for exchange in report.exchanges
    ]
    assert "[masked: 27]" in str(log.har_data)
    assert "512" in log.har_data["comment"]


@pytest.mark.parametrize("make", [sample.failing, sample.lint_only])
def test_har_has_everything_that_its_specification_asks(make: Any) -> None:
    log = json.loads(har.render(make(), "en"))["log"]
    assert set(log) >= {"version", "creator", "entries"}
    for entry in log["entries"]:
        for part, asked in HAR_ENTRY.items():
            assert set(entry[part] if part else entry) >= asked
        assert set(entry["response"]["content"]) >= {"size", "mimeType"}
        assert all(set(pair) == {"name", "value"} for pair in entry["request"]["headers"] + entry["request"]["queryString"])
        assert [name for name in entry if name.startswith("_")]
