"""Did an answer arrive, and whole?

A client is told when a connection breaks, but not always when something on the way cut an answer short or sent it round in circles.
Such an answer says nothing about the API, so nobody may be blamed for it, nor praised.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

import orjson

from apicheck.model import Exchange

_OUR_CHOICE: Final = frozenset({None, "too-large", "encoding"})
"""Errors that are no trouble on the network: we read no further."""
_JSON: Final = re.compile(r"application/(?:[^;]+\+)?json", re.IGNORECASE)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_ENDS_EARLY: Final = "unexpected end of data"
"""What both parsers say of a text that stops half-way."""


def arrived(exchange: Exchange) -> bool:
    """Say whether an answer came in without trouble on the network, as far as we cared to read."""
    return exchange.status is not None and exchange.error in _OUR_CHOICE


def trouble(exchange: Exchange) -> str | None:
    """Return the error that the answer itself gives away; None when it gives away none.

    ``malformed``: its JSON stops half-way. Where the connection ends with the body (RFC 9112 §6.3), or something on the way has
    shortened both the body and its length, nothing else tells. ``redirect-loop``: it leads to where it came from.
    """
    if exchange.status in _REDIRECTS:
        location = (exchange.header("location") or "").partition("#")[0]
        return "redirect-loop" if location and urljoin(exchange.url, location) == exchange.url else None
    return "malformed" if exchange.body and _JSON.match(exchange.media_type) and _stops_half_way(exchange.body) else None


def _stops_half_way(body: bytes) -> bool:
    try:
        orjson.loads(body.decode())
    except UnicodeDecodeError as error:
        return error.reason == _ENDS_EARLY
    except orjson.JSONDecodeError as error:
        return error.msg.startswith(_ENDS_EARLY)
    return False
