"""Are the values of the owner used where they belong, and is a draft of them a file that can be used?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck import testdata
from apicheck.errors import WrongUse
from apicheck.probe import reach
from apicheck.suggestion import draft
from apicheck.testdata import TestData, at
from tests.probe.conftest import BASE_URL, Api, describe, get, parameter, reply


def read(folder: Path, text: str) -> TestData:
    file = folder / "testdata.yaml"
    file.write_text(text)
    return testdata.read(file)


def test_what_is_said_of_an_operation_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEBOUW", "0363-x")
    data = read(
        tmp_path,
        """
parameters: {id: env:GEBOUW, jaar: 1900, leeg: true}
operations:
  GET /gebouwen/{id}: {parameters: {id: ["a", "b"], jaar: {from: GET /jaren, pointer: /0/jaar}}}
  POST /gebouwen: {body: {naam: Toets, delen: [{code: env:GEBOUW, aantal: 2}]}}
""",
    )
    assert list(data.values("GET /gebouwen/{id}", "id")) == ["a", "b", "0363-x"]
    assert list(data.values("DELETE /gebouwen/{id}", "id")) == ["0363-x"]
    assert list(data.values("GET /gebouwen/{id}", "jaar", {"GET /jaren": [{"jaar": 1950}]}.get)) == ["1950", "1900"]
    assert list(data.values("GET /gebouwen/{id}", "jaar")) == ["1900"]
    assert list(data.values("GET /x", "leeg")) == ["true"]
    assert data.body("POST /gebouwen") == {"naam": "Toets", "delen": [{"code": "0363-x", "aantal": 2}]}
    assert list(data.known({"id": "9"}).values("GET /x", "id")) == ["9"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parameters: {id: env:BESTAAT_NIET}", "BESTAAT_NIET"),
        ("operations: {POST /x: {body: {a: [env:BESTAAT_NIET]}}}", "BESTAAT_NIET"),
        ("paramaters: {id: 1}", "paramaters"),
        ("parameters: {id: {from: GET /x}}", "pointer"),
        ("parameters: {id: {from: GET /x, pointer: id}}", "pointer"),
        ("{", "testdata.yaml"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WrongUse) as refused:
        read(tmp_path, text)
    assert said in refused.value.explain().nl


@given(
    st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)),
    st.text(),
)
def test_a_pointer_leads_somewhere_or_nowhere_and_never_breaks(value: Any, pointer: str) -> None:
    at(value, pointer)


def test_a_value_from_a_list_reaches_an_operation() -> None:
    paths = {"/lijst": get(), "/dingen/{code}": get(None, parameter("code", "path", example="oud"))}
    answers = {"GET /lijst": reply(200, {"rijen": [{"k": "nieuw"}]}), "GET /dingen/nieuw": reply(200, {})}
    api = Api(describe(paths), answers)
    data = TestData.model_validate({"parameters": {"code": {"from": "GET /lijst", "pointer": "/rijen/0/k"}}})
    with api.client() as client:
        assert reach(api.document, client, data).reached["GET /dingen/{code}"].url == f"{BASE_URL}/dingen/nieuw"
    assert api.asked == ["GET /lijst", "GET /dingen/nieuw"]


LINKED = {
    "/personen": {
        "get": {
            "responses": {
                "200": {
                    "description": "ok",
                    "links": {"een": {"operationId": "een", "parameters": {"path.nr": "$response.body#/0/nr"}}},
                }
            }
        }
    },
    "/personen/{nr}": {
        "get": {"operationId": "een", "parameters": [parameter("nr", "path")], "responses": {}},
        "put": {
            "parameters": [parameter("nr", "path"), parameter("reden", "header", required=True, example='Toets: "ja"\n# nee')],
            "responses": {},
        },
        "delete": {"parameters": [parameter("nr", "path"), parameter("zeker", required=True)], "responses": {}},
    },
}


def test_a_draft_holds_what_the_document_says(tmp_path: Path) -> None:
    text = draft(describe(LINKED), "nl")
    data = read(tmp_path, text)
    assert list(data.values("GET /personen/{nr}", "nr", {"GET /personen": [{"nr": 3}]}.get)) == ["3"]
    assert list(data.values("PUT /personen/{nr}", "reden")) == ['Toets: "ja"\n# nee']
    assert '# "zeker": vul in' in text


def test_a_draft_holds_where_the_running_api_has_its_ids(tmp_path: Path) -> None:
    paths = {
        "/dingen": get(),
        "/dingen/{code}": get(None, parameter("code", "path")) | {"delete": {"parameters": [parameter("code", "path")]}},
    }
    api = Api(describe(paths), {"GET /dingen": reply(200, {"a": [{"code": "x/y"}]}), "GET /dingen/x%2Fy": reply(200, {})})
    with api.client() as client:
        data = read(tmp_path, draft(api.document, "nl", reach(api.document, client)))
    for operation in ("GET /dingen/{code}", "DELETE /dingen/{code}"):
        assert list(data.values(operation, "code", {"GET /dingen": {"a": [{"code": "z"}]}}.get)) == ["z"]


def test_nothing_to_fill_in_is_said_and_can_be_read(tmp_path: Path) -> None:
    assert read(tmp_path, draft(describe({"/a": get()}), "en")) == TestData()
