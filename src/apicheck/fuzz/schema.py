"""What does the engine get to read of a document?

A copy, for it writes into what it reads, in which nothing is left to fetch, by us or by the server that is given the examples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from apicheck.openapi import Document, Operation
from apicheck.openapi.copying import BROUGHT_IN, Copy

Values = Mapping[str, Mapping[str, Any]]
"""By the name of an operation: values that it is known to answer to, by the name of the parameter."""


_LINK: Final = re.compile(r"(https?://)(?:[^/?#@]*@)?([^/?#]+)", re.IGNORECASE)
_GIVEN: Final = frozenset({"example", "examples", "default"})
"""Keys of what a document gives as values to send."""


def for_engine(document: Document, operations: Iterable[Operation], values: Values, base_url: str) -> dict[str, Any]:
    """Return a document as the engine may read it, with the known values as examples of the parameters.

    The links that it gives as values lead nowhere, but for those to the API itself: a server may follow what it is sent.
    """
    copy = Copy(document)
    own = urlsplit(base_url).netloc
    root: dict[str, Any] = _with_dead_links(copy.of(document.root, document.place()), own)
    for operation in operations:
        known = values.get(operation.name)
        item = root["paths"].get(operation.path)
        if known and isinstance(item, dict) and isinstance(item.get(operation.method), dict):
            item[operation.method]["parameters"] = [
                _with_example(copy.of(parameter.value, parameter.place), known) for parameter in operation.parameters
            ]
    root[BROUGHT_IN] = _with_dead_links(copy.brought_in(), own)
    return root


def _with_dead_links(node: Any, own: str, *, given: bool = False) -> Any:
    if isinstance(node, dict):
        return {key: _with_dead_links(child, own, given=given or key in _GIVEN) for key, child in node.items()}
    if isinstance(node, list):
        return [_with_dead_links(child, own, given=given) for child in node]
    return _dead(node, own) if given and isinstance(node, str) else node


def _dead(text: str, own: str) -> str:
    """Return a link with a host that does not exist (RFC 6761 §6.4); anything else, and a link to the API, as it is."""
    found = _LINK.match(text)
    return text if found is None or found[2] == own else f"{found[1]}example.invalid{text[found.end() :]}"


def _with_example(parameter: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    schema = parameter.get("schema")
    if parameter["name"] not in known or not isinstance(schema, dict):
        return parameter
    value = known[parameter["name"]]
    if isinstance(value, str) and schema.get("type") in {"integer", "number", "boolean"}:
        try:
            value = json.loads(value)
        except ValueError:
            return parameter
    return {**{key: child for key, child in parameter.items() if key != "examples"}, "example": value}
