"""With which values does the engine make the cases that should go well?

What the owner gave, and what the API answered to before. They stand in the document as examples, which the engine sends as they are
and varies one thing at a time; and in dictionaries, from which it draws when it makes cases up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from apicheck.fuzz.sent import readings
from apicheck.openapi import Document, Operation, Parameter
from apicheck.openapi.validation import Validation

OFTEN: Final = 0.8
"""The share of the made-up cases that have a known value: the others look where nobody has looked."""
MOST: Final = 20
"""Values of one parameter that are used: each is sent at least once."""

_NAMEABLE: Final = re.compile(r"[A-Za-z0-9_-]+")
"""Properties that the engine can be pointed to by their name."""


@dataclass(frozen=True, slots=True)
class Known:
    """What one operation is known to take: values by the name of the parameter, as they stand in a URL, and a body."""

    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True, slots=True)
class Ground:
    """The same in the types of the document: values by the location and name of the parameter. What does not fit is left out."""

    parameters: Mapping[tuple[str, str], Sequence[Any]]
    body: Any


@dataclass(frozen=True, slots=True)
class Dictionaries:
    """Values by the name of a dictionary; and the name of one by the operation and what is drawn from it, such as ``path.id``."""

    entries: Mapping[str, Sequence[Any]]
    bound: Mapping[str, Mapping[str, str]]


Values = Mapping[str, Known]
"""What is known, by the name of the operation."""
Grounds = Mapping[str, Ground]


def grounds(document: Document, operations: Iterable[Operation], values: Values) -> Grounds:
    """Return what is known of each operation, in the types of the document."""
    validation = Validation(document, "request")
    return {
        operation.name: Ground(
            parameters={
                (parameter.location, parameter.name): found
                for parameter in operation.parameters
                if (found := fitting(parameter, known.parameters.get(parameter.name, ()), validation))
            },
            body=known.body,
        )
        for operation in operations
        if (known := values.get(operation.name))
    }


def drawn_from(given: Grounds) -> Dictionaries:
    """Return from which dictionary the engine draws what."""
    entries: dict[str, list[Any]] = {}
    bound: dict[str, dict[str, str]] = {}
    for operation, ground in given.items():
        known = {f"{location}.{parameter}": list(values) for (location, parameter), values in ground.parameters.items()}
        for key, values in {**known, **_leaves(ground.body)}.items():
            if scalars := [value for value in values if isinstance(value, str | int | float) and not isinstance(value, bool)]:
                name = f"known-{len(entries)}"
                entries[name] = scalars
                bound.setdefault(operation, {})[key] = name
    return Dictionaries(entries, bound)


def fitting(parameter: Parameter, texts: Sequence[str], validation: Validation) -> list[Any]:
    """Return what texts stand for, the reading that the schema of a parameter allows."""
    if parameter.schema is None:
        return []
    schema, place = parameter.schema.value, parameter.schema.place
    found = (
        next(([value] for value in readings(parameter, [text]) if validation.fits(schema, place, value) is not False), [])
        for text in texts[:MOST]
    )
    return [value for values in found for value in values]


def _leaves(body: Any) -> dict[str, list[Any]]:
    """Return the values in a body by where they stand, as the engine writes that: an item of a list is any item."""
    found: dict[str, list[Any]] = {}
    for path, value in _walk(body, "body"):
        found.setdefault(path, []).append(value)
    return found


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, child in value.items():
            if isinstance(name, str) and _NAMEABLE.fullmatch(name):
                yield from _walk(child, f"{path}.{name}")
    elif isinstance(value, list):
        for child in value:
            yield from _walk(child, f"{path}[*]" if path != "body" else "body.[*]")
    else:
        yield path, value
