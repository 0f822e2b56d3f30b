"""Does sending a finding again tell whether it is still there, without a secret in the report?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.auth.servers import Reply, Request, document, serving

from .conftest import Run

KEY = "sleutel-van-de-toets"
SCHEMES = {"sleutel": {"type": "apiKey", "in": "header", "name": "X-Sleutel"}}
TRACE = 'Traceback (most recent call last):\n  File "/srv/api/views.py", line 12, in toon'
SETTINGS = '[auth.sleutel]\ntype = "api-key"\nvalue = "env:KEY"\n'


class Server:
    """An API with faults that can be mended between two runs."""

    def __init__(self) -> None:
        self.mended = False
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Reply:
        self.asked.append(request)
        if request.headers.get("x-sleutel") != KEY:
            return 401, {"status": 401, "title": "wie bent u"}
        if request.path not in {"/gebouwen", "/openapi.json"}:
            return (404, {"status": 404, "title": "weg", "detail": "x"}) if self.mended else (404, {"fout": TRACE})
        return 200, {"wanneer": "2026-01-01T10:00:00Z" if self.mended else "2026-01-01 10:00"}


@pytest.fixture
def tested(run: Run, tmp_path: Path) -> Iterator[tuple[Server, str, dict[str, Any]]]:
    """A run on an API with faults, and its report."""
    (tmp_path / "openapi.json").write_text(json.dumps(document(SCHEMES, [{"sleutel": []}])))
    (tmp_path / "apicheck.toml").write_text(SETTINGS)
    server = Server()
    with serving(server.answer) as url:
        result = run("probe", "openapi.json", "--url", url, "--rate", "1000", "--out", ".", env={"KEY": KEY})
        assert result.code != 4, result.out + result.err
        yield server, url, json.loads((tmp_path / "report.json").read_text())


def finding(report: dict[str, Any], check: str) -> str:
    (evidence,) = (evidence for evidence in report["evidence"] if evidence["check"] == check)
    return str(evidence["findings"][0]["id"])


def test_a_finding_is_the_same_until_it_is_mended(run: Run, tmp_path: Path, tested: tuple[Server, str, dict[str, Any]]) -> None:
    server, url, report = tested
    stack_trace = finding(report, "no-stack-traces")
    command = ("replay", "report.json", stack_trace, "--url", url, "--spec", "openapi.json")
    same = run(*command, env={"KEY": KEY})
    assert (same.code, "Hetzelfde" in same.out) == (1, True), same.out + same.err
    assert server.asked[-1].headers["x-sleutel"] == KEY
    server.mended = True
    gone = run(*command, "--lang", "en", env={"KEY": KEY})
    assert (gone.code, "Gone" in gone.out) == (0, True), gone.out + gone.err
    (tmp_path / "leeg.toml").write_text("")
    other = run(*command[:-2], "--header", "X-Sleutel=env:KEY", "--config", "leeg.toml", env={"KEY": KEY})
    assert (other.code, "Anders" in other.out) == (3, True), other.out + other.err
    assert KEY not in same.out + gone.out + other.out


def test_what_was_masked_is_put_back_or_nothing_is_sent(
    run: Run, tmp_path: Path, tested: tuple[Server, str, dict[str, Any]]
) -> None:
    server, url, report = tested
    asked = len(server.asked)
    (tmp_path / "leeg.toml").write_text("")
    result = run("replay", "report.json", finding(report, "no-stack-traces"), "--url", url, "--config", "leeg.toml")
    assert (result.code, "X-Sleutel" in result.err) == (2, True), result.out + result.err
    other = run(
        "replay", "report.json", finding(report, "no-stack-traces"), "--url", url, "--spec", "openapi.json", env={"KEY": "kort"}
    )
    assert (other.code, "X-Sleutel" in other.err) == (2, True)
    assert len(server.asked) == asked


def test_only_a_finding_with_an_exchange_can_be_sent_again(run: Run, tested: tuple[Server, str, dict[str, Any]]) -> None:
    _, url, _ = tested
    result = run("replay", "report.json", "bestaat-niet", "--url", url, env={"KEY": KEY})
    assert (result.code, "geen bevinding" in result.err) == (2, True)


def test_a_finding_that_writes_needs_consent(run: Run, tmp_path: Path, tested: tuple[Server, str, dict[str, Any]]) -> None:
    server, url, report = tested
    for exchange in report["exchanges"]:
        exchange["method"] = "DELETE"
    (tmp_path / "report.json").write_text(json.dumps(report))
    asked = len(server.asked)
    result = run(
        "replay", "report.json", finding(report, "no-stack-traces"), "--url", url, "--spec", "openapi.json", env={"KEY": KEY}
    )
    assert (result.code, "toestemming" in result.err) == (4, True)
    assert len(server.asked) == asked
