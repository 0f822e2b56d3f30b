"""Are the values that an API is known to take the ground of what it is asked?"""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

from apicheck.fuzz import Known
from apicheck.fuzz.known import Dictionaries, drawn_from, grounds
from apicheck.model import Mode
from apicheck.openapi import View
from tests.fuzz.api import Reply, Request, Seen, fuzzed, parsed, serving

READ, CREATE = "GET /panden/{code}", "POST /panden"
PAND: dict[str, Any] = {
    "type": "object",
    "required": ["naam", "adres"],
    "properties": {
        "naam": {"type": "string"},
        "adres": {"type": "object", "required": ["postcode"], "properties": {"postcode": {"type": "string", "minLength": 6}}},
        "lagen": {"type": "array", "items": {"type": "integer"}},
    },
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Panden", "version": "1.0.0"},
    "paths": {
        "/panden/{code}": {
            "get": {
                "parameters": [
                    {"name": "code", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "jaar", "in": "query", "schema": {"type": "integer"}},
                ],
                "responses": {"200": {"description": "het pand"}, "400": {"description": "fout"}, "404": {"description": "geen"}},
            }
        },
        "/panden": {
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": PAND}}},
                "responses": {"201": {"description": "gemaakt"}, "400": {"description": "fout"}, "404": {"description": "geen"}},
            }
        },
    },
}
BODY = {"naam": "Toets", "adres": {"postcode": "2511 AB"}, "lagen": [1, 2]}
KNOWN = {READ: Known({"code": ["0363-x", "0344-y"]}), CREATE: Known(body=BODY)}


def picky(request: Request) -> Reply:
    """Answer 2xx only to what is known here, and break down on a year that only a good request gets to."""
    if (request.method, request.path) == ("POST", "/panden"):
        try:
            body = json.loads(request.body)
            known = body["adres"]["postcode"] == "2511 AB"
        except (ValueError, TypeError, KeyError):
            return Reply(400, {})
        return Reply(201 if known else 404, {})
    if request.method != "GET" or request.path not in {"/panden/0363-x", "/panden/0344-y"}:
        return Reply(404, {})
    return Reply(500, {}) if request.query.get("jaar", "").startswith("-") else Reply(200, {})


def known_share(seen: Seen, phase: str, operation: str) -> float:
    statuses = Counter(
        (exchange.status or 0) < 300 or exchange.status == 500
        for exchange in seen.exchanges
        if (exchange.purpose, exchange.operation) == (phase, operation)
    )
    return statuses[True] / max(1, statuses.total())


def test_without_a_known_value_a_picky_api_is_never_reached() -> None:
    with serving(picky) as api:
        seen = fuzzed(api.url, DOCUMENT, requests=300, seconds=math.inf, mode=Mode.FULL)
    assert not seen.answered()
    assert ("no-server-error", READ) not in seen.observed()


def test_known_values_are_used_in_every_phase_and_take_the_test_to_what_lies_behind_them() -> None:
    with serving(picky) as api:
        seen = fuzzed(api.url, DOCUMENT, requests=300, seconds=math.inf, mode=Mode.FULL, values=KNOWN)
    assert seen.answered() == {READ, CREATE}
    assert seen.observation("no-server-error", READ).reproduced == 2
    for phase in ("examples", "coverage", "fuzzing"):
        for operation in (READ, CREATE):
            assert known_share(seen, phase, operation) > 0.2, (phase, operation)
    first = next(exchange for exchange in seen.exchanges if exchange.operation == CREATE)
    assert json.loads(first.request_body) == BODY
    asked = Counter(request.path for request in api.requests)
    assert min(asked["/panden/0363-x"], asked["/panden/0344-y"]) > 5
    assert len(asked) > 3  # other values are tried as well


def test_a_known_value_does_not_hide_what_is_wrong_on_purpose() -> None:
    with serving(picky) as api:
        seen = fuzzed(api.url, DOCUMENT, requests=300, seconds=math.inf, mode=Mode.FULL, values=KNOWN)
    statuses = {exchange.status for exchange in seen.exchanges if exchange.operation == CREATE}
    assert statuses == {201, 400, 404}
    wrong = [exchange for exchange in seen.exchanges if exchange.operation == READ and "jaar=" in exchange.url]
    assert ("invalid-data-rejected", READ) in seen.observed()
    assert any(exchange.status == 200 and not exchange.url.rpartition("jaar=")[2].isdecimal() for exchange in wrong)


def test_what_does_not_fit_the_document_is_not_drawn_from() -> None:
    read = parsed(DOCUMENT)
    operations = View(read).operations
    known = {READ: Known({"jaar": ["negentien", "1950", "1951"], "onbekend": ["x"]}), CREATE: Known(body=[1, True, None])}
    assert drawn_from(grounds(read, operations, known)) == Dictionaries(
        entries={"known-0": [1950, 1951], "known-1": [1]},
        bound={READ: {"query.jaar": "known-0"}, CREATE: {"body.[*]": "known-1"}},
    )
