"""Does each question tell what is right, what is a fault, and what cannot be told?"""

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest
import yaml

from apicheck import openapi
from apicheck.model import Evidence, Outcome
from apicheck.probe import drift, question
from tests.probe.conftest import BASE_URL, Answer, Bring, describe, get, parameter, problem, put, reply

MET, VIOLATED, VACUOUS, UNKNOWN = Outcome.MET, Outcome.VIOLATED, Outcome.VACUOUS, Outcome.UNKNOWN
GOOD = {"/gebouwen": get()}
OK = reply(200, {"gebouwen": []})
HTML = {"Content_Type": "text/html"}
GATEWAY = {"Server": "gateway"}


def said(evidence: Evidence) -> list[str]:
    return [finding.message.en for finding in evidence.findings]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (problem(404), MET),
        (OK, VIOLATED),
        (reply(204), VIOLATED),
        (reply(301, None, Location="/v1/gebouwen"), VIOLATED),
        (reply(308, None, Location="/v1/gebouwen"), VIOLATED),
        (problem(400), VIOLATED),
        (problem(405), VIOLATED),
        (problem(401), UNKNOWN),
        (problem(403), UNKNOWN),
        (problem(429, Retry_After="9999"), UNKNOWN),
        (problem(500), UNKNOWN),
        (problem(503), UNKNOWN),
    ],
)
def test_trailing_slash(bring: Bring, answer: Answer, outcome: Outcome) -> None:
    live = bring(GOOD, {"GET /gebouwen": OK, "GET /gebouwen/": answer})
    evidence = put("trailing-slash-404", live)
    assert evidence.outcome is outcome
    assert [finding.operation for finding in evidence.findings] == ["GET /gebouwen"] * (outcome is VIOLATED)


def test_trailing_slash_keeps_the_query_and_passes_over_the_root(bring: Bring) -> None:
    paths = {"/": get(), "/lijst/": get(), "/gebouwen": get(None, parameter("soort", required=True, example="a b"))}
    live = bring(paths, {"GET /": OK, "GET /lijst/": OK, "GET /gebouwen": OK})
    asked: list[str] = []
    live.client.listeners.append(lambda exchange: asked.append(exchange.url))
    assert put("trailing-slash-404", live).examined == 1
    assert asked == [f"{BASE_URL}/gebouwen/?soort=a%20b"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (problem(404), MET),
        (problem(410), MET),
        (OK, VIOLATED),
        (reply(204), VIOLATED),
        (reply(200, b"<h1>", **HTML), UNKNOWN),
        (reply(302), UNKNOWN),
        *((problem(status), UNKNOWN) for status in (400, 401, 403, 500, 502)),
    ],
)
def test_unknown_path(bring: Bring, answer: Answer, outcome: Outcome) -> None:
    live = bring(GOOD, {"GET /gebouwen": OK, "GET /apicheck-no-such-path": answer})
    assert put("unknown-path-404", live).outcome is outcome


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        ("12", "999999999"),
        ("c0ffee00-1111-4222-8333-444444444444", "00000000-0000-4000-8000-000000000000"),
        ("a b", "apicheck-no-such-id"),
    ],
)
def test_an_unknown_id_has_the_form_of_a_known_one(bring: Bring, known: str, unknown: str) -> None:
    live = bring({"/{alles}": get(None, parameter("alles", "path", example=known))}, {f"GET /{known.replace(' ', '%20')}": OK})
    asked: list[tuple[str, str | None]] = []
    live.client.listeners.append(lambda exchange: asked.append((exchange.url, exchange.operation)))
    assert put("unknown-path-404", live).outcome is MET
    assert asked == [(f"{BASE_URL}/{unknown}", "GET /{alles}")]  # a path of one segment could be documented here


