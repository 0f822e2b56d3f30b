"""Is it known of every definition which operations reach it, and in which direction what it describes goes?"""

from hypothesis import given
from hypothesis import strategies as st

from apicheck.openapi.uses import RECEIVED, SENT, Uses
from tests.openapi.documents import json_of, view

OK = {"200": {"description": "ok"}}


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


networks = st.lists(st.lists(st.integers(0, 11), max_size=4), min_size=12, max_size=12)


@given(networks, st.lists(st.integers(0, 11), max_size=5))
def test_who_reaches_what_is_what_walking_would_tell(network: list[list[int]], starts: list[int]) -> None:
    uses = Uses()
    for _ in network:
        uses.node()
    for user, used in enumerate(network):
        for node in used:
            uses.use(user, node)
    for number, start in enumerate(starts):
        uses.operation(start, f"GET /{number}")
        uses.give(start, SENT if number % 2 else RECEIVED)
    reached = {f"GET /{number}": walk(network, start) for number, start in enumerate(starts)}
    for node in range(len(network)):
        assert uses.operations_of(node) == tuple(name for name, nodes in reached.items() if node in nodes)
        ways = {"response" if number % 2 else "request" for number, nodes in enumerate(reached.values()) if node in nodes}
        assert uses.direction_of(node) == ways


def walk(network: list[list[int]], start: int) -> set[int]:
    seen, waiting = {start}, [start]
    while waiting:
        for node in network[waiting.pop()]:
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen
