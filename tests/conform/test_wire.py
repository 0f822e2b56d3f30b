"""Does ``apicheck check`` hold a running API against the standard of its domain, and not against what its vendor made of that?"""

import json
from pathlib import Path
from typing import Any

import pytest

from apicheck.conform import LINT_CHECK, PROBE_CHECK, Benchmark
from apicheck.conform.compare import compare
from apicheck.conform.wire import ReferenceApi
from apicheck.openapi import View
from tests.cli.conftest import Run
from tests.conform.documents import document
from tests.conform.vendor import STANDARD, UUID, deviant, faithful, serving

Json = dict[str, Any]
QUICK = ("--max-requests", "60", "--max-time", "4", "--rate", "1000")


def check(run: Run, folder: Path, described: Json, served: Json, *more: str) -> tuple[Json, str]:
    """Return the report and what the screen says of an API that describes itself in one way and answers in another."""
    (folder / "standaard.json").write_text(json.dumps(STANDARD, indent=1), "utf-8")
    (folder / "leverancier.json").write_text(json.dumps(described, indent=1), "utf-8")
    with serving(served) as url:
        result = run("check", "leverancier.json", "--url", url, "--conforms-to", "standaard.json", *QUICK, *more)
    report: Json = json.loads((folder / "apicheck-report" / "report.json").read_text("utf-8"))
    return report, result.out


def outcomes(report: Json) -> dict[str, str]:
    return {item["check"]: item["outcome"] for item in report["evidence"] if item["check"] in {LINT_CHECK, PROBE_CHECK}}


def findings(report: Json, check: str) -> list[Json]:
    return [finding for item in report["evidence"] if item["check"] == check for finding in item["findings"]]


def test_a_vendor_who_follows_the_standard_conforms_whatever_things_are_called(run: Run, tmp_path: Path) -> None:
    report, screen = check(run, tmp_path, faithful(), faithful())
    assert outcomes(report) == {LINT_CHECK: "met", PROBE_CHECK: "met"}
    assert report["reference"]["title"] == "Zaken (standaard)"
    assert "Gelegd naast Zaken (standaard) 1.2.0" in " ".join(screen.split())
    assert report["coverage"]["answered"] == 3


def test_a_vendor_who_reads_the_standard_otherwise_is_told_which_client_breaks(run: Run, tmp_path: Path) -> None:
    report, screen = check(run, tmp_path, deviant(), deviant(), "--profile", "nieuw")
    assert {verdict["rule"]: verdict["status"] for verdict in report["verdicts"]}["/cg/1a"] == "fail"
    assert "een client breekt die daarvoor is gemaakt: 3." in " ".join(screen.split())
    assert outcomes(report) == {LINT_CHECK: "violated", PROBE_CHECK: "violated"}
    assert {finding["message"]["nl"] for finding in findings(report, LINT_CHECK)} == {
        "Een client die de parameter organisatie (query) weglaat, zoals de referentie toestaat, wordt geweigerd.",
        "Een client die rekent op registratiedatum in Zaak, kan die missen: hier is deze eigenschap niet verplicht.",
        'Een client die de waarden kent die Status volgens de referentie kan hebben, kan een andere krijgen: "geparkeerd".',
    }
    (wire,) = findings(report, PROBE_CHECK)
    assert "/results/* (required)" in wire["message"]["nl"]
    assert "/results/*/status (enum)" in wire["message"]["nl"]
    assert wire["operation"] == "GET /v1/zaken"
    assert "geparkeerd" not in wire["message"]["nl"], "a value may be personal"


def test_a_document_that_says_the_right_thing_does_not_hide_what_is_sent(run: Run, tmp_path: Path) -> None:
    report, _ = check(run, tmp_path, faithful(), deviant())
    assert outcomes(report) == {LINT_CHECK: "met", PROBE_CHECK: "violated"}


