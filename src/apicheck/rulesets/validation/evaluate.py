"""Which keywords of a JSON Schema does a value not satisfy, in the order in which Spectral's validator comes upon them?

The order matters: that validator stops at its first error, so which finding there is depends on it. A schema is read as it is
come upon, and never as a whole, for most are put to one small example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from apicheck.rulesets.ecmascript import equal
from apicheck.rulesets.validation.errors import Error, Way
from apicheck.rulesets.validation.schemas import Schemas, Scope
from apicheck.rulesets.validation.suspects import Suspects

TYPES: dict[str, Callable[[Any], bool]] = {
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value % 1 == 0,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
"""How the types of JSON Schema are told."""


class Keyword(NamedTuple):
    """A keyword with its place in the order, the type of value that it is about, and what it asks."""

    order: tuple[int, int]
    of_type: str | None
    ask: Callable[[Evaluation, Any, dict[str, Any], Any, Way, Scope], Iterable[Error]]


KEYWORDS: dict[str, list[Keyword]] = {}
_GROUPS = {"number": 1, "string": 2, None: 3, "array": 4, "object": 5}
_LAST = 9


def keyword(name: str, of_type: str | None = None, *, last: bool = False) -> Callable[[Any], Any]:
    """Register what a keyword asks: in the order of the groups of types, and within those in the order of registration."""

    def register(ask: Any) -> Any:
        KEYWORDS.setdefault(name, []).append(Keyword((_LAST if last else _GROUPS[of_type], len(KEYWORDS)), of_type, ask))
        return ask

    return register


def types_of(schema: Mapping[str, Any], *, nullable: bool) -> list[str]:
    """Return the types that a schema allows, ``null`` when it is nullable."""
    types = schema.get("type")
    listed = list(types) if isinstance(types, list) else [types] if isinstance(types, str) else []
    return [*listed, "null"] if listed and nullable and "null" not in listed else listed


class Evaluation:
    """One value being held against one schema. ``is_option`` says that this is one of several schemas of which one may do.

    Args:
        schemas: the dialect, with what references lead to.
        every: go on after the first error.
        relaxed: of the properties that are required, those for which this key is true in their schema need not be there.
        suspects: the only parts of the value where anything can be wrong; None when it can be anywhere.
    """

    def __init__(self, schemas: Schemas, *, every: bool, relaxed: str | None = None, suspects: Suspects | None = None) -> None:
        self.schemas = schemas
        self.every = every
        self.relaxed = relaxed
        self.suspects = suspects
        self.is_option = False
        self._plans: dict[int, tuple[Any, list[tuple[str, Keyword | None]]]] = {}

    def errors(self, schema: Any, value: Any, way: Way, scope: Scope) -> list[Error]:
        """Return what is wrong with a value; nothing when it is valid."""
        if not isinstance(schema, dict):
            return [Error("false schema", way, "boolean schema is false", schema)] if schema is False else []
        if self.suspects is not None and tuple(map(str, way)) not in self.suspects:
            return []
        if (entered := self.schemas.entered(schema, scope)) is not scope:
            scope = entered
        found: list[Error] = []
        for name, known in self._plan(schema):
            if known is None:
                found += self._type(schema, value, way)
            elif known.of_type is None or TYPES[known.of_type](value):
                found += known.ask(self, schema[name], schema, value, way, scope)
            if found and not self.every:
                break
        if found and "errorMessage" in schema and self.schemas.own_messages:
            found = _replaced(schema["errorMessage"], schema, found, way)
        return found

    def accepts(self, schema: Any, value: Any, scope: Scope) -> bool:
        """Return whether a value is valid."""
        every, suspects = self.every, self.suspects
        self.every, self.suspects = False, None
        try:
            return not self.errors(schema, value, (), scope)
        finally:
            self.every, self.suspects = every, suspects

    def follow(self, schema: Any, value: Any, way: Way, scope: Scope, *, option: bool) -> list[Error]:
        """Return what is wrong with a value by a schema that is an option among others, or that is not.

        What an option finds wrong may be nowhere suspect, for another option may do.
        """
        is_option, suspects = self.is_option, self.suspects
        self.is_option, self.suspects = option, None if option else suspects
        try:
            return self.errors(schema, value, way, scope)
        finally:
            self.is_option, self.suspects = is_option, suspects

    def _plan(self, schema: dict[str, Any]) -> list[tuple[str, Keyword | None]]:
        """The keywords of a schema in order; None stands for its type."""
        known = self._plans.get(id(schema))
        if known is not None:
            return known[1]
        named = sorted((each.order, name, each) for name in schema for each in KEYWORDS.get(name, ()) if self.schemas.knows(name))
        plan: list[tuple[str, Keyword | None]] = [(name, each) for _, name, each in named]
        types = types_of(schema, nullable=self.schemas.nullable(schema))
        if types:
            index = (
                next((i for i, (_, each) in enumerate(plan) if each and each.of_type == types[0]), None)
                if len(types) == 1
                else None
            )
            plan.insert(index or 0, ("type", None))  # one type is asked with the keywords for it, several come first
        self._plans[id(schema)] = schema, plan
        return plan

    def _type(self, schema: dict[str, Any], value: Any, way: Way) -> Iterable[Error]:
        types = types_of(schema, nullable=self.schemas.nullable(schema))
        if not any(TYPES.get(each, _never)(value) for each in types):
            written = schema["type"]
            shown = ",".join(map(str, written)) if isinstance(written, list) else written
            yield Error("type", way, f"must be {shown}", schema, {"type": written})


def _never(_value: Any) -> bool:
    return False


def _replaced(message: Any, schema: Any, found: list[Error], way: Way) -> list[Error]:
    """Put a schema's own message in the place of the errors that it is about: of some keywords, or of all."""
    by_keyword = {"_": message} if isinstance(message, str) else message
    own = [error for error in found if error.schema is schema and error.way == way and error.keyword in by_keyword]
    kept = [error for error in found if error not in own]
    said = [Error("errorMessage", way, by_keyword[name], schema) for name in dict.fromkeys(error.keyword for error in own)]
    if kept and "_" in by_keyword:
        return [*said, Error("errorMessage", way, by_keyword["_"], schema)]
    return [*kept, *said]


def unequal(value: Any, others: Iterable[Any]) -> bool:
    """Return whether a value equals none of the others."""
    return not any(equal(value, other) for other in others)
