"""Does the fuzzer stop in time, and say honestly why, when the API is not what it was?"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from apicheck.fuzz import Known
from apicheck.model import Outcome
from tests.fuzz.api import BUILDING, DOCUMENT, LIST, ONE, Answer, Reply, Request, fuzzed, good, serving

KNOWN = {ONE: Known({"id": ["7"]})}


def many(operations: int) -> dict[str, Any]:
    """Return a document with this many operations."""
    paths = {f"/gebouwen{number}": DOCUMENT["paths"]["/gebouwen"] for number in range(operations)}
    return {**DOCUMENT, "paths": paths}


def after(requests: int, then: Answer) -> Answer:
    """Answer well at first, and otherwise after this many requests."""
    asked = 0

    def answer(request: Request) -> Reply | None:
        nonlocal asked
        asked += 1
        return Reply(200, [BUILDING]) if asked <= requests else then(request)

    return answer


def test_where_no_server_is_we_soon_stop() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    seen = fuzzed(f"http://127.0.0.1:{port}/v1", requests=None)
    assert len(seen.exchanges) == 10
    assert {(exchange.status, exchange.error) for exchange in seen.exchanges} == {(None, "refused")}
    assert seen.result.stopped is not None
    assert seen.result.stopped.en == "Stopped: the API again and again gave no answer."
    assert not seen.result.observations
    assert {evidence.outcome for evidence in seen.result.evidence} == {Outcome.UNKNOWN}
    assert not seen.reached()
    assert seen.why(LIST) == "Not one request was answered."


def test_a_server_that_dies_is_noticed_and_what_was_found_is_kept() -> None:
    with serving(after(70, lambda _: None)) as api:
        seen = fuzzed(api.url, many(6), requests=400)
    assert seen.result.stopped is not None
    assert seen.result.stopped.en == "Stopped: the API again and again gave no answer."
    assert 70 < len(seen.exchanges) < 100
    assert ("invalid-data-rejected", "GET /gebouwen0") in seen.observed()
    assert seen.evidence("no-server-error").outcome is Outcome.UNKNOWN


def test_an_operation_that_never_answers_is_left_alone() -> None:
    with serving(lambda request: None if request.path == "/gebouwen3" else Reply(200, [BUILDING])) as api:
        seen = fuzzed(api.url, many(5), requests=300)
    silent = [exchange for exchange in seen.exchanges if exchange.operation == "GET /gebouwen3"]
    assert 3 <= len(silent) <= 20
    assert seen.why("GET /gebouwen3") == "Not one request was answered."
    assert len(seen.answered()) == 4
    assert ("no-server-error", "GET /gebouwen3") not in seen.observed()


def test_a_slow_server_does_not_hold_us_up() -> None:
    def slow(_: Request) -> Reply:
        time.sleep(0.4)
        return Reply(200, [])

    with serving(slow) as api:
        seen = fuzzed(api.url, requests=None, seconds=30, request_timeout=0.1)
    assert {exchange.error for exchange in seen.exchanges} == {"timed-out"}
    assert len(seen.exchanges) <= 12


@pytest.mark.parametrize("status", [401, 403])
def test_without_access_we_stop_undecided(status: int) -> None:
    with serving(lambda _: Reply(status, {})) as api:
        seen = fuzzed(api.url, many(3), requests=300)
    assert len(seen.exchanges) == 30
    assert seen.result.stopped is not None
    assert "refused access" in seen.result.stopped.en
    assert seen.why("GET /gebouwen0") == f"The API always refused access ({status})."
    assert seen.evidence("valid-data-accepted").outcome is Outcome.UNKNOWN


def test_credentials_that_expire_are_noticed() -> None:
    with serving(after(50, lambda _: Reply(401, {}))) as api:
        seen = fuzzed(api.url, many(3), requests=300)
    assert seen.result.stopped is not None
    assert "Check the credentials" in seen.result.stopped.en
    assert len(seen.exchanges) <= 90


def test_one_operation_that_is_closed_to_us_stops_nothing() -> None:
    def closed(request: Request) -> Reply:
        return Reply(403, {}) if request.path == "/gebouwen0" else Reply(200, [BUILDING])

    with serving(closed) as api:
        seen = fuzzed(api.url, many(3), requests=300)
    assert seen.result.stopped is None or "divided" in seen.result.stopped.en
    assert seen.answered() == {"GET /gebouwen1", "GET /gebouwen2"}


def test_an_environment_that_breaks_is_noticed_and_blamed_once() -> None:
    with serving(after(60, lambda _: Reply(500, {}))) as api:
        seen = fuzzed(api.url, many(6), requests=600)
    assert seen.result.stopped is not None
    assert seen.result.stopped.en.startswith("Stopped: the API worked at first and then gave server errors only.")
    assert len(seen.exchanges) <= 95
    failures = [observed for observed in seen.result.observations if observed.check == "no-server-error"]
    assert [observed.occurrences for observed in failures] == [1]


def test_an_operation_that_always_fails_is_a_finding_and_no_reason_to_stop() -> None:
    with serving(lambda request: Reply(500, {}) if request.path == "/gebouwen1" else Reply(200, [BUILDING])) as api:
        seen = fuzzed(api.url, many(3), requests=250)
    assert ("no-server-error", "GET /gebouwen1") in seen.observed()
    assert seen.why("GET /gebouwen1") == "The API never gave a good answer (only 500)."
    assert {"fuzzing"} <= {exchange.purpose for exchange in seen.exchanges}


def test_an_api_that_always_failed_is_tested_all_the_same() -> None:
    with serving(lambda _: Reply(500, {})) as api:
        seen = fuzzed(api.url, requests=300)
    assert seen.result.stopped is None or "divided" in seen.result.stopped.en
    assert {exchange.purpose for exchange in seen.exchanges} >= {"coverage", "fuzzing", "stateful"}
    assert seen.observed() >= {("no-server-error", LIST), ("no-server-error", ONE)}


def held_off(retry_after: Callable[[int], str | None]) -> tuple[Answer, list[float]]:
    """Answer every third request with 429, and note when requests came."""
    times: list[float] = []

    def answer(request: Request) -> Reply:
        times.append(time.monotonic())
        if len(times) % 3:
            return good(request)
        wait = retry_after(len(times))
        return Reply(429, {}, {} if wait is None else {"Retry-After": wait})

    return answer, times


def test_a_server_that_asks_to_wait_is_obeyed_and_not_blamed() -> None:
    answer, times = held_off(lambda _: "1")
    with serving(answer) as api:
        seen = fuzzed(api.url, requests=7, values=KNOWN)
    refused = [number for number, exchange in enumerate(seen.exchanges) if exchange.status == 429]
    assert refused
    for number in refused[:-1]:
        assert times[number + 1] - times[number] >= 1
        assert seen.exchanges[number].url == seen.exchanges[number + 1].url
    assert not seen.result.observations


def test_a_server_that_is_overloaded_is_not_blamed_though_it_names_no_time() -> None:
    counted = count()
    with serving(lambda request: good(request) if next(counted) % 3 else Reply(503, {})) as api:
        seen = fuzzed(api.url, requests=9, values=KNOWN)
    assert any(exchange.status == 503 for exchange in seen.exchanges)
    assert "no-server-error" not in {check for check, _ in seen.observed()}


def test_a_storm_of_429_ends_the_run_undecided() -> None:
    with serving(lambda _: Reply(429, {}, {"Retry-After": "0"})) as api:
        seen = fuzzed(api.url, requests=200, rate=10_000)
    assert seen.result.stopped is not None
    assert "asked to slow down" in seen.result.stopped.en
    assert not seen.result.observations
    assert {evidence.check for evidence in seen.result.evidence if evidence.examined} == {"request-answered"}


def test_a_wait_longer_than_we_have_ends_the_run() -> None:
    with serving(lambda _: Reply(503, {}, {"Retry-After": "50"})) as api:
        began = time.monotonic()
        seen = fuzzed(api.url, seconds=20)
    assert time.monotonic() - began < 20
    assert len(seen.exchanges) == 1
    assert seen.result.stopped is not None
    assert not seen.result.observations