def test_the_standard_is_what_is_fuzzed(run: Run, tmp_path: Path) -> None:
    described = faithful()
    del described["paths"]["/v1/zaken/{id}"]["get"]["responses"]["404"]
    report, _ = check(run, tmp_path, described, faithful())
    seen = {(item["check"], item["operation"]) for item in report["robustness"]}
    assert ("status-documented", "GET /v1/zaken/{uuid}") not in seen  # the standard knows the 404


def test_a_document_alone_can_be_held_against_a_standard(run: Run, tmp_path: Path) -> None:
    (tmp_path / "standaard.json").write_text(json.dumps(STANDARD), "utf-8")
    (tmp_path / "leverancier.json").write_text(json.dumps(deviant()), "utf-8")
    result = run("lint", "leverancier.json", "--conforms-to", "standaard.json", "--format", "json")
    assert outcomes(json.loads(result.out)) == {LINT_CHECK: "violated"}


def test_a_standard_that_cannot_be_read_is_no_fault_of_the_api(run: Run, tmp_path: Path) -> None:
    (tmp_path / "leverancier.json").write_text(json.dumps(faithful()), "utf-8")
    result = run("lint", "leverancier.json", "--conforms-to", "er-is-niets.json")
    assert result.code == 4
    assert "er-is-niets.json" in result.err


def document_of(described: Json) -> Any:
    return document(described["openapi"], **{key: value for key, value in described.items() if key != "openapi"})


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/v1/zaken", "GET /v1/zaken"),
        ("GET", f"/v1/zaken/{UUID}", "GET /v1/zaken/{uuid}"),
        ("GET", "/zaken", None),
        ("POST", "/v1/zaken", None),
        ("GET", f"/v1/zaken/{UUID}/status", None),
    ],
)
def test_a_request_finds_the_operation_of_the_standard(method: str, path: str, name: str | None) -> None:
    api = ReferenceApi(Benchmark(document_of(STANDARD)), View(document_of(faithful())))
    found = api.operation(method, path)
    assert (found.name if found else None) == name
    assert api.names == {"GET /v1/zaken": "GET /v1/zaken", "GET /v1/zaken/{uuid}": "GET /v1/zaken/{id}"}
    assert api.values({"GET /v1/zaken/{id}": {"id": UUID}})["GET /v1/zaken/{uuid}"] == {"uuid": UUID}


@pytest.mark.parametrize(
    ("schema", "value", "broken"),
    [
        ({"type": "string", "nullable": True}, None, False),
        ({"type": "string"}, None, True),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, 0, True),
        ({"oneOf": [{"type": "string"}, {"type": "string", "maxLength": 9}]}, "beide", False),
        ({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "writeOnly": True}}}, {}, False),
        ({"type": "string", "format": "date"}, "gisteren", True),
        ({"type": "string", "format": "uri"}, "", False),
        ({"$ref": "#/components/schemas/Knoop"}, {"kind": {"kind": {}}}, False),
        ({"$ref": "#/components/schemas/Knoop"}, {"kind": {"kind": 1}}, True),
    ],
)
def test_a_body_is_held_against_what_the_standard_says(schema: Json, value: Any, broken: bool) -> None:  # noqa: FBT001  # a case
    content = {"application/json": {"schema": schema}}
    node = {"type": "object", "properties": {"kind": {"$ref": "#/components/schemas/Knoop"}}}
    described = document(
        paths={"/zaken": {"get": {"responses": {"200": {"description": "", "content": content}}}}},
        components={"schemas": {"Knoop": node}},
    )
    api = ReferenceApi(Benchmark(described), View(described))
    operation = api.view.operations[0]
    answer = api.promised(operation, 200)
    assert answer
    media_type = api.media_type(answer, "application/json")
    assert media_type
    assert bool(api.breaches(media_type, value)) is broken


def test_the_two_sides_of_a_vendor_are_compared_by_meaning() -> None:
    assert [difference.effect.value for difference in compare(document_of(faithful()), document_of(STANDARD)).differences] == [
        "harmless",
        "harmless",
    ]
