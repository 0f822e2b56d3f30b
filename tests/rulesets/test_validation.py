"""Is a value held against a JSON Schema as the validator behind Spectral does it?"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck.rulesets.functions.document_schema import _schemas, _suspicion
from apicheck.rulesets.validation import Evaluation, Scope
from tests.rulesets.documents import OPENAPI, places, told

VERSIONS = ("oas2", "oas3_0", "oas3_1", "oas3_2")
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1", "contact": {"email": "a@b.nl", "url": "https://b.nl"}},
    "servers": [{"url": "https://b.nl/{v}", "variables": {"v": {"default": "1", "enum": ["1"]}}}],
    "paths": {
        "/a/{b}": {
            "parameters": [{"name": "b", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "parameters": [{"$ref": "#/components/parameters/P"}, {"name": "q", "in": "query", "content": {"text/plain": {}}}],
                "responses": {"200": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/x"}}}}},
                "callbacks": {"c": {"{$url}": {"post": {"responses": {"default": {"description": "d"}}}}}},
                "security": [{"s": []}],
            },
        }
    },
    "components": {
        "parameters": {"P": {"name": "p", "in": "header", "schema": {"allOf": [{"type": ["string", "null"]}], "pattern": "^a"}}},
        "schemas": {"S": {"type": "object", "properties": {"a": {"minimum": 1, "items": True}}, "additionalProperties": False}},
        "securitySchemes": {"s": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "https://b.nl", "scopes": {}}}}},
    },
}


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A document in which something was put that does not belong there, or from which something was taken."""
    document = deepcopy(DOCUMENT)
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(places(document)))
        wrong: Any = draw(
            st.sampled_from((None, 1, True, "", "query", [], {}, [{}], {"$ref": 1}, {"$ref": "#/x"}, {"x": 1}, {"type": "x"}))
        )
        match draw(st.sampled_from(("replace", "remove", "add"))):
            case "replace":
                holder[key] = wrong
            case "remove":
                del holder[key]
            case "add" if isinstance(holder, dict):
                holder[draw(st.sampled_from(("200", "x-a", "$ref", "in", "examples", "type", "/b")))] = wrong
    return document


@given(damaged(), st.sampled_from(VERSIONS))
def test_what_is_passed_over_has_nothing_wrong(document: Any, version: str) -> None:
    schemas = _schemas(version)
    looked_at, passed_over = (
        [
            (error.keyword, error.way, error.message)
            for error in Evaluation(schemas, every=True, suspects=suspects).errors(schemas.root, document, (), Scope())
        ]
        for suspects in (None, _suspicion(version).of(document))
    )
    assert looked_at == passed_over


@pytest.mark.parametrize("text", ["\ud800", float("inf"), float("nan")])
def test_what_the_quick_library_cannot_hold_is_looked_at(text: object) -> None:
    suspects = _suspicion("oas3_0").of({"openapi": text})
    assert suspects is None or () in suspects


@pytest.mark.parametrize(
    ("counts", "items", "limit"),
    [
        ({}, [1, 2], "1"),
        ({}, [], "1"),
        ({"minContains": 0}, [1], None),
        ({"minContains": 2}, [1, "a"], "2"),
        ({"maxContains": 1}, ["a", "b"], "1 and no more than 1"),
        ({"minContains": 0, "maxContains": 1}, ["a", 1, "b"], "0 and no more than 1"),
        ({"minContains": 0, "maxContains": 1}, [1, "b"], None),
    ],
)
def test_a_list_contains_as_many_as_is_said(tmp_path: Path, counts: dict[str, int], items: list[Any], limit: str | None) -> None:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "contains": {"type": "string"}, **counts}
    rule = {
        "given": "$.x",
        "message": "{{error}}",
        "then": {"function": "schema", "functionOptions": {"schema": schema}},
    }
    found = [words for _, words in told(tmp_path, rule, {"x": items})]
    assert found == ([] if limit is None else [f'"x" property must contain at least {limit} valid item(s)'])


@pytest.mark.parametrize("reference", [3, None, {"a": 1}, ["#"]])
def test_a_schema_with_a_reference_that_is_no_text_is_no_schema(tmp_path: Path, reference: object) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "$ref": reference}}}
    rule = {"given": "$", "message": "{{error}}", "then": {"function": "oasSchema", "functionOptions": {"schema": schema}}}
    assert told(tmp_path, rule, OPENAPI) == [("", '$ref value must be ["string"]')]


def test_openapi_3_2_allows_one_parameter_that_is_the_whole_query_string(tmp_path: Path) -> None:
    text: dict[str, Any] = {"schema": {}}
    whole: dict[str, Any] = {"in": "querystring", "content": {"text/plain": {}}}
    operations = {
        "get": {"parameters": [{"name": "a", "in": "query", **text}]},
        "put": {"parameters": [{"name": "a", "in": "header", **text}, {"name": "b", **whole}]},
        "post": {"parameters": [{"name": "a", "in": "header", **text}, {"name": "b", **whole}, {"name": "c", **whole}]},
    }
    rule = {"given": "$", "message": "{{error}}", "then": {"function": "oasDocumentSchema"}}
    assert told(tmp_path, rule, {**OPENAPI, "openapi": "3.2.0", "paths": {"/a": operations}}) == [
        ("paths//a/post/parameters/0/in", '"in" property must be equal to constant'),
        ("paths//a/post/parameters", '"parameters" property must contain at least 0 and no more than 1 valid item(s)'),
    ]
