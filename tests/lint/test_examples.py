"""Are examples, defaults and patterns held against what they are examples of, and nothing else?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.lint.asked import answering, established, queried, said, with_properties

NUMBER = {"type": "integer", "maximum": 10}


def in_31(patch: dict[str, Any]) -> dict[str, Any]:
    return {"openapi": "3.1.0", **patch}


@pytest.mark.parametrize(
    "patch",
    [
        with_properties(a={**NUMBER, "example": 11}),
        with_properties(a={**NUMBER, "default": "1"}),
        in_31(with_properties(a={**NUMBER, "examples": [1, 11]})),
        answering({"schema": NUMBER, "example": 11}),
        answering({"schema": NUMBER, "examples": {"one": {"value": 11}}}),
        answering({"schema": NUMBER, "examples": {"one": {"$ref": "#/components/examples/one"}}})
        | {"components": {"examples": {"one": {"value": 11}}}},
        queried({"name": "a", "schema": NUMBER, "example": 11}),
        with_properties(a={"type": "array", "items": {"type": "string"}, "example": [None]}),
        with_properties(a={"type": "number", "minimum": 1, "exclusiveMinimum": True, "example": 1}),
        with_properties(a={"type": "string", "format": "date", "example": "1-1-2026"}),
        with_properties(a={"type": "string", "pattern": r"^\d+$", "example": "x"}),
        in_31(with_properties(a={"type": ["string", "null"], "example": 1})),
    ],
)
def test_what_does_not_fit_is_found_once(patch: dict[str, Any]) -> None:
    assert said("examples-match-schema", patch) == ("violated", 1)


@pytest.mark.parametrize(
    "patch",
    [
        with_properties(a={**NUMBER, "example": 1, "default": 2}),
        with_properties(a={"type": "array", "items": {"type": "string", "nullable": True}, "example": [None]}),
        in_31(with_properties(a={"type": ["string", "null"], "examples": [None, "a"]})),
        answering({"schema": NUMBER, "examples": {"one": {"externalValue": "https://example.nl"}, "two": {"value": 1}}}),
        answering({"schema": {"required": ["id"], "properties": {"id": {"readOnly": True}, "a": NUMBER}}, "example": {"a": 1}}),
        with_properties(a={"type": "string", "example": "no schema without a type is broken"}),
    ],
)
def test_what_fits_is_right(patch: dict[str, Any]) -> None:
    assert said("examples-match-schema", patch) == ("met", 0)


def test_what_cannot_be_held_against_a_schema_is_not_looked_at() -> None:
    written_as_text = {"responses": {"200": {"description": "ok", "content": {"text/csv": {"schema": NUMBER, "example": "a;b"}}}}}
    for patch in (
        {"paths": {"/gebouwen": {"get": written_as_text}}},
        answering({"schema": {"$ref": "https://elsewhere.example/schema.json"}, "example": 1}),
        with_properties(a={"type": "strings", "example": "a"}),
        with_properties(a={"type": "string", "pattern": "(", "example": "a"}),
        with_properties(a={"type": "object", "properties": {}, "required": [{"type": "string"}], "example": {}}),
    ):
        assert said("examples-match-schema", patch) == ("vacuous", 0)


def test_the_message_names_the_part_and_the_keyword() -> None:
    schema = {"type": "object", "properties": {"namen": {"type": "array", "items": {"type": "string"}}}}
    (finding,) = established("examples-match-schema", answering({"schema": schema, "example": {"namen": ["a", 1]}})).findings
    assert "/namen/1" in finding.message.en
    assert "type" in finding.message.en
    assert finding.location
    assert finding.location.pointer.endswith("/content/application~1json/example")


@pytest.mark.parametrize(
    ("pattern", "outcome"),
    [
        (r"^\d{9}$", "met"),
        (r"^(?<year>\d{4})-\k<year>$", "met"),
        ("^[0-9", "violated"),
        ("(?P<year>x)", "violated"),
        (r"(?i)abc", "violated"),
        ("a**", "violated"),
    ],
)
def test_a_pattern_is_what_ecmascript_takes(pattern: str, outcome: str) -> None:
    assert said("patterns-valid", with_properties(a={"type": "string", "pattern": pattern}))[0] == outcome


def test_the_names_of_pattern_properties_are_patterns_too() -> None:
    assert said("patterns-valid", in_31(answering({"schema": {"patternProperties": {"[": {}}}}))) == ("violated", 1)