@pytest.mark.parametrize(
    ("propfind", "trace", "outcome"),
    [
        (problem(405, Allow="GET, HEAD, POST"), None, MET),
        (problem(405, Allow="get,post"), None, MET),
        (problem(501), None, MET),
        (problem(405), None, VIOLATED),
        (problem(405, Allow="GET"), None, VIOLATED),
        (problem(405, Allow=""), None, VIOLATED),
        (OK, None, VIOLATED),
        (reply(207, b"<multistatus/>", Content_Type="application/xml"), None, VIOLATED),
        (problem(404), None, VIOLATED),
        (reply(404, {"name": "NotFoundError"}), None, VIOLATED),
        (reply(404, b"<h1>Not Found", **HTML), problem(405, Allow="GET, POST"), MET),
        (problem(404, **GATEWAY), problem(404), UNKNOWN),
        (problem(404, Date=""), problem(404), UNKNOWN),
        (problem(400), problem(405), UNKNOWN),
        (problem(403), problem(405, Allow="GET"), UNKNOWN),
        (problem(400), problem(405, Allow="GET, POST"), MET),
        (problem(503), reply(200, b"TRACE /", Content_Type="message/http"), VIOLATED),
        (reply(302), problem(501), UNKNOWN),
        (problem(500), problem(500), UNKNOWN),
    ],
)
def test_unsupported_method(bring: Bring, propfind: Answer, trace: Answer | None, outcome: Outcome) -> None:
    paths = {"/gebouwen": get() | {"post": {"responses": {}}}}
    answers = {"GET /gebouwen": OK, "PROPFIND /gebouwen": propfind} | ({"TRACE /gebouwen": trace} if trace else {})
    live = bring(paths, answers)
    methods: list[str] = []
    live.client.listeners.append(lambda exchange: methods.append(exchange.method))
    assert put("unsupported-method-405", live).outcome is outcome
    assert methods == ["PROPFIND", "TRACE"][: 2 if trace else 1]


def test_a_documented_trace_is_no_unsupported_method(bring: Bring) -> None:
    live = bring({"/g": get() | {"trace": {"responses": {}}}}, {"GET /g": OK, "PROPFIND /g": problem(400), "TRACE /g": OK})
    assert put("unsupported-method-405", live).outcome is UNKNOWN


@pytest.mark.parametrize(("answer", "outcome"), [(OK, MET), (reply(405), VIOLATED), (reply(501), VIOLATED), (reply(403), UNKNOWN)])
def test_head(bring: Bring, answer: Answer, outcome: Outcome) -> None:
    assert put("head-where-get", bring(GOOD, {"GET /gebouwen": OK, "HEAD /gebouwen": answer})).outcome is outcome


INVALID = "GET /gebouwen?p=apicheck"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer"},
        {"type": "number", "format": "float"},
        {"type": "boolean"},
        {"type": "string", "enum": ["a"]},
        {"type": "string", "format": "date"},
        {"type": "string", "format": "date-time"},
        {"type": ["integer", "null"]},
        {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        {"allOf": [{"type": "integer"}, {"minimum": 1}]},
        {"type": "array", "items": {"type": "integer"}},
        {"$ref": "#/components/schemas/Getal"},
    ],
)
def test_every_kind_of_value_that_can_be_wrong_is_tried(bring: Bring, schema: dict[str, Any]) -> None:
    components = {"schemas": {"Getal": {"type": "integer"}}}
    no_day = {f"GET /gebouwen?p={day}": problem(400) for day in ("2025-02-30", "2025-02-30T12%3A00%3A00Z")}
    answers = {"GET /gebouwen": OK, INVALID: problem(400), **no_day}
    live = bring({"/gebouwen": get(None, parameter("p", **schema))}, answers, components=components)
    evidence = put("invalid-query-400", live)
    assert (evidence.outcome, evidence.examined) == (MET, 2 if schema.get("format") in {"date", "date-time"} else 1)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "string"},
        {"type": "object"},
        {"type": "string", "format": "uuid"},
        {"oneOf": [{"type": "integer"}, {"type": "string"}]},
    ],
)
def test_a_value_that_may_be_anything_is_not_tried(bring: Bring, schema: dict[str, Any]) -> None:
    live = bring({"/gebouwen": get(None, parameter("p", **schema))}, {"GET /gebouwen": OK})
    assert put("invalid-query-400", live).outcome is VACUOUS


