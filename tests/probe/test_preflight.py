"""Is every documented GET reached that can be, and is it said why the others are not?"""

import math
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apicheck.answers import CannotTell
from apicheck.budget import Budget
from apicheck.errors import TargetRefused
from apicheck.probe import Client, reach
from apicheck.probe.client import Reply, from_memory
from apicheck.probe.values import ids
from apicheck.testdata import TestData
from tests.probe.conftest import BASE_URL, Answers, Api, Bring, describe, get, parameter, problem, reply

LIST = reply(200, [{"id": 7}, {"id": 8}])
ITEM = get(None, parameter("gebouwId", "path", type="integer"))


def test_ids_come_from_the_list_and_go_down_the_path() -> None:
    paths = {
        "/gebouwen/{gebouwId}/ruimten/{nr}": get(None, parameter("gebouwId", "path"), parameter("nr", "path")),
        "/gebouwen/{id}/ruimten": get(None, parameter("id", "path")),
        "/gebouwen/{gebouwId}": ITEM,
        "/gebouwen": get(),
    }
    answers = {
        "GET /gebouwen": LIST,
        "GET /gebouwen/8": reply(200, {}),
        "GET /gebouwen/8/ruimten": reply(200, {"resultaten": [{"nr": "a/b"}]}),
        "GET /gebouwen/8/ruimten/a%2Fb": reply(200, {}),
    }
    api = Api(describe(paths), answers)
    with api.client() as client:
        live = reach(api.document, client)
    assert api.asked == [
        "GET /gebouwen",
        "GET /gebouwen/7",
        "GET /gebouwen/8",
        "GET /gebouwen/8/ruimten",
        "GET /gebouwen/8/ruimten/a%2Fb",
    ]
    assert live.reached["GET /gebouwen/{gebouwId}/ruimten/{nr}"].path == {"gebouwId": "8", "nr": "a/b"}
    assert not live.unreached
    assert [exchange.status for exchange in live.preflight] == [200, 404, 200, 200, 200]


@pytest.mark.parametrize(
    ("body", "parameter", "found"),
    [
        ([{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}], "gebouwId", ["1", "2", "3"]),
        ([{"gebouw_id": "a", "id": 1}], "gebouwId", ["a"]),
        ({"count": 1, "results": [{"url": "https://api.example.nl/v1/zaken/1b-2c/"}]}, "uuid", ["1b-2c"]),
        ({"_embedded": {"gebouwen": [{"_links": {"self": {"href": "/v1/gebouwen/9?a=b"}}}]}}, "identificatie", ["9"]),
        (
            {"links": [], "collections": [{"links": [{"rel": "self", "href": "https://h/collections/obs"}]}]},
            "collectionId",
            ["obs"],
        ),
        ({"features": [{"type": "Feature", "properties": {"code": "x"}}]}, "code", ["x"]),
        (["NL", "BE", "NL"], "land", ["NL", "BE"]),
        ([[1]], "id", []),
        ([{"id": True}, {"id": None}, {"id": ".."}, {"id": ""}, {"url": "http://["}], "id", []),
        ({"a": {"b": {}}}, "id", []),
        (None, "id", []),
    ],
)
def test_where_ids_are_found(body: Any, parameter: str, found: list[str]) -> None:
    assert ids(body, parameter) == found


def test_a_deep_answer_is_no_trouble() -> None:
    body: Any = {"code": "x"}
    for _ in range(1_000):
        body = {"properties": body}
    assert ids([body], "code") == []


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "url", "self", "links", "_links", "href"]) | st.text(), inner)
    ),
)


@settings(deadline=None)
@given(json, st.text())
def test_whatever_an_answer_holds_an_id_is_one_segment(body: Any, name: str) -> None:
    for value in ids(body, name):
        assert value
        assert value.isprintable()
        assert value not in {".", ".."}


