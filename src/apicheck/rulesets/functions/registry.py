"""Which functions can a rule call, and what does a function get and give?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from apicheck.rulesets.document import Inspected

Path = list[str | int]


class Result(NamedTuple):
    """One thing that is not as the rule asks. ``path`` is where, when that is not what the function was given."""

    message: str
    path: Path | None = None


@dataclass(slots=True)
class Context:
    """What a function knows of what it was given: the document, the way to it, and whether references were followed."""

    document: Inspected
    path: Path
    resolved: bool


Function = Callable[[Any, Mapping[str, Any], Context], Iterable[Result] | None]
"""Takes a value, its options and the context; gives what is wrong."""


class Options(NamedTuple):
    """The options that a function knows, and those that it cannot do without."""

    known: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()


class WrongOptions(Exception):
    """A rule gives a function options that it does not know, or lacks one. The message names them."""


_functions: dict[str, tuple[Function, Options]] = {}


def function(name: str, known: Iterable[str] = (), required: Iterable[str] = ()) -> Callable[[Function], Function]:
    """Register a function under the name that rulesets have for it."""

    def register(body: Function) -> Function:
        needed = frozenset(required)
        _functions[name] = body, Options(frozenset(known) | needed, needed)
        return body

    return register


def is_known(name: str) -> bool:
    """Return whether there is a function of this name."""
    return name in _functions


def lookup(name: str, options: Mapping[str, Any]) -> Function:
    """Return a function that is to be called with these options.

    Raises:
        KeyError: there is none of this name.
        WrongOptions: the options are not those of the function.
    """
    body, expected = _functions[name]
    wrong = sorted((options.keys() - expected.known) | (expected.required - options.keys()))
    if wrong:
        raise WrongOptions(", ".join(wrong))
    return body
