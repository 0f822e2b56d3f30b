"""Does the work grow with the document and no faster? Counted in calls, which are the same on every machine."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from apicheck.openapi import View
from tests.openapi.documents import document

Fields = dict[str, Any]


def ref(kind: str, name: object) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def operations(size: int, operation: Callable[[int], Fields]) -> Fields:
    return {f"/a{number}": {"get": operation(number)} for number in range(size)}


def shared_schemas(size: int) -> Fields:
    """Every operation uses every schema, through one that uses all."""
    body = {"content": {"a/b": {"schema": ref("schemas", "All")}}}
    schemas: Fields = {f"S{number}": {"properties": {"next": ref("schemas", f"S{(number + 1) % size}")}} for number in range(size)}
    all_of_them = {"oneOf": [ref("schemas", name) for name in schemas]}
    return {
        "paths": operations(size, lambda _: {"responses": {"200": body}}),
        "components": {"schemas": {**schemas, "All": all_of_them}},
    }


def deep_composition(size: int) -> Fields:
    """Each schema consists of the one before, twice."""
    schemas = {
        f"S{number}": {"allOf": [ref("schemas", f"S{number - 1}"), ref("schemas", f"S{number - 1}")]} for number in range(1, size)
    }
    return {"components": {"schemas": {"S0": {"type": "string"}, **schemas}}}


def one_response_under_every_status(size: int) -> Fields:
    headers = {f"H{number}": ref("headers", "H") for number in range(size)}
    responses = {str(number): ref("responses", "R") for number in range(size)}
    components = {"responses": {"R": {"headers": headers}}, "headers": {"H": {"schema": {}}}}
    return {"paths": operations(size, lambda _: {}) | {"/b": {"get": {"responses": responses}}}, "components": components}


def servers_and_security_for_all(size: int) -> Fields:
    return {
        "servers": [{"url": f"https://s{number}.nl"} for number in range(size)],
        "security": [{f"K{number}": []} for number in range(size)],
        "paths": operations(size, lambda _: {}),
        "components": {"securitySchemes": {f"K{number}": {"type": "http"} for number in range(size)}},
    }


def broken_references(size: int) -> Fields:
    return {"components": {"schemas": {f"S{number}": {"items": {"$ref": f"#/x{number}"}} for number in range(size)}}}


def work(fields: Fields) -> int:
    """Count the calls that it takes to look at a document."""
    loaded = document("3.1.0", **fields)
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        view = View(loaded)
        for item in (*view.schemas, *view.servers, *view.responses, *view.headers, *view.security_schemes):
            assert item.used_by is not None
        for schema in view.schemas:
            assert schema.direction is not None
        for broken in loaded.broken:
            loaded.locate(broken.place)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "make", [shared_schemas, deep_composition, one_response_under_every_status, servers_and_security_for_all, broken_references]
)
def test_ten_times_the_document_is_at_most_eleven_times_the_work(make: Callable[[int], Fields]) -> None:
    assert work(make(1_000)) <= 11 * work(make(100))
