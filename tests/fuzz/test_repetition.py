"""Is a thing said to be so only when it shows each time, and when we ourselves agree?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from apicheck.fuzz.repetition import NOT_REPEATED, Repetition, repeat
from apicheck.fuzz.second_opinion import SecondOpinion
from apicheck.fuzz.terms import Terms
from apicheck.model import Exchange, Mode, Outcome, Source
from apicheck.openapi import View
from tests.fuzz.api import DOCUMENT, LIST, ONE, Answer, Reply, Request, fuzzed, good, parsed, serving

URL = "http://127.0.0.1/v1"


def failing(times: int) -> Answer:
    """Answer 500 to what should get 400, but only so many times."""
    failed = 0

    def answer(request: Request) -> Reply:
        nonlocal failed
        reply = good(request)
        if reply.status != 400 or failed == times:
            return reply
        failed += 1
        return Reply(500, {})

    return answer


def test_what_shows_each_time_is_so() -> None:
    with serving(failing(1_000)) as api:
        seen = fuzzed(api.url, requests=100)
    observation = seen.observation("no-server-error", LIST)
    assert (observation.tried, observation.reproduced) == (2, 2)
    assert observation.message.en.endswith("Repeated 2 times on a new connection, the same happened each time.")
    assert seen.evidence("no-server-error").outcome is Outcome.VIOLATED
    assert [finding.id for finding in seen.evidence("no-server-error").findings] == [observation.id]
    repeated = [exchange for exchange in seen.exchanges if exchange.purpose == "repeated"]
    (first,) = [exchange for exchange in seen.exchanges if exchange.id == observation.exchange]
    again = [exchange for exchange in repeated if exchange.url == first.url]
    assert len(again) >= 2
    assert {exchange.request_headers for exchange in again} == {first.request_headers}
    assert len(api.connections) >= len(repeated)


def test_what_was_seen_once_and_not_again_is_an_observation_only() -> None:
    with serving(failing(1)) as api:
        seen = fuzzed(api.url, requests=100)
    observation = seen.observation("no-server-error", LIST)
    assert (observation.occurrences, observation.tried, observation.reproduced) == (1, 2, 0)
    assert "showed again 0 times. So it counts as an observation only." in observation.message.en
    evidence = seen.evidence("no-server-error")
    assert evidence.outcome is Outcome.UNKNOWN
    assert not evidence.findings
    assert observation.exchange in {exchange.id for exchange in seen.result.exchanges}


def test_there_is_something_left_to_repeat_with_however_small_the_budget() -> None:
    with serving(failing(1_000)) as api:
        seen = fuzzed(api.url, requests=40)
    assert len(seen.exchanges) <= 40
    assert any(observation.tried == 2 for observation in seen.result.observations)


def test_a_write_is_sent_again_where_that_was_allowed() -> None:
    def answer(request: Request) -> Reply:
        return Reply(500, {}) if request.method == "POST" else good(request)

    with serving(answer) as api:
        seen = fuzzed(api.url, requests=200, mode=Mode.FULL)
    observation = seen.observation("no-server-error", "POST /gebouwen")
    assert observation.reproduced == 2
    (first,) = [exchange for exchange in seen.exchanges if exchange.id == observation.exchange]
    again = [exchange for exchange in seen.exchanges if exchange.purpose == "repeated" and exchange.method == "POST"]
    assert first.request_body in {exchange.request_body for exchange in again}


def test_a_server_that_hangs_up_on_a_request_is_observed() -> None:
    with serving(lambda request: None if request.query.get("aantal") == "1" else good(request)) as api:
        seen = fuzzed(api.url, requests=120)
    observation = seen.observation("request-answered", LIST)
    assert observation.message.en.startswith("On this request the server broke the connection without an answer.")
    assert observation.reproduced == 2


def shown(*answers: bool | None) -> Callable[[Exchange], bool | None]:
    left = list(answers)
    return lambda _: left.pop(0)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((True, True, True), Repetition(2, 2)),
        ((True, False, True), Repetition(2, 1)),
        ((True, True, None), Repetition(2, 1)),
        ((False,), Repetition(0, 0, agreed=False)),
        ((None,), Repetition(0, 0, agreed=None)),
    ],
)
def test_each_time_it_is_looked_at_anew(answers: tuple[bool | None, ...], expected: Repetition) -> None:
    exchange = Exchange("f00001", Source.FUZZ, "test", "GET", URL)
    assert repeat(exchange, shown(*answers), lambda first: first) == expected
    assert expected.confirmed == (answers == (True, True, True))


def test_what_may_not_be_sent_again_is_not_confirmed() -> None:
    exchange = Exchange("f00001", Source.FUZZ, "test", "GET", URL)
    assert repeat(exchange, lambda _: True, lambda _: None) == NOT_REPEATED
    assert NOT_REPEATED.told.en == "This was not repeated. So it counts as an observation only."


BODY = b'[{"id": 7}]'


def get(url: str, status: int, body: bytes = BODY, media_type: str = "application/json", **more: Any) -> Exchange:
    headers = (("Content-Type", media_type),) if media_type else ()
    return Exchange("f00001", Source.FUZZ, "test", "GET", f"{URL}{url}", status=status, headers=headers, body=body, **more)


@pytest.mark.parametrize(
    ("claim", "operation", "exchange", "expected"),
    [
        ("no-server-error", LIST, get("/gebouwen", 500), True),
        ("no-server-error", LIST, get("/gebouwen", 400), False),
        ("status-documented", LIST, get("/gebouwen", 418), True),
        ("status-documented", LIST, get("/gebouwen", 400), False),
        ("media-type-documented", LIST, get("/gebouwen", 200, media_type="text/html"), True),
        ("media-type-documented", LIST, get("/gebouwen", 200, media_type="application/json;charset=utf-8"), False),
        ("media-type-documented", LIST, get("/gebouwen", 418), None),
        ("response-matches-schema", LIST, get("/gebouwen", 200), False),
        ("response-matches-schema", LIST, get("/gebouwen", 200, b"[{}]"), True),
        ("response-matches-schema", LIST, get("/gebouwen", 200, b"{"), True),
        ("response-matches-schema", LIST, get("/gebouwen", 400, b"[{}]"), None),
        ("invalid-data-rejected", LIST, get("/gebouwen?aantal=0", 200), True),
        ("invalid-data-rejected", LIST, get("/gebouwen?aantal=veel", 200), True),
        ("invalid-data-rejected", LIST, get("/gebouwen?aantal=", 200), True),
        ("invalid-data-rejected", LIST, get("/gebouwen?aantal=5", 200), False),
        ("invalid-data-rejected", LIST, get("/gebouwen?aantal=0", 400), False),
        ("invalid-data-rejected", LIST, get("/gebouwen?onbekend=0", 200), False),
        ("invalid-data-rejected", ONE, get("/gebouwen/abc", 200), True),
        ("invalid-data-rejected", ONE, get("/gebouwen/7", 200), False),
        ("invalid-data-rejected", ONE, get("/gebouwen/", 200), None),
        ("valid-data-accepted", LIST, get("/gebouwen?aantal=5", 400), True),
        ("valid-data-accepted", LIST, get("/gebouwen?aantal=0", 400), False),
        ("authorisation-enforced", LIST, get("/gebouwen", 200), False),
        ("answers-in-time", LIST, get("/gebouwen", 200, elapsed=6.0), True),
        ("answers-in-time", LIST, get("/gebouwen", 200, elapsed=1.0), False),
        ("no-server-error", "GET /elders", get("/elders", 500), None),
    ],
)
def test_we_read_the_document_ourselves(claim: str, operation: str, exchange: Exchange, expected: bool | None) -> None:  # noqa: FBT001  # what is expected
    document = parsed(DOCUMENT)
    assert SecondOpinion(document, View(document), Terms(base_url=URL)).agrees(claim, operation, exchange) is expected


def opinion(schema: dict[str, Any], version: str = "3.0.3", **parameter: Any) -> Callable[[str], bool | None]:
    """Return what says whether a query breaks the schema of the parameter ``q``."""
    described = {"name": "q", "in": "query", "schema": schema, **parameter}
    paths = {"/x": {"get": {"parameters": [described], "responses": {"200": {"description": "ja"}}}}}
    document = parsed({**DOCUMENT, "openapi": version, "paths": paths})
    second = SecondOpinion(document, View(document), Terms(base_url=URL))
    return lambda query: second.agrees("invalid-data-rejected", "GET /x", get(f"/x{query}", 200))


@pytest.mark.parametrize(
    ("schema", "parameter", "query", "expected"),
    [
        ({"type": "boolean"}, {}, "?q=true", False),
        ({"type": "boolean"}, {}, "?q=1", True),
        ({"type": "integer", "nullable": True}, {}, "?q=null", False),
        ({"type": "integer", "maximum": 5, "exclusiveMaximum": True}, {}, "?q=5", True),
        ({"type": "integer", "maximum": 5, "exclusiveMaximum": False}, {}, "?q=5", False),
        ({"type": "string", "format": "date"}, {}, "?q=morgen", True),
        ({"type": "array", "items": {"type": "integer"}}, {}, "?q=1&q=2", False),
        ({"type": "array", "items": {"type": "integer"}}, {"explode": False}, "?q=1,2", False),
        ({"type": "array", "items": {"type": "integer"}}, {"style": "pipeDelimited", "explode": False}, "?q=1|2", False),
        ({"type": "array", "items": {"type": "integer"}}, {}, "?q=1&q=x", True),
        ({"type": "object", "required": ["a"]}, {}, "?q=a,1", None),
        ({"type": "object"}, {"style": "deepObject"}, "?q[a]=1", None),
        ({"type": "integer"}, {"required": True}, "", True),
        ({"$ref": "#/nergens"}, {}, "?q=1", None),
    ],
)
def test_a_query_is_read_as_it_was_sent(schema: Any, parameter: Any, query: str, expected: bool | None) -> None:  # noqa: FBT001  # what is expected
    assert opinion(schema, **parameter)(query) is expected


def post(body: bytes, media_type: str = "application/json", schema: dict[str, Any] | None = None) -> bool | None:
    described = schema or {"$ref": "#/components/schemas/Gebouw"}
    request_body = {"required": True, "content": {"application/json": {"schema": described}, "text/*": {}}}
    paths = {"/x": {"post": {"requestBody": request_body, "responses": {"200": {"description": "ja"}}}}}
    document = parsed({**DOCUMENT, "paths": paths})
    exchange = Exchange("f1", Source.FUZZ, "test", "POST", f"{URL}/x", (("content-type", media_type),), body, "POST /x", status=200)
    return SecondOpinion(document, View(document), Terms(base_url=URL)).agrees("invalid-data-rejected", "POST /x", exchange)


def test_so_is_a_body() -> None:
    assert post(b'{"id": 1}') is False
    assert post(b'{"id": "een"}') is True
    assert post(b"{") is True
    assert post(b"") is True
    assert post(b"a", "text/csv") is None
    assert post(b"a", "image/png") is True


def test_a_property_that_only_the_server_sends_is_not_missed() -> None:
    properties = {"id": {"type": "integer", "readOnly": True}, "pin": {"type": "string", "writeOnly": True}}
    schema = {"type": "object", "required": ["id", "pin"], "properties": properties}
    assert post(b'{"pin": "1"}', schema=schema) is False
    assert post(b'{"id": 1}', schema=schema) is True


@pytest.mark.parametrize(
    ("security", "sent", "expected"),
    [
        ([{"sleutel": []}], (), True),
        ([{"sleutel": []}], (("Authorization", "Bearer kapot"),), True),
        ([{"sleutel": []}], (("Authorization", "Bearer goed"),), False),
        ([{"sleutel": []}, {}], (), False),
        ([], (), False),
        ([{"zegel": []}], (), None),
        ([{"vraag": []}], (), None),
    ],
)
def test_a_stranger_is_who_does_not_send_what_we_were_given(security: Any, sent: Any, expected: bool | None) -> None:  # noqa: FBT001  # what is expected
    schemes = {
        "sleutel": {"type": "http", "scheme": "bearer"},
        "zegel": {"type": "mutualTLS"},
        "vraag": {"type": "apiKey", "in": "query", "name": "k"},
    }
    document = parsed({**DOCUMENT, "components": {**DOCUMENT["components"], "securitySchemes": schemes}, "security": security})
    second = SecondOpinion(document, View(document), Terms(base_url=URL, headers=(("Authorization", "Bearer goed"),)))
    says = partial(second.agrees, "authorisation-enforced", LIST)
    assert says(get("/gebouwen", 200, request_headers=sent)) is expected
    assert says(get("/gebouwen", 401, request_headers=sent)) is (None if expected is None else False)
