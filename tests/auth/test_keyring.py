"""Do credentials go along where they belong, are they replaced in time, and does a stranger stay one?"""

from __future__ import annotations

import math
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import orjson
import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from apicheck import fuzz, openapi, settings
from apicheck.answers import CannotTell
from apicheck.budget import Budget
from apicheck.credentials import Keyring
from apicheck.errors import WrongUse
from apicheck.model import Exchange, Source
from apicheck.openapi import View
from apicheck.plan import Plan
from apicheck.probe import Client
from apicheck.scope import keyring_for

from .servers import Reply, Request, TokenServer, document, serving

LIST = "GET /gebouwen"


def ring(described: dict[str, Any], url: str, toml: str, folder: Path) -> Keyring:
    file = folder / "apicheck.toml"
    file.write_text(toml)
    wishes = settings.read(file)
    api = View(openapi.parse(orjson.dumps(described), "openapi.json"))
    return keyring_for(Plan(spec="", sources=(), command="", base_url=url, auth=wishes.auth, ca=wishes.ca), api)


@pytest.fixture
def oauth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TokenServer, str]]:
    monkeypatch.setenv("CLIENT", "apicheck")
    monkeypatch.setenv("SECRET", TokenServer().secret)
    server = TokenServer()
    with serving(server.answer) as url:
        toml = f'[auth.oauth]\ntype = "oauth2-client-credentials"\ntoken-url = "{url}/token"\n'
        yield server, toml + 'client-id = "env:CLIENT"\nclient-secret = "env:SECRET"\n'


OAUTH = {"oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://elders.example.org", "scopes": {}}}}}


def asking(valid: Callable[[Request], bool], seen: list[Request] | None = None) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        if seen is not None:
            seen.append(request)
        return (200, {}) if valid(request) else (401, {"status": 401, "title": "wie bent u"})

    return answer


def test_a_token_is_fetched_once_for_each_set_of_scopes(oauth: tuple[TokenServer, str], tmp_path: Path) -> None:
    server, toml = oauth
    read, write = ({"get": {"security": [{"oauth": scopes}], "responses": {}}} for scopes in (["lezen"], ["lezen", "schrijven"]))
    described = document(OAUTH, [{"oauth": []}], **{"/a": read, "/b": write, "/c": read})
    known: set[str] = set()

    def valid(request: Request) -> bool:
        known.update(server.valid)
        return request.bearer in known

    with serving(asking(valid)) as url, Client(url, keyring=ring(described, url, toml, tmp_path), rate=math.inf) as client:
        statuses = [client.send("GET", path, purpose="test").status for path in ("/a", "/b", "/c", "/a", "/gebouwen")]
    assert statuses == [200] * 5
    assert [scope for _, scope in server.given] == ["lezen", "lezen schrijven", ""]


