"""Does a person see at once which credentials work, and does a whole run use them?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.auth.servers import Reply, Request, TokenServer, document, serving

from .conftest import Run

SCHEMES = {
    "goed": {"type": "http", "scheme": "bearer"},
    "fout": {"type": "apiKey", "in": "header", "name": "X-Sleutel"},
    "verboden": {"type": "http", "scheme": "basic"},
    "oauth": {"type": "oauth2", "flows": {}},
    "geen": {"type": "apiKey", "in": "query", "name": "geen"},
}
PATHS: dict[str, Any] = {f"/{name}": {"get": {"security": [{name: []}], "responses": {}}} for name in SCHEMES}
SETTINGS = """
[auth.goed]
type = "bearer"
token = "env:GOED"
[auth.fout]
type = "api-key"
value = "file:sleutel.txt"
[auth.verboden]
type = "basic"
username = "env:GOED"
password = "env:GOED"
[auth.oauth]
type = "oauth2-client-credentials"
token-url = "http://127.0.0.1:9/token"
client-id = "env:GOED"
client-secret = "env:GOED"
"""


def answer(request: Request) -> Reply:
    right = {"/goed": request.bearer == "geheim-en-goed", "/fout": False, "/open": True}
    return (200, {}) if right.get(request.path) else (403 if request.path == "/verboden" else 401, {})


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "nl",
            [
                "goed: de API laat u toe (GET /goed gaf 200)",
                "fout: de API herkent",
                "gaf 403",
                "oauth kwam er geen token",
                "geen: geen in",
            ],
        ),
        (
            "en",
            [
                "goed: the API lets you in",
                "fout: the API does not recognise",
                "gave 403",
                "No token came for oauth",
                "geen: no credentials",
            ],
        ),
    ],
)
def test_each_scheme_is_tried_once_and_told_about(run: Run, tmp_path: Path, lang: str, said: list[str]) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document(SCHEMES, [], **PATHS)))
    (tmp_path / "apicheck.toml").write_text(SETTINGS)
    (tmp_path / "sleutel.txt").write_text("geheim-en-fout\n")
    asked: list[Request] = []

    def count(request: Request) -> Reply:
        asked.append(request)
        return answer(request)

    with serving(count) as url:
        result = run("auth", "test", "openapi.json", "--url", url, "--lang", lang, env={"GOED": "geheim-en-goed"})
    assert result.code == 1
    assert [line for line, part in zip(result.out.splitlines(), said, strict=True) if part not in line] == []
    assert [request.path for request in asked] == ["/goed", "/goed", "/fout", "/verboden"]
    assert "geheim-en" not in result.out + result.err


def test_an_api_that_lets_anybody_in_tells_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(
        json.dumps(document({"open": SCHEMES["goed"]}, [], **{"/open": {"get": {"security": [{"open": []}]}}}))
    )
    (tmp_path / "apicheck.toml").write_text('[auth.open]\ntype = "bearer"\ntoken = "env:GOED"\n')
    with serving(answer) as url:
        result = run("auth", "test", "openapi.json", "--url", url, env={"GOED": "maakt niet uit"})
    assert (result.code, "iedereen" in result.out) == (4, True), result.out + result.err


def test_without_credentials_there_is_nothing_to_try(run: Run, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document(SCHEMES, [], **PATHS)))
    result = run("auth", "test", "openapi.json", "--url", "http://127.0.0.1:9")
    assert (result.code, result.out) == (2, "")
    assert "[auth.NAAM]" in result.err


def test_a_whole_run_uses_the_credentials_and_says_so(run: Run, tmp_path: Path) -> None:
    server = TokenServer()
    (tmp_path / "openapi.json").write_text(json.dumps(document({"oauth": SCHEMES["oauth"]}, [{"oauth": ["lezen"]}])))
    with (
        serving(server.answer) as tokens,
        serving(lambda request: (200, {}) if request.bearer in server.valid else (401, {})) as url,
    ):
        (tmp_path / "mijn.toml").write_text(
            f'[auth.oauth]\ntype = "oauth2-client-credentials"\ntoken-url = "{tokens}/token"\n'
            'client-id = "env:WIE"\nclient-secret = "env:GEHEIM"\n'
        )
        env = {"WIE": "apicheck", "GEHEIM": server.secret}
        command = ("check", "openapi.json", "--url", url, "--config", "mijn.toml", "--max-requests", "80", "--rate", "1000")
        card = run(*command, "--dry-run", env=env)
        result = run(*command, "--format", "json=-", env=env)
    assert "Inloggegevens gaan mee voor: oauth" in card.out
    assert f"Tokens komen van: {tokens.removeprefix('http://')}" in card.out
    report = json.loads(result.out)
    assert report["coverage"]["answered"] == 1
    assert report["run"]["scope"]["schemes"] == ["oauth"]
    assert server.given == [("token-nummer-1", "lezen")]
    assert "token-nummer-1" not in result.out


def test_without_a_token_nothing_is_blamed_on_the_api(run: Run, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document({"oauth": SCHEMES["oauth"]}, [{"oauth": []}])))
    (tmp_path / "apicheck.toml").write_text(SETTINGS[SETTINGS.index("[auth.oauth]") :])
    with serving(lambda _: (200, {})) as url:
        result = run("check", "openapi.json", "--url", url, "--format", "json=-", env={"GOED": "x"})
    report = json.loads(result.out)
    assert result.code == 4
    assert "geen token" in report["run"]["stopped"]["nl"]
    assert [
        evidence["check"] for evidence in report["evidence"] if evidence["source"] != "lint" and evidence["outcome"] == "violated"
    ] == []
