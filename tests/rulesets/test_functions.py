"""Does each function of a rule find what Spectral's finds, in the same words?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rulesets.documents import OPENAPI, inspected, outcome, told


def rule(function: str, options: dict[str, Any] | None = None, given: str = "$.x", **more: Any) -> dict[str, Any]:
    then = {"function": function, **({"functionOptions": options} if options else {})}
    return {"given": given, "message": "{{error}}", "then": then | more}


@pytest.mark.parametrize(
    ("function", "options", "value", "message"),
    [
        ("truthy", None, "", '"x" property must be truthy'),
        ("truthy", None, [], None),
        ("falsy", None, {}, '"x" property must be falsy'),
        ("falsy", None, 0, None),
        ("undefined", None, 1, '"x" property must be undefined'),
        ("defined", None, None, None),
        ("pattern", {"match": "^a+$"}, "b", '"b" must match the pattern "^a+$"'),
        ("pattern", {"notMatch": "/B/i"}, "b", '"b" must not match the pattern "/B/i"'),
        ("pattern", {"match": "^\\d$"}, "٣", '"٣" must match the pattern "^\\\\d$"'),
        ("pattern", {"match": "^a$"}, "a\n", '"a\\n" must match the pattern "^a$"'),
        ("pattern", {"match": "a"}, 3, None),
        ("pattern", {"match": ""}, "a", None),
        ("enumeration", {"values": ["a", 1]}, "b", '"b" must be equal to one of the allowed values: "a", 1'),
        ("enumeration", {"values": [1]}, 1.0, None),
        ("enumeration", {"values": [1]}, True, "true must be equal to one of the allowed values: 1"),
        ("length", {"max": 1}, [1, 2], '"x" property must be shorter than 1'),
        ("length", {"min": 3}, "ab", '"x" property must be longer than 3'),
        ("length", {"max": 2}, 3, '"x" property must be shorter than 2'),
        ("casing", {"type": "kebab"}, "aB", "must be kebab case"),
        ("casing", {"type": "pascal", "separator": {"char": ""}}, "ApiKey", None),
        ("casing", {"type": "camel", "disallowDigits": True}, "a1", "must be camel case"),
        ("casing", {"type": "kebab", "separator": {"char": "/", "allowLeading": True}}, "/a-b/c", None),
        ("alphabetical", None, ["b", "a"], '"b" must be placed after "a"'),
        ("alphabetical", None, ["2", "10"], '"2" must be placed after "10"'),
        ("alphabetical", None, [2, 10], None),
        ("alphabetical", {"keyedBy": "n"}, [{"n": "b"}, {"n": "a"}], "properties must follow the alphabetical order"),
        ("or", {"properties": ["a", "b"]}, {"c": 1}, 'At least one of "a" or "b" must be defined'),
        ("or", {"properties": list("abcde")}, {}, 'At least one of "a" or "b" or "c" or 2 other properties must be defined'),
        ("xor", {"properties": ["a", "b"]}, {"a": 1, "b": 1}, 'Just one of "a" and "b" must be defined'),
        ("schema", {"schema": {"type": "string"}}, 1, '"x" property type must be string'),
        ("schema", {"schema": {"required": ["a"]}}, {}, '"x" property must have required property "a"'),
        (
            "schema",
            {"schema": {"enum": ["aaa", "bbb"]}},
            "aab",
            '"x" property must be equal to one of the allowed values: "aaa", "bbb". Did you mean "aaa"?',
        ),
    ],
)
def test_core_function(tmp_path: Path, function: str, options: dict[str, Any] | None, value: Any, message: str | None) -> None:
    found = [words for _, words in told(tmp_path, rule(function, options), {"x": value})]
    assert found == ([message] if message else [])


def test_a_field_leads_to_what_may_be_missing(tmp_path: Path) -> None:
    document = {"x": {"a": {"b": ""}, "list": [{"n": 1}, {}]}}
    assert told(tmp_path, rule("truthy", field="a.b"), document) == [("x/a/b", '"b" property must be truthy')]
    assert told(tmp_path, rule("truthy", field="a.c"), document) == [("x/a", '"a.c" property must be truthy')]
    assert told(tmp_path, rule("truthy", field="list[1].n"), document) == [("x/list/1", '"[1].n" property must be truthy')]
    assert told(tmp_path, rule("pattern", {"match": "^l"}, field="@key"), document) == [
        ("x/a", 'Object{} must match the pattern "^l"')
    ]


def test_all_errors_of_a_schema_or_the_first(tmp_path: Path) -> None:
    schema = {"required": ["a", "b"], "properties": {"c": {"type": "integer"}}, "additionalProperties": False}
    document = {"x": {"c": "no", "d": 1}}
    first = told(tmp_path, rule("schema", {"schema": schema}), document)
    assert first == [("x", '"x" property must have required property "a"')]
    every = told(tmp_path, rule("schema", {"schema": schema, "allErrors": True}), document)
    assert sorted(words for _, words in every) == [
        '"c" property type must be integer',
        '"x" property must have required property "a"',
        '"x" property must have required property "b"',
        'Property "d" is not expected to be here',
    ]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{error}}|{{property}}|{{path}}|{{value}}|{{description}}", '"b" property must be truthy|b|#/x/a~1%20b/b|0|why'),
        ("{{nothing}}{{ error }}", ""),
        ('#{{print("value")}} #{{property.toUpperCase() + "!"}}', "0 B!"),
    ],
)
def test_messages_are_templates(tmp_path: Path, template: str, message: str) -> None:
    wanted = {"given": "$.x[*].b", "message": template, "description": "why", "then": {"function": "truthy"}}
    assert told(tmp_path, wanted, {"x": {"a/ b": {"b": 0}}}) == [("x/a/ b/b", message)]


def test_reusable_objects_that_nothing_refers_to(tmp_path: Path) -> None:
    document = {"defs": {"used": {}, "unused": {"$ref": "#/defs/used"}}}
    wanted = rule("unreferencedReusableObject", {"reusableObjectsLocation": "#/defs"}, "$.defs") | {"resolved": False}
    assert [way for way, _ in told(tmp_path, wanted, document)] == ["defs/unused"]


@pytest.mark.parametrize(
    "text", ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "A1111111111111111111111111111111111111111111!"]
)
def test_no_pattern_takes_for_ever(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, rule("pattern", {"match": "^(a+)+$"}), {"x": text})
    assert told(tmp_path, rule("casing", {"type": "pascal"}), {"x": text})


def test_a_pattern_that_could_take_for_ever_is_named(tmp_path: Path) -> None:
    found = outcome(tmp_path, {"rules": {"r": rule("pattern", {"match": "^(a+)+(?=b)$"})}}, {"x": "a" * 50})
    assert [(each.rule, each.reason) for each in found.not_run] == [("r", "function-broke")]


def test_formats() -> None:
    assert {"oas3", "oas3_0"} <= inspected(OPENAPI).formats
    assert inspected({"swagger": 2.0}).formats == {"oas2"}
    assert inspected({"asyncapi": "2.6.0"}).formats == {"aas2", "asyncapi2", "asyncApi2", "aas2_6"}
    assert {"jsonSchema", "jsonSchemaLoose", "jsonSchemaDraft7"} == inspected(
        {"$schema": "http://json-schema.org/draft-07/schema#"}
    ).formats
