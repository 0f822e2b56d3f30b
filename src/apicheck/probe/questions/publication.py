"""Is the OpenAPI document published as /core/publish-openapi asks, and is it the one that was given?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from apicheck.answers import Answer, Fault, Unsure
from apicheck.arrival import arrived
from apicheck.errors import UnreadableDocument
from apicheck.model import Exchange, Place, Text
from apicheck.openapi import Document, View
from apicheck.probe.live import FOREIGN_ORIGINS, LiveApi, doubt, named, read_document
from apicheck.probe.registry import question
from apicheck.words import say

_ABSENT = object()
_NAMED = 3
"""Differences that are named."""


@question("openapi-json-published")
def openapi_json_published(api: LiveApi) -> Iterator[Answer]:
    """Does ``openapi.json`` in the base path give an OpenAPI document in JSON to anybody, without credentials?

    The media type is not asked for: How to test wants it public and parsable, with its paths.
    """
    exchange = api.published
    status = exchange.status
    if status in {401, 403}:
        yield Fault("probe.openapi-not-public", exchange=exchange, everywhere=True, status=status)
    elif unsure := doubt(exchange) or _unread(exchange):
        yield unsure
    elif status != 200:
        yield Fault("probe.openapi-not-there", exchange=exchange, everywhere=True, status=status)
    else:
        yield _answer_in_json(api)


def _answer_in_json(api: LiveApi) -> Answer:
    """Judge what is published. A newer version of OpenAPI 3, or nesting beyond our own limit, is no fault of the API."""
    exchange, document = api.published, api.published_document
    try:
        loaded = orjson.loads(exchange.body)
    except orjson.JSONDecodeError:
        return Fault("probe.openapi-not-json", exchange=exchange, media_type=exchange.media_type or "-")
    if not isinstance(document, UnreadableDocument):
        return None
    newer = document.message == "document-version-unknown" and loaded["openapi"].startswith("3.")
    if newer or document.message == "document-too-deep":
        return Unsure("probe.openapi-unknown")
    return Fault("probe.openapi-not-openapi", exchange=exchange)


@question("openapi-json-cors")
def openapi_json_cors(api: LiveApi) -> Iterator[Answer]:
    """May a script of any origin read ``openapi.json``?

    ``*`` says so; else two origins are tried, for one of them could be on a list.
    """
    for origin in FOREIGN_ORIGINS:
        exchange = api.published if origin == FOREIGN_ORIGINS[0] else api.openapi("json", origin)
        if exchange.status != 200 or not arrived(exchange):
            yield from _only_doubt(exchange)
            return
        allowed = exchange.header("access-control-allow-origin")
        if allowed not in {"*", origin}:
            kind = "missing" if allowed is None else "other"
            yield Fault(f"probe.cors-{kind}", exchange=exchange, everywhere=True, origin=origin, allowed=allowed)
            return
        if allowed == "*":
            break
    yield None


@question("openapi-yaml-equal")
def openapi_yaml_equal(api: LiveApi) -> Iterator[Answer]:
    """Does ``openapi.yaml``, which need not be there, say the same as ``openapi.json``?

    A page in HTML is what a web application answers to any path, not a document. A difference must come twice: YAML that was cut
    short on the way is mostly YAML as well, so one answer does not tell.
    """
    published = api.published_document
    if not isinstance(published, Document):
        yield from _only_doubt(api.published)
        return
    exchange = api.openapi("yaml", FOREIGN_ORIGINS[0])
    if exchange.status != 200 or exchange.error or exchange.media_type == "text/html":
        yield from _only_doubt(exchange)
        return
    yaml = read_document(exchange)
    differences = _differences(published, yaml) if isinstance(yaml, Document) else []
    if isinstance(yaml, Document) and not differences:
        yield None
    elif api.openapi("yaml", FOREIGN_ORIGINS[0]).body != exchange.body:
        yield Unsure("probe.body-not-whole", request=named(exchange))
    elif differences:
        yield Fault("probe.yaml-differs", exchange=exchange, differences=", ".join(differences))
    else:
        yield Fault("probe.yaml-not-openapi", exchange=exchange)


@question("openapi-json-equals-document")
def openapi_json_equals_document(api: LiveApi) -> Iterator[Answer]:
    """Does the published document say the same as the one that was given?"""
    published = api.published_document
    if not isinstance(published, Document):
        yield from _only_doubt(api.published)
    elif differences := _differences(api.document, published):
        yield Fault("probe.published-differs", exchange=api.published, everywhere=True, differences=", ".join(differences))
    else:
        yield None


def drift(api: LiveApi) -> Text | None:
    """Return how the published document differs from the one that was given; None when it does not, or none is published.

    Raises:
        CannotTell: the budget is spent, or the API stopped answering.
    """
    published = api.published_document
    differences = _differences(api.document, published) if isinstance(published, Document) else []
    return say("probe.drift", differences=", ".join(differences)) if differences else None


def _unread(exchange: Exchange) -> Unsure | None:
    return Unsure("probe.body-not-whole", request=named(exchange)) if exchange.status == 200 and exchange.error else None


def _only_doubt(exchange: Exchange) -> Iterator[Answer]:
    """Yield why nothing can be told, if there is a reason; a document that is not there leaves nothing to look at."""
    unsure = None if exchange.status in {401, 403} else doubt(exchange) or _unread(exchange)
    if unsure:
        yield unsure


def _differences(one: Document, other: Document) -> list[str]:
    """Return the first differences, those that matter most first: version, then operations, then any node by its pointer."""
    views = View(one), View(other)
    version = [view.info.get("version") for view in views]
    found = ["info.version"] if version[0] != version[1] else []
    operations = [{operation.name for operation in view.operations} for view in views]
    found += sorted(operations[0] ^ operations[1])
    if not found:
        found = list(islice(_pointers(one.root, other.root), _NAMED + 1))
    return [*found[:_NAMED], "…"] if len(found) > _NAMED else found


def _pointers(one: Any, other: Any) -> Iterator[str]:
    """Yield the JSON pointer of every node in which two documents differ."""
    todo: list[tuple[Place, Any, Any]] = [(Place("", ()), one, other)]
    while todo:
        place, left, right = todo.pop()
        if isinstance(left, dict) and isinstance(right, dict):
            keys = dict.fromkeys([*left, *right])
            todo.extend(reversed([(place.child(key), left.get(key, _ABSENT), right.get(key, _ABSENT)) for key in keys]))
        elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            todo.extend(reversed([(place.child(index), *pair) for index, pair in enumerate(zip(left, right, strict=True))]))
        elif left != right:
            yield place.pointer
