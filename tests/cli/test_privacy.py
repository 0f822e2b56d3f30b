"""Is there nothing secret or personal in anything that a live run leaves, whatever the server repeats of it?"""

from __future__ import annotations

import base64
import json
import ssl
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import trustme
from cryptography.hazmat.primitives import serialization

from tests.auth.servers import Reply, Request, TokenServer, document, serving

from .conftest import Result, Run, cut_short

KEYS = {
    "HEADER_KEY": "Zx-kop-8861-sleutel",
    "QUERY_KEY": "Zx-vraag-7712-sleutel",
    "COOKIE_KEY": "Zx-koek-6623-sleutel",
    "USER": "zx-gebruiker-5534",
    "PASSWORD": "Zx-wachtwoord-4445",
    "TOKEN": "Zx-drager-3356-token",
    "CLIENT": "apicheck",
    "SECRET": "Zx-client-2267-geheim",
    "ZGW": "Zx-zgw-1178-geheim",
    "OWN_HEADER": "Zx-eigen-9989-kop",
}
PERSONAL = {
    "e-mail": "zx.persoon@gemeente-voorbeeld.nl",
    "iban": "NL91ABNA0417164300",
    "bsn": "111222333",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "session": "Zx-sessie-0090-koek",
}
SCHEMES = {
    "kop": {"type": "apiKey", "in": "header", "name": "X-Toegang"},
    "vraag": {"type": "apiKey", "in": "query", "name": "toegang"},
    "koek": {"type": "apiKey", "in": "cookie", "name": "toegang"},
    "basis": {"type": "http", "scheme": "basic"},
    "drager": {"type": "http", "scheme": "bearer"},
    "oauth": {"type": "oauth2", "flows": {}},
    "zgw": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}
SETTINGS = """
contact = "toetsen@example.org"
[auth.kop]
type = "api-key"
value = "env:HEADER_KEY"
[auth.vraag]
type = "api-key"
value = "env:QUERY_KEY"
[auth.koek]
type = "api-key"
value = "env:COOKIE_KEY"
[auth.basis]
type = "basic"
username = "env:USER"
password = "env:PASSWORD"
[auth.drager]
type = "bearer"
token = "env:TOKEN"
[auth.oauth]
type = "oauth2-client-credentials"
token-url = "{tokens}/token"
client-id = "env:CLIENT"
client-secret = "env:SECRET"
[auth.zgw]
type = "zgw-jwt"
client-id = "env:USER"
secret = "env:ZGW"
"""
QUERY = {"name": "aantal", "in": "query", "schema": {"type": "integer"}}
PATHS: dict[str, Any] = {
    f"/{name}": {"get": {"security": [{name: []}], "parameters": [QUERY], "responses": {"200": {"description": "ok"}}}}
    for name in SCHEMES
}
FORMATS = ("json", "html", "markdown", "junit", "sarif", "har", "csv", "gitlab", "earl", "evidence")
PAPER = ("pdf",) if find_spec("typst") and find_spec("pypdf") else ()
REPLAYED = 4
"""Findings of which the request is sent again."""


class Parrot:
    """An API that repeats all that it is told, and tells of persons; every second answer is an error of the server."""

    def __init__(self, tokens: TokenServer) -> None:
        self.tokens = tokens
        self.seen: set[str] = set()
        self.agents: set[str] = set()

    def answer(self, request: Request) -> Reply:
        self.agents.add(request.headers["user-agent"])
        repeated = {name: value for name, value in request.headers.items() if name not in {"host", "accept", "connection"}}
        self.seen |= {request.bearer} if request.bearer.count(".") == 2 else set()
        told = {
            "kop": repeated,
            "vraag": dict(request.query),
            "koek": dict(request.cookies),
            "adres": f"{request.path}?{request.query}",
        }
        told |= {"tekst": " ".join(PERSONAL.values()), **PERSONAL}
        return (200 if "aantal" not in request.query else 500), told, {"Set-Cookie": f"sessie={PERSONAL['session']}; Path=/"}


def shouts(text: str, secrets: set[str]) -> list[str]:
    """Return the secrets that stand in a text, as they are or written in another way."""
    found = []
    for secret in secrets:
        ways = {secret, secret.replace("@", "%40"), base64.b64encode(secret.encode()).decode(), json.dumps(secret)[1:-1]}
        found += [way for way in ways if way in text]
    return found


def read(file: Path) -> str:
    """Return the text of a file, as a person sees it on paper too."""
    if file.suffix != ".pdf":
        return file.read_text("utf-8", "replace")
    from pypdf import PdfReader  # noqa: PLC0415  # is there when a paper was made

    return "\n".join(page.extract_text() for page in PdfReader(file).pages)


