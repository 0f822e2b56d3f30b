"""Are the examples in an OpenAPI document valid by their schemas?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apicheck.rulesets.ecmascript import member, truthy
from apicheck.rulesets.formats import draft
from apicheck.rulesets.functions.registry import Context, Path, Result, function
from apicheck.rulesets.functions.schema import held_against

_TELLING = ("enum", "type", "format", "$ref", "properties", "items")
"""Keywords of which a schema has one that says what it is; without them there is nothing to hold an example against."""
_REQUESTS = {3: (("components", "requestBodies"), ("paths", "*", "*", "requestBody"))}
_RESPONSES = {
    2: (("responses",), ("paths", "*", "*", "responses")),
    3: (("components", "responses"), ("paths", "*", "*", "responses")),
}


@function("oasSchema", required=("schema",))
def oas_schema(value: Any, options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Does a value satisfy a schema in the dialect of the document?"""
    return _held(value, options["schema"], context)


@function("oasExample", required=("schemaField", "oasVersion", "type"))
def oas_example(holder: Any, options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Are the examples in an object valid by its schema?"""
    if not isinstance(holder, dict):
        return
    version = options["oasVersion"]
    if options["type"] == "schema":
        if any(truthy(holder.get(key)) for key in _TELLING):
            for field in ("example", *(("x-example",) if version == 2 else ()), "default"):
                if field in holder:
                    yield from _held(holder[field], holder, _at(context, [*context.path, field]))
        return
    path = list(map(str, context.path))
    relaxed = "readOnly" if _below(path, _REQUESTS.get(version, ())) else "writeOnly" if _below(path, _RESPONSES[version]) else None
    for value, where in _media_examples(holder, version, context.path):
        yield from _held(value, holder.get(options["schemaField"]), _at(context, where), relaxed=relaxed)


def _media_examples(holder: dict[str, Any], version: int, path: Path) -> Iterator[tuple[Any, Path]]:
    """The examples of a media type, parameter or header; ``example`` goes before ``examples``."""
    if version == 3 and "example" in holder:
        yield holder["example"], [*path, "example"]
        return
    examples = holder.get("examples")
    named = examples.items() if isinstance(examples, dict) else enumerate(examples) if isinstance(examples, list) else ()
    for name, example in named:
        if version == 2:
            yield example, [*path, "examples", name]
        elif isinstance(example, dict | list) and "externalValue" not in example:
            yield member(example, "value"), [*path, "examples", name, "value"]


def _below(path: list[str], places: Iterable[tuple[str, ...]]) -> bool:
    return any(
        len(path) >= len(place) and all(part in {"*", step} for part, step in zip(place, path, strict=False)) for place in places
    )


def _at(context: Context, path: Path) -> Context:
    return Context(context.document, path, context.resolved)


def _held(value: Any, schema: Any, context: Context, *, relaxed: str | None = None) -> Iterable[Result]:
    if not isinstance(schema, dict | bool):
        return ()
    formats = context.document.formats
    if formats & {"oas3_1", "oas3_2"}:
        named = context.document.written.get("jsonSchemaDialect")
        return held_against(value, schema, draft(named) or "draft2020-12", context, relaxed=relaxed)
    if "oas2" in formats and isinstance(schema, dict) and isinstance(schema.get("required"), bool):
        schema = {key: value for key, value in schema.items() if key != "required"}  # a parameter is required, and a schema too
    nullable = ("nullable", "x-nullable") if "oas2" in formats else ("nullable",)
    return held_against(value, schema, "draft4" if formats else "draft7", context, nullable=nullable, relaxed=relaxed)
