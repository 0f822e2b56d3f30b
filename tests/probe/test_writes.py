"""Is it found what an API does wrong when it is written to, and is nothing touched but what the run made itself?"""

from __future__ import annotations

import math
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck.leave import Leave
from apicheck.model import Mode, Outcome
from apicheck.openapi import View
from apicheck.openapi.validation import Validation
from apicheck.probe import Client, LiveApi, reach
from apicheck.probe.samples import sample
from apicheck.testdata import TestData
from tests.probe.conftest import BASE_URL, describe, get, parameter, put

SCHEMA = {
    "type": "object",
    "required": ["naam", "jaar"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "naam": {"type": "string"},
        "jaar": {"type": "integer", "minimum": 1900},
    },
}
BODY = {"content": {"application/json": {"schema": SCHEMA}}}
NOTHING: dict[str, Any] = {"responses": {}}
PATHS = {
    "/gebouwen": get() | {"post": {"requestBody": BODY, **NOTHING}},
    "/gebouwen/{id}": get(None, parameter("id", "path"))
    | {"put": {"requestBody": BODY, **NOTHING}, "delete": NOTHING, "parameters": [parameter("id", "path")]},
}


class Buildings:
    """An API with buildings in it that were there before, and one fault, by its name."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.buildings: dict[str, dict[str, Any]] = {"1": {"id": 1, "naam": "Stadhuis", "jaar": 1950}}
        self.before = dict(self.buildings)
        self.gone: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        status, body, headers = self.answer(request.method, request.url.path.removeprefix("/v1"), request.content)
        content = b"" if body is None else orjson.dumps(body)
        return httpx.Response(status, headers={"Content-Type": "application/json", **headers}, stream=httpx.ByteStream(content))

    def answer(self, method: str, path: str, content: bytes) -> tuple[int, Any, dict[str, str]]:
        key = path.rpartition("/")[2]
        if path == "/gebouwen":
            return self.create(orjson.loads(content)) if method == "POST" else (200, list(self.buildings.values()), {})
        if key not in self.buildings:
            return 500 if self.fault == "delete-again" and key in self.gone else 404, {}, {}
        if method == "DELETE":
            if self.fault != "not-deleted":
                self.gone.add(key)
                del self.buildings[key]
            return 204, None, {}
        if method == "PUT":
            return self.change(key, orjson.loads(content))
        return 200, self.buildings[key], {}

    def create(self, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        key = str(max(map(int, [*self.buildings, *self.gone, "1"])) + 1)
        if self.fault == "refuses-ids" and "id" in body:
            return 400, {}, {}
        if self.fault == "own-ids":
            body = {name: value for name, value in body.items() if name != "id"}
        if self.fault != "not-created":
            self.buildings[key] = {"id": int(key), **body}
        if self.fault == "says-200":
            return 200, self.buildings[key], {}
        location = "/v1/gebouwen/1" if self.fault == "points-elsewhere" else f"/v1/gebouwen/{key}"
        return 201, None if self.fault == "points-elsewhere" else {"id": int(key)}, {"Location": location}

    def change(self, key: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        if self.fault == "put-once" and self.buildings[key].get("changed"):
            return 400, {}, {}
        if self.fault == "adds-up":
            body = {**body, "jaar": self.buildings[key]["jaar"] + 1}
        if self.fault != "not-changed":
            self.buildings[key] = {"id": int(key), **body, "changed": True}
        return 412 if self.fault == "if-match" else 200, {}, {}


def live(buildings: Buildings, mode: Mode = Mode.SAFE_WRITE, schema: Any = None) -> LiveApi:
    leave = Leave(BASE_URL, mode, ["/gebouwen"])
    client = Client(BASE_URL, rate=math.inf, transport=httpx.MockTransport(buildings), leave=leave)
    paths = orjson.loads(orjson.dumps(PATHS).replace(orjson.dumps(SCHEMA), orjson.dumps(schema))) if schema else PATHS
    return reach(describe(paths), client)


QUESTIONS = ("written-is-read", "put-repeatable", "delete-repeatable")


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_api_that_does_it_right_is_met(name: str) -> None:
    buildings = Buildings()
    api = live(buildings)
    found = put(name, api)
    assert (found.outcome, found.reason) == (Outcome.MET, None)
    assert {key: buildings.buildings[key] for key in buildings.before} == buildings.before
    assert not api.client.leave.trespasses


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("written-is-read", "not-created"),
        ("written-is-read", "not-changed"),
        ("put-repeatable", "put-once"),
        ("put-repeatable", "adds-up"),
        ("delete-repeatable", "delete-again"),
        ("delete-repeatable", "not-deleted"),
    ],
)
def test_what_goes_wrong_is_found(name: str, fault: str) -> None:
    assert put(name, live(Buildings(fault))).outcome is Outcome.VIOLATED


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("fault", ["says-200", "points-elsewhere", "if-match"])
def test_what_cannot_be_told_is_doubted_and_nothing_of_others_is_touched(name: str, fault: str) -> None:
    buildings = Buildings(fault)
    found = put(name, live(buildings))
    assert found.outcome is (Outcome.MET if (name, fault) == ("delete-repeatable", "if-match") else Outcome.UNKNOWN)
    assert {key: buildings.buildings.get(key) for key in buildings.before} == buildings.before


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [("", Outcome.VIOLATED), ("own-ids", Outcome.MET), ("refuses-ids", Outcome.MET), ("says-200", Outcome.UNKNOWN)],
)
def test_what_can_only_be_read_is_not_taken_from_a_request(fault: str, outcome: Outcome) -> None:
    buildings = Buildings(fault)
    assert put("read-only-kept", live(buildings)).outcome is outcome
    assert {key: buildings.buildings[key] for key in buildings.before} == buildings.before


def test_where_all_that_is_read_may_be_written_nothing_is_tried() -> None:
    schema = {"type": "object", "properties": {"naam": {"type": "string"}}}
    assert put("read-only-kept", live(Buildings(), schema=schema)).outcome is Outcome.VACUOUS
    assert put("read-only-kept", live(Buildings(), Mode.READ_ONLY)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_run_that_only_reads_writes_nothing_and_says_so(name: str) -> None:
    buildings = Buildings()
    found = put(name, live(buildings, Mode.READ_ONLY))
    assert found.outcome is Outcome.UNKNOWN
    assert buildings.buildings == buildings.before


def test_where_no_body_is_known_none_is_sent() -> None:
    schema = {"type": "object", "required": ["naam"], "properties": {"naam": {"type": "string", "pattern": "^[0-9]{4}[A-Z]{2}$"}}}
    buildings = Buildings()
    found = put("put-repeatable", live(buildings, schema=schema))
    assert found.outcome is Outcome.UNKNOWN
    assert "testdata.yaml" in found.reason.nl if found.reason else ""
    assert buildings.buildings == buildings.before


SCHEMAS = st.recursive(
    st.sampled_from([{"type": kind} for kind in ("string", "integer", "number", "boolean", "null")])
    | st.builds(lambda least: {"type": "string", "minLength": least, "maxLength": least + 3}, st.integers(0, 20))
    | st.builds(lambda least: {"type": "integer", "minimum": least}, st.integers(-5, 2000))
    | st.sampled_from([{"enum": ["a", "b"]}, {"type": "string", "format": "date"}, {"const": 3}, {}, {"$ref": "#/x"}, True]),
    lambda inner: (
        st.builds(lambda one: {"type": "array", "items": one, "minItems": 1}, inner)
        | st.builds(lambda of: {"type": "object", "properties": of, "required": list(of)}, st.dictionaries(st.text("abc"), inner))
        | st.builds(lambda parts: {"allOf": parts}, st.lists(inner, max_size=2))
        | st.builds(lambda parts: {"oneOf": parts}, st.lists(inner, max_size=2))
    ),
    max_leaves=8,
)


@given(SCHEMAS)
def test_a_body_that_is_made_up_fits_its_schema(schema: Any) -> None:
    document = describe({"/x": {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": {}}}})
    (operation,) = View(document).operations
    value = sample(document, operation, TestData())
    media_type = operation.request_body.media_types[0] if operation.request_body else None
    if value is not None and media_type and media_type.schema:
        assert Validation(document, "request").fits(media_type.schema.value, media_type.schema.place, value)


def test_the_body_of_the_owner_goes_first_and_then_an_example() -> None:
    content = {
        "application/json": {
            "schema": SCHEMA,
            "examples": {"fout": {"value": {"jaar": 1}}, "goed": {"value": {"naam": "x", "jaar": 1901}}},
        }
    }
    document = describe({"/x": {"post": {"requestBody": {"content": content}, "responses": {}}}})
    (operation,) = View(document).operations
    assert sample(document, operation, TestData()) == {"naam": "x", "jaar": 1901}
    data = TestData.model_validate({"operations": {"POST /x": {"body": {"naam": "eigen", "jaar": 2000}}}})
    assert sample(document, operation, data) == {"naam": "eigen", "jaar": 2000}