@pytest.mark.parametrize(
    "described",
    [
        {"example": "x"},
        {"examples": {"een": {"value": "x"}}},
        {"schema": {"type": "string", "example": "x"}},
        {"schema": {"type": "string", "examples": ["x"]}},
        {"schema": {"type": "string", "default": "x"}},
        {"schema": {"type": "string", "enum": ["x", "y"]}},
        {"schema": {"$ref": "#/components/schemas/X"}},
    ],
)
def test_values_come_from_the_document(bring: Bring, described: dict[str, Any]) -> None:
    needed = [
        {"name": name, "in": place, "required": True, **described}
        for name, place in (("id", "path"), ("soort", "query"), ("X-Crs", "header"))
    ]
    live = bring(
        {"/g/{id}": get(None, *needed)},
        {"GET /g/x?soort=x": reply(200, {})},
        components={"schemas": {"X": {"type": "string", "const": "x"}}},
    )
    reached = live.reached["GET /g/{id}"]
    assert reached.url == f"{BASE_URL}/g/x?soort=x"
    assert reached.headers == (("X-Crs", "x"),)
    assert ("X-Crs", "x") in live.again(reached, "test").request_headers


def test_known_values_go_before_those_of_the_document() -> None:
    api = Api(describe({"/g/{id}": get(None, parameter("id", "path", example="1"))}), {"GET /g/2": reply(200, {})})
    with api.client() as client:
        assert list(reach(api.document, client, TestData(parameters={"id": "2"})).reached) == ["GET /g/{id}"]
    assert api.asked == ["GET /g/2"]


def test_it_is_said_why_an_operation_is_not_reached(bring: Bring) -> None:
    paths = {f"/{name}": get() for name in ("ja", "dicht", "weg", "stuk", "pagina")}
    paths |= {"/g/{id}": get(None, parameter("id", "path")), "/zoek": get(None, parameter("q", required=True))}
    answers = {
        "GET /ja": reply(200, {}),
        "GET /dicht": problem(401),
        "GET /stuk": problem(500),
        "GET /pagina": reply(200, b"<p>", Content_Type="text/html"),
    }
    live = bring(paths, answers)
    assert {unreached.operation: unreached.reason.en for unreached in live.unreached} == {
        "GET /dicht": "No access (401).",
        "GET /weg": "Not found (404): the path, or the value filled in, does not exist here.",
        "GET /stuk": "Answered 500, not 2xx.",
        "GET /pagina": "Answered with a page in HTML, which the document does not describe.",
        "GET /g/{id}": "No value is known for the parameter id. Put an example in the document.",
        "GET /zoek": "No value is known for the parameter q. Put an example in the document.",
    }


def test_nothing_but_get_is_sent(bring: Bring) -> None:
    item = {method: {"responses": {}} for method in ("post", "put", "delete", "patch")} | get()
    live = bring({"/g": item}, {"GET /g": LIST})
    assert {exchange.method for exchange in live.preflight} == {"GET"}


TWO = {"/a": get(), "/b": get()}


@pytest.mark.parametrize(
    ("paths", "answers", "message"),
    [
        ({"/a": {"post": {"responses": {}}}}, {}, "not-testable-no-get"),
        ({"/a/{id}": get(None, parameter("id", "path"))}, {}, "not-testable-no-values"),
        (TWO, {"*": problem(404)}, "not-testable-not-found"),
        (TWO, {"*": problem(401)}, "not-testable-no-access"),
        (TWO, {"*": problem(403)}, "not-testable-no-access"),
        (TWO, {"*": problem(500)}, "not-testable-statuses"),
        (TWO, {"*": reply(302, None, Location="/login")}, "not-testable-statuses"),
        (TWO, {"*": problem(503)}, "not-testable-not-now"),
        (TWO, {"*": reply(200, b"<p>", Content_Type="text/html")}, "not-testable-page"),
    ],
)
def test_an_api_that_does_not_answer_is_refused_with_the_likeliest_cause(
    paths: dict[str, Any], answers: Answers, message: str
) -> None:
    api = Api(describe(paths), answers)
    with api.client() as client, pytest.raises(TargetRefused) as refused:
        reach(api.document, client)
    assert refused.value.message == message
    assert BASE_URL in refused.value.explain().nl or message in {"not-testable-no-get", "not-testable-no-values"}


