"""Does a view show each definition once, with the operations that use it, and nothing that only looks like one?"""

from typing import Any

import pytest

from apicheck import openapi
from apicheck.model import Place
from apicheck.openapi import Item, View
from tests.openapi.documents import document, view, yaml

OK = {"200": {"description": "ok"}}


def json_of(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def pointers(items: tuple[Item, ...]) -> list[str]:
    return [item.place.pointer for item in items]


def test_operations_have_their_method_path_and_name() -> None:
    api = view(paths={"/a/{id}": {"get": {"responses": OK}, "post": {"responses": OK}}, "/b": {"trace": {}}})
    assert [(operation.method, operation.path, operation.name) for operation in api.operations] == [
        ("get", "/a/{id}", "GET /a/{id}"),
        ("post", "/a/{id}", "POST /a/{id}"),
        ("trace", "/b", "TRACE /b"),
    ]
    assert [item.path for item in api.path_items] == ["/a/{id}", "/b"]
    assert api.path_items[0].used_by == ("GET /a/{id}", "POST /a/{id}")
    assert api.operations[2].used_by == ("TRACE /b",)


def test_what_a_path_item_says_holds_for_its_operations_unless_they_say_otherwise() -> None:
    shared, own = {"name": "a", "in": "query", "schema": {}}, {"name": "a", "in": "query", "schema": {"type": "string"}}
    other = {"name": "a", "in": "header", "schema": {}}
    api = view(paths={"/x": {"parameters": [shared, other], "get": {"parameters": [own]}, "put": {}}})
    get, put = api.operations
    assert pointers(get.parameters) == ["/paths/~1x/get/parameters/0", "/paths/~1x/parameters/1"]
    assert pointers(put.parameters) == ["/paths/~1x/parameters/0", "/paths/~1x/parameters/1"]
    assert {parameter.place.pointer: parameter.used_by for parameter in api.parameters} == {
        "/paths/~1x/parameters/0": ("PUT /x",),
        "/paths/~1x/parameters/1": ("GET /x", "PUT /x"),
        "/paths/~1x/get/parameters/0": ("GET /x",),
    }


def test_the_nearest_servers_are_in_force() -> None:
    paths = {
        "/a": {"get": {}, "put": {"servers": [{"url": "https://put.nl"}]}},
        "/b": {"servers": [{"url": "https://b.nl"}], "get": {}},
    }
    api = view(servers=[{"url": "https://a.nl"}, {"url": None}, 7], paths=paths)
    assert [[server.url for server in operation.servers] for operation in api.operations] == [
        ["https://a.nl"],
        ["https://put.nl"],
        ["https://b.nl"],
    ]
    assert {server.url: server.used_by for server in api.servers} == {
        "https://a.nl": ("GET /a",),
        "https://b.nl": ("GET /b",),
        "https://put.nl": ("PUT /a",),
    }
    assert [server.url for server in api.document_servers] == ["https://a.nl"]
    assert view().servers == ()


def test_a_definition_stands_once_with_all_that_use_it() -> None:
    not_found = {"$ref": "#/components/responses/NotFound"}
    api = view(
        paths={"/a": {"get": {"responses": {"404": not_found}}}, "/b": {"get": {"responses": {"404": not_found}}}},
        components={
            "responses": {"NotFound": {"description": "", **json_of({"$ref": "#/components/schemas/Problem"})}},
            "schemas": {"Problem": {"type": "object"}, "Unused": {}},
        },
    )
    (response,) = api.responses
    assert (response.place.pointer, response.status, response.used_by) == (
        "/components/responses/NotFound",
        "404",
        ("GET /a", "GET /b"),
    )
    assert [(schema.place.pointer, schema.used_by) for schema in api.schemas] == [
        ("/components/schemas/Problem", ("GET /a", "GET /b")),
        ("/components/schemas/Unused", ()),
    ]
    assert api.operations[0].responses == api.operations[1].responses
    assert response.media_types[0].schema is api.schemas[0]


def test_a_definition_stands_under_every_status_and_name_that_it_has() -> None:
    gone, version = {"$ref": "#/components/responses/Gone"}, {"$ref": "#/components/headers/Version"}
    api = view(
        paths={"/a": {"get": {"responses": {"404": gone, "410": gone}}}},
        components={
            "responses": {"Gone": {"description": "", "headers": {"API-Version": version, "x-version": version}}},
            "headers": {"Version": {"schema": {"type": "string"}}},
        },
    )
    assert [response.status for response in api.responses] == ["404", "410"]
    assert [header.name for header in api.headers] == ["API-Version", "x-version"]
    assert {header.place.pointer for header in api.headers} == {"/components/headers/Version"}
    assert api.schemas[0].names == ("API-Version", "x-version")


def test_components_that_nothing_uses_are_there_too() -> None:
    api = view(
        "3.1.0",
        components={
            "parameters": {"P": {"name": "p", "in": "query", "schema": {"type": "string"}}},
            "requestBodies": {"B": json_of({"type": "integer"})},
            "responses": {"R": {"headers": {"H": {"schema": {"type": "boolean"}}}, **json_of({"type": "number"})}},
            "headers": {"x-h": {"schema": {"type": "array"}}},
            "schemas": {"x-S": {"type": "object"}},
            "callbacks": {"C": {"{$url}": {"post": {"requestBody": json_of({"type": "null"})}}}},
            "pathItems": {"I": {"get": {"responses": {"200": json_of({"type": "string", "format": "date"})}}}},
            "securitySchemes": {"S": {"type": "http"}},
        },
    )
    assert {(schema.value["type"], schema.direction) for schema in api.schemas} == {
        ("string", frozenset({"request"})),
        ("integer", frozenset({"request"})),
        ("boolean", frozenset({"response"})),
        ("number", frozenset({"response"})),
        ("array", frozenset({"response"})),
        ("object", frozenset()),
        ("null", frozenset({"response"})),
        ("string", frozenset({"response"})),
    }
    assert {response.status for response in api.responses} == {"", "200"}
    assert all(item.used_by == () for item in (*api.schemas, *api.parameters, *api.responses, *api.security_schemes))
    assert api.operations == ()


def test_every_keyword_with_a_schema_is_followed() -> None:
    schema = {
        "properties": {"a": {"x": 1}},
        "items": {"x": 2},
        "additionalProperties": {"x": 3},
        "allOf": [{"x": 4}],
        "anyOf": [{"x": 5}],
        "oneOf": [{"x": 6}],
        "not": {"x": 7},
    }
    later = {
        "$defs": {"d": {"x": 8}},
        "patternProperties": {"p": {"x": 9}},
        "dependentSchemas": {"d": {"x": 10}},
        "prefixItems": [{"x": 11}],
        "contains": {"x": 12},
        "propertyNames": {"x": 13},
        "unevaluatedItems": {"x": 14},
        "unevaluatedProperties": {"x": 15},
        "contentSchema": {"x": 16},
        "if": {"x": 17},
        "then": {"x": 18},
        "else": {"x": 19},
        "definitions": {"d": {"x": 20}},
    }
    for version, last in (("3.0.3", 7), ("3.1.0", 20), ("3.2.0", 20)):
        api = view(version, components={"schemas": {"S": schema | later}})
        assert sorted(item.value["x"] for item in api.schemas[1:]) == list(range(1, last + 1))


def test_names_belong_to_the_value_that_is_described() -> None:
    moment = {"$ref": "#/components/schemas/Moment"}
    api = view(
        components={
            "schemas": {
                "Moment": {"type": "string", "format": "date-time"},
                "Gebouw": {
                    "properties": {
                        "begin": {"allOf": [moment, {"description": "a"}]},
                        "eind": moment,
                        "bezoeken": {"type": "array", "items": {"type": "integer"}},
                    }
                },
            }
        }
    )
    names = {schema.place.pointer.removeprefix("/components/schemas/"): (schema.name, schema.names) for schema in api.schemas}
    assert names == {
        "Moment": ("", ("eind", "begin")),
        "Gebouw": ("", ()),
        "Gebouw/properties/begin": ("begin", ("begin",)),
        "Gebouw/properties/begin/allOf/1": ("begin", ("begin",)),
        "Gebouw/properties/bezoeken": ("bezoeken", ("bezoeken",)),
        "Gebouw/properties/bezoeken/items": ("", ()),
    }


def test_direction_follows_who_sends() -> None:
    def ref(name: str) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/{name}"}

    operation = {
        "parameters": [{"name": "q", "in": "query", "schema": ref("InParameter")}],
        "requestBody": json_of({"properties": {"both": ref("Both"), "id": ref("ReadOnly"), "pin": ref("WriteOnly")}}),
        "responses": {"200": json_of({"properties": {"both": ref("Both"), "id": ref("ReadOnly"), "pin": ref("WriteOnly")}})},
        "callbacks": {
            "done": {"{$url}": {"post": {"requestBody": json_of(ref("Sent")), "responses": {"200": json_of(ref("Got"))}}}}
        },
    }
    names = ("InParameter", "Both", "Sent", "Got", "Hook", "Unused")
    api = view(
        "3.1.0",
        paths={"/a": {"post": operation}},
        webhooks={"news": {"post": {"requestBody": json_of(ref("Hook"))}}},
        components={
            "schemas": dict.fromkeys(names, None)
            | {name: {"title": name} for name in names}
            | {
                "ReadOnly": {"title": "ReadOnly", "readOnly": True, "items": {"title": "InReadOnly"}},
                "WriteOnly": {"title": "WriteOnly", "writeOnly": True},
            }
        },
    )
    found = {schema.value["title"]: set(schema.direction) for schema in api.schemas if "title" in schema.value}
    assert found == {
        "InParameter": {"request"},
        "Both": {"request", "response"},
        "ReadOnly": {"response"},
        "InReadOnly": {"response"},
        "WriteOnly": {"request"},
        "Sent": {"response"},
        "Got": {"request"},
        "Hook": {"response"},
        "Unused": set(),
    }


def test_callbacks_belong_to_the_operation_that_announces_them() -> None:
    callback = {"{$request.body#/url}": {"post": {"parameters": [{"name": "c", "in": "query"}], "responses": OK}}}
    api = view(paths={"/a": {"post": {"callbacks": {"done": callback}}}})
    assert [operation.name for operation in api.operations] == ["POST /a"]
    assert [(parameter.name, parameter.used_by) for parameter in api.parameters] == [("c", ("POST /a",))]


def test_webhooks_are_path_items_of_their_own() -> None:
    webhooks = {"x-news": {"post": {"parameters": [{"name": "w", "in": "query"}]}}}
    api = view("3.1.0", webhooks=webhooks)
    assert [(item.path, item.operations[0].name) for item in api.webhooks] == [("x-news", "POST x-news")]
    assert api.operations == api.path_items == ()
    assert api.parameters[0].used_by == ("POST x-news",)
    assert view("3.0.3", webhooks=webhooks).webhooks == ()


def test_openapi_32_has_more_methods() -> None:
    paths = {"/a": {"query": {}, "additionalOperations": {"LINK": {}, "x": 1}, "x-get": {}, "GET": {}}}
    assert [operation.name for operation in view("3.2.0", paths=paths).operations] == ["QUERY /a", "LINK /a"]
    assert view("3.1.0", paths=paths).operations == ()


def test_openapi_32_has_shared_media_types_and_item_schemas() -> None:
    api = view(
        "3.2.0",
        paths={
            "/a": {"get": {"responses": {"200": {"content": {"text/event-stream": {"$ref": "#/components/mediaTypes/Event"}}}}}}
        },
        components={"mediaTypes": {"Event": {"itemSchema": {"type": "object"}}}},
    )
    assert [(media_type.name, media_type.place.pointer) for media_type in api.media_types] == [
        ("text/event-stream", "/components/mediaTypes/Event")
    ]
    assert [schema.used_by for schema in api.schemas] == [("GET /a",)]


def test_a_path_item_may_stand_elsewhere_and_say_more_itself() -> None:
    api = view(
        "3.1.0",
        paths={
            "/a": {"$ref": "#/components/pathItems/Shared", "summary": "own", "put": {"summary": "own"}},
            "/b": {"$ref": "#/components/pathItems/Shared"},
        },
        components={"pathItems": {"Shared": {"summary": "shared", "get": {"responses": OK}, "put": {"summary": "shared"}}}},
    )
    assert [operation.name for operation in api.operations] == ["GET /a", "PUT /a", "GET /b", "PUT /b"]
    assert [operation.value.get("summary") for operation in api.operations] == [None, "own", None, "shared"]
    assert [item.value["summary"] for item in api.path_items] == ["own", "shared"]
    assert pointers(api.path_items) == ["/paths/~1a", "/paths/~1b"]
    assert pointers(api.operations)[:2] == ["/components/pathItems/Shared/get", "/paths/~1a/put"]
    assert api.responses[0].used_by == ("GET /a", "GET /b")


def test_what_stands_beside_a_ref_counts_in_31_and_not_in_30() -> None:
    schemas = {
        "Base": {"type": "string"},
        "Moment": {"$ref": "#/components/schemas/Base", "format": "date-time"},
        "Alias": {"$ref": "#/components/schemas/Moment"},
    }
    paths = {"/a": {"get": {"responses": {"200": json_of({"$ref": "#/components/schemas/Alias"})}}}}
    modern = view("3.1.0", paths=paths, components={"schemas": schemas})
    assert {pointer: schema.used_by for pointer, schema in zip(pointers(modern.schemas), modern.schemas, strict=True)} == {
        "/components/schemas/Moment": ("GET /a",),
        "/components/schemas/Base": ("GET /a",),
    }
    assert modern.media_types[0].schema is modern.schemas[0]
    older = view("3.0.3", paths=paths, components={"schemas": schemas})
    assert pointers(older.schemas) == ["/components/schemas/Base"]


def test_a_discriminator_reaches_what_it_names() -> None:
    base = {
        "discriminator": {"propertyName": "soort", "mapping": {"k": "#/components/schemas/Kerk", "m": "Molen", "x": 1, "y": "Z"}}
    }
    api = view(
        paths={"/a": {"get": {"responses": {"200": json_of({"$ref": "#/components/schemas/Base"})}}}},
        components={"schemas": {"Base": base, "Kerk": {}, "Molen": {}}},
    )
    assert {schema.place.tokens[-1]: schema.used_by for schema in api.schemas} == dict.fromkeys(
        ("Base", "Kerk", "Molen"), ("GET /a",)
    )
    assert api.document.broken == ()


def test_security_schemes_know_who_needs_them() -> None:
    api = view(
        security=[{"key": []}, {"unknown": []}],
        paths={"/a": {"get": {}, "put": {"security": [{"token": []}]}, "post": {"security": []}}},
        components={"securitySchemes": {"key": {"type": "apiKey"}, "token": {"type": "http"}, "spare": {"type": "http"}}},
    )
    assert {scheme.name: scheme.used_by for scheme in api.security_schemes} == {
        "key": ("GET /a",),
        "token": ("PUT /a",),
        "spare": (),
    }


def test_nothing_is_mistaken_for_what_it_is_not() -> None:
    telling = {"$ref": "#/nowhere", "responses": {"200": {}}, "parameters": [{"name": "n", "in": "query"}], "get": {}, "schema": {}}
    schema = {
        "type": "object",
        "properties": {
            name: {"type": "string"} for name in ("$ref", "responses", "parameters", "get", "x-real", "properties", "items")
        },
        "example": telling,
        "default": telling,
        "enum": [telling],
        "x-extension": telling,
        "const": telling,
    }
    media_type = {"schema": schema, "example": telling, "examples": {"one": {"value": telling}}, "x-more": telling}
    api = view(
        paths={
            "x-not": {"get": {}},
            "/a": {"get": {"responses": {"200": {"content": {"a/b": media_type}}, "x-y": {}}, "x-op": telling}},
        },
        components={"x-not": telling, "examples": {"E": {"value": telling}}},
        **{"x-top": telling},
    )
    assert [operation.name for operation in api.operations] == ["GET /a"]
    assert [response.status for response in api.responses] == ["200"]
    assert api.parameters == ()
    assert [schema.name for schema in api.schemas[1:]] == list(schema["properties"])
    assert api.document.references == ()


def test_references_are_followed_where_openapi_has_them() -> None:
    api = view(
        paths={
            "/a": {
                "get": {
                    "parameters": [{"$ref": "#/components/parameters/None"}],
                    "responses": {
                        "200": {"links": {"l": {"$ref": "#/l"}}, "content": {"a/b": {"examples": {"e": {"$ref": "#/e"}}}}}
                    },
                }
            }
        },
        components={
            "examples": {"E": {"$ref": "#/ee"}},
            "links": {"L": {"$ref": "#/ll"}},
            "securitySchemes": {"S": {"$ref": "#/s"}},
        },
    )
    assert [reference.reference for reference in api.document.broken] == [
        "#/s",
        "#/components/parameters/None",
        "#/e",
        "#/l",
        "#/ee",
        "#/ll",
    ]
    assert api.document.broken[1].place == api.document.place("paths", "/a", "get", "parameters", 0, "$ref")


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
    node: Any = {field: value}
    levels = {
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


def test_places_hold_across_files(tmp_path: Any) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "openapi.yaml").write_text(
        "openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    $ref: 'paths.yaml#/a'\n"
    )
    (tmp_path / "paths.yaml").write_text(
        "a:\n  get:\n    responses:\n      '200':\n        description: ok\n        content:\n"
        "          application/json: {schema: {$ref: schemas/gebouw.yaml}}\n"
    )
    (tmp_path / "schemas" / "gebouw.yaml").write_text("type: object\nproperties:\n  buur: {$ref: '#'}\n  adres: {type: string}\n")
    api = View(openapi.load(str(tmp_path / "openapi.yaml")))
    assert [(schema.place, schema.used_by) for schema in api.schemas] == [
        (Place("schemas/gebouw.yaml", ()), ("GET /a",)),
        (Place("schemas/gebouw.yaml", ("properties", "adres")), ("GET /a",)),
    ]
    location = api.document.locate(api.schemas[1].place, api.schemas[1].used_by)
    assert (location.file, location.line, location.column) == (f"{tmp_path}/schemas/gebouw.yaml", 4, 3)
    assert location.used_by == ("GET /a",)
    assert api.document.broken == ()


def test_merge_keys_bring_in_what_they_name() -> None:
    api = View(
        yaml(
            "paths:\n  /a:\n    get:\n      responses: &errors\n        '404': {description: weg}\n"
            "  /b:\n    get:\n      responses:\n        <<: *errors\n        '200': {description: ok}\n"
        )
    )
    assert [response.status for response in api.operations[1].responses] == ["200", "404"]
    merged = api.operations[1].responses[1].place
    assert merged == api.document.place("paths", "/b", "get", "responses", "404")
    assert api.document.locate(merged).line == 7


def test_a_view_of_nothing_is_empty() -> None:
    api = view()
    assert api.operations == api.schemas == api.parameters == api.media_types == api.headers == api.request_bodies == ()
    assert document().references == ()