def test_schemas_that_hold_each_other_are_looked_into_once(bring: Bring) -> None:
    chosen: dict[str, Any] = {"anyOf": [{"$ref": "#/components/schemas/Keuze"}] * 20}
    components = {"schemas": {"Keuze": chosen}}
    live = bring({"/gebouwen": get(None, parameter("p", **chosen))}, {"GET /gebouwen": OK}, components=components)
    assert put("invalid-query-400", live).outcome is VACUOUS


def test_input_that_could_not_be_tried_is_no_proof_that_there_is_none(bring: Bring) -> None:
    body = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
    live = bring({"/gebouwen": {**get(), "post": {**get()["get"], **body}}}, {"GET /gebouwen": OK})
    assert put("invalid-query-400", live).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(problem(400), MET)]
    + [(problem(status), VIOLATED) for status in (404, 422, 500)]
    + [(reply(status), VIOLATED) for status in (200, 204)]
    + [(problem(status), UNKNOWN) for status in (302, 401, 403, 406, 415, 502, 503, 504)],
)
def test_invalid_query(bring: Bring, answer: Answer, outcome: Outcome) -> None:
    live = bring({"/gebouwen": get(None, parameter("p", type="integer"))}, {"GET /gebouwen": OK, INVALID: answer})
    evidence = put("invalid-query-400", live)
    assert evidence.outcome is outcome
    assert [finding.location.pointer for finding in evidence.findings if finding.location] == [
        "/paths/~1gebouwen/get/parameters/0"
    ] * len(evidence.findings)


def test_an_error_of_an_api_that_no_longer_answers_is_not_blamed_on_the_value(bring: Bring) -> None:
    answers = {"GET /gebouwen": OK, INVALID: problem(500)}
    live = bring({"/gebouwen": get(None, parameter("p", type="integer"))}, answers)
    answers["GET /gebouwen"] = problem(500)
    assert put("invalid-query-400", live).outcome is UNKNOWN


def test_a_query_value_that_lacks_must_be_refused_too(bring: Bring) -> None:
    live = bring({"/g": get(None, parameter("q", required=True, example="x"))}, {"GET /g": problem(422), "GET /g?q=x": OK})
    assert said(put("invalid-query-400", live)) == [
        "GET /g answered 422 without a valid value for q; the rule chooses 400, not 422."
    ]


SINCE = {"/gebouwen": get(None, parameter("sinds", type="string", format="date-time"))}
OFFSET = "GET /gebouwen?sinds=2024-01-01T14%3A00%3A00%2B02%3A00"


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({}, MET),
        ({OFFSET: problem(400)}, VIOLATED),
        ({OFFSET: reply(200, {"gebouwen": [1]})}, VIOLATED),
        ({OFFSET: reply(200, {"gebouwen": [], "gemaakt": "2026-01-01T00:00:00Z"})}, VIOLATED),
        ({OFFSET: problem(429, Retry_After="9999")}, UNKNOWN),
        ({"GET /gebouwen?sinds=2024-01-01T12%3A00%3A00Z": problem(400)}, UNKNOWN),
    ],
)
def test_offsets(bring: Bring, answers: dict[str, Answer], outcome: Outcome) -> None:
    assert put("offsets-accepted", bring(SINCE, {"GET /gebouwen": OK, **answers})).outcome is outcome


def test_an_instant_that_comes_back_in_a_link_is_no_difference(bring: Bring) -> None:
    class Echo(dict[str, Answer]):
        def __contains__(self, request: object) -> bool:
            return str(request).startswith("GET /gebouwen")

        def __getitem__(self, request: str) -> Answer:
            return reply(200, {"self": request.removeprefix("GET "), "nu": "2026-01-01T00:00:00Z"})

    assert put("offsets-accepted", bring(SINCE, Echo())).outcome is MET


