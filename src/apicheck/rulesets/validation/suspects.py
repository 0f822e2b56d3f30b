"""Where in a large value can anything be wrong by a schema?

A library that is many times faster than what is here tells where a value fails, but not in the words and the order that rulesets
are judged by. So it points at the parts that are worth a close look, and all others are passed over.
"""

from __future__ import annotations

from typing import Any

from apicheck.rulesets.validation.formats import OF_TEXT
from apicheck.rulesets.validation.schemas import Schemas

Suspects = frozenset[tuple[str, ...]]
"""The ways, as text, to what is wrong and to all that holds it."""


class Suspicion:
    """The schema of a kind of document, made ready once. It is of draft 2020-12, and refers to nothing that it does not bring."""

    def __init__(self, schemas: Schemas) -> None:
        import jsonschema_rs  # noqa: PLC0415  # few functions need it

        brought = [(name, resource) for name, resource in schemas.resources.items() if name]
        self._validator = jsonschema_rs.Draft202012Validator(
            schemas.root,
            registry=jsonschema_rs.Registry(brought) if brought else None,
            validate_formats=True,
            formats={**dict.fromkeys(("iri", "iri-reference", "idn-email", "idn-hostname"), _whatever), **OF_TEXT},
            offline=True,
        )

    def of(self, value: Any) -> Suspects | None:
        """Return where a value is wrong; None when that cannot be told, and all of it is to be looked at."""
        try:
            ways = [tuple(map(str, error.instance_path)) for error in self._validator.iter_errors(value)]
        except (ValueError, TypeError):  # a number or a text that JSON does not have
            return None
        return frozenset(way[:length] for way in ways for length in range(len(way) + 1))


def _whatever(_: str) -> bool:
    return True
