"""What does the engine get to read of a document?

A copy, for it writes into what it reads, in which nothing is left to fetch, by us or by the server that is given the examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from apicheck.fuzz.known import Ground, Grounds
from apicheck.openapi import Document, Operation
from apicheck.openapi.copying import BROUGHT_IN, Copy
from apicheck.openapi.media_types import is_json

_LINK: Final = re.compile(r"(https?://)(?:[^/?#@]*@)?([^/?#]+)", re.IGNORECASE)
_GIVEN: Final = frozenset({"example", "examples", "default"})
"""Keys of what a document gives as values to send."""


def for_engine(document: Document, operations: Iterable[Operation], grounds: Grounds, base_url: str) -> dict[str, Any]:
    """Return a document as the engine may read it, with what is known of the operations as their examples.

    The links that it gives as values lead nowhere, but for those to the API itself: a server may follow what it is sent.
    """
    copy = Copy(document)
    own = urlsplit(base_url).netloc
    root: dict[str, Any] = _with_dead_links(copy.of(document.root, document.place()), own)
    for operation in operations:
        ground = grounds.get(operation.name)
        item = root["paths"].get(operation.path)
        if ground and isinstance(item, dict) and isinstance(item.get(operation.method), dict):
            item[operation.method] |= _with_examples(operation, ground, copy, own)
    root[BROUGHT_IN] = _with_dead_links(copy.brought_in(), own)
    return root


def _with_examples(operation: Operation, ground: Ground, copy: Copy, own: str) -> dict[str, Any]:
    """Return the parameters and the body of an operation, with what is known instead of the examples that they had."""
    described: dict[str, Any] = {
        "parameters": [
            _with_example(
                _with_dead_links(copy.of(parameter.value, parameter.place), own),
                ground.parameters.get((parameter.location, parameter.name), ()),
            )
            for parameter in operation.parameters
        ]
    }
    body = operation.request_body
    if ground.body is None or body is None:
        return described
    content = {
        item.name: _with_example(
            _with_dead_links(copy.of(item.value, item.place), own), [ground.body] if is_json(item.name) else ()
        )
        for item in body.media_types
    }
    described["requestBody"] = {**_with_dead_links(copy.of(body.value, body.place), own), "content": content}
    return described


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


def _with_example(holder: dict[str, Any], values: Sequence[Any]) -> dict[str, Any]:
    """Return a parameter or a media type with these examples, when there are any."""
    if not values:
        return holder
    kept = {key: child for key, child in holder.items() if key not in {"example", "examples"}}
    return {**kept, "examples": {f"known-{index}": {"value": value} for index, value in enumerate(values, start=1)}}
