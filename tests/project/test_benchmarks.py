"""Is what the benchmark times what it says it times?"""

import sys
from typing import Any

import orjson

from apicheck import openapi
from benchmarks.documents import grown, tangled
from benchmarks.processes import Cost, once
from benchmarks.reports import large

SMALL: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Gebouwen", "version": "1.0.0"},
    "paths": {
        "/gebouwen": {
            "get": {
                "operationId": "gebouwen",
                "responses": {
                    "200": {
                        "description": "x",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Gebouw"}}},
                    }
                },
            }
        }
    },
    "components": {"schemas": {"Gebouw": {"properties": {"deel": {"$ref": "#/components/schemas/Gebouw"}}}}},
}


def test_a_grown_document_holds_so_many_copies_that_refer_to_themselves() -> None:
    document = openapi.parse(orjson.dumps(grown(SMALL, 3)), "grown.json")
    assert len(document.root["paths"]) == 3
    assert sorted(document.root["components"]["schemas"]) == ["Gebouw_0", "Gebouw_1", "Gebouw_2"]
    assert document.root["components"]["schemas"]["Gebouw_2"]["properties"]["deel"] == {"$ref": "#/components/schemas/Gebouw_2"}
    assert not document.broken


def test_a_tangled_document_refers_in_one_cycle() -> None:
    document = openapi.parse(orjson.dumps(tangled(20)), "tangled.json")
    assert not document.broken
    assert len(openapi.View(document).schemas) > 20 * 10


def test_a_process_that_fails_has_no_cost() -> None:
    assert once([sys.executable, "-c", "raise SystemExit(4)"]) == "exit 4"
    assert isinstance(once([sys.executable, "-c", "raise SystemExit(1)"]), Cost), "a linter that found something"


def test_a_large_report_holds_so_many_findings_and_an_exchange_for_each_that_was_seen_live() -> None:
    report = large(500)
    findings = [finding for evidence in report.evidence for finding in evidence.findings]
    assert len(findings) >= 500
    assert {finding.exchange for finding in findings if finding.exchange} == {exchange.id for exchange in report.exchanges}
