"""How is a difference told, in one sentence that says which client would break?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apicheck.conform.difference import Failure, Side
from apicheck.model import Place, Text
from apicheck.openapi import Document
from apicheck.words import say

OF_SCHEMAS = frozenset({"type", "null", "value", "values", "bound", "format", "pattern", "multiple", "unique", "alternative"}) | {
    "bound-missing",
    "format-missing",
    "pattern-missing",
    "property-missing",
    "property-optional",
    "property-refused",
    "property-dropped",
    "property-added",
    "closed",
    "undecided",
}
"""Kinds that say something else of a request than of a response."""
_OWN_DOUBT = frozenset({"property-dropped", "undecided", "error-missing", "access-unsaid", "path-parameter-undescribed"}) | {
    "prefix-ambiguous",
    "callbacks-undecided",
    "webhooks-undecided",
}
"""Kinds whose text says itself that it cannot be told."""
_NAMED = frozenset({"properties", "patternProperties", "$defs", "headers"})


def wording(failure: Failure, side: Side, reference: Document) -> tuple[str, dict[str, Any]]:
    """Return the id of the sentence about a failure, whose places are those of candidate and reference, and what fills it in."""
    if failure.kind not in OF_SCHEMAS:
        return f"conform.{failure.kind}", dict(failure.values)
    place = failure.narrow
    if failure.kind.startswith("property-"):  # told of the object that has it, or should
        place = Place(place.file, place.tokens[:-2])
    values = {"subject": subject(place, reference), **failure.values}
    if side is Side.REQUEST:
        return f"conform.{failure.kind}-request", values
    return f"conform.{failure.kind}-response", values


def doubted(message: Text, kind: str) -> Text:
    """Return a sentence about a difference that cannot be told, which says so."""
    if kind in _OWN_DOUBT:
        return message
    doubt = say("conform.perhaps")
    return Text(nl=f"{message.nl} {doubt.nl}", en=f"{message.en} {doubt.en}")


def subject(place: Place, document: Document) -> str:
    """Return how people know a place in a schema: ``Zaak.omschrijving``, ``page``, or ``body`` when it has no name."""
    return ".".join(_names(place, document)).replace(".[]", "[]") or "body"


def _names(place: Place, document: Document) -> Iterator[str]:
    """The names on the way to a place: of the component, of a parameter, of each property; ``[]`` for the items of a list."""
    value: object = document.root if place.file == document.place().file else None
    before: str | int = ""
    named = False
    for index, step in enumerate(place.tokens):
        value = _below(value, step)
        if (before in _NAMED and not named) or (index == 2 and place.tokens[0] == "components"):
            yield str(step)
            named = True
        elif before == "parameters" and isinstance(value, dict) and "name" in value:
            yield str(value["name"])
        else:
            named = False
            if step == "items":
                yield "[]"
        before = step


def _below(value: object, step: str | int) -> object:
    if isinstance(value, dict):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None
