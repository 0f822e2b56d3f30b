"""Two small documents that differ in one thing."""

import json
from typing import Any

from apicheck import openapi
from apicheck.conform.compare import Comparison, compare
from apicheck.conform.difference import Effect
from apicheck.conform.paths import Prefix
from apicheck.openapi import Document

PATH = "/zaken/{uuid}"
Json = dict[str, Any]


def document(version: str = "3.0.3", **fields: Any) -> Document:
    described = {"openapi": version, "info": {"title": "Zaken", "version": "1.0.0"}, "paths": {}, **fields}
    return openapi.parse(json.dumps(described).encode(), "openapi.json")


def sending(schema: Any, version: str = "3.0.3", **components: Any) -> Document:
    """Return a document of which the one operation takes a body."""
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {"204": {"description": ""}}}
    return document(version, paths={"/zaken": {"post": operation}}, components={"schemas": components})


def answering(schema: Any, version: str = "3.0.3", **components: Any) -> Document:
    """Return a document of which the one operation answers with a body."""
    answer = {"description": "", "content": {"application/json": {"schema": schema}}}
    return document(version, paths={"/zaken": {"get": {"responses": {"200": answer}}}}, components={"schemas": components})


def operation(**fields: Any) -> Document:
    """Return a document with one operation."""
    return document(paths={"/zaken": {"get": {"responses": {"200": {"description": ""}}, **fields}}})


def told(comparison: Comparison) -> list[tuple[str, str]]:
    """Return the effect and kind of every difference."""
    return [(difference.effect.value, difference.kind) for difference in comparison.differences]


def effect(candidate: Document, reference: Document, prefix: Prefix | None = None) -> Effect:
    return compare(candidate, reference, prefix).effect
