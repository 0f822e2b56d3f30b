"""What do the links in responses hold, beside where they lead?

Links to the API itself only: what another server asks in its query is its own business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

import orjson

from apicheck.answers import Answer, Fault
from apicheck.model import Exchange
from apicheck.openapi.media_types import is_json
from apicheck.probe.live import LiveApi, named
from apicheck.probe.redact import is_citizen_number
from apicheck.probe.registry import response_check

_MOST = 200
"""Links of one response that are looked at."""
_LINK_HEADER = re.compile(r"<([^>]*)>")
_TOKEN_KEYS = frozenset({"access_token", "id_token", "refresh_token", "client_secret"})
"""Parameters that hold a secret by their standard (RFC 6749, RFC 6750 §2.3, OpenID Connect)."""
_SIGNED = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}", re.ASCII)
"""A JSON Web Token with its signature (RFC 7519 §3.1)."""
_CAMEL_CASE = re.compile(r"[a-z][a-zA-Z0-9]*", re.ASCII)


@response_check("no-tokens-in-links")
def no_tokens_in_links(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Does no link hold a token to log in with? /core/transport/no-sensitive-uris."""
    for link in _links(exchange, api):
        if any(key in _TOKEN_KEYS and value for key, value in parse_qsl(link.query)) or _SIGNED.search(link.geturl()):
            yield Fault("probe.token-in-link", exchange=exchange, request=named(exchange))
        else:
            yield None


@response_check("no-citizen-numbers-in-links")
def no_citizen_numbers_in_links(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Does no link hold nine digits that could be a citizen service number (BSN)? One in eleven passes by chance."""
    for link in _links(exchange, api):
        parts = [*unquote(link.path).split("/"), *(value for _, value in parse_qsl(link.query))]
        if any(is_citizen_number(part) for part in parts):
            yield Fault("probe.citizen-number-in-link", exchange=exchange, request=named(exchange))
        else:
            yield None


@response_check("query-keys-in-links")
def query_keys_in_links(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Are the query keys in links that the API itself makes in lower camel case? /core/query-keys-camel-case."""
    for link in _links(exchange, api):
        keys = [key for key, _ in parse_qsl(link.query, keep_blank_values=True)]
        wrong = next((key for key in keys if not _CAMEL_CASE.fullmatch(key)), None)
        if wrong is not None:
            yield Fault("probe.query-key-in-link", exchange=exchange, request=named(exchange), key=wrong)
        elif keys:
            yield None


def _links(exchange: Exchange, api: LiveApi) -> Iterator[SplitResult]:
    """Yield the links below the base URL: of Location and Link, and every text in a JSON body that is an absolute URL or path."""
    written = [value for value in (exchange.header("location"),) if value]
    written += _LINK_HEADER.findall(exchange.header("link") or "")
    if is_json(exchange.media_type):
        written += () if exchange.error else _in_body(exchange.body)
    for text in written:
        try:
            link = urljoin(exchange.url, text)
            if link.startswith(f"{api.client.base_url}/"):
                yield urlsplit(link)
        except ValueError:  # no URL after all
            continue


@lru_cache(maxsize=8)  # three checks ask the same of an answer, and many answers are the same; a body may be large
def _in_body(text: bytes) -> tuple[str, ...]:
    try:
        return tuple(islice(_texts(orjson.loads(text)), _MOST))
    except orjson.JSONDecodeError:
        return ()


def _texts(body: Any) -> Iterator[str]:
    """Yield the texts in a body that can be a link."""
    todo = [body]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            todo.extend(reversed(value))
        elif isinstance(value, str) and value.startswith(("http:", "https:", "/")):
            yield value
