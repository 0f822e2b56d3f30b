"""With which values does the API answer, as far as its owner says so?

A file ``testdata.yaml``: values by the name of a parameter, or for one operation. A value stands there itself, comes from the
environment or a file, or is taken from what another operation answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from apicheck import forms
from apicheck.credentials import sourced
from apicheck.errors import WrongUse
from apicheck.model import Frozen

Answer = Callable[[str], Any]
"""Gives what an operation answered, as parsed JSON, by the name of the operation; None when it did not."""


def _resolved(value: object) -> object:
    if not isinstance(value, str) or not value.startswith(("env:", "file:")):
        return value
    try:
        return sourced(value)
    except LookupError as missing:
        raise ValueError(f"{missing.args[0]} does not exist") from None


def _resolved_within(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _resolved_within(value) for name, value in body.items()}
    return [_resolved_within(value) for value in body] if isinstance(body, list) else _resolved(body)


class Taken(Frozen):
    """A value in the answer of another operation: its name, such as ``GET /gebouwen``, and a JSON pointer (RFC 6901)."""

    from_: str = Field(alias="from")
    pointer: str = Field(pattern=r"^(/.*)?$")


def _kind(value: object) -> str:
    return "list" if isinstance(value, list) else "taken" if isinstance(value, dict | Taken) else "value"


Value = Annotated[bool | int | float | str, AfterValidator(_resolved)]
Source = Annotated[
    Annotated[Taken, Tag("taken")] | Annotated[list[Value], Tag("list")] | Annotated[Value, Tag("value")], Discriminator(_kind)
]
Parameters = Annotated[dict[str, Source], BeforeValidator(lambda given: {} if given is None else given)]
"""An empty table is one that nobody filled in."""


class ForOperation(Frozen):
    """What is known of one operation. ``body`` is one that it accepts; a value in it may come from the environment too."""

    parameters: Parameters = Field(default_factory=dict)
    body: Annotated[Any, AfterValidator(_resolved_within)] = None


class TestData(Frozen):
    """What is known of an API. What is said of an operation goes before what is said of a parameter by its name."""

    __test__ = False
    """It is no test, whatever pytest makes of the name."""

    parameters: Parameters = Field(default_factory=dict)
    operations: dict[str, ForOperation] = Field(default_factory=dict)

    def values(self, operation: str, parameter: str, answer: Answer = lambda _: None) -> Iterator[str]:
        """Yield the values for a parameter of an operation, as they are written in a URL."""
        own = self.operations.get(operation, ForOperation()).parameters
        for source in (own.get(parameter), self.parameters.get(parameter)):
            if source is None:
                continue
            found = at(answer(source.from_), source.pointer) if isinstance(source, Taken) else source
            for value in found if isinstance(found, list) else [found]:
                if isinstance(value, bool):
                    yield str(value).lower()
                elif isinstance(value, str | int | float):
                    yield str(value)

    def body(self, operation: str) -> Any:
        """Return a body that an operation accepts; None when none is known."""
        return self.operations.get(operation, ForOperation()).body

    def known(self, parameters: dict[str, str]) -> TestData:
        """Return the same with these values by the name of the parameter, which go before those of the file."""
        return self.model_copy(update={"parameters": {**self.parameters, **parameters}})


def read(file: Path) -> TestData:
    """Return the test data in a file.

    Raises:
        WrongUse: it cannot be read, or is not as test data is written.
    """
    try:
        return forms.read(file, TestData)[0]
    except (OSError, ValueError) as error:
        raise WrongUse("testdata-unusable", file=file, error=error) from None


def at(value: Any, pointer: str) -> Any:
    """Return what a JSON pointer leads to; None when it leads nowhere."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isascii() and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value
