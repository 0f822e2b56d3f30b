"""Does the fuzzer do only what was agreed, to that API alone, and leave no trace?"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import configuration
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER
from schemathesis.specs.openapi.formats import STRING_FORMATS
from schemathesis.transport import requests as engine_transport

from apicheck import fuzz
from apicheck.budget import Budget
from apicheck.fuzz.adapter import connected, isolated
from apicheck.fuzz.allowance import Allowance
from apicheck.fuzz.wire import Refused, Wire
from apicheck.leave import Leave
from apicheck.model import Exchange, Mode, Outcome
from tests.fuzz.api import DOCUMENT, LIST, ONE, Reply, Request, fuzzed, good, parsed, serving

WRITES = {
    **DOCUMENT,
    "paths": {
        "/gebouwen": {
            **DOCUMENT["paths"]["/gebouwen"],
            "put": {"responses": {"204": {"description": "vervangen"}}},
            "trace": {"responses": {"200": {"description": "spoor"}}},
            "head": {"responses": {"200": {"description": "kop"}}},
            "options": {"responses": {"200": {"description": "keuzes"}}},
        },
        "/gebouwen/{id}": {
            **DOCUMENT["paths"]["/gebouwen/{id}"],
            "patch": {"responses": {"200": {"description": "gewijzigd"}}},
            "get": {
                **DOCUMENT["paths"]["/gebouwen/{id}"]["get"],
                "responses": {
                    "200": {
                        "description": "het gebouw",
                        "links": {
                            "weg": {"operationRef": "#/paths/~1gebouwen~1{id}/delete", "parameters": {"id": "$response.body#/id"}}
                        },
                    }
                },
            },
        },
    },
}


def test_a_run_that_reads_sends_nothing_else() -> None:
    with serving() as api:
        seen = fuzzed(api.url, WRITES, requests=200)
    methods = Counter(request.method for request in api.requests)
    assert set(methods) == {"GET", "HEAD", "OPTIONS"}
    assert seen.why("DELETE /gebouwen/{id}") == "This writes (DELETE), and this run only reads."


def test_a_run_that_may_write_does_and_tries_methods_that_are_not_there() -> None:
    with serving() as api:
        seen = fuzzed(api.url, requests=150, mode=Mode.FULL)
    assert {"GET", "POST", "DELETE"} < {request.method for request in api.requests}
    assert seen.evidence("unsupported-method").examined


def wire(url: str, exchanges: list[Exchange], mode: Mode = Mode.READ_ONLY) -> Wire:
    terms = fuzz.Terms(base_url=url, budget=Budget(100, 60), rate=10_000, mode=mode)
    return Wire(terms, Allowance(terms.budget, 1, stateful=False), exchanges.append, lambda phase: None)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "get", "CONNECT", "GEHEIM"])
def test_the_wire_itself_refuses_to_write(method: str) -> None:
    exchanges: list[Exchange] = []
    with serving() as api, isolated(), connected(wire(api.url, exchanges)):
        session = engine_transport.ManagedCookiesSession()
        prepared = session.prepare_request(requests.Request("GET", f"{api.url}/gebouwen"))
        prepared.method = method
        with pytest.raises(Refused):
            session.send(prepared)
    assert not api.requests
    assert not exchanges


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://127.0.0.2:{port}/v1/gebouwen",
        "http://127.0.0.1:1/v1/gebouwen",
        "https://127.0.0.1:{port}/v1/gebouwen",
        "http://user@127.0.0.1:{port}/v1/gebouwen",
        "http://127.0.0.1:{port}/v2/gebouwen",
        "http://127.0.0.1:{port}/v1beheer",
        "http://127.0.0.1:{port}/v1/../beheer",
        "http://127.0.0.1:{port}/",
    ],
)
@pytest.mark.parametrize("kind", ["ManagedCookiesSession", "SameHostRedirectsSession"])
def test_nothing_leaves_the_base_url(elsewhere: str, kind: str) -> None:
    with serving() as api, isolated(), connected(wire(api.url, [], Mode.FULL)):
        port = api.url.rpartition(":")[2].partition("/")[0]
        with pytest.raises(Refused):
            getattr(engine_transport, kind)().get(elsewhere.format(port=port))
    assert not api.requests


def test_a_redirect_is_the_answer_and_is_not_followed() -> None:
    with serving() as other:

        def moved(request: Request) -> Reply:
            return Reply(307, {}, {"Location": f"{other.url}{request.path}"})

        with serving(moved) as api:
            seen = fuzzed(api.url, requests=60)
    assert not other.requests
    assert {exchange.status for exchange in seen.exchanges} == {307}
    assert ("status-documented", LIST) in seen.observed()


def test_the_probes_of_the_engine_are_not_sent() -> None:
    with serving() as api:
        fuzzed(api.url, requests=60)
    assert all("x-schemathesis-probe" not in request.headers for request in api.requests)
    assert all("schemathesis" not in request.target for request in api.requests)


def test_links_and_mail_addresses_lead_nowhere() -> None:
    formats = ("uri", "uri-reference", "iri", "hostname", "email", "time-local", "date-time", "date-time-local")
    parameters = [{"name": name, "in": "query", "required": True, "schema": {"type": "string", "format": name}} for name in formats]
    document = {
        **DOCUMENT,
        "paths": {"/gebouwen": {"get": {"parameters": parameters, "responses": {"200": {"description": "ja"}}}}},
    }
    with serving(lambda _: Reply(200, [])) as api:
        fuzzed(api.url, document, requests=200)
    sent = [request.query for request in api.requests]
    links = {query[name] for query in sent for name in ("uri", "uri-reference", "iri") if "://" in query.get(name, "")}
    mails = {query["email"] for query in sent if "@" in query.get("email", "")}
    assert len(links) > 5
    assert all(".invalid" in link for link in links)
    assert len(mails) > 5
    assert all(mail.endswith(".example.org") for mail in mails)
    assert any(query.get("time-local", "").count(":") == 2 for query in sent)
    assert any(query.get("date-time", "").rpartition("T")[2].rpartition("+")[1] for query in sent)


def test_the_environment_has_no_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "schemathesis.toml").write_text("nonsense = true")
    (tmp_path / "hooks.py").write_text("raise SystemExit('loaded')")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login jan password geheim")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCHEMATHESIS_HOOKS", "hooks.py")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("GEHEIM", "uitgelekt")
    with serving() as api:
        fuzzed(api.url, requests=40, headers=(("X-Token", "a${GEHEIM}$${b}"),))
    assert api.requests
    assert {request.headers.get("x-token") for request in api.requests} == {"a${GEHEIM}$${b}"}
    assert not any("authorization" in request.headers for request in api.requests)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".netrc", "hooks.py", "schemathesis.toml"]


def traces() -> dict[str, Any]:
    load_all_checks()
    return {
        "hooks": {name: list(hooks) for name, hooks in GLOBAL_HOOK_DISPATCHER.get_all().items() if hooks},
        "formats": dict(STRING_FORMATS),
        "checks": CHECKS.get_all(),
        "home": vars(configuration)["__hypothesis_home_directory"],
        "sessions": (engine_transport.ManagedCookiesSession, engine_transport.SameHostRedirectsSession),
        "environment": dict(os.environ),
        "folder": Path.cwd(),
        "modules of ours": sorted(name for name in sys.modules if name.startswith("_schemathesis_hooks")),
    }


def test_a_run_leaves_the_process_as_it_was() -> None:
    before = traces()
    with serving() as api:
        fuzzed(api.url, requests=40)
    assert traces() == before


def test_so_does_a_run_that_breaks_off_and_it_keeps_what_it_brought() -> None:
    def crash(exchange: Exchange) -> None:
        if exchange.id == "f00040":
            raise ZeroDivisionError(exchange.id)

    before = traces()
    with serving(lambda _: Reply(500, {})) as api:
        result = fuzz.run(parsed(DOCUMENT), fuzz.Terms(base_url=api.url, budget=Budget(300, 60), rate=10_000), crash)
    assert traces() == before
    assert len(api.requests) == 40
    assert result.stopped is not None
    assert result.stopped.en.startswith("Stopped by a fault of apicheck itself.")
    assert {observation.check for observation in result.observations} >= {"no-server-error"}
    assert {observation.tried for observation in result.observations} == {0}
    assert {evidence.outcome for evidence in result.evidence} == {Outcome.UNKNOWN}
    assert all(evidence.crashed and evidence.reason and "f00040" in evidence.reason.en for evidence in result.evidence)


def test_a_crash_of_ours_between_two_requests_is_no_fault_of_the_document() -> None:
    def crash(done: int, of: int) -> None:
        if done == 4:
            raise ZeroDivisionError(f"{done} of {of}")

    with serving(lambda _: Reply(500, {})) as api:
        terms = fuzz.Terms(base_url=api.url, budget=Budget(300, 60), rate=10_000)
        result = fuzz.run(parsed(DOCUMENT), terms, lambda _: None, progress=crash)
    assert result.stopped is not None
    assert result.stopped.en.startswith("Stopped by a fault of apicheck itself.")
    assert {observation.check for observation in result.observations} >= {"no-server-error"}
    assert all(evidence.crashed for evidence in result.evidence)


def test_two_runs_at_a_time_do_not_meet() -> None:
    with serving() as one, serving() as other, ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda url: fuzzed(url, requests=40), (one.url, other.url)))
    for api, seen in zip((one, other), runs, strict=True):
        assert 30 < len(api.requests) == len(seen.exchanges) <= 40
        assert all(exchange.url.startswith(api.url) for exchange in seen.exchanges)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT interrupt, as it does not in a process that was started in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_who_interrupts_a_run_keeps_what_it_brought() -> None:
    def see(exchange: Exchange) -> None:
        if exchange.id == "f00020":
            signal.raise_signal(signal.SIGINT)

    with serving(lambda _: Reply(500, {})) as api:
        result = fuzz.run(parsed(DOCUMENT), fuzz.Terms(base_url=api.url, budget=Budget(300, 60), rate=10_000), see)
    assert result.stopped is not None
    assert result.stopped.en == "Stopped by the user."
    assert 20 <= len(api.requests) < 60


def test_credentials_are_left_out_where_the_engine_asks_whether_they_matter() -> None:
    document = {
        **DOCUMENT,
        "components": {**DOCUMENT["components"], "securitySchemes": {"sleutel": {"type": "http", "scheme": "bearer"}}},
        "security": [{"sleutel": []}],
    }

    def guarded(request: Request) -> Reply:
        return good(request) if request.headers.get("authorization") == "Bearer goed" else Reply(401, {})

    headers = (("Authorization", "Bearer goed"),)
    with serving(guarded) as api:
        seen = fuzzed(api.url, document, requests=60, headers=headers)
    assert ("authorisation-enforced", LIST) not in seen.observed()
    assert seen.evidence("authorisation-enforced").examined
    assert {"Bearer goed", None} < {request.headers.get("authorization") for request in api.requests}
    with serving() as api:
        seen = fuzzed(api.url, document, requests=60, headers=headers)
    observation = seen.observation("authorisation-enforced", LIST)
    (exchange,) = [exchange for exchange in seen.result.exchanges if exchange.id == observation.exchange]
    assert dict(exchange.request_headers).get("Authorization") != "Bearer goed"
    assert observation.occurrences == 1
    assert ONE in {exchange.operation for exchange in seen.exchanges}


def test_nobody_is_signed_up() -> None:
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"username": {"type": "string"}}}}}}
    token = {"content": {"application/json": {"schema": {"type": "object", "properties": {"token": {"type": "string"}}}}}}
    enter = {"post": {"requestBody": body, "responses": {"200": {"description": "ja", **token}}}}
    document = {
        **DOCUMENT,
        "paths": {"/register": enter, "/login": enter, **DOCUMENT["paths"]},
        "components": {**DOCUMENT["components"], "securitySchemes": {"sleutel": {"type": "http", "scheme": "bearer"}}},
        "security": [{"sleutel": []}],
    }
    with serving(lambda request: Reply(200, {"token": "t"}) if request.method == "POST" else good(request)) as api:
        seen = fuzzed(api.url, document, requests=150, mode=Mode.FULL)
    phases = {"examples", "coverage", "fuzzing", "stateful", "repeated"}
    assert {exchange.purpose for exchange in seen.exchanges} <= phases
    assert not any(request.headers.get("authorization") == "Bearer t" for request in api.requests)


def test_a_run_that_writes_safely_creates_and_touches_nothing_that_was_there() -> None:
    made = 0

    def answer(request: Request) -> Reply:
        nonlocal made
        if request.method != "POST":
            return good(request) if request.method in {"GET", "HEAD", "OPTIONS"} else Reply(204)
        made += 1
        return Reply(201, {"id": 1000 + made}, {"Location": f"{request.target.partition('?')[0]}/{1000 + made}"})

    with serving(answer) as api:
        leave = Leave(api.url, Mode.SAFE_WRITE, ["/gebouwen"])
        seen = fuzzed(api.url, requests=200, mode=Mode.SAFE_WRITE, leave=leave)
    writes = {(request.method, request.path) for request in api.requests if request.method not in {"GET", "HEAD", "OPTIONS"}}
    assert ("POST", "/gebouwen") in writes
    assert all(method == "POST" or path.startswith("/gebouwen/1") for method, path in writes)
    assert not leave.trespasses
    assert len(leave.own) == made
    assert {exchange.operation for exchange in seen.exchanges} >= {LIST, "POST /gebouwen"}
