"""Does a view show each definition once, with the operations that use it, and nothing that only looks like one?"""

from typing import Any

from apicheck import openapi
from apicheck.model import Place
from apicheck.openapi import Item, View
from tests.openapi.documents import document, json_of, view, yaml

OK = {"200": {"description": "ok"}}


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


def test_webhooks_are_path_items_of_their_own() -> None:
    webhooks = {"x-news": {"post": {"parameters": [{"name": "w", "in": "query"}]}}}
    api = view("3.1.0", webhooks=webhooks)
    assert [(item.path, item.operations[0].name) for item in api.webhooks] == [("x-news", "POST x-news")]
    assert not api.operations
    assert not api.path_items
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
        extension=telling,
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
    assert (location.file, location.line, location.column) == ("schemas/gebouw.yaml", 4, 3)
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
    assert not any((api.operations, api.schemas, api.parameters, api.media_types, api.headers, api.request_bodies))
    assert document().references == ()
