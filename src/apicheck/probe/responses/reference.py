"""Does the API answer as the document of the standard says, whatever its own document says?

Every exchange is held against the operation of the reference with that method and path, as far as the reference has one. An error
that it does not document is passed over: a client treats it by its class (RFC 9110 §15).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import orjson

from apicheck.answers import Answer, Fault, Unsure
from apicheck.conform import PROBE_CHECK
from apicheck.conform.wire import ReferenceApi
from apicheck.model import Exchange
from apicheck.openapi import Response
from apicheck.openapi.media_types import is_json
from apicheck.probe.live import LiveApi, named
from apicheck.probe.registry import response_check

_ON_REQUEST = {206: {"range"}, 304: {"if-none-match", "if-modified-since"}}
_SHOWN = 3
"""Breaches of one body that a text names."""


@response_check(PROBE_CHECK)
def answers_as_reference_documents(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Are status, media type and body of every answer as the reference documents them for this operation?"""
    reference = api.reference
    if reference is None or exchange.status is None:
        return
    operation = reference.operation(exchange.method, _below(exchange.url, api.client.base_url))
    if operation is None:
        return
    promised = reference.promised(operation, exchange.status)
    about: dict[str, Any] = {"request": named(exchange), "status": exchange.status}
    name = reference.names.get(operation.name, operation.name)
    if promised is None:
        if exchange.status < 400 and not _asked_for(exchange):
            yield Fault("conform.answer-status", exchange=exchange, operation=name, **about)
        return
    if exchange.error:
        yield Unsure("probe.body-not-whole", request=named(exchange))
    elif api.may_be_intermediary(exchange):
        yield Unsure("conform.answer-perhaps-intermediary", **about)
    else:
        wrong = _wrong(exchange, reference, promised)
        yield Fault(wrong[0], exchange=exchange, operation=name, **about, **wrong[1]) if wrong else None


def _asked_for(exchange: Exchange) -> bool:
    """Say whether a status comes of what the request itself asks, which no document needs to tell (RFC 9110 §13 and §14)."""
    asked = {name.lower() for name, _ in exchange.request_headers}
    return not asked.isdisjoint(_ON_REQUEST.get(exchange.status or 0, ()))


def _wrong(exchange: Exchange, reference: ReferenceApi, promised: Response) -> tuple[str, dict[str, Any]] | None:
    """What is wrong with a body, as a text and what fills it in; nothing where none was promised or asked for."""
    if not promised.media_types or exchange.method == "HEAD":
        return None
    if not exchange.body:
        return "conform.answer-empty", {}
    media_type = reference.media_type(promised, exchange.media_type)
    if media_type is None:
        return "conform.answer-media-type", {"media_type": exchange.media_type or "-"}
    if not is_json(exchange.media_type):
        return None
    try:
        value = orjson.loads(exchange.body)
    except orjson.JSONDecodeError:
        return "conform.answer-no-json", {}
    breaches = reference.breaches(media_type, value)
    told = ", ".join(f"{breach.pointer} ({breach.keyword})" for breach in breaches[:_SHOWN])
    return ("conform.answer-body", {"breaches": told}) if breaches else None


def _below(url: str, base_url: str) -> str:
    """The path of a URL below that of the base URL, without query."""
    return urlsplit(url).path.removeprefix(urlsplit(base_url).path.rstrip("/"))
