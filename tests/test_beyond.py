"""Is told beside the standard what an answer shows, once for each cause, and only as sure as it is?"""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck import openapi
from apicheck.answers import CannotTell
from apicheck.beyond import Beyond
from apicheck.fuzz import Terms
from apicheck.model import Exchange, Observation, Source

BASE_URL = "https://api.example.nl/v1"
SCHEMA = {"type": "object", "properties": {"jaar": {"type": "integer"}}}
OPERATION = {
    "parameters": [{"name": "pagina", "in": "query", "schema": {"type": "integer"}}],
    "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": SCHEMA}}}},
}
DOCUMENT = openapi.parse(
    orjson.dumps(
        {
            "openapi": "3.0.3",
            "info": {"title": "Gebouwen", "version": "1.0.0"},
            "paths": {
                "/gebouwen": {"get": OPERATION},
                "/gesloten": {"get": {**OPERATION, "security": [{"token": []}]}},
                "/elders": {"get": {"responses": {"200": {"$ref": "https://elders.example.org/antwoord.yaml"}}}},
            },
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        }
    ),
    "openapi.json",
)
GOOD = Exchange(
    id="x0001",
    sender=Source.PROBE,
    purpose="test",
    method="GET",
    url=f"{BASE_URL}/gebouwen",
    operation="GET /gebouwen",
    status=200,
    headers=(("Content-Type", "application/json"),),
    body=b'{"jaar": 1950}',
    elapsed=0.1,
)
SHOWN: dict[str, dict[str, Any]] = {
    "no-server-error": {"status": 500},
    "status-documented": {"status": 203},
    "media-type-documented": {"headers": (("Content-Type", "text/html"),), "body": b"<p>"},
    "response-matches-schema": {"body": b'{"jaar": "oud"}'},
    "invalid-data-rejected": {"url": f"{BASE_URL}/gebouwen?pagina=apicheck"},
    "authorisation-enforced": {"url": f"{BASE_URL}/gesloten", "operation": "GET /gesloten"},
    "answers-in-time": {"elapsed": 5.1},
    "request-answered": {"status": None, "error": "reset", "body": b""},
    "no-secrets-in-answers": {"body": b'{"wachtwoord": "Tulp-1953"}'},
}
"""What in an answer shows each thing that is told."""


def beyond() -> Beyond:
    return Beyond(DOCUMENT, Terms(base_url=BASE_URL))


def told(*exchanges: Exchange) -> dict[str, Observation]:
    looking = beyond()
    for exchange in exchanges:
        looking.see(exchange)
    return {seen.check: seen for seen in looking.told()}


@pytest.mark.parametrize("check", SHOWN)
def test_what_an_answer_shows_is_told(check: str) -> None:
    seen = told(replace(GOOD, **SHOWN[check]))
    assert seen.keys() - {"status-documented"} == {check} - {"status-documented"}
    assert check in seen
    assert seen[check].source is Source.PROBE
    assert "Tulp-1953" not in seen[check].model_dump_json()


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"operation": None, "status": 500},
        {"operation": "GET /niet-beschreven", "status": 500},
        {"status": 429},
        {"status": 503},
        {"status": None, "error": "timed-out", "elapsed": 3.0},
        {"status": None, "error": "tls"},
        {"url": f"{BASE_URL}/elders", "operation": "GET /elders"},
        {"url": f"{BASE_URL}/gebouwen?onbekend=1"},
    ],
)
def test_what_shows_nothing_is_not_told(answer: dict[str, Any]) -> None:
    assert told(replace(GOOD, **answer)) == {}


def test_the_fuzzer_tells_of_its_own_but_for_secrets() -> None:
    assert told(replace(GOOD, sender=Source.FUZZ, status=500)) == {}
    assert told(replace(GOOD, sender=Source.FUZZ, **SHOWN["no-secrets-in-answers"])).keys() == {"no-secrets-in-answers"}


@pytest.mark.parametrize(("again", "reproduced"), [([500, 500], 2), ([500, 200], 1), ([200, 200], 0)])
def test_one_cause_is_told_once_with_how_often_it_showed_again(again: list[int], reproduced: int) -> None:
    looking, broken = beyond(), replace(GOOD, status=500)
    for number in range(3):
        looking.see(replace(broken, id=f"x000{number}"))
    answers = cycle(again)  # a status 500 is not documented either
    looking.repeat(lambda exchange: replace(exchange, status=next(answers)))
    seen = {item.check: item for item in looking.told()}["no-server-error"]
    assert (seen.occurrences, seen.tried, seen.reproduced) == (3, 2, reproduced)
    assert seen.exchange == "x0000"


def test_without_budget_nothing_is_said_to_show_again() -> None:
    def spent(_: Exchange) -> Exchange:
        raise CannotTell("errors.budget-spent")

    looking = beyond()
    looking.see(replace(GOOD, status=500))
    looking.repeat(spent)
    assert {seen.tried for seen in looking.told()} == {0}


@given(st.integers(0, 5), st.integers(0, 2), st.integers(0, 2))
def test_what_questions_and_fuzzer_see_alike_is_one_observation(times: int, ours: int, theirs: int) -> None:
    looking = beyond()
    for _ in range(times):
        looking.see(replace(GOOD, **SHOWN["response-matches-schema"]))
    answers = iter([*[True] * ours, False, False])
    looking.repeat(lambda exchange: exchange if next(answers) else GOOD)
    (seen,) = told(replace(GOOD, **SHOWN["response-matches-schema"])).values()
    fuzzed = seen.model_copy(update={"source": Source.FUZZ, "occurrences": 7, "tried": 2, "reproduced": theirs})
    (together,) = looking.told([fuzzed])
    assert together.occurrences == 7 + times
    assert together.reproduced == max(theirs, ours if times else 0)
