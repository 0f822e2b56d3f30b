"""Does the fuzzer see what an API does wrong, and nothing that it does not?"""

from __future__ import annotations

import pytest

from apicheck.fuzz import Known
from apicheck.model import Outcome, Source
from tests.fuzz.api import LIST, ONE, Answer, Reply, Request, Seen, fuzzed, good, serving

KNOWN = {ONE: Known({"id": ["7"]})}


@pytest.fixture(scope="module")
def of_a_good_api() -> Seen:
    with serving() as api:
        return fuzzed(api.url, requests=None, values=KNOWN)


def test_a_good_api_gives_no_observations(of_a_good_api: Seen) -> None:
    assert of_a_good_api.result.stopped is None
    assert not of_a_good_api.result.observations
    assert of_a_good_api.answered() == {LIST, ONE}


def test_evidence_says_how_much_was_looked_at(of_a_good_api: Seen) -> None:
    outcomes = {evidence.check: evidence.outcome for evidence in of_a_good_api.result.evidence}
    assert outcomes == {
        "no-server-error": Outcome.MET,
        "status-documented": Outcome.MET,
        "media-type-documented": Outcome.MET,
        "response-matches-schema": Outcome.MET,
        "invalid-data-rejected": Outcome.MET,
        "valid-data-accepted": Outcome.MET,
        "unsupported-method": Outcome.VACUOUS,  # nothing of the kind is sent when only reading
        "headers-documented": Outcome.VACUOUS,  # the document promises no headers
        "authorisation-enforced": Outcome.VACUOUS,  # and asks for no credentials
        "answers-in-time": Outcome.MET,
        "request-answered": Outcome.MET,
    }
    examined = of_a_good_api.evidence("no-server-error").examined
    assert examined == len(of_a_good_api.exchanges)
    assert 0 < of_a_good_api.evidence("invalid-data-rejected").examined < examined


def test_every_exchange_is_shown_with_all_that_a_curl_line_needs(of_a_good_api: Seen) -> None:
    exchanges = of_a_good_api.exchanges
    assert [exchange.id for exchange in exchanges] == [f"f{number:05d}" for number in range(1, len(exchanges) + 1)]
    assert {exchange.sender for exchange in exchanges} == {Source.FUZZ}
    assert {exchange.operation for exchange in exchanges} == {LIST, ONE}
    assert {exchange.purpose for exchange in exchanges} == {"examples", "coverage", "fuzzing", "stateful"}
    for exchange in exchanges:
        assert exchange.status
        assert exchange.header("content-type") == "application/json"
        assert dict(exchange.request_headers)["User-Agent"].startswith("apicheck/")
        assert not any("schemathesis" in f"{name}{value}".lower() for name, value in exchange.request_headers)


def test_progress_goes_to_the_end(of_a_good_api: Seen) -> None:
    assert of_a_good_api.progress == sorted(of_a_good_api.progress)
    assert of_a_good_api.progress[-1] == (7, 7)


def test_a_known_value_reaches_an_operation() -> None:
    with serving(lambda request: Reply(200, []) if request.path == "/gebouwen" else good(request)) as api:
        assert fuzzed(api.url, requests=60).answered() == {LIST}
        assert fuzzed(api.url, requests=60, values=KNOWN).answered() == {LIST, ONE}


def breaks_down(request: Request) -> Reply:
    reply = good(request)
    return Reply(500, {}) if reply.status == 400 else reply


def undocumented_status(request: Request) -> Reply:
    reply = good(request)
    return Reply(418, {}) if reply.status == 400 else reply


def html(request: Request) -> Reply:
    reply = good(request)
    return Reply(reply.status, reply.json, {"Content-Type": "text/html"})


def another_schema(request: Request) -> Reply:
    return Reply(200, [{"naam": "Jan Jansen"}]) if request.path == "/gebouwen" else good(request)


def takes_anything(request: Request) -> Reply:
    return Reply(200, []) if request.path == "/gebouwen" else good(request)


def takes_nothing(request: Request) -> Reply:
    return Reply(400, {}) if request.path == "/gebouwen" else good(request)


@pytest.mark.parametrize(
    ("answer", "check", "told"),
    [
        (breaks_down, "no-server-error", "answered 500"),
        (undocumented_status, "status-documented", "answered 418. The document has only 200, 400"),
        (html, "media-type-documented", "type text/html. The document has application/json"),
        (another_schema, "response-matches-schema", '#/0: "id" is a required property'),
        (takes_anything, "invalid-data-rejected", "answered 200 (parameter `aantal` in query"),
        (takes_nothing, "valid-data-accepted", "answered 400"),
    ],
)
def test_what_an_api_does_wrong_is_observed_once(answer: Answer, check: str, told: str) -> None:
    with serving(answer) as api:
        seen = fuzzed(api.url, requests=100)
    observation = seen.observation(check, LIST)
    assert told in observation.message.en
    assert observation.occurrences > 1
    evidence = seen.evidence(check)
    assert evidence.outcome is Outcome.VIOLATED
    assert evidence.examined >= observation.occurrences
    assert evidence.findings[0].location is not None
    assert observation.exchange in {exchange.id for exchange in seen.result.exchanges}


def test_no_value_of_a_response_is_told() -> None:
    with serving(lambda request: Reply(200, [{"id": "123456782"}])) as api:
        seen = fuzzed(api.url, requests=60)
    assert ("response-matches-schema", LIST) in seen.observed()
    assert all("123456782" not in observation.message.en for observation in seen.result.observations)


def test_the_same_api_gives_the_same_ids() -> None:
    with serving(breaks_down) as api:
        first, second = (fuzzed(api.url, requests=80, seed=seed).result.observations for seed in (1, 2))
    assert {(seen.check, seen.operation): seen.id for seen in first} == {(seen.check, seen.operation): seen.id for seen in second}
