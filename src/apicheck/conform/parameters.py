"""Does the candidate take every parameter of the reference, in the way in which a client of that sends it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apicheck.conform.difference import Effect, Failure, Side
from apicheck.conform.nodes import Schema, described
from apicheck.conform.structures import Pair
from apicheck.openapi import Document, Operation, Parameter

_IGNORED = frozenset({"accept", "content-type", "authorization"})
"""A header parameter with one of these names means nothing (OAS 3.0.4, 4.7.12.1)."""
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_PRIMITIVE = frozenset({"string", "integer", "number", "boolean"})
_FREE_TEXT = frozenset({"type", "description", "title", "example", "examples", "default", "deprecated"})
_FREE_LIST = _FREE_TEXT | {"items"}

Name = tuple[str, str]


def parameters(candidate: Operation, reference: Operation, documents: tuple[Document, Document]) -> Iterator[Failure | Pair]:
    """Compare the parameters of two operations: those in the path by their order, all others by name and location."""
    offered, asked = _named(candidate), _named(reference)
    for name, parameter in asked.items():
        own = offered.get(name)
        if own is None:
            yield _missing(parameter, candidate, offered)
        else:
            yield from _parameter(own, parameter, documents)
    for name, parameter in offered.items():
        if name not in asked and not (name[1] == "path" or _moved(parameter, asked)):
            required = parameter.value.get("required") is True
            kind, effect = ("parameter-required", Effect.BREAKING) if required else ("parameter-added", Effect.HARMLESS)
            yield Failure(kind, effect, parameter.place, reference.place, _said(parameter))


def _named(operation: Operation) -> dict[Name, Parameter]:
    in_path = [part.partition("}")[0] for part in operation.path.split("{")[1:]]
    named = {}
    for parameter in operation.parameters:
        name = parameter.name
        if parameter.location == "path":
            name = str(in_path.index(name)) if name in in_path else ""
        elif parameter.location == "header":
            name = name.lower()
        if name and not (parameter.location == "header" and name in _IGNORED):
            named[name, parameter.location] = parameter
    return named


def _missing(parameter: Parameter, candidate: Operation, offered: dict[Name, Parameter]) -> Failure:
    at = candidate.place.child("parameters", f"{parameter.location} {parameter.name}")  # where there is none
    if parameter.location == "path":  # it is in the template, so a client can send it; what it may be is not said
        return Failure("path-parameter-undescribed", Effect.UNKNOWN, at, parameter.place, _said(parameter))
    if own := _moved(parameter, offered):
        return Failure("parameter-moved", Effect.BREAKING, own.place, parameter.place, {**_said(parameter), "other": own.location})
    return Failure("parameter-missing", Effect.BREAKING, at, parameter.place, _said(parameter))


def _moved(parameter: Parameter, others: dict[Name, Parameter]) -> Parameter | None:
    """The parameter of that name in another place, which is no match for one of its own."""
    return next((found for found in others.values() if found.name == parameter.name and found.location != parameter.location), None)


def _parameter(mine: Parameter, theirs: Parameter, documents: tuple[Document, Document]) -> Iterator[Failure | Pair]:
    if mine.value.get("required") is True and theirs.value.get("required") is not True and mine.location != "path":
        yield Failure("parameter-required", Effect.BREAKING, mine.place, theirs.place, _said(theirs))
    wide, narrow = _schema(mine, documents[0]), _schema(theirs, documents[1])
    if bool(mine.media_types) != bool(theirs.media_types):
        yield Failure("parameter-style", Effect.BREAKING, mine.place, theirs.place, {**_said(theirs), **_ways(mine, theirs)})
        return
    if not theirs.media_types:
        yield from _style(mine, theirs, narrow)
    for flag in ("allowReserved", "allowEmptyValue"):
        if theirs.value.get(flag) is True and mine.value.get(flag) is not True:
            yield Failure("parameter-flag", Effect.BREAKING, mine.place, theirs.place, {**_said(theirs), "flag": flag})
    if mine.media_types or not (_types(narrow) <= _PRIMITIVE and (_any_text(wide) or _any_texts(wide))):
        yield Pair(wide, narrow, Side.REQUEST)


def _style(mine: Parameter, theirs: Parameter, narrow: Schema) -> Iterator[Failure]:
    """How an array or object is written; a single value is written in one way, but for ``label`` and ``matrix``."""
    ways = [_way(parameter) for parameter in (mine, theirs)]
    single = _types(narrow) <= _PRIMITIVE and not {style for style, _ in ways} & {"label", "matrix"}
    if ways[0] != ways[1] and not single:
        yield Failure("parameter-style", Effect.BREAKING, mine.place, theirs.place, {**_said(theirs), **_ways(mine, theirs)})


def _way(parameter: Parameter) -> tuple[str, bool]:
    """Style and explode, with what they are where nothing is said (OAS 3.0.4, 4.7.12.2)."""
    style = str(parameter.value.get("style", _STYLES.get(parameter.location, "")))
    return style, bool(parameter.value.get("explode", style == "form"))


def _ways(mine: Parameter, theirs: Parameter) -> dict[str, str]:
    return {"candidate": _told(mine), "reference": _told(theirs)}


def _told(parameter: Parameter) -> str:
    if parameter.media_types:
        return parameter.media_types[0].name
    style, explode = _way(parameter)
    return f"{style}, explode: {str(explode).lower()}"


def _schema(parameter: Parameter, document: Document) -> Schema:
    holder = parameter.media_types[0] if parameter.media_types else parameter
    return described(holder.value, holder.place, document)


def _types(schema: Schema) -> set[str]:
    """The types that a schema states at once; what it says further on does not matter for how it is written."""
    node = schema[0].resolved()
    stated = node.value.get("type") if node and isinstance(node.value, dict) else None
    kinds = stated if isinstance(stated, list) else [stated or "any"]
    if node and stated is None and isinstance(node.value, dict) and node.value.get("enum"):
        return {"string"}
    return set(map(str, kinds)) - {"null"}


def _any_text(schema: Schema) -> bool:
    """Say whether any text is good: in a URL or header a number is text too."""
    node = schema[0].resolved()
    if node is None or not isinstance(node.value, dict):
        return False
    return node.value.get("type") == "string" and node.value.keys() <= _FREE_TEXT


def _any_texts(schema: Schema) -> bool:
    """Say whether any list of texts is good: one value is written as a list of one."""
    node = schema[0].resolved()
    if node is None or not isinstance(node.value, dict) or node.value.get("type") != "array":
        return False
    items = node.value.get("items")
    return node.value.keys() <= _FREE_LIST and isinstance(items, dict) and _any_text((node.child("items"),))


def _said(parameter: Parameter) -> dict[str, Any]:
    return {"name": parameter.name, "location": parameter.location}