def test_a_live_run_leaves_no_secret_and_no_person(run: Run, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document(SCHEMES, [], **PATHS)))
    tokens = TokenServer(secret=KEYS["SECRET"])
    parrot = Parrot(tokens)
    with serving(tokens.answer) as token_url, serving(parrot.answer) as url:
        (tmp_path / "apicheck.toml").write_text(SETTINGS.format(tokens=token_url))
        command = ["check", "openapi.json", "--url", url, "--rate", "1000", "--max-requests", "400", "--max-time", "30"]
        command += ["--header", "X-Eigen=env:OWN_HEADER", "--out", "uit"]
        command += [word for name in (*FORMATS, *PAPER) for word in ("--format", name)]
        results: list[Result] = [run(*command, env=KEYS), run("auth", "test", "openapi.json", "--url", url, env=KEYS)]
        results.append(run("data", "suggest", "openapi.json", "--url", url, "--out", "testdata.yaml", env=KEYS))
        results.append(run("check", "openapi.json", "--url", url, "--dry-run", env=KEYS))
        report = json.loads((tmp_path / "uit" / "report.json").read_text())
        replayed = [seen["id"] for seen in report["robustness"] if seen["exchange"]][:REPLAYED]
        again = ["--url", url, "--spec", "openapi.json"]
        results += [run("replay", "uit/report.json", finding, *again, env=KEYS) for finding in replayed]
    assert len(results) == 4 + REPLAYED
    assert report["coverage"]["answered"] == len(SCHEMES) + 1
    assert report["coverage"]["secured"] == report["coverage"]["answered-with-auth"] == len(SCHEMES)
    assert len(report["exchanges"]) > 3
    assert tokens.given
    assert {agent.rpartition("; ")[2] for agent in parrot.agents} == {"toetsen@example.org)"}
    secrets = {*KEYS.values(), *PERSONAL.values(), *parrot.seen, *(token for token, _ in tokens.given)} - {"apicheck"}
    pair = base64.b64encode(f"{KEYS['USER']}:{KEYS['PASSWORD']}".encode()).decode()
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file.name != "openapi.json"]
    assert len(files) > len(FORMATS)
    for file in files:
        assert shouts(read(file), {*secrets, pair}) == [], file
    for result in results:
        assert shouts(result.out + result.err, {*secrets, pair}) == []


def test_a_run_that_is_killed_leaves_none_in_its_journal(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document(SCHEMES, [], **PATHS)))
    tokens = TokenServer(secret=KEYS["SECRET"])
    parrot, journal = Parrot(tokens), tmp_path / "uit" / "journal.jsonl"
    with serving(tokens.answer) as token_url, serving(parrot.answer) as url:
        (tmp_path / "apicheck.toml").write_text(SETTINGS.format(tokens=token_url))
        command = ("check", "openapi.json", "--url", url, "--rate", "1000", "--header", "X-Eigen=env:OWN_HEADER", "--out", "uit")

        def told_of_a_fault() -> bool:
            return journal.exists() and b'"found": [{' in journal.read_bytes()

        cut_short(command, tmp_path, told_of_a_fault, env=KEYS)
    told = journal.read_text("utf-8")
    assert all(f'{{"{kind}": ' in told for kind in ("begun", "exchange", "question", "watched", "turn"))
    pair = base64.b64encode(f"{KEYS['USER']}:{KEYS['PASSWORD']}".encode()).decode()
    secrets = {*KEYS.values(), *PERSONAL.values(), *parrot.seen, *(token for token, _ in tokens.given), pair} - {"apicheck"}
    assert shouts(told, secrets) == []


KEY_PASSWORD = "Zx-pki-3311-wachtwoord"  # noqa: S105  # of a key that lives as long as a test
PKI = """
ca = "file:ca.pem"
[auth.pki]
type = "mtls"
cert = "file:geheim/cert.pem"
key = "file:geheim/key.pem"
password = "env:KEY_PASSWORD"
"""


def locked_key(authority: trustme.CA, folder: Path) -> tuple[ssl.SSLContext, set[str]]:
    """Write a client's key under a password; return a server that asks for it, and the lines that nobody else may see."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL
    authority.cert_pem.write_to_path(folder / "ca.pem")
    own = authority.issue_cert("apicheck@example.org", common_name="apicheck")
    (folder / "geheim").mkdir()
    own.cert_chain_pems[0].write_to_path(folder / "geheim" / "cert.pem")
    plain = serialization.load_pem_private_key(own.private_key_pem.bytes(), None)
    locked = plain.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(KEY_PASSWORD.encode()),
    )
    (folder / "geheim" / "key.pem").write_bytes(locked)
    lines = [line for pem in (own.private_key_pem.bytes(), locked) for line in pem.decode().splitlines()]
    return context, {line for line in lines if not line.startswith("-----")}


def test_a_key_of_a_client_stays_where_it_is(run: Run, tmp_path: Path) -> None:
    context, lines = locked_key(trustme.CA(), tmp_path)
    described = document({"pki": {"type": "mutualTLS"}}, [{"pki": []}], **PATHS)
    described["paths"] = {"/pki": {"get": {**PATHS["/kop"]["get"], "security": [{"pki": []}]}}}
    (tmp_path / "openapi.json").write_text(json.dumps(described))
    (tmp_path / "apicheck.toml").write_text(PKI)
    parrot, peers = Parrot(TokenServer()), set[str | None]()

    def answer(request: Request) -> Reply:
        peers.add(request.peer)
        return (
            parrot.answer(request) if request.peer == "apicheck" else (401, {"wie": request.peer}, {"WWW-Authenticate": "Mutual"})
        )

    with serving(answer, context) as url:
        command = [
            "check",
            "openapi.json",
            "--url",
            url,
            "--rate",
            "1000",
            "--max-requests",
            "150",
            "--max-time",
            "30",
            "--out",
            "uit",
        ]
        command += [word for name in FORMATS for word in ("--format", name)]
        given = {"KEY_PASSWORD": KEY_PASSWORD}
        results = [run(*command, env=given), run("auth", "test", "openapi.json", "--url", url, env=given)]
        results.append(run("check", "openapi.json", "--url", url, "--out", "fout", env={"KEY_PASSWORD": "Zx-verkeerd-5522"}))
    assert peers >= {"apicheck"}
    assert json.loads((tmp_path / "uit" / "report.json").read_text())["coverage"]["answered"] == 1
    kept = {*(tmp_path / "geheim").iterdir(), tmp_path / "openapi.json"}
    secrets = lines | {KEY_PASSWORD, "Zx-verkeerd-5522"}
    for file in {file for file in tmp_path.rglob("*") if file.is_file()} - kept:
        assert shouts(file.read_text("utf-8", "replace"), secrets) == [], file
    for result in results:
        assert shouts(result.out + result.err, secrets) == []
