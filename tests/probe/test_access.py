"""Is it found who is let in that should not be, and is nobody blamed who keeps the door shut?"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from itertools import count
from typing import Any

import httpx
import orjson
import pytest

from apicheck.model import Outcome
from tests.probe.conftest import get, parameter, put
from tests.probe.test_behaviour import Respond, running

MET, VIOLATED, VACUOUS, UNKNOWN = Outcome.MET, Outcome.VIOLATED, Outcome.VACUOUS, Outcome.UNKNOWN
KEY = ("Authorization", "Bearer goede-sleutel")
CLOSED: dict[str, Any] = {"get": {**get()["get"], "security": [{"token": []}]}}
PATHS = {"/open": get(), "/gebouwen": CLOSED}
SCHEMES = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
Lets = Callable[[httpx.Request], bool]


def guarded(lets: Lets, status: int = 401) -> Respond:
    """Return an API that lets in whoever a function says; ``/open`` lets in anybody."""

    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        is_open = request.url.path.endswith("/open") or lets(request)
        return (200, {}, {}) if is_open else (status, {"WWW-Authenticate": "Bearer"}, {})

    return respond


def known(request: httpx.Request) -> bool:
    return bool(request.headers.get("authorization") == KEY[1])


TURNS = count()


@pytest.mark.parametrize(
    ("lets", "status", "outcome"),
    [
        (known, 401, MET),
        (known, 403, MET),
        (known, 404, UNKNOWN),
        (lambda _: True, 401, VIOLATED),
        (lambda request: "authorization" in request.headers, 401, VIOLATED),
        (lambda request: known(request) or next(TURNS) % 2 == 0, 401, UNKNOWN),
    ],
)
def test_who_has_no_key_or_a_broken_one(lets: Lets, status: int, outcome: Outcome) -> None:
    live = running(PATHS, guarded(lets, status), headers=[KEY], components=SCHEMES)
    assert put("access-refused-without-key", live).outcome is outcome


@pytest.mark.parametrize("place", ["query", "cookie", "header"])
@pytest.mark.parametrize("checks", [True, False])
def test_a_key_is_broken_where_it_goes(place: str, *, checks: bool) -> None:
    """Every request is asked for: one without a key and one with a key that nobody has."""
    sent: list[str | None] = []

    def given(request: httpx.Request) -> str | None:
        found = {"query": request.url.params, "header": request.headers}.get(place, {})
        return found.get("toegang") or request.headers.get("cookie", "").partition("toegang=")[2] or None

    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        sent.append(given(request))
        return (200 if len(sent) == 1 or (not checks and given(request)) else 401), {}, {}

    scheme = {"securitySchemes": {"token": {"type": "apiKey", "in": place, "name": "toegang"}}}
    evidence = put("access-refused-without-key", running({"/gebouwen": CLOSED}, respond, components=scheme))
    assert evidence.outcome is (MET if checks else VIOLATED)
    assert sent[1:3] == [None, "apicheck-no-such-key"]


@pytest.mark.parametrize(
    ("lets", "outcome"),
    [
        (known, MET),
        (lambda request: known(request) or request.headers.get("x-forwarded-for") == "127.0.0.1", VIOLATED),
        (lambda request: known(request) or request.headers.get("x-user") == "admin", VIOLATED),
        (lambda request: known(request) or request.headers.get("x-original-url", "").endswith("/gebouwen"), VIOLATED),
        (lambda _: True, VACUOUS),
    ],
)
def test_a_door_stays_shut_whatever_a_stranger_says(lets: Lets, outcome: Outcome) -> None:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        rewritten = request.headers.get("x-original-url")
        path = rewritten if rewritten and lets(request) else request.url.path
        is_open = path.endswith("/open") or lets(request)
        return (200, {}, {"pad": path}) if is_open else (401, {}, {})

    live = running(PATHS, respond, headers=[KEY], components=SCHEMES)
    methods: list[str] = []
    live.client.listeners.append(lambda exchange: methods.append(exchange.method))
    assert put("closed-whatever-headers", live).outcome is outcome
    assert set(methods) == {"GET"}
    assert len(methods) <= 16


def test_what_opens_once_is_no_door() -> None:
    turns = count()

    def lets(request: httpx.Request) -> bool:
        return known(request) or ("x-forwarded-for" in request.headers and next(turns) == 0)

    live = running(PATHS, guarded(lets), headers=[KEY], components=SCHEMES)
    assert put("closed-whatever-headers", live).outcome is UNKNOWN


def written(header: dict[str, str], key: str | None, digest: str = "sha256") -> str:
    """Return a JSON Web Token with this header, signed with a key."""

    def encoded(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    signed = f"{encoded(orjson.dumps(header))}.{encoded(orjson.dumps({'sub': 'x'}))}"
    signature = hmac.new(key.encode(), signed.encode(), getattr(hashlib, digest)).digest() if key is not None else b""
    return f"{signed}.{encoded(signature)}"


@pytest.mark.parametrize(
    ("token", "outcome"),
    [
        (written({"alg": "HS256"}, "secret"), VIOLATED),
        (written({"alg": "HS512"}, "changeme", "sha512"), VIOLATED),
        (written({"alg": "HS256"}, ""), VIOLATED),
        (written({"alg": "HS256"}, "9c1c60b3a7e34a0f8f6e"), MET),
        (written({"alg": "HS256"}, None), MET),
        (written({"alg": "none"}, None), VIOLATED),
        (written({"alg": "NONE"}, None), VIOLATED),
        (written({"alg": "RS256"}, "secret"), VACUOUS),
        ("geen.jwt.token", VACUOUS),
        ("eyJhbGciOiJIUzI1NiJ9.alleen-twee", VACUOUS),
        ("ondoorzichtig", VACUOUS),
    ],
)
def test_a_token_that_others_can_make(token: str, outcome: Outcome) -> None:
    live = running(PATHS, guarded(lambda _: True), headers=[("Authorization", f"Bearer {token}")])
    sent: list[str] = []
    live.client.listeners.append(lambda exchange: sent.append(exchange.url))
    evidence = put("token-hard-to-forge", live)
    assert evidence.outcome is outcome
    assert sent == []
    assert token not in evidence.model_dump_json()


def document(version: str, **operation: Any) -> dict[str, Any]:
    return {
        "openapi": "3.0.3",
        "info": {"title": "G", "version": version},
        "paths": {"/g": {"get": {"responses": {}, **operation}}},
    }


@pytest.mark.parametrize(
    ("others", "outcome", "told"),
    [
        ({}, MET, ""),
        ({"v2": document("2.0.0")}, VIOLATED, "v1 is still"),
        ({"v2": document("1.0.0")}, MET, ""),
        ({"v2": {"a": "gateway"}}, MET, ""),
    ],
)
def test_another_major_version(others: dict[str, Any], outcome: Outcome, told: str) -> None:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        segment = request.url.path.split("/")[1]
        if segment == "v1":
            return 200, {}, document("1.0.0")
        return (200, {}, others[segment]) if segment in others else (404, {}, {})

    evidence = put("old-majors-end", running({"/open": get()}, respond))
    assert evidence.outcome is outcome
    assert all(told in finding.message.en for finding in evidence.findings)


@pytest.mark.parametrize(
    ("link", "status", "outcome"),
    [
        ('</v1/einde>; rel="sunset"', 200, MET),
        ('</v1/einde>; rel="sunset"', 404, VIOLATED),
        ('</v1/a>; rel="next", <https://api.example.nl/v1/einde>; rel=deprecation; type="text/html"', 404, VIOLATED),
        ('<https://elders.example.org/einde>; rel="deprecation"', 200, UNKNOWN),
        ('</v1/a>; rel="next"', 404, VACUOUS),
    ],
)
def test_where_the_end_is_announced(link: str, status: int, outcome: Outcome) -> None:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        return (status if request.url.path.endswith("/einde") else 200), {"Link": link}, {}

    live = running({"/open": get(None, parameter("x"))}, respond)
    hosts: list[str] = []
    live.client.listeners.append(lambda exchange: hosts.append(httpx.URL(exchange.url).host))
    assert put("end-announced-where", live).outcome is outcome
    assert set(hosts) <= {"api.example.nl"}