@pytest.mark.parametrize(
    ("base_url", "path", "server", "better"),
    [
        ("http://h/v1", "/v1/items", "https://api.example.com/v1", "http://h"),
        ("http://h", "/items", "https://api.example.com/api/v1", "http://h/api/v1"),
        ("http://h/api", "/items", "/v1", "http://h/api/v1"),
        ("http://h/", "/items", "https://api.example.com", "http://h/v1"),
        ("http://h/api/v2", "/items", "https://api.example.com", "http://h/api"),
    ],
)
def test_the_right_base_url_is_found_by_trying(base_url: str, path: str, server: str, better: str) -> None:
    document = describe({path: get()}, servers=[{"url": server}])
    transport = from_memory(lambda _, url: (200 if url == better + path else 404, [], b"{}"))
    with Client(base_url, rate=math.inf, transport=transport) as client, pytest.raises(TargetRefused) as refused:
        reach(document, client)
    assert refused.value.message == "not-testable-base-url"
    assert f"--url {better}" in refused.value.explain().nl


def test_one_path_that_answers_anywhere_does_not_hide_a_wrong_base_url() -> None:
    paths = {path: get() for path in ("/", "/api/v1/search", "/api/v1/about", "/api/v1/register")}
    there = {f"http://h{path}" for path in paths}

    def answer(_: str, url: str) -> Reply:
        return (200 if url in there or url.endswith("/api/v1/") else 404), [("Content-Type", "application/json")], b"{}"

    with Client("http://h/api/v1", rate=math.inf, transport=from_memory(answer)) as client, pytest.raises(TargetRefused) as refused:
        reach(describe(paths), client)
    assert refused.value.message == "not-testable-base-url-mostly"
    assert "3 paths" in refused.value.explain().en
    assert "--url http://h." not in refused.value.explain().en
    assert refused.value.explain().en.endswith("--url http://h")
    with Client("http://h", rate=math.inf, transport=from_memory(answer)) as client:
        assert not reach(describe(paths), client).is_mostly_missing


def test_paths_that_are_nowhere_leave_the_base_url_as_it_is(bring: Bring) -> None:
    live = bring({"/a": get(), "/b": get(), "/c": get()}, {"GET /a": reply(200, {})})
    assert (live.missing, live.is_mostly_missing) == (("/b", "/c"), True)


@pytest.mark.parametrize("value", [".", ".."])
def test_a_value_that_leads_elsewhere_is_not_asked_for(bring: Bring, value: str) -> None:
    live = bring(
        {"/a": get(), "/a/{b}/c": get(None, parameter("b", "path", example=value))}, {"GET /a": reply(200, {}), "*": problem(404)}
    )
    assert {urlsplit(exchange.url).path for exchange in live.preflight} == {"/v1/a"}


def test_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with Client(f"http://127.0.0.1:{port}", rate=math.inf) as client, pytest.raises(TargetRefused) as refused:
        reach(describe({f"/{number}": get() for number in range(10)}), client)
    assert refused.value.message == "not-testable-refused"
    assert client.listeners == [client.leave.see]


def test_a_spent_budget_is_the_reason() -> None:
    api = Api(describe({f"/{number}": get() for number in range(3)}), {"*": LIST})
    with Client(BASE_URL, rate=math.inf, transport=from_memory(api.answer), budget=Budget(max_requests=1)) as client:
        live = reach(api.document, client)
    assert list(live.reached) == ["GET /0"]
    assert {unreached.reason for unreached in live.unreached} == {CannotTell("errors.budget-spent").reason}
