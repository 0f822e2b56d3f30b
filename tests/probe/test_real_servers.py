"""Do the probes tell a good server from trouble, over real HTTP?"""

import math
import socket
from collections.abc import Callable, Iterator

import pytest

from apicheck import catalogue, openapi
from apicheck.budget import Budget
from apicheck.demo import Example, running_example
from apicheck.errors import TargetRefused
from apicheck.model import Evidence, Exchange, Outcome, Source
from apicheck.plan import checks
from apicheck.probe import Client, Watcher, ask_questions, question, reach, redact, response_check
from tests.probe.conftest import describe, get
from tests.probe.servers import raw_server

DATED = b"Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"


ADR = {name for edition in ("2.0", "2.1", "2.2") for name in checks(catalogue.load(f"nlgov-adr@{edition}"), Source.PROBE)}


@pytest.fixture(scope="module")
def example() -> Iterator[Example]:
    with running_example() as running:
        yield running


def probe(document: openapi.Document, client: Client) -> tuple[dict[str, Evidence], list[Exchange]]:
    """Ask everything that there is to ask about the design rules."""
    sent: list[Exchange] = []
    client.listeners.append(sent.append)
    live = reach(document, client)
    watcher = Watcher([name for name in response_check if name in ADR], live)
    client.listeners.append(watcher.see)
    evidence = [answer for answer, _ in ask_questions([name for name in question if name in ADR], live)]
    return {found.check: found for found in (*evidence, *watcher.evidence())}, sent


def probe_example(example: Example, *, budget: Budget | None = None) -> tuple[dict[str, Evidence], list[Exchange]]:
    with Client(example.base_url, rate=math.inf, budget=budget) as client:
        return probe(openapi.load(str(example.document)), client)


def test_a_good_api_meets_everything(example: Example) -> None:
    evidence, sent = probe_example(example)
    by_outcome = {outcome: {name for name, found in evidence.items() if found.outcome is outcome} for outcome in Outcome}
    assert by_outcome[Outcome.VIOLATED] == set()
    assert by_outcome[Outcome.VACUOUS] == {  # no login, no cookie, no header as parameter, and nothing that is deprecated
        "access-refused-without-key",
        "challenge-with-401",
        "deprecation-announced",
        "deprecation-dates",
        "end-announced-where",
        "invalid-header-refused",
        "same-answer-without-cookie",
        "sunset-kept",
        "token-in-query-refused",
    }
    not_allowed = {"delete-repeatable", "invalid-body-400", "put-repeatable", "written-is-read", "wrong-media-type-refused"}
    assert by_outcome[Outcome.UNKNOWN] == not_allowed | {
        "cors-for-declared-origins",
        "tls-not-weak",
        "tls-as-of-2025",
    }  # there is no TLS
    assert {exchange.method for exchange in sent} == {"GET", "HEAD", "PROPFIND"}
    for exchange in sent:
        redact(exchange)


def test_the_same_requests_are_sent_every_time(example: Example) -> None:
    first, second = ([(x.id, x.method, x.url, x.request_headers) for x in probe_example(example)[1]] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("requests", [1, 5, 20])
def test_a_budget_that_runs_out_leaves_doubt_and_no_fault(example: Example, requests: int) -> None:
    evidence, sent = probe_example(example, budget=Budget(max_requests=requests))
    assert len(sent) == requests
    assert Outcome.VIOLATED not in {found.outcome for found in evidence.values()}
    assert {evidence[name].outcome for name in response_check if name in ADR} == {Outcome.UNKNOWN}, "who knows what was not seen?"


def answering(handle: Callable[[int, socket.socket], bool]) -> Callable[[socket.socket, bytes], None]:
    """Return a server that answers well, unless ``handle``, given the number of the request, does so itself."""
    count = [0]

    def serve(connection: socket.socket, head: bytes) -> None:
        count[0] += 1
        if handle(count[0], connection):
            return
        body = b"" if head.startswith(b"HEAD") else b"{}"
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + DATED + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n" + body)

    return serve


def broken_off(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + DATED + b"Content-Type: application/json\r\nContent-Length: 999\r\n\r\n{")


DEAD: dict[str, Callable[[socket.socket], object]] = {
    "gone": lambda connection: connection.close(),
    "silent": lambda connection: connection.recv(1),
    "broken-off": broken_off,
    "nonsense": lambda connection: connection.sendall(b"+OK POP3 ready\r\n"),
}


@pytest.mark.parametrize("die", DEAD)
@pytest.mark.parametrize("after", [2, 4])
def test_a_server_that_dies_on_the_way_leaves_doubt_and_no_fault(die: str, after: int) -> None:
    def handle(number: int, connection: socket.socket) -> bool:
        if number > after:
            DEAD[die](connection)
        return number > after

    document = describe({"/a": get(), "/b": get()})
    with raw_server(answering(handle)) as base_url, Client(base_url, rate=math.inf, timeout=1) as client:
        live = reach(document, client)
        first = ["unsupported-method-405", "head-where-get"]
        others = [name for name in question if name in ADR - {*first, "base-url-has-major-version"}]
        evidence = [answer for answer, _ in ask_questions([*first, *others], live)]
    asking = {
        "cors-for-declared-origins",
        "cors-with-credentials",
        "head-where-get",
        "openapi-json-cors",
        "openapi-json-equals-document",
        "openapi-json-published",
        "openapi-yaml-equal",
        "same-answer-in-other-order",
        "same-answer-twice",
        "tls-not-weak",
        "tls-as-of-2025",
        "trailing-slash-404",
        "unknown-form-refused",
        "unknown-path-404",
        "unsupported-method-405",
    }
    for found in evidence:
        if found.check not in asking:  # there is nothing in this document to ask about
            assert found.outcome is Outcome.VACUOUS
        elif die == "broken-off" and found.check == "head-where-get":  # an answer to HEAD has no body to miss
            assert found.outcome is Outcome.MET
        elif after == 2 or found.check != "unsupported-method-405":  # which was asked first, with two requests
            assert found.outcome is Outcome.UNKNOWN
            assert found.reason


def test_a_server_that_asks_to_slow_down_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)

    def handle(number: int, connection: socket.socket) -> bool:
        if number % 2:
            connection.sendall(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
        return bool(number % 2)

    with raw_server(answering(handle)) as base_url, Client(base_url, rate=math.inf) as client:
        live = reach(describe({"/a": get(), "/b": get()}), client)
        assert list(live.reached) == ["GET /a", "GET /b"]
        assert [exchange.status for exchange in live.preflight] == [429, 200, 429, 200]
        assert slept.count(1.0) == 2
        (evidence,) = Watcher(["problem-details"], live).evidence()
    assert evidence.outcome is Outcome.UNKNOWN


def test_a_server_that_sends_everyone_round_in_circles_is_refused() -> None:
    def handle(_number: int, connection: socket.socket) -> bool:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n")
        return True

    with (
        raw_server(answering(handle)) as base_url,
        Client(base_url, rate=math.inf) as client,
        pytest.raises(TargetRefused) as refused,
    ):
        reach(describe({"/a": get()}), client)
    assert "302" in refused.value.explain().nl
