"""How is one check put to a small document?

The document is one that every deciding check agrees with; a test changes the part it is about by a merge patch.
"""

from __future__ import annotations

from typing import Any

import orjson

from apicheck import catalogue, lint
from apicheck.model import Evidence, Source
from apicheck.openapi import View, parse
from apicheck.patch import merge_patch

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["status", "title", "detail"],
    "properties": {"status": {"type": "integer"}, "title": {"type": "string"}, "detail": {"type": "string"}},
}
VERSION: dict[str, Any] = {"API-Version": {"schema": {"type": "string"}}}
FOUND: dict[str, Any] = {"description": "ok", "headers": VERSION, "content": {"application/json": {"schema": {"type": "object"}}}}
WRONG: dict[str, Any] = {"description": "wrong", "headers": VERSION, "content": {"application/problem+json": {"schema": PROBLEM}}}
BASE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1.0.0", "contact": {"name": "n", "url": "https://e.nl", "email": "a@e.nl"}},
    "servers": [{"url": "https://api.example.nl/v1"}],
    "paths": {"/gebouwen": {"get": {"operationId": "g", "responses": {"200": FOUND}}}},
}


OF_THE_DESIGN_RULES = {
    ref.check
    for name in catalogue.editions()
    if name.startswith("nlgov-adr@")
    for rule in catalogue.load(name).rules
    for _, ref in rule.bindings
    if ref.source is Source.LINT
}
"""The checks that some edition of the design rules binds to; what another standard asks has its tests beside its rules."""


def established(check: str, patch: Any = None) -> Evidence:
    """Return what a check makes of the document with a patch."""
    return lint.run(View(parse(orjson.dumps(merge_patch(BASE, patch or {})), "openapi.json")), [check])[0]


def said(check: str, patch: Any = None) -> tuple[str, int]:
    """Return the outcome of a check and the number of its findings."""
    evidence = established(check, patch)
    return evidence.outcome.value, len(evidence.findings)


def get(**operation: Any) -> dict[str, Any]:
    """Return a patch that changes GET /gebouwen."""
    return {"paths": {"/gebouwen": {"get": operation}}}


def answering(media_type: Any, status: str = "200") -> dict[str, Any]:
    """Return a patch that gives GET /gebouwen a JSON answer like this."""
    content = {"application/json": media_type}
    return get(responses={status: {"description": "ok", "headers": VERSION, "content": content}})


def with_properties(**properties: Any) -> dict[str, Any]:
    """Return a patch that gives the answer of GET /gebouwen these properties."""
    return answering({"schema": {"type": "object", "properties": properties}})


def failing(content: Any, status: str = "404") -> dict[str, Any]:
    """Return a patch that gives GET /gebouwen an error with this content; None for no content at all."""
    response = {"description": "wrong", "headers": VERSION} | ({} if content is None else {"content": content})
    return get(responses={status: response})


def paths(*names: str) -> dict[str, Any]:
    """Return a patch with just these paths."""
    return {"paths": {"/gebouwen": None, **{name: {"get": {"responses": {"200": FOUND}}} for name in names}}}


def queried(*parameters: Any, **operation: Any) -> dict[str, Any]:
    """Return a patch that gives GET /gebouwen these query parameters."""
    return get(parameters=[{"in": "query", "schema": {"type": "string"}, **parameter} for parameter in parameters], **operation)