def test_answers_of_which_not_all_was_read_are_not_compared(bring: Bring) -> None:
    class Large(dict[str, Answer]):
        def __contains__(self, request: object) -> bool:
            return str(request).startswith("GET /gebouwen")

        def __getitem__(self, request: str) -> Answer:
            return reply(200, {"self": request.removeprefix("GET "), "gebouwen": ["y" * 20, *range(300_000)]})

    assert put("offsets-accepted", bring(SINCE, Large())).outcome is UNKNOWN


def counting(make: Callable[[int], Answer]) -> dict[str, Answer]:
    class Counting(dict[str, Answer]):
        asked = 0

        def __contains__(self, request: object) -> bool:
            return str(request).startswith("GET /gebouwen")

        def __getitem__(self, request: str) -> Answer:
            self.asked += 1
            return make(self.asked)

    return Counting()


def test_data_that_changes_meanwhile_is_no_fault(bring: Bring) -> None:
    assert put("offsets-accepted", bring(SINCE, counting(lambda number: reply(200, [number])))).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("make", "outcome"),
    [
        (lambda _: reply(200, {"a": 1, "b": 2}), MET),
        (
            lambda number: reply(200, {"nu": f"2026-01-01T00:00:0{number}Z", "id": f"c0ffee00-1111-4222-8333-44444444444{number}"}),
            MET,
        ),
        (lambda number: reply(200, {"aantal": number}), VIOLATED),
        (lambda number: OK if number == 1 else problem(404), VIOLATED),
        (lambda number: OK if number == 1 else problem(503), UNKNOWN),
    ],
)
def test_same_answer(bring: Bring, make: Callable[[int], Answer], outcome: Outcome) -> None:
    assert put("same-answer-twice", bring(GOOD, counting(make))).outcome is outcome


@pytest.mark.parametrize(
    ("base_url", "path", "outcome"),
    [
        ("https://h/v1", "/gebouwen", MET),
        ("https://h/api/v12/x", "/gebouwen", MET),
        ("https://h", "/v1/gebouwen", MET),
        ("https://h", "/gebouwen", VIOLATED),
        ("https://h/v1.2", "/gebouwen", VIOLATED),
        ("https://h/v1-beta", "/gebouwen", VIOLATED),
        ("https://v1.h/api", "/gebouwen", VIOLATED),
        ("https://h/versie1", "/gebouwen", VIOLATED),
        ("https://h/v01", "/gebouwen", VIOLATED),
    ],
)
def test_the_base_url_holds_the_major_version(bring: Bring, base_url: str, path: str, outcome: Outcome) -> None:
    live = bring({path: get()}, {"*": OK})
    live.client.base_url = base_url
    assert put("base-url-has-major-version", live).outcome is outcome


def test_a_version_in_every_path_is_part_of_the_base_path(bring: Bring) -> None:
    assert bring({"/v1/a": get(), "/v1/b/{c}": get()}, {"*": OK}).root == "/v1"
    assert bring({"/v1/a": get(), "/b": get()}, {"*": OK}).root == ""
    assert bring({"/v01/a": get(), "/v01/b": get()}, {"*": OK}).root == ""
    assert bring({"/api/a": get(), "/api/b": get()}, {"*": OK}).root == ""


