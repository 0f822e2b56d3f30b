"""Which of a validator's errors are told, and in which words?

An ``anyOf`` that fails has an error of its own and those of every branch. Of errors at one place, and at places below it, those
are kept that say most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from apicheck.rulesets.ecmascript import UNDEFINED, stringify, type_of
from apicheck.rulesets.resolving import at
from apicheck.rulesets.validation.errors import Error

_PART = re.compile(r"/[A-Za-z0-9_$-]+(?:/[0-9]+)?")
_QUOTES = re.compile("['\"]")


class Told(NamedTuple):
    """What is told of a value: a sentence, and a JSON pointer to what it is about."""

    message: str
    pointer: str


class _Node:
    """The errors at one place, with the places below it. ``errors`` is None when they were dropped."""

    __slots__ = ("below", "errors")

    def __init__(self) -> None:
        self.below: dict[str, _Node] = {}
        self.errors: list[Error] | None = []


def tell(errors: Iterable[Error], value: Any, name: str | int | None) -> list[Told]:
    """Return what to tell of the errors of a value, which is called ``name`` where it stands."""
    root = _Node()
    for error in errors:
        pointer = pointer_of(error)
        parts = _PART.findall(pointer) if pointer else [""]
        node = root
        for part in parts:
            node = node.below.setdefault(part, _Node())
        if parts and node.errors is not None:
            node.errors.append(error)
    _thin_out(root, None, "")
    return [_told(error, value, name) for error in _left(root)]


def pointer_of(error: Error) -> str:
    """Return the JSON pointer to what an error is about (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in error.way)


def _thin_out(node: _Node, parent: _Node | None, part: str) -> None:
    if node.below and any(error.keyword == "anyOf" for error in node.errors or ()):
        node.errors = None
    only_enum = bool(node.errors) and all(error.keyword == "enum" for error in node.errors or ())
    if only_enum and parent is not None and len(parent.below) > 1:
        del parent.below[part]
    for each, child in list(node.below.items()):
        _thin_out(child, node, each)


def _left(node: _Node) -> list[Error]:
    errors = node.errors or []
    if errors and all(error.keyword == "enum" for error in errors):
        allowed: list[Any] = []
        for error in errors:
            allowed += [
                value for value in error.params["allowedValues"] if not any(value is each or value == each for each in allowed)
            ]
        first = errors[0]
        return [Error("enum", first.way, first.message, first.schema, {"allowedValues": allowed})]
    return [*errors, *(error for child in node.below.values() for error in _left(child))]


def _told(error: Error, value: Any, name: str | int | None) -> Told:
    pointer = pointer_of(error)
    last = pointer.rpartition("/")[2] if pointer else name
    here = at(value, tuple(map(str, error.way)))
    match error.keyword:
        case "additionalProperties":
            message = f'Property "{error.params["additionalProperty"]}" is not expected to be here'
        case "type":
            message = f'"{last}" property type {error.message}' if last is not None else f"Value type {error.message}"
        case "errorMessage":
            message = error.message
        case "enum":
            message = f"{_called(last, here)} {error.message}: {', '.join(map(stringify, error.params['allowedValues']))}"
            meant = nearest(here, error.params["allowedValues"])
            message += f'. Did you mean "{meant}"?' if meant is not None else ""
        case _:
            message = f"{_called(last, here)} {clean(error.message)}"
    return Told(message, pointer)


def clean(message: str) -> str:
    """Return a message with one kind of quotes, and without shouting."""
    return _QUOTES.sub('"', message).replace("NOT", "not")


def _called(last: str | int | None, value: Any) -> str:
    return f'"{last}" property' if last is not None else type_of(value).capitalize()


def nearest(value: Any, allowed: Iterable[Any]) -> str | None:
    """Return the allowed text that is most like what stands there; None when none is like it."""
    texts = [each for each in allowed if isinstance(each, str)]
    if not isinstance(value, str) or value is UNDEFINED or not texts:
        return None
    best = min(texts, key=lambda text: distance(text, value))
    return best if len(list(allowed)) == 1 or distance(best, value) < len(best) else None


def distance(left: str, right: str) -> int:
    """Return how many letters must be changed, put in or taken out to make one text of the other."""
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(right, 1):
            before, row[j] = row[j], min(before + (letter != other), row[j] + 1, row[j - 1] + 1)
    return row[-1]
