"""Does document-valid name the cause of what is wrong, once and where it stands, in every version of OpenAPI?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apicheck import lint
from apicheck.openapi import View, load, parse
from tests.lint.asked import FOUND, PROBLEM, established, get, said, with_properties

VERSIONS = ("3.0.3", "3.1.0", "3.2.0")


def found(patch: Any, version: str = "3.0.3") -> list[tuple[str, str]]:
    """Return the place and the English text of every finding."""
    evidence = established("document-valid", {"openapi": version} | patch)
    return [(finding.location.pointer, finding.message.en) for finding in evidence.findings if finding.location]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_base_is_valid_in_every_version(version: str) -> None:
    assert said("document-valid", {"openapi": version})[0] == "met"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("patch", "place", "text"),
    [
        ({"info": {"titel": "t"}}, "/info/titel", "The Info Object does not know the field titel."),
        ({"info": {"title": None}}, "/info/title", "The Info Object lacks the required field title."),
        (
            get(responses={"200": {"headers": []}}),
            "/paths/~1gebouwen/get/responses/200/headers",
            "In the Response Object the value of headers is array; expected: object.",
        ),
        (
            with_properties(naam={"type": "string", "maxLength": "9"}),
            "/paths/~1gebouwen/get/responses/200/content/application~1json/schema/properties/naam/maxLength",
            'In the Schema Object the value of maxLength is "9"; expected: integer.',
        ),
        ({"paths": {"gebouwen": {}}}, "/paths/gebouwen", "The Paths Object does not know the field gebouwen."),
        (
            {"info": {"contact": {"email": "geen adres"}}},
            "/info/contact/email",
            'The value "geen adres" of email is no email address.',
        ),
    ],
)
def test_the_deepest_cause_is_named_where_it_stands(version: str, patch: Any, place: str, text: str) -> None:
    assert found(patch, version) == [(place, text)]


def test_a_choice_is_followed_into_the_alternative_that_was_meant() -> None:
    parameter = {"name": "id", "in": "path", "schema": {"type": "strin"}, "required": True}
    patch = {"paths": {"/gebouwen": None, "/gebouwen/{id}": {"parameters": [parameter], "get": {"responses": {"200": FOUND}}}}}
    ((place, text),) = found(patch)
    assert place == "/paths/~1gebouwen~1{id}/parameters/0/schema/type"
    assert text.startswith('In the Schema Object the value of type is "strin"; expected: one of "array"')


def test_a_choice_that_was_not_made_names_what_can_be_chosen() -> None:
    ((_, neither),) = found(get(parameters=[{"name": "q", "in": "query"}]))
    assert neither == "The Parameter Object lacks one of these fields, of which one must be there: schema, content."
    ((place, elsewhere),) = found(get(parameters=[{"name": "q", "in": "body", "schema": {}}]))
    assert place == "/paths/~1gebouwen/get/parameters/0/in"
    assert elsewhere == 'In the Parameter Object the value of in is "body"; expected: one of "path", "query", "header", "cookie".'


@pytest.mark.parametrize("version", VERSIONS[1:])
def test_what_lies_in_the_shadow_of_a_fault_is_not_reported_as_well(version: str) -> None:
    parameter = {"name": "q", "in": "query", "style": "simple", "explode": True, "example": 1, "schema": {"type": "string"}}
    scheme = {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "https://a.nl", "scopes": {}, "wrong": 1}}}
    patch = get(parameters=[parameter]) | {"components": {"securitySchemes": {"o": scheme}}}
    assert {place for place, _ in found(patch, version)} == {
        "/components/securitySchemes/o/flows/implicit/wrong",
        "/paths/~1gebouwen/get/parameters/0/style",
    }


@pytest.mark.parametrize("version", VERSIONS[1:])
def test_the_schema_objects_of_later_versions_are_json_schema(version: str) -> None:
    schema = {"type": ["string", "null"], "exclusiveMinimum": True, "prefixItems": [{"type": "object"}]}
    ((place, _),) = found(with_properties(x=schema), version)
    assert place.endswith("/properties/x/exclusiveMinimum")
    assert found(with_properties(x=schema) | {"jsonSchemaDialect": "https://example.org/own"}, version) == []


def test_the_same_fault_in_many_places_is_one_finding_with_a_count() -> None:
    patch = with_properties(**{f"veld{number}": {"type": "string", "example": "x", "onbekend": 1} for number in range(40)})
    (finding,) = established("document-valid", patch).findings
    assert finding.occurrences == 40


def test_a_format_that_is_for_the_user_of_a_schema_is_no_fault_of_the_document() -> None:
    servers = {"servers": [{"url": "https://{host}/v1", "variables": {"host": {"default": "a"}}}]}
    patch = with_properties(x={"type": "string", "pattern": "^[a-"}) | servers
    assert found(patch) == []
    assert found(patch, "3.1.0") == []


def test_beside_a_reference_anything_may_stand() -> None:
    patch = get(responses={"404": {"$ref": "#/components/responses/fout", "x": 1, "content": 2}})
    components = {"components": {"responses": {"fout": FOUND}}}
    assert [found(patch | components, version) for version in VERSIONS] == [[], [], []]


@pytest.mark.parametrize(
    ("patch", "text"),
    [
        (
            {"paths": {"/b": {"get": {"operationId": "g", "responses": {"200": FOUND}}}}},
            "The operationId g is that of GET /gebouwen as well",
        ),
        ({"paths": {"/a/{x}": {}, "/a/{y}": {}}}, "The paths /a/{y} and /a/{x} differ in the name of a parameter only"),
        (
            {"paths": {"/a/{x}": {"get": {"responses": {"200": FOUND}}}}},
            "The path /a/{x} has a parameter x that is described nowhere",
        ),
        (
            get(parameters=[{"name": "x", "in": "path", "required": True, "schema": {}}]),
            "The path parameter x does not occur in the path /gebouwen",
        ),
        (get(security=[{"sleutel": []}]), "The security scheme sleutel is not in components.securitySchemes"),
        ({"security": [{"sleutel": []}]}, "The security scheme sleutel is not in components.securitySchemes"),
        ({"servers": [{"url": "https://{host}/v1"}]}, "The variable host in the server URL https://{host}/v1 is described nowhere"),
        ({"tags": [{"name": "a"}, {"name": "b"}, {"name": "a"}, {"name": "a"}]}, "The tag a stands twice in the list"),
    ],
)
def test_what_the_specification_asks_in_words_is_asked_too(patch: Any, text: str) -> None:
    ((_, said_text),) = found(patch)
    assert said_text.startswith(text)


def test_the_default_of_a_server_variable_is_in_its_enum_from_3_1_on() -> None:
    patch = {"servers": [{"url": "https://{h}/v1", "variables": {"h": {"default": "c", "enum": ["a", "b"]}}}]}
    assert [len(found(patch, version)) for version in VERSIONS] == [0, 1, 1]


def test_what_a_document_uses_of_other_files_is_checked_too(tmp_path: Path) -> None:
    entry = "{openapi: 3.0.3, info: {title: t, version: 1.0.0}, paths: {/a: {$ref: 'paths/a.yaml#/a'}}}"
    (tmp_path / "openapi.yaml").write_text(entry)
    (tmp_path / "paths").mkdir()
    (tmp_path / "paths" / "a.yaml").write_text("a: {get: {responses: {'200': {$ref: '../ok.yaml'}}}}")
    (tmp_path / "ok.yaml").write_text("content: {application/json: {schema: {typ: object}}}")
    evidence = lint.run(View(load(str(tmp_path / "openapi.yaml"))), ["document-valid"])[0]
    places = {(Path(finding.location.file).name, finding.location.pointer) for finding in evidence.findings if finding.location}
    assert places == {("ok.yaml", "/description"), ("ok.yaml", "/content/application~1json/schema/typ")}


def test_the_problem_schema_of_the_tests_is_a_schema() -> None:
    assert found({"components": {"schemas": {"p": PROBLEM}}}, "3.1.0") == []


def test_an_unknown_field_of_the_document_itself_is_told_beside_another_fault() -> None:
    patch = {"webhooks": ["w"], "x": {"get": 1}}
    assert ("/x", "The OpenAPI Object does not know the field x.") in found(patch, "3.1.0")


def test_a_number_larger_than_64_bits_is_told_as_json_has_it() -> None:
    document = b"openapi: 3.0.3\ninfo: {title: 1000000000000000000000000, version: 1.0.0}\npaths: {}\n"
    (finding,) = lint.run(View(parse(document, "openapi.yaml")), ["document-valid"])[0].findings
    assert "1e+24" in finding.message.en
