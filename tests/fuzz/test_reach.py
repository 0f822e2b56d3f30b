"""Is it told of every operation why it was not reached?"""

from __future__ import annotations

from typing import Any

import pytest

from apicheck.model import Outcome
from tests.fuzz.api import DOCUMENT, LIST, ONE, Reply, fuzzed, serving

OK: dict[str, Any] = {"responses": {"200": {"description": "ja"}}}


def query(schema: Any) -> dict[str, Any]:
    return {"get": {"parameters": [{"name": "q", "in": "query", "required": True, "schema": schema}], **OK}}


def test_what_the_engine_cannot_do_is_told_per_operation() -> None:
    document = {
        **DOCUMENT,
        "paths": {
            "/goed": {"get": OK},
            "/onmogelijk": query({"type": "integer", "minimum": 5, "maximum": 3}),
            "/nergens": query({"$ref": "#/components/schemas/Weg"}),
            "/schrijft": {"put": OK},
            "/kapot": {"get": {"parameters": "geen lijst", **OK}},
        },
    }
    with serving(lambda request: Reply(200 if request.path == "/goed" else 400, {})) as api:
        seen = fuzzed(api.url, document, requests=200)
    assert seen.answered() == {"GET /goed"}
    told = {unreached.operation: unreached.reason.en for unreached in seen.result.unreached}
    assert told["PUT /schrijft"] == "This writes (PUT), and this run only reads."
    assert told["GET /onmogelijk"] == "No value satisfies the schema of this operation, so no request could be made."
    assert told["GET /nergens"].startswith("The schema of this operation cannot be used")
    assert told["GET /kapot"].startswith("The schema of this operation cannot be used")


def test_answers_that_are_no_good_are_told_as_they_were() -> None:
    with serving(lambda request: Reply(404 if request.path == "/gebouwen" else 302, {})) as api:
        seen = fuzzed(api.url, requests=60)
    assert seen.why(LIST).startswith("The API rejected every request (404). Probably no valid value was known")
    assert seen.why(ONE) == "The API never gave a good answer (only 302)."
    assert seen.reached() == {LIST, ONE}


def test_a_document_without_operations_is_no_trouble() -> None:
    seen = fuzzed("http://127.0.0.1:1/v1", {**DOCUMENT, "paths": {}})
    assert not seen.exchanges
    assert seen.result.stopped is None
    assert not seen.result.unreached


@pytest.mark.parametrize("components", [3, {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}])
def test_a_document_that_is_wrong_all_over_is_no_fault_of_the_api(components: object) -> None:
    with serving() as api:
        seen = fuzzed(api.url, {**DOCUMENT, "components": components}, requests=20)
    assert ("no-server-error", LIST) not in seen.observed()


def test_a_document_that_breaks_the_engine_ends_the_run_undecided() -> None:
    schemas: dict[str, Any] = {f"S{number}": {"$ref": f"#/components/schemas/S{number + 1}"} for number in range(3000)}
    paths = {"/gebouwen": query({"$ref": "#/components/schemas/S0"})}
    seen = fuzzed("http://127.0.0.1:1/v1", {**DOCUMENT, "paths": paths, "components": {"schemas": schemas}})
    assert seen.result.stopped is not None
    assert "RecursionError" in seen.result.stopped.en
    assert {evidence.outcome for evidence in seen.result.evidence} == {Outcome.UNKNOWN}
    assert seen.why(LIST) == seen.result.stopped.en
