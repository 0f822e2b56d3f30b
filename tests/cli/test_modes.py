"""Does a run write what was agreed and nothing else, and does it say so before and after?"""

from __future__ import annotations

import json
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.auth.servers import Reply, Request, serving

from .conftest import Run

SCHEMA = {"type": "object", "required": ["naam"], "properties": {"naam": {"type": "string", "maxLength": 20}}}
PARAMETER = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
BODY = {"required": True, "content": {"application/json": {"schema": SCHEMA}}}


def answers(*statuses: int) -> dict[str, Any]:
    return {"responses": {str(status): {"description": "antwoord"} for status in (*statuses, 400, 404)}}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Gebouwen", "version": "1.0.0"},
    "servers": [{"url": "https://api.example.org", "description": "Productie"}],
    "paths": {
        "/gebouwen": {"get": answers(200), "post": {"requestBody": BODY, **answers(201)}},
        "/gebouwen/{id}": {
            "parameters": [PARAMETER],
            "get": answers(200),
            "put": {"requestBody": BODY, **answers(200)},
            "delete": answers(204),
        },
        "/onderhoud": {"post": answers(200)},
    },
}
CONSENT = """
[consent]
by = "J. Jansen"
on-behalf-of = "Gemeente X"
base-url = "{url}"
from = 2020-01-01
until = 2099-12-31
environment = "test"
"""


class Buildings:
    """An API with two buildings that were there before, and a switch that nobody may touch."""

    def __init__(self, *, deletes: bool = True) -> None:
        self.buildings: dict[str, dict[str, Any]] = {"1": {"naam": "Stadhuis"}, "2": {"naam": "School"}}
        self.before = dict(self.buildings)
        self.next = 3
        self.deletes = deletes
        self.writes: list[str] = []
        self.lock = threading.Lock()

    def answer(self, request: Request) -> Reply:
        with self.lock:
            if request.method not in {"GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"}:
                self.writes.append(f"{request.method} {request.path}")
            return self._answer(request)

    def _answer(self, request: Request) -> Reply:
        key = request.path.rpartition("/")[2]
        if request.path == "/gebouwen" and request.method == "POST":
            key, self.next = str(self.next), self.next + 1
            self.buildings[key] = {"naam": "nieuw"}
            return 201, {"id": key}
        if request.path == "/gebouwen":
            return 200, [{"id": key, **building} for key, building in self.buildings.items()]
        if key not in self.buildings:
            return 404, {}
        if request.method == "DELETE":
            if not self.deletes:
                return 403, {}
            del self.buildings[key]
            return 204, None
        return 200, {"id": key, **self.buildings[key]}


@pytest.fixture
def spec(tmp_path: Path) -> str:
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT))
    return "openapi.json"


LIMITS = ("--rate", "1000", "--max-requests", "150", "--max-time", "20", "--format", "json=-")


def test_what_a_run_makes_it_removes_and_it_touches_nothing_else(run: Run, tmp_path: Path, spec: str) -> None:
    buildings = Buildings()
    with serving(buildings.answer) as url:
        (tmp_path / "apicheck.toml").write_text(CONSENT.format(url=url))
        result = run("check", spec, "--url", url, "--mode", "safe-write", *LIMITS)
    report = json.loads(result.out)
    assert buildings.buildings == buildings.before
    made = {f"/gebouwen/{key}" for key in range(3, buildings.next)}
    assert made, "nothing was made at all"
    assert {write for write in buildings.writes if write.partition(" ")[2] not in made} == {"POST /gebouwen"}
    assert (report["run"]["left-over"], report["run"]["trespasses"]) == ([], [])
    assert report["run"]["mode"] == "safe-write"
    assert report["run"]["consent"]["by"] == "J. Jansen"
    assert [left["operation"] for left in report["run"]["scope"]["left-out"]] == ["POST /onderhoud"]


def test_the_fuzzer_changes_and_deletes_what_it_made_and_nothing_else(run: Run, tmp_path: Path, spec: str) -> None:
    buildings = Buildings()
    with serving(buildings.answer) as url:
        (tmp_path / "apicheck.toml").write_text(CONSENT.format(url=url))
        report = json.loads(run("fuzz", spec, "--url", url, "--mode", "safe-write", *LIMITS).out)
    assert buildings.buildings == buildings.before
    made = {f"/gebouwen/{key}" for key in range(3, buildings.next)}
    changed = {tuple(write.split(" ", 1)) for write in buildings.writes} - {("POST", "/gebouwen")}
    assert {method for method, _ in changed} == {"PUT", "DELETE"}
    assert {path for _, path in changed} <= made
    assert report["run"]["trespasses"] == []