DOCUMENT = describe(GOOD).root
JSON = orjson.dumps(DOCUMENT)
OPENAPI = "GET /openapi.json"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (reply(200, JSON), MET),
        (reply(200, JSON, Content_Type="text/plain"), MET),
        (problem(404), VIOLATED),
        (problem(401), VIOLATED),
        (problem(403), VIOLATED),
        (reply(302, None, Location="/login"), VIOLATED),
        (reply(200, b"<h1>Inloggen", **HTML), VIOLATED),
        (reply(200, yaml.safe_dump(DOCUMENT).encode(), Content_Type="application/yaml"), VIOLATED),
        (reply(200, {"swagger": "2.0"}), VIOLATED),
        (reply(200, {**DOCUMENT, "openapi": "4.0.0"}), VIOLATED),
        (reply(200, b"[" * 100_000), VIOLATED),
        (problem(429, Retry_After="9999"), UNKNOWN),
        (problem(503), UNKNOWN),
        (reply(200, JSON, Content_Encoding="br"), UNKNOWN),
    ],
)
def test_publication(bring: Bring, answer: Answer, outcome: Outcome) -> None:
    live = bring(GOOD, {"GET /gebouwen": OK, OPENAPI: answer})
    assert put("openapi-json-published", live).outcome is outcome
    if outcome is UNKNOWN:
        assert put("openapi-json-equals-document", live).outcome is UNKNOWN
    if outcome is not MET:
        assert put("openapi-yaml-equal", live).outcome is not VIOLATED
        assert put("openapi-json-equals-document", live).outcome is not VIOLATED
        assert drift(live) is None


def test_what_apicheck_cannot_read_is_no_fault(bring: Bring) -> None:
    deep: Any = {}
    for _ in range(300):
        deep = [deep]
    written = JSON.replace(b'"3.0.3"', b'"3.9.0"'), JSON[:-1] + f',"x-a":{json.dumps(deep)}}}'.encode()
    for published in written:
        assert put("openapi-json-published", bring(GOOD, {"GET /gebouwen": OK, OPENAPI: reply(200, published)})).outcome is UNKNOWN


def test_the_document_is_asked_for_as_a_stranger_and_once(bring: Bring) -> None:
    live = bring(GOOD, {"GET /gebouwen": OK, OPENAPI: reply(200, JSON, Access_Control_Allow_Origin="*")})
    asked: list[dict[str, str]] = []
    live.client.listeners.append(lambda exchange: asked.append(dict(exchange.request_headers)))
    for name in ("openapi-json-published", "openapi-json-cors", "openapi-json-equals-document"):
        assert put(name, live).outcome is MET
    assert [headers["Origin"] for headers in asked] == ["https://example.org"]


class Echoing(dict[str, Answer]):
    """Answers ``openapi.json`` with each of these values of the header in turn."""

    def __init__(self, *allowed: str) -> None:
        super().__init__({"GET /gebouwen": OK, OPENAPI: OK})
        self.allowed = list(allowed)

    def __getitem__(self, request: str) -> Answer:
        return (
            reply(200, JSON, Access_Control_Allow_Origin=self.allowed.pop(0))
            if request == OPENAPI
            else super().__getitem__(request)
        )


@pytest.mark.parametrize(
    ("allowed", "outcome"),
    [
        (["*"], MET),
        (["https://example.org", "https://example.com"], MET),
        ([""], VIOLATED),
        (["null"], VIOLATED),
        (["https://portal.example.nl"], VIOLATED),
        (["https://example.org", "https://example.org"], VIOLATED),
        (["https://example.org", ""], VIOLATED),
    ],
)
def test_cors(bring: Bring, allowed: list[str], outcome: Outcome) -> None:
    assert put("openapi-json-cors", bring(GOOD, Echoing(*allowed))).outcome is outcome


