"""Does each check of a response tell what is right, what is a fault, and what cannot be told?"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from apicheck.model import Evidence, Exchange, Outcome, Source
from apicheck.probe import LiveApi, Watcher, response_check
from apicheck.words import say
from tests.probe.conftest import BASE_URL, HEADERS, Bring, get, put, reply

MET, VIOLATED, VACUOUS, UNKNOWN = Outcome.MET, Outcome.VIOLATED, Outcome.VACUOUS, Outcome.UNKNOWN
ALL_GOOD = {
    "API-Version": "1.0.0",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cache-Control": "no-store",
    "Content-Type": "application/json",
    **dict(HEADERS),
}


@pytest.fixture
def live(bring: Bring) -> LiveApi:
    return bring({"/g": get()}, {"GET /g": reply(200, {}, API_Version="1.0.0")})


def exchange(
    status: int = 200, body: Any = b"{}", /, *, method: str = "GET", url: str = f"{BASE_URL}/g", **headers: str | None
) -> Exchange:
    """Return an exchange with good headers; those given by name differ, with None they are left out."""
    changed = ALL_GOOD | {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange(
        id="x0099",
        sender=Source.FUZZ,
        purpose="test",
        method=method,
        url=url,
        operation="GET /g",
        status=status,
        headers=tuple((name, value) for name, value in changed.items() if value is not None),
        body=body if isinstance(body, bytes) else orjson.dumps(body),
    )


def look(name: str, live: LiveApi, exchanges: Exchange | Iterable[Exchange]) -> Evidence:
    live.preflight = ()
    watcher = Watcher([name], live)
    for seen in [exchanges] if isinstance(exchanges, Exchange) else exchanges:
        watcher.see(seen)
    (evidence,) = watcher.evidence()
    assert {finding.exchange for finding in evidence.findings} == {kept.id for kept in watcher.exchanges}
    return evidence


@pytest.mark.parametrize("name", list(response_check))
def test_what_never_came_is_no_proof_that_there_was_nothing(live: LiveApi, name: str) -> None:
    gone = replace(exchange(), status=None, headers=(), body=b"", error="timed-out")
    asked, fuzzed = (replace(gone, sender=sender) for sender in (Source.PROBE, Source.FUZZ))
    assert look(name, live, fuzzed) == Evidence(check=name, source=Source.PROBE, outcome=VACUOUS)
    assert look(name, live, asked).outcome is UNKNOWN


@pytest.mark.parametrize("name", list(response_check))
def test_what_was_interrupted_met_nothing(live: LiveApi, name: str) -> None:
    assert {found.outcome for found in Watcher([name], live).evidence(say("run.interrupted"))} <= {UNKNOWN, VIOLATED}


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (exchange(), MET),
        (exchange(204, b""), MET),
        (exchange(301, API_Version=None), VIOLATED),
        (exchange(API_Version=None), VIOLATED),
        (exchange(API_Version="1.0.1"), VIOLATED),
        (exchange(API_Version="v1.0.0"), VIOLATED),
        (exchange(404, API_Version=None), VACUOUS),
    ],
)
def test_version_on_success(live: LiveApi, seen: Exchange, outcome: Outcome) -> None:
    assert look("version-header-on-success", live, seen).outcome is outcome


def test_a_version_that_stands_twice(live: LiveApi) -> None:
    twice = exchange()
    twice = replace(twice, headers=(*twice.headers, ("api-version", "1.0.0")))
    assert look("version-header-on-success", live, twice).outcome is VIOLATED


def test_a_version_that_is_nowhere_is_one_finding(bring: Bring) -> None:
    never = bring({"/a": get(), "/b": get()}, {"*": reply(200, {})})
    sometimes = bring({"/a": get(), "/b": get(), "/c": get()}, {"*": reply(200, {}), "GET /c": reply(200, {}, API_Version="1.0.0")})
    for live, operations in ((never, [None]), (sometimes, ["GET /a", "GET /b"])):
        evidence = put("version-header-on-success", live)
        assert [finding.operation for finding in evidence.findings] == operations
        assert sum(finding.occurrences for finding in evidence.findings) == 2


PROBLEM = {"status": 404, "title": "Niet gevonden", "detail": "Er is geen gebouw 7."}
XML = (
    b'<?xml version="1.0"?><problem xmlns="urn:ietf:rfc:7807"><!-- x --><status>404</status>'
    b"<title>Niet gevonden</title><detail>Er is geen gebouw 7.</detail></problem>"
)
JSON_TYPE, XML_TYPE = "application/problem+json; charset=utf-8", "Application/Problem+XML"


def error(status: int, body: Any = None, /, content_type: str | None = JSON_TYPE, **headers: Any) -> Exchange:
    told = {**PROBLEM, "status": status} if body is None else body
    return exchange(status, told, Content_Type=content_type, **headers)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (error(404), MET),
        (error(500), MET),
        (error(404, XML, XML_TYPE), MET),
        (error(404, {**PROBLEM, "status": "404"}), MET),
        (error(404, content_type="application/json"), VIOLATED),
        (error(404, content_type=None), VIOLATED),
        (error(404, b""), VIOLATED),
        (error(404, b"<h1>"), VIOLATED),
        (error(404, [PROBLEM]), VIOLATED),
        (error(404, {**PROBLEM, "detail": " "}), VIOLATED),
        (error(404, {**PROBLEM, "title": None}), VIOLATED),
        (error(404, {"status": 404}), VIOLATED),
        (error(404, {**PROBLEM, "status": 400}), VIOLATED),
        (error(404, {**PROBLEM, "status": True}), VIOLATED),
        (error(404, XML.replace(b"404", b"400"), XML_TYPE), VIOLATED),
        (error(404, b"<!DOCTYPE problem [<!ENTITY a 'b'>]>" + XML, XML_TYPE), VIOLATED),
        (error(404, b"<problem>", XML_TYPE), VIOLATED),
        *((error(status, b"", None), UNKNOWN) for status in (401, 403, 429, 502, 503, 504)),
        (error(401), MET),
        (error(404, b"<h1>", "text/html", Server="gateway"), UNKNOWN),
        (error(404, b"<h1>", "text/html", Via="1.1 proxy"), UNKNOWN),
        (error(400, b"", None, Date=None), UNKNOWN),
        (replace(error(404, b""), method="HEAD"), VACUOUS),
        (replace(error(404), error="too-large"), UNKNOWN),
        (exchange(), VACUOUS),
    ],
)
def test_problem_details(live: LiveApi, seen: Exchange, outcome: Outcome) -> None:
    assert look("problem-details", live, seen).outcome is outcome


def test_an_error_without_a_media_type_is_told_so(live: LiveApi) -> None:
    (finding,) = look("problem-details", live, error(404, b"", None)).findings
    assert "has no media type" in finding.message.en


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (error(404), MET),
        (error(404, API_Version=None), VIOLATED),
        (error(404, API_Version="2"), VIOLATED),
        (error(401, API_Version="2"), VIOLATED),
        (error(500, API_Version=None), VIOLATED),
        *((error(status, API_Version=None), UNKNOWN) for status in (401, 403, 429, 502, 503, 504)),
        (error(404, API_Version=None, Server="gateway"), UNKNOWN),
        (error(404, API_Version=None, Server=None), UNKNOWN),
        (exchange(API_Version=None), VACUOUS),
    ],
)
def test_version_on_errors(live: LiveApi, seen: Exchange, outcome: Outcome) -> None:
    assert look("version-header-on-errors", live, seen).outcome is outcome


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [(exchange(), MET), (exchange(X_API_Version="1.0.0"), VIOLATED), (exchange(API_Version=None), VACUOUS)],
)
def test_version_without_prefix(live: LiveApi, seen: Exchange, outcome: Outcome) -> None:
    assert look("version-header-without-prefix", live, seen).outcome is outcome


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (exchange(), MET),
        (exchange(404), MET),
        (exchange(X_Frame_Options="SAMEORIGIN"), MET),
        (exchange(X_Content_Type_Options="nosniff, nosniff"), MET),
        (exchange(X_Content_Type_Options="nosniff, sniff"), MET),
        (exchange(X_Content_Type_Options="sniff, nosniff"), VIOLATED),
        (exchange(X_Frame_Options="DENY, DENY"), MET),
        (exchange(X_Frame_Options="DENY, sameorigin"), MET),
        (exchange(X_Frame_Options="DENY, ALLOWALL"), VIOLATED),
        (exchange(Strict_Transport_Security="max-age=31536000, max-age=1"), MET),
        (exchange(Strict_Transport_Security="max-age=1, max-age=31536000"), VIOLATED),
        (exchange(Content_Security_Policy="default-src 'self', frame-ancestors 'none'"), MET),
        (exchange(204, b"", Content_Type=None), MET),
        (exchange(304, b"", Content_Type=None), MET),
        (exchange(200, b"", method="HEAD", Content_Type=None), MET),
        (exchange(X_Content_Type_Options=None), VIOLATED),
        (exchange(X_Content_Type_Options="sniff"), VIOLATED),
        (exchange(X_Frame_Options="ALLOW-FROM https://h"), VIOLATED),
        (exchange(Content_Security_Policy="default-src 'none'"), VIOLATED),
        (exchange(Content_Security_Policy="frame-ancestors 'none' https://h"), VIOLATED),
        (exchange(Strict_Transport_Security=None), VIOLATED),
        (exchange(Strict_Transport_Security="max-age=300"), VIOLATED),
        (exchange(Strict_Transport_Security="includeSubDomains"), VIOLATED),
        (exchange(Strict_Transport_Security='max-age="31536000"'), MET),
        (exchange(Content_Type=None), VIOLATED),
        (exchange(500, X_Frame_Options=None), VIOLATED),
        (exchange(Strict_Transport_Security=None, url="http://api.example.nl/v1/g"), UNKNOWN),
        (exchange(Strict_Transport_Security="max-age=300", url="http://api.example.nl/v1/g"), VIOLATED),
        *((exchange(status, X_Frame_Options=None), VACUOUS) for status in (401, 403, 429, 502, 503, 504)),
    ],
)
def test_security_headers(live: LiveApi, seen: Exchange, outcome: Outcome) -> None:
    assert look("security-headers", live, seen).outcome is outcome


def test_a_header_that_lacks_everywhere_is_one_finding(live: LiveApi) -> None:
    seen = [replace(exchange(X_Frame_Options=None), operation=f"GET /{number}") for number in range(5)]
    evidence = look("security-headers", live, seen)
    assert [(finding.operation, finding.occurrences) for finding in evidence.findings] == [(None, 5)]


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (exchange(), MET),
        (exchange(Cache_Control="max-age=60"), VIOLATED),
        (exchange(X_Frame_Options="sameorigin"), VIOLATED),
        (exchange(X_Frame_Options="SAMEORIGIN, SAMEORIGIN"), VIOLATED),
        (exchange(X_Frame_Options="DENY, SAMEORIGIN"), MET),
        (replace(exchange(), request_headers=(("origin", "https://h"),)), VIOLATED),
        (replace(exchange(Access_Control_Allow_Origin="https://h"), request_headers=(("Origin", "https://h"),)), MET),
        (exchange(503, Cache_Control=None), VACUOUS),
    ],
)
def test_security_headers_advised(live: LiveApi, seen: Exchange, outcome: Outcome) -> None:
    assert look("security-headers-advised", live, seen).outcome is outcome


@pytest.mark.parametrize(
    ("name", "seen", "outcome"),
    [
        ("no-product-headers", exchange(Server="nginx"), MET),
        ("no-product-headers", exchange(Server="nginx/1.25.3"), VIOLATED),
        ("no-product-headers", exchange(Via="HTTP/1.1 proxy"), MET),
        ("no-product-headers", exchange(Via="1.1 varnish (Varnish/7.1)"), VIOLATED),
        ("no-product-headers", exchange(X_Powered_By="Express"), VIOLATED),
        ("no-cookies", exchange(), MET),
        ("no-cookies", exchange(Set_Cookie="sid=1; HttpOnly"), VIOLATED),
        ("no-stack-traces", error(500), MET),
        ("no-stack-traces", exchange(), VACUOUS),
        ("no-stack-traces", error(500, b""), VACUOUS),
        ("no-stack-traces", error(500, b"Traceback (most recent call last):\n"), VIOLATED),
        ("no-stack-traces", error(500, {"trace": "\tat org.example.Gebouw.lees(Gebouw.java:12)"}), VIOLATED),
        ("no-stack-traces", error(500, {"m": "System.NullReferenceException: x"}), VIOLATED),
        ("no-stack-traces", error(400, {"m": "ORA-00942: table or view"}), VIOLATED),
        ("no-stack-traces", error(400, {"m": "at Object.<anonymous> (/srv/app/index.js:10:5)"}), VIOLATED),
        ("no-stack-traces", error(400, {"m": "Kijk at home (organisatie)."}), MET),
    ],
)
def test_leaks(live: LiveApi, name: str, seen: Exchange, outcome: Outcome) -> None:
    assert look(name, live, seen).outcome is outcome


def test_the_value_of_a_cookie_is_never_told(live: LiveApi) -> None:
    evidence = look("no-cookies", live, [exchange(Set_Cookie="sid=geheim; Path=/"), exchange(Set_Cookie="AWSALB=geheim")])
    assert [finding.message.en for finding in evidence.findings] == [
        "The API sets a cookie called sid; that points to a session.",
        "A load balancer sets a cookie called AWSALB; it ties a client to one server.",
    ]


GEBOUW = {
    "type": "object",
    "properties": {
        "op": {"$ref": "#/components/schemas/Moment"},
        "dag": {"type": "string", "format": "date"},
        "deel": {"$ref": "#/components/schemas/Gebouw"},
        "misschien": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
        "een-van-beide": {"oneOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]},
        "paar": {"type": "array", "prefixItems": [{"type": "string", "format": "date"}], "items": {"type": "string"}},
        "vrij": {"type": "string"},
        "dagen": {"type": "object", "additionalProperties": {"type": "string", "format": "date"}},
    },
    "allOf": [{"properties": {"tijd": {"type": "string", "format": "time-local"}}}],
}
COMPONENTS = {"schemas": {"Gebouw": GEBOUW, "Moment": {"type": "string", "format": "date-time"}}}
UTC, AMSTERDAM = "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"


@pytest.mark.parametrize(
    ("item", "examined", "wrong"),
    [
        ({"op": UTC, "dag": "2026-01-01", "tijd": "10:00:00"}, 3, []),
        ({"op": AMSTERDAM}, 1, []),
        ({"op": "2026-01-01 00:00:00"}, 1, ["/components/schemas/Moment"]),
        ({"dag": UTC}, 1, ["/components/schemas/Gebouw/properties/dag"]),
        ({"tijd": "10:00"}, 1, ["/components/schemas/Gebouw/allOf/0/properties/tijd"]),
        ({"deel": {"deel": {"dag": "1 januari"}}}, 1, ["/components/schemas/Gebouw/properties/dag"]),
        ({"misschien": None}, 0, []),
        ({"misschien": "gisteren"}, 1, ["/components/schemas/Gebouw/properties/misschien/anyOf/0"]),
        ({"een-van-beide": "gisteren"}, 0, []),
        ({"paar": ["gisteren", "x"]}, 1, ["/components/schemas/Gebouw/properties/paar/prefixItems/0"]),
        ({"vrij": "gisteren", "op": None, "dag": 5}, 0, []),
        ({"dagen": {"begin": "gisteren"}}, 1, ["/components/schemas/Gebouw/properties/dagen/additionalProperties"]),
    ],
)
def test_declared_dates_and_times(bring: Bring, item: Any, examined: int, wrong: list[str]) -> None:
    schema = {"type": "array", "items": {"$ref": "#/components/schemas/Gebouw"}}
    evidence = put("date-time-values", bring({"/g": get(schema)}, {"GET /g": reply(200, [item])}, components=COMPONENTS))
    assert evidence.examined == examined
    assert [finding.location.pointer for finding in evidence.findings if finding.location] == wrong


@pytest.mark.parametrize(
    ("value", "outcome"), [(UTC, MET), ("2026-01-01T00:00:00+00:00", MET), (AMSTERDAM, VIOLATED), ("x", VACUOUS)]
)
def test_utc(bring: Bring, value: str, outcome: Outcome) -> None:
    live = bring({"/g": get(COMPONENTS["schemas"]["Moment"])}, {"GET /g": reply(200, value)})
    assert put("utc-date-times", live).outcome is outcome


@pytest.mark.parametrize(
    ("responses", "status", "content_type", "examined"),
    [
        (["200"], 200, "application/json", 1),
        (["2XX"], 200, "application/json; charset=utf-8", 1),
        (["default"], 200, "application/json", 1),
        (["2xx", "201"], 201, "application/json", 1),
        (["201"], 200, "application/json", 0),
        (["200"], 200, "application/hal+json", 0),
        (["200"], 200, "text/plain", 0),
    ],
)
def test_a_body_is_read_by_what_is_documented_for_it(
    bring: Bring, responses: list[str], status: int, content_type: str, examined: int
) -> None:
    content = {"application/json": {"schema": {"type": "string", "format": "date"}}}
    operation = {"get": {"responses": {code: {"description": "", "content": content} for code in responses}}}
    live = bring({"/g": operation}, {"GET /g": reply(status, "2026-01-01", Content_Type=content_type)})
    assert put("date-time-values", live).examined == examined


def test_a_deep_body_is_no_trouble(bring: Bring) -> None:
    body = b'{"deel":' * 900 + b'{"dag":"gisteren"}' + b"}" * 900
    live = bring({"/g": get({"$ref": "#/components/schemas/Gebouw"})}, {"GET /g": reply(200, body)}, components=COMPONENTS)
    assert put("date-time-values", live).outcome is VIOLATED
