"""What must hold of every comparison, whatever the documents say?"""

import json
from collections import Counter
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apicheck import openapi
from apicheck.conform.compare import Comparison, compare
from apicheck.conform.difference import Effect
from apicheck.openapi import Document

Json = dict[str, Any]
NAMES = ("Adres", "Besluit", "Persoon", "Zaak")
SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

strings = st.fixed_dictionaries(
    {"type": st.just("string")},
    optional={
        "nullable": st.just(value=True),
        "maxLength": st.integers(0, 9),
        "pattern": st.sampled_from(["^[a-z]*$", "^[0-9]{3}$"]),
        "format": st.sampled_from(["date", "uuid", "eigen"]),
        "enum": st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True),
    },
)
numbers = st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "number"])},
    optional={"minimum": st.integers(-3, 3), "exclusiveMinimum": st.booleans(), "multipleOf": st.integers(1, 3)},
)
references = st.sampled_from(NAMES).map(lambda name: {"$ref": f"#/components/schemas/{name}"})


def objects(schemas: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    def with_required(properties: Json) -> st.SearchStrategy[Json]:
        required = st.lists(st.sampled_from(sorted(properties) or ["a"]), unique=True)
        return st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.just(properties)},
            optional={"required": required, "additionalProperties": st.booleans()},
        )

    return st.dictionaries(st.sampled_from("abcd"), schemas, max_size=3).flatmap(with_required)


def larger(schemas: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    several = st.lists(schemas, min_size=1, max_size=3)
    return (
        objects(schemas)
        | schemas.map(lambda items: {"type": "array", "items": items})
        | several.map(lambda parts: {"allOf": parts})
        | several.map(lambda parts: {"oneOf": parts})
        | schemas.map(lambda part: {"not": part})
    )


anything = st.recursive(strings | numbers | references | st.just({"type": "boolean"}), larger, max_leaves=6)


@st.composite
def documents(draw: st.DrawFn) -> Json:
    """Return a document with some operations, which share components."""
    paths: Json = {}
    for name in draw(st.lists(st.sampled_from(["zaken", "besluiten", "personen"]), min_size=1, unique=True)):
        answer = {"description": "", "content": {"application/json": {"schema": draw(anything)}}}
        read: Json = {"responses": {"200": answer}}
        read["parameters"] = [
            {"name": parameter, "in": "query", "schema": draw(strings | numbers), "required": draw(st.booleans())}
            for parameter in draw(st.lists(st.sampled_from(["status", "sort"]), unique=True))
        ]
        body = {"content": {"application/json": {"schema": draw(anything)}}, "required": draw(st.booleans())}
        paths[f"/{name}"] = {"get": read, "post": {"requestBody": body, "responses": {"204": {"description": ""}}}}
    schemas = {name: draw(objects(strings | numbers | references)) for name in NAMES}
    return {"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": paths, "components": {"schemas": schemas}}


def parsed(root: Json, name: str) -> Document:
    return openapi.parse(json.dumps(root).encode(), name)


def compared(candidate: Json, reference: Json) -> Comparison:
    """Compare, and see that every difference points into the document that it speaks of."""
    comparison = compare(parsed(candidate, "candidate.json"), parsed(reference, "reference.json"))
    for one in comparison.differences:
        assert (one.candidate.file, one.reference.file) == ("candidate.json", "reference.json"), one
    return comparison


def summary(comparison: Comparison) -> Counter[tuple[Effect, str, frozenset[str]]]:
    """Return what a comparison says, without what things are called and in which order they stand."""
    return Counter((one.effect, one.side.value, frozenset(one.operations)) for one in comparison.differences)


@SETTINGS
@given(documents())
def test_a_document_conforms_to_itself(root: Json) -> None:
    assert compared(root, root).differences == ()


@SETTINGS
@given(documents(), st.data())
def test_an_operation_less_always_breaks(root: Json, data: st.DataObject) -> None:
    smaller = deepcopy(root)
    path = data.draw(st.sampled_from(sorted(smaller["paths"])))
    del smaller["paths"][path][data.draw(st.sampled_from(["get", "post"]))]
    assert compared(smaller, root).effect is Effect.BREAKING
    assert compared(root, smaller).effect is Effect.HARMLESS


@SETTINGS
@given(documents(), st.sampled_from(NAMES))
def test_an_optional_property_more_in_a_response_never_breaks(root: Json, name: str) -> None:
    for item in root["paths"].values():
        del item["post"]
    root["components"]["schemas"][name].pop("additionalProperties", None)
    assume("not" not in json.dumps(root))  # what is more inside a "not" is less outside it
    larger = deepcopy(root)
    larger["components"]["schemas"][name]["properties"]["nieuw"] = {"type": "string"}
    assert not compared(larger, root).having(Effect.BREAKING)


@SETTINGS
@given(documents(), documents())
def test_names_of_components_and_order_change_nothing(candidate: Json, reference: Json) -> None:
    text = json.dumps(candidate)
    for name in NAMES:
        text = text.replace(f'"{name}"', f'"X{name}"').replace(f"/{name}", f"/X{name}")
    renamed = json.loads(text)
    renamed["paths"] = dict(reversed(renamed["paths"].items()))
    for item in renamed["paths"].values():
        item["get"]["parameters"].reverse()
    assert summary(compared(renamed, reference)) == summary(compared(candidate, reference))


@SETTINGS
@given(documents(), documents())
def test_what_breaks_still_breaks_with_more_beside_it(candidate: Json, reference: Json) -> None:
    before = compared(candidate, reference).having(Effect.BREAKING)
    assume(before)
    more = deepcopy(candidate)
    more["paths"]["/nieuw"] = {"get": {"responses": {"200": {"description": ""}}}}
    for item in more["paths"].values():
        extra = {"name": "extra", "in": "query", "schema": {"type": "string"}}
        item["get"]["parameters"] = [*item["get"].get("parameters", []), extra]
        item["get"]["responses"]["418"] = {"description": ""}
    after = compared(more, reference).having(Effect.BREAKING)
    assert {one.id for one in before} <= {one.id for one in after}