@pytest.mark.parametrize("answer", [problem(404), problem(401), reply(302)])
def test_a_document_that_is_not_there_is_no_second_fault(bring: Bring, answer: Answer) -> None:
    live = bring(GOOD, {"GET /gebouwen": OK, OPENAPI: answer})
    for name in ("openapi-json-cors", "openapi-yaml-equal", "openapi-json-equals-document"):
        assert put(name, live).outcome is VACUOUS


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (problem(404), VACUOUS),
        (problem(401), VACUOUS),
        (reply(200, b"<p>", **HTML), VACUOUS),
        (problem(503), UNKNOWN),
        (reply(200, yaml.safe_dump(DOCUMENT).encode(), Content_Type="application/yaml"), MET),
        (reply(200, b"openapi: [", Content_Type="application/yaml"), VIOLATED),
        (reply(200, yaml.safe_dump({**DOCUMENT, "tags": [{"name": "x"}]}).encode(), Content_Type="application/yaml"), VIOLATED),
    ],
)
def test_yaml(bring: Bring, answer: Answer, outcome: Outcome) -> None:
    live = bring(GOOD, {"GET /gebouwen": OK, OPENAPI: reply(200, JSON), "GET /openapi.yaml": answer})
    assert put("openapi-yaml-equal", live).outcome is outcome


def test_yaml_that_was_cut_short_once_differs_from_nothing(bring: Bring) -> None:
    whole = yaml.safe_dump({**DOCUMENT, "tags": [{"name": "x"}]}).encode()
    answers = {"GET /gebouwen": OK, OPENAPI: reply(200, JSON), "GET /openapi.yaml": reply(200, whole[:-20])}
    live = bring(GOOD, answers)
    live.client.listeners.append(lambda exchange: answers.update({"GET /openapi.yaml": reply(200, whole)}))
    live.published  # noqa: B018  # is asked before, so that the YAML is cut the first time only
    answers["GET /openapi.yaml"] = reply(200, whole[:-20])
    assert put("openapi-yaml-equal", live).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("published", "told"),
    [
        (DOCUMENT, None),
        (dict(reversed(DOCUMENT.items())), None),
        ({**DOCUMENT, "info": {"title": "Gebouwen", "version": "1.0.1"}}, "info.version"),
        ({**DOCUMENT, "paths": {"/gebouwen": get(), "/wijken": get()}}, "GET /wijken"),
        ({**DOCUMENT, "paths": {}}, "GET /gebouwen"),
        ({**DOCUMENT, "info": {"title": "Panden", "version": "1.0.0"}}, "/info/title"),
        ({**DOCUMENT, "servers": []}, "/servers"),
        ({**DOCUMENT, **{f"x-{number}": 1 for number in range(9)}}, "/x-0, /x-1, /x-2, …"),
    ],
)
def test_drift_is_told_by_its_first_differences(bring: Bring, published: dict[str, Any], told: str | None) -> None:
    live = bring(GOOD, {"GET /gebouwen": OK, OPENAPI: reply(200, published)})
    text = drift(live)
    assert (text is None) == (told is None)
    assert text is None or text.en.endswith(f"differ in: {told}.")
    assert put("openapi-json-equals-document", live).outcome is (VIOLATED if told else MET)


def test_the_published_document_is_read_once(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    parse = openapi.parse

    def counted(data: bytes, name: str) -> openapi.Document:
        read.append(name)
        return parse(data, name)

    live = bring(GOOD, {"GET /gebouwen": OK, OPENAPI: {"status": 200, "headers": {}, "body": JSON}})
    monkeypatch.setattr(openapi, "parse", counted)
    for name in ("openapi-json-published", "openapi-yaml-equal", "openapi-json-equals-document"):
        put(name, live)
    assert drift(live) is None
    assert read == [f"{BASE_URL}/openapi.json"]


@pytest.mark.parametrize("name", list(question))
def test_no_question_is_answered_by_a_server_that_is_gone(bring: Bring, name: str) -> None:
    paths = {"/gebouwen": get(None, parameter("p", type="integer"), parameter("sinds", type="string", format="date-time"))}
    answers: dict[str, Answer] = {"GET /gebouwen": OK}
    live = bring(paths, answers)
    answers.clear()
    answers["*"] = problem(503)
    asked: list[str] = []
    live.client.listeners.append(lambda exchange: asked.append(exchange.url))
    outcome = put(name, live).outcome
    assert outcome is UNKNOWN or (not asked and outcome is (MET if name == "base-url-has-major-version" else VACUOUS))
