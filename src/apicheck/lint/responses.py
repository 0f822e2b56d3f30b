"""Which responses does the API itself document, and which of them are errors?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from apicheck.answers import Unsure
from apicheck.lint.nodes import mapping
from apicheck.openapi import Operation, Response, View

_ERROR = re.compile(r"[45](?:[0-9]{2}|XX)", re.IGNORECASE)


def is_error(status: str) -> bool:
    """Say whether a key of a Responses Object stands for client or server errors; ``default`` says nothing about it."""
    return _ERROR.fullmatch(status) is not None


def responses(api: View, wanted: Callable[[Operation, Response], bool]) -> Iterator[Response]:
    """Yield the wanted responses of all operations, each definition once however many operations share it."""
    seen = set()
    for operation in api.operations:
        for response in operation.responses:
            if response.place not in seen and wanted(operation, response):
                seen.add(response.place)
                yield response


def without_parameters(media_type: str) -> str:
    """Return a media type in lower case and without its parameters, which do not change what it is (RFC 9110, 8.3.1)."""
    return media_type.partition(";")[0].strip().lower()


def statuses(operation: Operation) -> set[str]:
    """Return the keys of the responses of an operation in upper case, those behind a broken reference included."""
    return {status.upper() for status in mapping(operation.value.get("responses"))}


def unresolved(api: View, field: str, wanted: Callable[[str], bool] = lambda _: True) -> Iterator[Unsure]:
    """Yield a doubt for every reference directly below a field, such as ``responses``, that could not be followed.

    Args:
        api: the API.
        field: the field.
        wanted: which statuses matter. Under which statuses a component is used is not known, so components always matter.
    """
    for broken in api.document.broken:
        tokens = broken.place.tokens
        if broken.reason and tokens[-3:-2] == (field,) and ("components" in tokens or wanted(str(tokens[-2]))):
            yield Unsure(broken.reason, reference=broken.reference)
