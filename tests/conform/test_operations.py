"""What would a client of an operation miss, apart from schemas?"""

from typing import Any

import pytest

from apicheck.conform.compare import compare
from apicheck.conform.difference import Effect
from apicheck.conform.paths import Prefix
from tests.conform.documents import document, effect, operation, told

OK: Any = {"200": {"description": ""}}


def parameter(name: str = "status", where: str = "query", **fields: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": {"type": "string"}, **fields}


def paths(*names: str, **fields: Any) -> Any:
    return document(paths={name: {"get": {"responses": OK}} for name in names}, **fields)


BEFORE_AND_AFTER: dict[str, tuple[Any, Any, tuple[str, str]]] = {
    "a parameter gone": ({"parameters": [parameter()]}, {}, ("breaking", "parameter-missing")),
    "a parameter more": ({}, {"parameters": [parameter()]}, ("harmless", "parameter-added")),
    "a required one more": ({}, {"parameters": [parameter(required=True)]}, ("breaking", "parameter-required")),
    "a parameter required": (
        {"parameters": [parameter()]},
        {"parameters": [parameter(required=True)]},
        ("breaking", "parameter-required"),
    ),
    "a parameter moved": (
        {"parameters": [parameter()]},
        {"parameters": [parameter(where="header")]},
        ("breaking", "parameter-moved"),
    ),
    "another style": (
        {"parameters": [parameter(schema={"type": "array", "items": {"type": "string"}})]},
        {"parameters": [parameter(schema={"type": "array", "items": {"type": "string"}}, explode=False)]},
        ("breaking", "parameter-style"),
    ),
    "a success less": ({"responses": {**OK, "202": {"description": ""}}}, {}, ("breaking", "status-missing")),
    "a success more": ({}, {"responses": {**OK, "202": {"description": ""}}}, ("breaking", "status-added")),
    "a status that must be asked for": ({}, {"responses": {**OK, "304": {"description": ""}}}, ("harmless", "status-on-request")),
    "an error less": ({"responses": {**OK, "404": {"description": ""}}}, {}, ("unknown", "error-missing")),
    "an error more": ({}, {"responses": {**OK, "404": {"description": ""}}}, ("harmless", "error-added")),
    "a header less": (
        {"responses": {"200": {"description": "", "headers": {"ETag": {"schema": {"type": "string"}}}}}},
        {},
        ("breaking", "header-missing"),
    ),
    "a media type less": (
        {"responses": {"200": {"description": "", "content": {"application/json": {}, "application/xml": {}}}}},
        {"responses": {"200": {"description": "", "content": {"application/json": {}}}}},
        ("breaking", "response-media-type-missing"),
    ),
    "a body required": (
        {"requestBody": {"content": {"application/json": {}}}},
        {"requestBody": {"content": {"application/json": {}}, "required": True}},
        ("breaking", "body-required"),
    ),
    "no body taken": ({"requestBody": {"content": {"application/json": {}}}}, {}, ("breaking", "body-missing")),
    "callbacks": ({"callbacks": {"klaar": {"{$url}": {"post": {"responses": OK}}}}}, {}, ("unknown", "callbacks-undecided")),
}


@pytest.mark.parametrize("what", BEFORE_AND_AFTER)
def test_what_a_client_notices(what: str) -> None:
    before, after, expected = BEFORE_AND_AFTER[what]
    assert told(compare(operation(**after), operation(**before))) == [expected]
    assert told(compare(operation(**before), operation(**before))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"parameters": [parameter("a"), parameter("b")]}, {"parameters": [parameter("b"), parameter("a")]}),
        ({"parameters": [parameter()]}, {"parameters": [parameter(style="form", explode=False)]}),
        ({"parameters": [parameter("X-Trace", "header")]}, {"parameters": [parameter("x-trace", "header")]}),
        ({"parameters": [parameter(schema={"type": "integer"})]}, {"parameters": [parameter()]}),
        (
            {"parameters": [parameter()]},
            {"parameters": [parameter(schema={"type": "array", "items": {"type": "string"}}, explode=False)]},
        ),
        ({"responses": {**OK, "404": {"description": ""}}}, {"responses": {**OK, "4XX": {"description": ""}}}),
        ({"responses": {"default": {"description": ""}}}, {"responses": OK}),
    ],
)
def test_what_a_client_does_not_notice(before: Any, after: Any) -> None:
    assert effect(operation(**after), operation(**before)) is Effect.HARMLESS


