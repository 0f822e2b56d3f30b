"""Does a validator that knows nothing of ours agree when we say that one schema accepts all that another does?

Objects are closed and types are stated, for there JSON Schema and how we read documents are the same.
"""

from itertools import combinations, product
from typing import Any

import jsonschema_rs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apicheck.conform.accepts import accepts_at_least
from apicheck.conform.difference import Effect, Side
from apicheck.conform.nodes import Node
from apicheck.model import Place
from tests.conform.documents import document

Json = dict[str, Any]
DOCUMENT = document("3.1.0")
SIMPLE: list[Any] = ["", "a", "b", "aa", "ab", "abc", "aaaa", 0, 1, 2, 3, -1, -3, 0.5, 1.5, None, True, False]
SMALL: list[Any] = ["", "a", "ab", 0, 1, -1, 0.5, None, True, [], ["a"], {}]
VALUES = [
    *SIMPLE,
    [],
    *([one] for one in SIMPLE),
    *([one, other] for one, other in product(["", "a", 0, None], repeat=2)),
    ["a", "a", "a"],
    *(
        dict(zip(names, values, strict=True))
        for size in range(3)
        for names in combinations("abc", size)
        for values in product(SMALL, repeat=size)
    ),
]
"""Values that are tried: small ones, so that schemas differ on them."""

strings = st.fixed_dictionaries(
    {"type": st.just("string")},
    optional={"minLength": st.integers(0, 2), "maxLength": st.integers(0, 3), "pattern": st.sampled_from(["^a", "^[ab]*$"])},
)
numbers = st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "number"])},
    optional={
        "minimum": st.integers(-2, 2),
        "exclusiveMaximum": st.integers(0, 3),
        "multipleOf": st.sampled_from([1, 2, 0.5]),
    },
)
listed = st.lists(st.sampled_from(["a", "b", "", 1, 2, None, True]), min_size=1).map(lambda values: {"enum": values})
types = st.lists(st.sampled_from(["string", "integer", "null", "boolean"]), min_size=1, unique=True).map(
    lambda kinds: {"type": kinds}
)


def closed(schemas: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    def of(properties: Json) -> st.SearchStrategy[Json]:
        required = st.lists(st.sampled_from(sorted(properties)), unique=True) if properties else st.just([])
        known = {"type": "object", "properties": properties, "additionalProperties": False}
        return required.map(lambda names: {**known, "required": names})

    return st.dictionaries(st.sampled_from("abc"), schemas, max_size=3).flatmap(of)


def larger(schemas: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    several = st.lists(schemas, min_size=1, max_size=3)
    lists = st.fixed_dictionaries({"type": st.just("array"), "items": schemas}, optional={"maxItems": st.integers(0, 2)})
    combined = st.sampled_from(["anyOf", "allOf"]).flatmap(lambda keyword: several.map(lambda parts: {keyword: parts}))
    return closed(schemas) | lists | combined | schemas.map(lambda schema: {"not": schema})


schemas = st.recursive(strings | numbers | listed | types, larger, max_leaves=5)


def schema(value: Json, name: str) -> tuple[Node, ...]:
    return (Node(value, Place("openapi.json", (name,)), DOCUMENT),)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(schemas, schemas, st.booleans())
def test_no_value_that_the_narrow_side_allows_is_refused_where_we_say_yes(wide: Json, other: Json, both: bool) -> None:  # noqa: FBT001  # a case
    narrow = {"allOf": [wide, other]} if both else other
    if accepts_at_least(schema(wide, "wide"), schema(narrow, "narrow"), Side.REQUEST).effect is not Effect.HARMLESS:
        return
    allows, accepts = (jsonschema_rs.Draft202012Validator(one).is_valid for one in (narrow, wide))
    assert [value for value in VALUES if allows(value) and not accepts(value)] == []


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(schemas, schemas)
def test_what_is_narrowed_is_never_said_to_be_wider(wide: Json, other: Json) -> None:
    narrow = {"allOf": [wide, other]}
    answer = accepts_at_least(schema(wide, "wide"), schema(narrow, "narrow"), Side.REQUEST)
    allows = jsonschema_rs.Draft202012Validator(narrow).is_valid
    if answer.effect is Effect.BREAKING:  # right only of shapes that no value has
        assert not any(allows(value) for value in VALUES), answer.deepest
