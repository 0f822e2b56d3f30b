"""Does a run that may change only what it made itself change that, and never anything else?"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from apicheck.fuzz import Known
from apicheck.leave import Leave
from apicheck.model import Mode
from tests.fuzz.api import Reply, Request, Seen, fuzzed, serving

ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
PAND = {
    "type": "object",
    "required": ["naam"],
    "properties": {"naam": {"type": "string", "minLength": 1}, "jaar": {"type": "integer"}},
}
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": PAND}}}}
ANSWERS = {status: {"description": status} for status in ("200", "201", "204", "400", "404")}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Panden", "version": "1.0.0"},
    "paths": {
        "/panden/{id}": {
            "parameters": [ID],
            "get": {"responses": ANSWERS},
            "put": {**BODY, "responses": ANSWERS},
            "patch": {**BODY, "responses": ANSWERS},
            "delete": {"responses": ANSWERS},
        },
        "/panden/{id}/foto": {"parameters": [ID], "put": {**BODY, "responses": ANSWERS}},
        "/panden": {"get": {"responses": ANSWERS}, "post": {**BODY, "responses": ANSWERS}},
        "/straten/{id}": {"parameters": [ID], "put": {**BODY, "responses": ANSWERS}},
    },
}
WRITES = {"PUT /panden/{id}", "PATCH /panden/{id}", "DELETE /panden/{id}", "PUT /panden/{id}/foto"}
FOREIGN = 7


@dataclass(slots=True)
class Panden:
    """A server with an object of somebody else, that breaks down on one thing with each method that changes something.

    One that is ``stubborn`` breaks down on the removal of a third of its things, which then stay.
    """

    things: dict[int, Any] = field(default_factory=lambda: {FOREIGN: {"id": FOREIGN, "naam": "Stadhuis"}})
    last: int = 100
    stubborn: bool = True
    touched: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Reply:
        parts = request.path.strip("/").split("/")
        if parts == ["panden"]:
            return self._create(request) if request.method == "POST" else Reply(200, list(self.things.values()))
        if parts[0] != "panden" or not parts[1].isdigit() or int(parts[1]) not in self.things:
            return Reply(404, {})
        key = int(parts[1])
        if request.method == "GET":
            return Reply(200, self.things[key])
        if key == FOREIGN:
            self.touched.append(f"{request.method} {request.path}")
        if request.method == "DELETE":
            return self._remove(key)
        body = valid(request.body)
        if body is None:
            return Reply(400, {})
        return Reply(500, {}) if body.get("jaar", 0) < 0 else Reply(200, self.things[key])

    def _create(self, request: Request) -> Reply:
        body = valid(request.body)
        if body is None:
            return Reply(400, {})
        self.last += 1
        self.things[self.last] = {"id": self.last, **body}
        return Reply(201, self.things[self.last], {"Location": f"{urlsplit(request.target).path}/{self.last}"})

    def _remove(self, key: int) -> Reply:
        if self.stubborn and key % 3 == 0:
            return Reply(500, {})
        del self.things[key]
        return Reply(204)


def valid(text: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    whole = isinstance(body, dict) and isinstance(body.get("naam"), str) and body["naam"]
    return body if whole and type(body.get("jaar", 0)) is int else None


@pytest.fixture(scope="module")
def run() -> Iterator[tuple[Panden, Seen, Leave]]:
    server = Panden()
    with serving(server.answer) as api:
        leave = Leave(api.url, Mode.SAFE_WRITE, ["/panden"])
        yield server, fuzzed(api.url, DOCUMENT, requests=600, seconds=math.inf, mode=Mode.SAFE_WRITE, leave=leave), leave


def test_what_is_somebody_elses_is_never_touched(run: tuple[Panden, Seen, Leave]) -> None:
    server, seen, leave = run
    assert server.things[FOREIGN] == {"id": FOREIGN, "naam": "Stadhuis"}
    assert not server.touched
    assert not leave.trespasses
    changed = {urlsplit(exchange.url).path for exchange in seen.exchanges if exchange.method in {"PUT", "PATCH", "DELETE"}}
    assert changed
    own = {urlsplit(url).path for url in leave.own}
    assert {unquote(path).removesuffix("/foto") for path in changed} <= own


def test_each_method_that_changes_something_is_tried_on_an_own_object_in_every_phase(run: tuple[Panden, Seen, Leave]) -> None:
    _, seen, _ = run
    tried = Counter((exchange.purpose, exchange.operation) for exchange in seen.exchanges if exchange.operation in WRITES)
    for phase in ("coverage", "fuzzing"):
        assert {operation for purpose, operation in tried if purpose == phase} == WRITES, phase
    assert {operation for purpose, operation in tried if purpose == "stateful"}  # which of them is chance
    assert seen.answered() >= {*WRITES, "POST /panden", "GET /panden/{id}"}


@pytest.mark.parametrize("operation", sorted(WRITES))
def test_a_fault_of_a_method_that_changes_something_is_found_and_shows_again(
    run: tuple[Panden, Seen, Leave], operation: str
) -> None:
    _, seen, _ = run
    found = seen.observation("no-server-error", operation)
    assert (found.tried, found.reproduced) == (2, 2)


def test_the_engine_is_not_taken_for_wrong_where_an_own_id_stands_for_a_wrong_one(run: tuple[Panden, Seen, Leave]) -> None:
    _, seen, _ = run
    assert {check for check, operation in seen.observed() if operation in WRITES} == {"no-server-error", "status-documented"}


def test_what_was_made_and_not_removed_is_known(run: tuple[Panden, Seen, Leave]) -> None:
    server, _, leave = run
    there = {f"/v1/panden/{key}" for key in server.things if key != FOREIGN}
    assert {urlsplit(url).path for url in leave.left} == there


def test_what_leads_to_nothing_of_ours_is_told(run: tuple[Panden, Seen, Leave]) -> None:
    _, seen, _ = run
    assert seen.why("PUT /straten/{id}").startswith("This writes (PUT) to something that this run does not make")


def test_when_nothing_can_be_made_nothing_is_changed_and_that_is_told() -> None:
    def answer(request: Request) -> Reply:
        return Reply(200, [{"id": FOREIGN}]) if request.method == "GET" else Reply(403, {})

    with serving(answer) as api:
        leave = Leave(api.url, Mode.SAFE_WRITE, ["/panden"])
        seen = fuzzed(api.url, DOCUMENT, requests=200, seconds=math.inf, mode=Mode.SAFE_WRITE, leave=leave)
    assert {request.method for request in api.requests} <= {"GET", "HEAD", "OPTIONS", "POST"}
    assert seen.why("DELETE /panden/{id}").endswith("It could not make anything.")
    assert not leave.trespasses


def test_a_new_object_is_made_when_the_last_one_is_gone() -> None:
    server = Panden(stubborn=False)

    def answer(request: Request) -> Reply:
        return server.answer(request) if request.method != "POST" or len(server.things) == 1 else Reply(400, {})

    document = {**DOCUMENT, "paths": {path: item for path, item in DOCUMENT["paths"].items() if path.startswith("/panden")}}
    with serving(answer) as api:
        leave = Leave(api.url, Mode.SAFE_WRITE, ["/panden"])
        values = {"POST /panden": Known(body={"naam": "Toets"})}
        seen = fuzzed(api.url, document, requests=300, seconds=math.inf, mode=Mode.SAFE_WRITE, leave=leave, values=values)
    assert any(exchange.purpose == "own-object" and exchange.status == 201 for exchange in seen.exchanges)
    removed = [exchange for exchange in seen.exchanges if exchange.method == "DELETE" and exchange.status == 204]
    assert len(removed) > 3
    assert not server.touched


def test_what_is_in_an_own_object_is_made_there_and_changed_there() -> None:
    deel = {"name": "deel", "in": "path", "required": True, "schema": {"type": "string"}}
    panden = {
        "/panden": {"post": {**BODY, "responses": ANSWERS}},
        "/panden/{id}": {"delete": {"parameters": [ID], "responses": ANSWERS}},
    }
    delen = {
        "/panden/{id}/delen": {"parameters": [ID], "post": {**BODY, "responses": ANSWERS}},
        "/panden/{id}/delen/{deel}": {
            "parameters": [ID, deel],
            "put": {**BODY, "responses": ANSWERS},
            "delete": {"responses": ANSWERS},
        },
    }
    there = {"/panden/7", "/panden/7/delen/x"}
    before = set(there)
    changed: list[str] = []

    def answer(request: Request) -> Reply:
        if request.method == "POST":
            if "/delen" in request.path and request.path.removesuffix("/delen") not in there:
                return Reply(404, {})
            key = f"{request.path}/{'k' if request.path.endswith('delen') else ''}{len(api.requests)}"
            there.add(key)
            return Reply(201, {}, {"Location": f"/v1{key}"})
        if request.path not in there:
            return Reply(404, {})
        changed.append(request.path)
        if request.method == "DELETE":
            there.difference_update({path for path in there if path == request.path or path.startswith(f"{request.path}/")})
        return Reply(204)

    with serving(answer) as api:
        leave = Leave(api.url, Mode.SAFE_WRITE, ["/panden", "/panden/{id}/delen"])
        document = {**DOCUMENT, "paths": {**panden, **delen}}
        seen = fuzzed(api.url, document, requests=400, seconds=math.inf, mode=Mode.SAFE_WRITE, leave=leave)
    assert before <= there
    assert not before & set(changed)
    assert not leave.trespasses
    assert seen.answered() >= {"POST /panden/{id}/delen", "PUT /panden/{id}/delen/{deel}", "DELETE /panden/{id}/delen/{deel}"}
