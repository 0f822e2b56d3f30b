"""Does a view pass over what is of the wrong kind, and come to an end whatever refers to what?"""

from typing import Any

import pytest

from tests.openapi.documents import json_of, view

WRONG: list[Any] = [
    None,
    True,
    7,
    "text",
    [],
    [[]],
    {},
    {"$ref": None},
    {"$ref": {}},
    {"$ref": "#/openapi"},
    [None],
    {"a": None},
    {"a": []},
]
FIELDS = {
    "root": ("info", "servers", "paths", "components", "webhooks", "security", "tags"),
    "path item": ("parameters", "servers", "get", "$ref", "additionalOperations", "query"),
    "operation": ("parameters", "requestBody", "responses", "callbacks", "servers", "security"),
    "response": ("headers", "content", "links", "description"),
    "media type": ("schema", "itemSchema", "encoding", "examples"),
    "schema": ("properties", "items", "allOf", "not", "discriminator", "$ref", "$defs", "readOnly", "type"),
    "components": (
        "schemas",
        "responses",
        "parameters",
        "requestBodies",
        "headers",
        "securitySchemes",
        "callbacks",
        "pathItems",
        "mediaTypes",
    ),
}


def wrong(holder: str, field: str, value: Any) -> dict[str, Any]:
    """A document in which one field of one kind of object holds what does not belong there."""
    node: dict[str, Any] = {field: value}
    levels: dict[str, dict[str, Any]] = {
        "path item": {"paths": {"/a": node}},
        "operation": {"paths": {"/a": {"get": node}}},
        "response": {"paths": {"/a": {"get": {"responses": {"200": node}}}}},
        "media type": {"paths": {"/a": {"get": {"responses": {"200": {"content": {"a/b": node}}}}}}},
        "schema": {"components": {"schemas": {"S": node}}},
        "components": {"components": node},
    }
    return levels.get(holder, node)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize(("holder", "field"), [(holder, field) for holder, fields in FIELDS.items() for field in fields])
def test_what_is_of_the_wrong_kind_is_passed_over(holder: str, field: str, version: str) -> None:
    for value in WRONG:
        api = view(version, **wrong(holder, field, value))
        for items in (api.servers, api.path_items, api.webhooks, api.operations, api.parameters, api.request_bodies, api.responses):
            assert all(isinstance(item.value, dict) and isinstance(item.used_by, tuple) for item in items)
        for schema in api.schemas:
            assert isinstance(schema.value, dict)
            assert schema.direction <= {"request", "response"}
        assert isinstance(api.info, dict)


def test_circles_of_every_kind_come_to_an_end() -> None:
    api = view(
        "3.1.0",
        paths={
            "/a": {"$ref": "#/paths/~1b"},
            "/b": {"$ref": "#/paths/~1a"},
            "/c": {
                "post": {
                    "callbacks": {"again": {"$ref": "#/components/callbacks/Again"}},
                    "requestBody": json_of({"$ref": "#/components/schemas/Tree"}),
                    "responses": {"200": {"headers": {"H": {"$ref": "#/components/headers/H"}}}},
                }
            },
        },
        components={
            "callbacks": {"Again": {"x": {"post": {"callbacks": {"again": {"$ref": "#/components/callbacks/Again"}}}}}},
            "schemas": {
                "Tree": {
                    "properties": {"child": {"$ref": "#/components/schemas/Tree"}},
                    "allOf": [{"$ref": "#/components/schemas/Leaf"}],
                },
                "Leaf": {"oneOf": [{"$ref": "#/components/schemas/Tree"}]},
                "Self": {"$ref": "#/components/schemas/Self", "type": "string"},
                "Nothing": {"$ref": "#/components/schemas/Nothing"},
            },
            "headers": {"H": {"content": {"a/b": {"encoding": {"e": {"headers": {"H": {"$ref": "#/components/headers/H"}}}}}}}},
        },
    )
    assert [operation.name for operation in api.operations] == ["POST /c"]
    used = {schema.place.tokens[-1]: schema.used_by for schema in api.schemas}
    assert used == {"Tree": ("POST /c",), "Leaf": ("POST /c",), "Self": ()}
    assert [broken.reason for broken in api.document.broken] == ["errors.ref-circle"] * 2


def test_long_chains_do_not_exhaust_the_stack() -> None:
    length = 5000
    chain: dict[str, Any] = {f"S{i}": {"$ref": f"#/components/schemas/S{i + 1}"} for i in range(length)} | {
        f"S{length}": {"type": "string"}
    }
    nested = {f"N{i}": {"properties": {"n": {"$ref": f"#/components/schemas/N{i + 1}"}}} for i in range(length)}
    callbacks = {
        f"C{i}": {"x": {"post": {"callbacks": {"c": {"$ref": f"#/components/callbacks/C{i + 1}"}}}}} for i in range(length)
    }
    headers = {
        f"H{i}": {"content": {"a/b": {"encoding": {"e": {"headers": {"h": {"$ref": f"#/components/headers/H{i + 1}"}}}}}}}
        for i in range(length)
    }
    operation = {
        "callbacks": {"c": {"$ref": "#/components/callbacks/C0"}},
        "requestBody": json_of({"allOf": [{"$ref": "#/components/schemas/S0"}, {"$ref": "#/components/schemas/N0"}]}),
        "responses": {"200": {"headers": {"h": {"$ref": "#/components/headers/H0"}}}},
    }
    api = view(
        "3.1.0",
        paths={"/a": {"post": operation}},
        components={"schemas": chain | nested, "callbacks": callbacks, "headers": headers},
    )
    assert len(api.headers) == length
    assert all(schema.used_by == ("POST /a",) for schema in api.schemas)
    assert all(schema.direction == {"request"} for schema in api.schemas)
    assert len(api.document.broken) == 3