def test_an_operation_that_is_missing_breaks_and_one_more_does_not() -> None:
    assert told(compare(paths("/zaken"), paths("/zaken", "/besluiten"))) == [("breaking", "operation-missing")]
    assert told(compare(paths("/zaken", "/besluiten"), paths("/zaken"))) == [("harmless", "operation-added")]


def test_paths_are_the_same_whatever_their_parameters_are_called() -> None:
    def api(name: str, schema: Any) -> Any:
        get = {"parameters": [parameter(name, "path", required=True, schema=schema)], "responses": OK}
        return document(paths={f"/zaken/{{{name}}}": {"get": get}})

    assert told(compare(api("id", {"type": "string"}), api("uuid", {"type": "string"}))) == []
    narrower = api("id", {"type": "string", "format": "uuid"})
    assert told(compare(narrower, api("uuid", {"type": "string"}))) == [("breaking", "format-missing")]


@pytest.mark.parametrize(
    ("mine", "theirs", "prefix"),
    [
        (["/v1/zaken", "/v1/besluiten"], ["/zaken", "/besluiten"], Prefix("", "/v1")),
        (["/zaken", "/besluiten"], ["/api/v1/zaken", "/api/v1/besluiten"], Prefix("/api/v1", "")),
        (["/v2/zaken/{id}"], ["/v1/zaken/{uuid}"], Prefix("/v1", "/v2")),
        (["/zaken", "/v1/zaken"], ["/zaken"], Prefix()),
    ],
)
def test_the_start_of_the_paths_is_inferred(mine: list[str], theirs: list[str], prefix: Prefix) -> None:
    comparison = compare(paths(*mine), paths(*theirs))
    assert comparison.prefix == prefix
    assert comparison.effect is Effect.HARMLESS


def test_a_start_that_fits_as_well_as_another_is_doubted_until_it_is_stated() -> None:
    two, one = paths("/a/zaken", "/b/zaken"), paths("/zaken")
    assert ("unknown", "prefix-ambiguous") in told(compare(two, one))
    assert compare(two, one, Prefix.parse("/b")).effect is Effect.HARMLESS
    assert Prefix.parse("/x/v1=/v1") == Prefix("/x/v1", "/v1")


SCHEMES: Any = {
    "sleutel": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    "token": {"type": "http", "scheme": "bearer"},
    "oauth": {"type": "oauth2", "flows": {}},
}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [], []),
        ([{"token": []}], [{"token": []}], []),
        ([{"token": []}], [{}], []),
        ([{"token": []}], [{"sleutel": []}, {"token": []}], []),
        ([], [{"token": []}], [("breaking", "access-closed")]),
        ([{"token": []}], [{"sleutel": []}], [("breaking", "access")]),
        ([{"token": []}], [{"token": [], "sleutel": []}], [("breaking", "access")]),
        ([{"oauth": ["lezen"]}], [{"oauth": ["lezen", "alles"]}], [("breaking", "access")]),
        ([{"oauth": ["lezen", "alles"]}], [{"oauth": ["lezen"]}], []),
        ([{"oauth": []}], [{"token": []}], [("unknown", "access")]),
    ],
)
def test_a_client_that_was_let_in_is_let_in(before: Any, after: Any, expected: Any) -> None:
    def api(security: Any) -> Any:
        return paths("/zaken", security=security, components={"securitySchemes": SCHEMES})

    assert told(compare(api(after), api(before))) == expected


def test_a_reference_that_says_nothing_of_access_leaves_it_open() -> None:
    guarded = paths("/zaken", security=[{"token": []}], components={"securitySchemes": SCHEMES})
    assert told(compare(guarded, paths("/zaken"))) == [("unknown", "access-unsaid")]


def test_a_reference_without_operations_decides_nothing() -> None:
    assert compare(paths("/zaken"), paths()).effect is Effect.UNKNOWN