def test_a_token_is_replaced_before_it_expires(
    oauth: tuple[TokenServer, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, toml = oauth
    server.lifetime = 100
    described, now = document(OAUTH, [{"oauth": []}]), [time.monotonic()]
    with serving(asking(lambda request: request.bearer in server.valid)) as url:
        keyring = ring(described, url, toml, tmp_path)
        monkeypatch.setattr(time, "monotonic", lambda: now[0])
        tokens = []
        for passed in (0, 60, 20, 60):
            now[0] += passed
            tokens.append(keyring.show("GET", f"{url}/gebouwen").headers)
    assert len(server.given) == 2
    assert tokens[0] == tokens[1] != tokens[2] == tokens[3]


def test_a_token_that_is_refused_is_replaced_once(oauth: tuple[TokenServer, str], tmp_path: Path) -> None:
    server, toml = oauth
    described = document(OAUTH, [{"oauth": []}])
    with (
        serving(asking(lambda request: request.bearer in server.valid)) as url,
        Client(url, keyring=ring(described, url, toml, tmp_path), rate=math.inf) as client,
    ):
        assert client.send("GET", "/gebouwen", purpose="test").status == 200
        server.valid = set()  # it expires on their side
        assert client.send("GET", "/gebouwen", purpose="test").status == 200
    assert len(server.given) == 2


def test_an_api_that_refuses_every_token_does_not_cost_one_each(oauth: tuple[TokenServer, str], tmp_path: Path) -> None:
    server, toml = oauth
    asked: list[Request] = []
    with (
        serving(asking(lambda _: False, asked)) as url,
        Client(url, keyring=ring(document(OAUTH, [{"oauth": []}]), url, toml, tmp_path), rate=math.inf) as client,
    ):
        for _ in range(20):
            client.send("GET", "/gebouwen", purpose="test")
        with pytest.raises(CannotTell) as stopped:
            client.send("GET", "/gebouwen", purpose="test")
    assert (len(server.given), len(asked)) == (1, 20)
    assert "apicheck auth test" in stopped.value.reason.nl


def test_a_wrong_secret_is_told_and_tried_once(
    oauth: tuple[TokenServer, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, toml = oauth
    monkeypatch.setenv("SECRET", "niet het geheim")
    tries: list[Request] = []
    with serving(asking(lambda _: True, tries)) as url:
        keyring = ring(document(OAUTH, [{"oauth": []}]), url, toml, tmp_path)
        for _ in range(3):
            with pytest.raises(CannotTell) as refused:
                keyring.show("GET", f"{url}/gebouwen")
    assert "401 invalid_client" in refused.value.reason.nl
    assert (server.given, tries) == ([], [])


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_a_client_proves_itself_with_its_key(algorithm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else rsa.generate_private_key(65537, 2048)
    pem = tmp_path / "key.pem"
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(key.private_bytes(*encoding))
    monkeypatch.setenv("CLIENT", "apicheck")

    def proved(request: Request) -> bool:
        claims = jwt.decode(
            request.form["client_assertion"], key.public_key(), algorithms=[algorithm], audience=url + "/token", issuer="apicheck"
        )
        return bool(claims["sub"] == request.form["client_id"] == "apicheck" and claims["jti"])

    server = TokenServer(proved=proved)
    with serving(server.answer) as url, serving(asking(lambda request: request.bearer in server.valid)) as api:
        toml = f'[auth.oauth]\ntype = "private-key-jwt"\ntoken-url = "{url}/token"\nclient-id = "env:CLIENT"\n'
        toml += f'key = "file:{pem}"\nalgorithm = "{algorithm}"\nscopes = ["toetsen"]\n'
        keyring = ring(document(OAUTH, [{"oauth": []}]), api, toml, tmp_path)
        with Client(api, keyring=keyring, rate=math.inf) as client:
            assert client.send("GET", "/gebouwen", purpose="test").status == 200
    assert server.given == [("token-nummer-1", "toetsen")]


def test_the_token_of_zgw_says_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"CLIENT": "toets", "SECRET": "kort", "USER": "j.jansen", "NAME": "J. Jansen"}.items():
        monkeypatch.setenv(name, value)
    toml = '[auth.JWT-Claims]\ntype = "zgw-jwt"\nclient-id = "env:CLIENT"\nsecret = "env:SECRET"\n'
    toml += 'user-id = "env:USER"\nuser-representation = "env:NAME"\n'
    described = document({"JWT-Claims": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}, [{"JWT-Claims": []}])
    seen: list[Request] = []
    with serving(asking(lambda _: True, seen)) as url, Client(url, keyring=ring(described, url, toml, tmp_path)) as client:
        client.send("GET", "/gebouwen", purpose="test")
    claims = jwt.decode(seen[0].bearer, "kort", algorithms=["HS256"], issuer="toets")
    assert abs(claims.pop("iat") - time.time()) < 60
    assert claims == {"iss": "toets", "client_id": "toets", "user_id": "j.jansen", "user_representation": "J. Jansen"}


PLACES = {
    "header": lambda request: request.headers.get("x-sleutel"),
    "query": lambda request: request.query.get("x-sleutel"),
    "cookie": lambda request: request.cookies.get("x-sleutel"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_key_goes_where_the_document_says_and_a_stranger_has_none(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", "sleutel & slot")
    toml = '[auth.sleutel]\ntype = "api-key"\nvalue = "env:KEY"\n'
    described = document({"sleutel": {"type": "apiKey", "in": place, "name": "x-sleutel"}}, [{"sleutel": []}])
    seen: list[Request] = []
    with serving(asking(lambda _: True, seen)) as url, Client(url, keyring=ring(described, url, toml, tmp_path)) as client:
        known = client.send("GET", "/gebouwen", query=[("a", "b c")], purpose="test")
        client.send("GET", known.url, purpose="test")
        client.send("GET", known.url, purpose="test", authenticated=False)
    assert [PLACES[place](request) for request in seen] == ["sleutel & slot", "sleutel & slot", None]
    assert [request.query.get("a") for request in seen] == ["b c"] * 3


def test_of_alternatives_the_first_is_taken_that_can_be_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "een")
    monkeypatch.setenv("TOKEN", "twee")
    schemes = {name: {"type": "apiKey", "in": "header", "name": name} for name in ("een", "drie")}
    schemes["twee"] = {"type": "http", "scheme": "bearer"}
    option: dict[str, Any] = {
        "get": {"security": [{"drie": []}, {"een": [], "drie": []}, {"een": [], "twee": []}], "responses": {}}
    }
    nothing: dict[str, Any] = {"get": {"security": [], "responses": {}}}
    described = document(schemes, [{"twee": []}], **{"/een/{id}": option, "/open": nothing})
    toml = '[auth.een]\ntype = "api-key"\nvalue = "env:KEY"\n[auth.twee]\ntype = "bearer"\ntoken = "env:TOKEN"\n'
    keyring = ring(described, "http://h/v1", toml, tmp_path)
    shown = {path: keyring.show("GET", f"http://h/v1{path}").schemes for path in ("/een/7", "/een/7/", "/open", "/gebouwen", "/?x")}
    assert shown == {"/een/7": ("een", "twee"), "/een/7/": ("een", "twee"), "/open": (), "/gebouwen": ("twee",), "/?x": ("twee",)}
    assert keyring.show("PROPFIND", "http://h/v1/een/7").schemes == ("een", "twee")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA, tmp_path: Path) -> tuple[ssl.SSLContext, str]:
    """A server that asks for the key of a client, and the settings with which we have one."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL
    own = authority.issue_cert("apicheck@example.org", common_name="apicheck")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    own.private_key_pem.write_to_path(tmp_path / "key.pem")
    own.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    toml = f'ca = "file:{tmp_path}/ca.pem"\n[auth.pki]\ntype = "mtls"\n'
    return context, toml + f'cert = "file:{tmp_path}/cert.pem"\nkey = "file:{tmp_path}/key.pem"\n'


PKI = {"pki": {"type": "mutualTLS"}}


def test_a_client_proves_itself_in_the_handshake_and_a_stranger_does_not(tls: tuple[ssl.SSLContext, str], tmp_path: Path) -> None:
    context, toml = tls
    seen: list[Request] = []
    with (
        serving(asking(lambda request: request.peer == "apicheck", seen), context) as url,
        Client(url, keyring=ring(document(PKI, [{"pki": []}]), url, toml, tmp_path), rate=math.inf) as client,
    ):
        statuses = [client.send("GET", "/gebouwen", purpose="test", authenticated=known).status for known in (True, False, True)]
    assert statuses == [200, 401, 200]
    assert [request.peer for request in seen] == ["apicheck", None, "apicheck"]


def fuzzed(url: str, described: dict[str, Any], keyring: Keyring, requests: int = 25) -> tuple[fuzz.FuzzResult, list[Exchange]]:
    seen: list[Exchange] = []
    terms = fuzz.Terms(base_url=url, keyring=keyring, budget=Budget(requests, 60), rate=math.inf)
    return fuzz.run(openapi.parse(orjson.dumps(described), "openapi.json"), terms, seen.append), seen


def test_the_fuzzer_proves_itself_in_the_handshake(tls: tuple[ssl.SSLContext, str], tmp_path: Path) -> None:
    context, toml = tls
    described, seen = document(PKI, [{"pki": []}]), list[Request]()
    with serving(asking(lambda request: request.peer == "apicheck", seen), context) as url:
        found, exchanges = fuzzed(url, described, ring(described, url, toml, tmp_path), 10)
    assert [observation.check for observation in found.observations] == []
    assert {exchange.status for exchange in exchanges} == {200}
    assert {request.peer for request in seen} == {"apicheck"}


@pytest.mark.parametrize("enforced", [True, False])
@pytest.mark.parametrize("kind", ["header", "query", "cookie", "bearer", "basic"])
def test_the_fuzzer_knows_who_lets_strangers_in(kind: str, enforced: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001  # pytest
    monkeypatch.setenv("KEY", "sleutel-van-ons")
    if kind in PLACES:
        scheme, toml = {"type": "apiKey", "in": kind, "name": "x-sleutel"}, 'type = "api-key"\nvalue = "env:KEY"\n'
    elif kind == "bearer":
        scheme, toml = {"type": "http", "scheme": "bearer"}, 'type = "bearer"\ntoken = "env:KEY"\n'
    else:
        scheme, toml = {"type": "http", "scheme": "basic"}, 'type = "basic"\nusername = "env:KEY"\npassword = "env:KEY"\n'
    described = document({"s": scheme}, [{"s": []}])
    keyring = ring(described, "http://127.0.0.1", f"[auth.s]\n{toml}", tmp_path)
    shown = keyring.show("GET", "http://127.0.0.1/gebouwen")
    wanted = shown.headers or shown.query or shown.cookies

    def valid(request: Request) -> bool:
        given = [*request.headers.items(), *request.query.items(), *request.cookies.items()]
        return not enforced or (wanted[0][0].lower(), wanted[0][1]) in [(name.lower(), value) for name, value in given]

    seen: list[Request] = []
    with serving(asking(valid, seen)) as url:
        found, exchanges = fuzzed(url, described, keyring)
    assert any(exchange.status == 200 for exchange in exchanges)
    told = {observation.check for observation in found.observations}
    assert ("authorisation-enforced" in told) is not enforced
    assert not any("apicheck-credential" in str(request) for request in seen)
    strangers = [request for request in seen if not valid(request)] if enforced else seen
    assert strangers, "the engine never tried without"


@pytest.mark.parametrize("together", [True, False])
def test_the_fuzzer_is_not_fooled_by_two_kinds_of_credentials(
    oauth: tuple[TokenServer, str],
    together: bool,  # noqa: FBT001  # pytest
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, toml = oauth
    monkeypatch.setenv("KEY", "sleutel-van-ons")
    toml += '[auth.s]\ntype = "api-key"\nvalue = "env:KEY"\n'
    security: list[dict[str, Any]] = [{"oauth": [], "s": []}] if together else [{"oauth": []}, {"s": []}]
    described = document({**OAUTH, "s": {"type": "apiKey", "in": "header", "name": "X-S"}}, security)

    def valid(request: Request) -> bool:
        proofs = [request.bearer in server.valid, request.headers.get("x-s") == "sleutel-van-ons"]
        return all(proofs) if together else any(proofs)

    seen: list[Request] = []
    with serving(asking(valid, seen)) as url:
        found, exchanges = fuzzed(url, described, ring(described, url, toml, tmp_path))
    assert any(exchange.status == 200 for exchange in exchanges)
    confirmed = [observation for observation in found.observations if observation.reproduced]
    assert "authorisation-enforced" not in {observation.check for observation in confirmed}
    assert together or any(not valid(request) for request in seen), "the engine never tried without"


def test_the_fuzzer_gets_a_token_and_another_when_that_expires(oauth: tuple[TokenServer, str], tmp_path: Path) -> None:
    server, toml = oauth
    asked = [0]

    def valid(request: Request) -> bool:
        asked[0] += 1
        if asked[0] == 5:
            server.valid = set()
        return request.bearer in server.valid

    parameter = {"name": "aantal", "in": "query", "schema": {"type": "integer", "minimum": 1}}
    described = document(OAUTH, [{"oauth": []}], **{"/kamers": {"get": {"parameters": [parameter], "responses": {}}}})
    with serving(asking(valid)) as url:
        _, exchanges = fuzzed(url, described, ring(described, url, toml, tmp_path), 20)
    assert len(server.given) == 2
    assert [exchange.status for exchange in exchanges].count(401) == 1
    assert all(exchange.sender is Source.FUZZ for exchange in exchanges)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[auth.s]\ntype = "bearer"\ntoken = "eyJhbGciOi"', "auth.s.bearer.token"),
        ('[auth.s]\ntype = "bearer"\ntoken = "env:BESTAAT_NIET"', "BESTAAT_NIET"),
        ('[auth.s]\ntype = "mtls"\ncert = "env:HOME"', "auth.s.mtls.cert"),
        ('[auth.s]\ntype = "magisch"', "auth.s"),
        ('[auht.s]\ntype = "bearer"', "auht"),
        ('contact = "regel\\nbreuk"', "contact"),
        (
            '[auth.s]\ntype = "private-key-jwt"\ntoken-url = "http://login.example.org"\nclient-id = "env:HOME"\nkey = "env:HOME"',
            "https",
        ),
        ("[auth", "apicheck.toml"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_and_no_secret_is_shown(toml: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "apicheck.toml"
    file.write_text(toml)
    with pytest.raises(WrongUse) as refused:
        settings.read(file)
    assert said in refused.value.explain().nl
    assert "eyJ" not in refused.value.explain().nl