def test_what_could_not_be_removed_is_listed(run: Run, tmp_path: Path, spec: str) -> None:
    buildings = Buildings(deletes=False)
    with serving(buildings.answer) as url:
        (tmp_path / "mag.toml").write_text(CONSENT.format(url=url).replace("[consent]", ""))
        result = run("fuzz", spec, "--url", url, "--mode", "safe-write", "--consent", "mag.toml", *LIMITS)
    report = json.loads(result.out)
    left = [f"{url}/gebouwen/{key}" for key in buildings.buildings if key not in buildings.before]
    assert sorted(report["run"]["left-over"]) == sorted(left)
    assert left
    assert any(left[0] in note["nl"] for note in report["notes"])


def test_a_run_that_only_reads_writes_nothing(run: Run, spec: str) -> None:
    buildings = Buildings()
    with serving(buildings.answer) as url:
        report = json.loads(run("check", spec, "--url", url, *LIMITS).out)
    assert buildings.writes == []
    assert [left["operation"] for left in report["run"]["scope"]["left-out"]] == [
        "POST /gebouwen",
        "PUT /gebouwen/{id}",
        "DELETE /gebouwen/{id}",
        "POST /onderhoud",
    ]


def test_to_somebody_elses_server_a_run_goes_at_the_pace_of_a_guest(run: Run, spec: str) -> None:
    result = run("check", spec, "--url", "https://toets.invalid/v1", "--dry-run")
    assert "1500 verzoeken, 600 seconden, 5 verzoeken per seconde" in result.out
    assert "Verwachte duur: ten hoogste 5 min." in result.out
    assert "sneller" not in result.out


@pytest.mark.parametrize("mode", ["read-only", "safe-write", "full"])
def test_a_run_sends_what_the_card_names_and_no_more(run: Run, tmp_path: Path, spec: str, mode: str) -> None:
    buildings, methods = Buildings(), Counter[str]()

    def count(request: Request) -> Reply:
        methods[request.method] += 1
        return buildings.answer(request)

    with serving(count) as url:
        (tmp_path / "apicheck.toml").write_text(CONSENT.format(url=url))
        report = json.loads(run("check", spec, "--url", url, "--mode", mode, *LIMITS).out)
        sent = methods.total()
        card = run("check", spec, "--url", url, "--mode", mode, "--dry-run").out
    assert methods.total() == sent <= 150 + 3 * methods["DELETE"]
    assert set(methods) <= set(report["run"]["scope"]["methods"])
    assert f"Methoden: {', '.join(report['run']['scope']['methods'])}" in card


@pytest.mark.parametrize("mode", ["safe-write", "full"])
def test_nothing_is_written_without_consent_or_to_production(run: Run, tmp_path: Path, spec: str, mode: str) -> None:
    without = run("check", spec, "--url", "https://api.example.org", "--mode", mode)
    assert (without.code, "toestemming" in without.err) == (4, True)
    (tmp_path / "apicheck.toml").write_text(CONSENT.format(url="https://api.example.org"))
    production = run("check", spec, "--url", "https://api.example.org", "--mode", mode)
    assert (production.code, "productieomgeving" in production.err) == (4, True)


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "nl",
            [
                "Modus: read-only",
                "Ten hoogste 1500 verzoeken, 600 seconden, 50 verzoeken per seconde.",
                "Verwachte duur: ten hoogste 1 min.",
                "sneller dan de 5 per seconde",
                "2 van 6",
                "Weggelaten: POST /onderhoud. Dit schrijft (POST)",
                "Er is niets verstuurd",
            ],
        ),
        ("en", ["Mode: read-only", "2 of 6", "Left out: POST /onderhoud. This writes (POST)", "Nothing was sent"]),
    ],
)
def test_the_scope_is_shown_and_nothing_is_sent(run: Run, tmp_path: Path, spec: str, lang: str, lines: list[str]) -> None:
    asked: list[Request] = []

    def count(request: Request) -> Reply:
        asked.append(request)
        return 200, {}

    with serving(count) as url:
        result = run("check", spec, "--url", url, "--dry-run", "--lang", lang)
    assert result.code == 0
    assert [line for line in lines if line not in result.out] == []
    assert asked == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["openapi.json"]
