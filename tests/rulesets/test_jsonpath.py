"""Does a JSONPath lead where Spectral's two engines take it?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck.rulesets.expression import Broke
from apicheck.rulesets.jsonpath import Query, Unreadable, parse
from apicheck.rulesets.walk import Walk

DOCUMENT: dict[str, Any] = {
    "a": {"b": {"x": {"y": 2}, "c": 1}, "x": 1, "200": 7},
    "list": [{"x": 1, "in": "query"}, {"x": 2, "in": "path"}, "text"],
    "paths": {"/a": {"get": {"responses": {"200": {"headers": {}}, "404": {}}}, "put": {}}, "/b.yaml": {"post": {"type": "array"}}},
}


def reached(path: str, document: Any = DOCUMENT) -> list[str]:
    found: list[str] = []

    def broke(_query: Query, broken: Broke) -> None:
        raise broken

    Walk([parse(path)], lambda _query, way, _value: found.append("/".join(map(str, way))), broke).run(document)
    return sorted(found)


@pytest.mark.parametrize(
    ("path", "ways"),
    [
        ("$", [""]),
        ("$.a.b.c", ["a/b/c"]),
        ("$['a']['200']", ["a/200"]),
        ("$.a[200]", ["a/200"]),
        ("$.a[b,x]", ["a/b", "a/x"]),
        ("$.a[b, x]", ["a/b"]),
        ("$.list[*].x", ["list/0/x", "list/1/x"]),
        ("$.list[0]", ["list/0"]),
        ("$.list[-1:]", ["list/2"]),
        ("$.list[(@.length-1)]", ["list/2"]),
        ("$.list[0:2]", ["list/0", "list/1"]),
        ("$..x", ["a/b/x", "a/x", "list/0/x", "list/1/x"]),
        ("$..b.x", ["a/b/x"]),
        ("$..b..y", ["a/b/x/y"]),
        ("$..x^", ["a", "a/b", "list/0", "list/1"]),
        ("$.list[*][?(@property === 'in' && @.match(/^(que|pa)/))]^.x", ["list/0/x", "list/1/x"]),
        ("$.a.*~", ["a/200", "a/b", "a/x"]),
        ("$.list[?(@.in == 'query')]", ["list/0"]),
        ("$.list[?(@.x && @.x > 1)]", ["list/1"]),
        ("$.paths[?(@property.match(/yaml/))]", ["paths//b.yaml"]),
        ("$.paths[?(!@property.match(/\\.yaml/))]~", ["paths//a"]),
        ("$.paths..[?(@property === 'put')]", ["paths//a/put"]),
        ("$.paths[*].[?(@property === '200')]", ["paths//a/get/responses/200"]),
        ("$.paths[*][get,put].responses[?(@property && @property.match(/(2|3)\\d\\d/))]", ["paths//a/get/responses/200"]),
        ("$..[?(@ && @.type && @.type.constructor.name === 'String')]", ["paths//b.yaml/post"]),
        ("$.list.@string()", ["list/2"]),
    ],
)
def test_path(path: str, ways: list[str]) -> None:
    assert reached(path) == ways


def test_everything() -> None:
    assert reached("$..", {"a": [1, {"b": 2}]}) == ["", "a", "a/1"]


@pytest.mark.parametrize("path", ["$.a[?(fetch('x'))]", "$.a[?(process.exit())]", "$[?(@.x =)]", "$.a[?(@.x.map(y))]"])
def test_what_is_not_understood_is_refused(path: str) -> None:
    with pytest.raises(Unreadable):
        parse(path)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab/~", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abx/~ é", max_size=3), inner, max_size=3),
    max_leaves=12,
)


def nodes(value: Any, way: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    """Every node below a value, the slow way."""
    children = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return {(*way, key): child for key, child in children} | {
        k: v for key, child in children for k, v in nodes(child, (*way, key)).items()
    }


@given(values)
def test_deep_wildcard_reaches_every_node_once(document: Any) -> None:
    assert reached("$..*", document) == sorted("/".join(map(str, way)) for way in nodes(document))


@given(values)
def test_deep_name_is_a_filter_of_all_nodes(document: Any) -> None:
    expected = sorted("/".join(map(str, way)) for way in nodes(document) if way[-1] == "a")
    assert reached("$..a", document) == reached("$..[?(@property === 'a')]", document) == expected


@given(values)
def test_many_queries_in_one_walk_find_what_each_finds_alone(document: Any) -> None:
    paths = ["$..a", "$.*", "$..[?(@ && @.a)]", "$.*.*", "$..b[*]", "$..a..b", "$..[a,b]~", "$..x^"]
    together: dict[str, list[str]] = {path: [] for path in paths}
    walk = Walk(
        [parse(path) for path in paths],
        lambda query, way, _: together[query.source].append("/".join(map(str, way))),
        lambda *_: None,
    )
    walk.run(document)
    assert {path: sorted(ways) for path, ways in together.items()} == {path: reached(path, document) for path in paths}
