"""Is what the engine reads the same document, with nothing left to fetch?"""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from apicheck.fuzz.known import Known, Values, grounds
from apicheck.fuzz.schema import for_engine
from apicheck.openapi import View, load
from apicheck.openapi.copying import BROUGHT_IN
from tests.fuzz.api import DOCUMENT, LIST, ONE, Reply, fuzzed, parsed, serving

OK: dict[str, Any] = {"responses": {"200": {"description": "ja"}}}


URL = "https://api.example.nl/v1"


def copied(document: dict[str, Any], values: Values | None = None) -> dict[str, Any]:
    read = parsed(document)
    operations = View(read).operations
    return for_engine(read, operations, grounds(read, operations, values or {}), URL)


def test_a_document_that_stands_alone_is_copied_as_it_is() -> None:
    copy = copied(DOCUMENT)
    assert copy.pop(BROUGHT_IN) == {"anything": {}}
    assert copy == DOCUMENT


def test_the_copy_shares_nothing_with_the_document() -> None:
    read = parsed(DOCUMENT)
    copy = for_engine(read, View(read).operations, {}, URL)
    copy["paths"]["/gebouwen"]["get"]["responses"].clear()
    assert read.root == DOCUMENT


def test_what_stands_in_other_files_is_brought_in(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(
        json.dumps(
            {
                **DOCUMENT,
                "paths": {
                    "/gebouwen": {"get": {"responses": {"200": {"$ref": "delen/antwoorden.json#/Lijst"}}}},
                    "/straten": {"$ref": "delen/straten.json"},
                },
            }
        )
    )
    (tmp_path / "delen").mkdir()
    (tmp_path / "delen" / "antwoorden.json").write_text(
        json.dumps(
            {
                "Lijst": {
                    "description": "de gebouwen",
                    "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/Pand"}}}},
                },
                "Pand": {
                    "type": "object",
                    "required": ["naam"],
                    "properties": {
                        "naam": {"$ref": "../openapi.json#/components/schemas/Gebouw/properties/naam"},
                        "buren": {"type": "array", "items": {"$ref": "antwoorden.json#/Pand"}},
                    },
                },
            }
        )
    )
    (tmp_path / "delen" / "straten.json").write_text(json.dumps({"get": OK}))
    document = load(str(tmp_path / "openapi.json"))
    text = json.dumps(for_engine(document, View(document).operations, {}, URL))
    assert ".json" not in text.replace("application/json", "")
    with serving(lambda _: Reply(200, [{"naam": 3}])) as api:
        seen = fuzzed(api.url, document, requests=40)
    assert seen.answered() == {"GET /gebouwen", "GET /straten"}
    assert "#/0/naam: type" in seen.observation("response-matches-schema", "GET /gebouwen").message.en


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return whereto this process makes connections."""
    made: list[Any] = []
    connect = socket.socket.connect

    def note(self: socket.socket, address: Any) -> None:
        made.append(address)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", note)
    return made


def test_nothing_is_fetched_and_only_what_needs_it_goes_untested(connections: list[Any]) -> None:
    with serving(lambda _: Reply(200, {})) as elsewhere, serving(lambda _: Reply(200, {})) as api:
        remote = f"{elsewhere.url}/schema.json"
        body = {"application/json": {"schema": {"$ref": f"{remote}#/Gebouw"}}}
        typed = {"200": {"description": "ja", "content": {"application/json": {"schema": {"$schema": remote, "type": "object"}}}}}
        parameter = {
            "name": "id",
            "in": "query",
            "schema": {"type": "string"},
            "examples": {"ver": {"externalValue": f"{elsewhere.url}/voorbeeld"}},
        }
        document = {
            **DOCUMENT,
            "openapi": "3.1.0",
            "paths": {
                "/weg": {"get": {"parameters": [{"$ref": f"{remote}#/Parameter"}], **OK}},
                "/antwoord": {"get": {"responses": {"200": {"description": "ja", "content": body}}}},
                "/bestand": {"get": {"parameters": [{"$ref": "file:///etc/passwd"}], **OK}},
                "/voorbeeld": {"get": {"parameters": [parameter], "responses": typed}},
            },
        }
        seen = fuzzed(api.url, document, requests=100)
        port = int(api.url.rpartition(":")[2].partition("/")[0])
    assert {address[1] for address in connections} == {port}
    assert not elsewhere.requests
    assert "GET /voorbeeld" in seen.answered()
    for operation in ("GET /weg", "GET /bestand"):
        assert seen.why(operation).startswith("The schema of this operation cannot be used")


@pytest.mark.parametrize(
    ("schema", "known", "examples"),
    [
        ({"type": "integer"}, ["7"], [7]),
        ({"type": "integer"}, ["7", "zeven", "8"], [7, 8]),
        ({"type": "string"}, ["7"], ["7"]),
        ({"type": "number"}, ["7.5"], [7.5]),
        ({"type": ["integer", "null"]}, ["7"], [7]),
        ({"$ref": "#/components/schemas/Gebouw/properties/id"}, ["7"], [7]),
        ({"type": "array", "items": {"type": "integer"}}, ["7,8"], [[7, 8]]),
        ({"type": "integer"}, ["zeven"], ["x"]),
        ({}, ["7"], ["7"]),
    ],
)
def test_a_known_value_becomes_an_example_of_its_type(schema: dict[str, Any], known: list[str], examples: list[Any]) -> None:
    parameters = [{"name": "id", "in": "path", "required": True, "schema": schema, "examples": {"oud": {"value": "x"}}}]
    document = {**DOCUMENT, "openapi": "3.1.0", "paths": {"/gebouwen/{id}": {"parameters": parameters, "get": OK}}}
    values = {ONE: Known({"id": known, "straat": ["?"]})}
    (parameter,) = copied(document, values)["paths"]["/gebouwen/{id}"]["get"]["parameters"]
    assert [example["value"] for example in parameter["examples"].values()] == examples


def test_a_known_body_becomes_the_example_of_it_in_json_only() -> None:
    schema = {"$ref": "#/components/schemas/Gebouw"}
    content = {"application/json": {"schema": schema, "example": {"id": 1}}, "text/csv": {"schema": {"type": "string"}}}
    create = {"requestBody": {"$ref": "#/components/requestBodies/Gebouw"}, **OK}
    components = {**DOCUMENT["components"], "requestBodies": {"Gebouw": {"required": True, "content": content}}}
    document = {**DOCUMENT, "paths": {"/gebouwen": {"post": create}}, "components": components}
    body = {"id": 7, "naam": "Toets", "link": "https://www.example.org/eigen"}
    copy = copied(document, {"POST /gebouwen": Known(body=body)})["paths"]["/gebouwen"]["post"]["requestBody"]
    assert copy == {
        "required": True,
        "content": {
            "application/json": {"schema": schema, "examples": {"known-1": {"value": body}}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }


def test_a_response_that_is_described_elsewhere_may_be_anything_and_a_request_is_not_made_up() -> None:
    elsewhere = {"$ref": "https://example.org/parts.json#/x"}
    document = {
        **DOCUMENT,
        "paths": {
            "/gebouwen": {"get": {"responses": {"200": elsewhere}}},
            "/panden": {"get": {"parameters": [elsewhere], "responses": {"200": {"description": "ja"}}}},
        },
    }
    with serving(lambda request: Reply(200)) as server:
        seen = fuzzed(server.url, document)
    assert "GET /gebouwen" in seen.answered()
    assert [unreached.operation for unreached in seen.result.unreached] == ["GET /panden"]
    assert seen.result.observations == ()


def test_a_link_that_is_given_as_a_value_leads_nowhere_or_to_the_api_itself() -> None:
    own, other = f"{URL}/gebouwen/7", "https://user@www.example.org:8443/pad?a=b"
    schema = {"type": "string", "default": other, "enum": [other], "description": other}
    examples = {"eigen": {"value": own}, "ander": {"value": {"link": other, "tekst": f"zie {other}"}}}
    parameter = {"name": "bron", "in": "query", "schema": schema, "examples": examples}
    paths = {"/gebouwen": {"get": {"parameters": [parameter], **OK}}}
    (copy,) = copied({**DOCUMENT, "paths": paths})["paths"]["/gebouwen"]["get"]["parameters"]
    dead = "https://example.invalid/pad?a=b"
    assert copy["schema"] == {"type": "string", "default": dead, "enum": [other], "description": other}
    assert copy["examples"]["eigen"]["value"] == own
    assert copy["examples"]["ander"]["value"] == {"link": dead, "tekst": f"zie {other}"}


def test_a_link_that_is_known_to_work_is_sent_as_it_is_and_one_beside_it_leads_nowhere() -> None:
    known = "https://www.example.org/pad"
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}, "example": "https://elders.nl/"} for name in "ab"]
    paths = {"/gebouwen": {"get": {"parameters": parameters, **OK}}}
    one, other = copied({**DOCUMENT, "paths": paths}, {LIST: Known({"a": [known]})})["paths"]["/gebouwen"]["get"]["parameters"]
    assert one["examples"] == {"known-1": {"value": known}}
    assert other["example"] == "https://example.invalid/"
