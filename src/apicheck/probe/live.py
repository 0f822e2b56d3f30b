"""What is known of the API while it runs?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

import orjson

from apicheck import openapi
from apicheck.answers import Fault, Unsure
from apicheck.arrival import arrived
from apicheck.conform.wire import ReferenceApi
from apicheck.errors import UnreadableDocument
from apicheck.model import Exchange, Location, Unreached
from apicheck.openapi import Document, Operation, View
from apicheck.openapi.major import MAJOR
from apicheck.probe.client import Client, Headers
from apicheck.probe.redact import scrub
from apicheck.probe.tls import TlsServer
from apicheck.testdata import TestData

FOREIGN_ORIGINS = ("https://example.org", "https://example.com")
"""Origins that no API has a reason to know (RFC 2606); two, to tell an echo from a name on a list."""

_NO_ACCESS = frozenset({401, 403})
_NOT_NOW = frozenset({429, 502, 503, 504})
INTERMEDIARY = _NO_ACCESS | _NOT_NOW
"""Statuses that a gateway or firewall in front of the API often answers by itself."""
_PARAMETER = re.compile(r"\{([^}]*)\}")
_LONGEST_DOCUMENT = 32_000_000
"""Bytes of a published document that are read."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A documented GET that answered 2xx, and what it takes to ask it again; ``path`` holds its path parameters by name."""

    operation: Operation
    url: str
    headers: tuple[tuple[str, str], ...]
    exchange: Exchange
    path: Mapping[str, str]


class LiveApi:
    """An API that runs: its document, the way to reach it, and what its preflight brought.

    ``reached`` and ``unreached`` tell of every documented GET which one answered 2xx, by its name, or why not.
    ``preflight`` holds every exchange of that walk. ``origins`` are the websites that were declared to be clients. ``tls`` is the
    way to look at its TLS; None for an API without a network. ``reference`` is the standard that it is held against, if any.
    """

    def __init__(
        self,
        document: Document,
        client: Client,
        reached: Iterable[Reached],
        unreached: Iterable[Unreached],
        preflight: Iterable[Exchange],
        origins: Iterable[str] = (),
        tls: TlsServer | None = None,
        data: TestData | None = None,
    ) -> None:
        self.document = document
        self.view = View(document)
        self.client = client
        self.reached = {answer.operation.name: answer for answer in reached}
        self.unreached = tuple(unreached)
        self.preflight = tuple(preflight)
        self.origins = tuple(origins)
        self.tls = tls
        self.data = data or TestData()
        self.reference: ReferenceApi | None = None
        self.operations = {operation.name: operation for operation in self.view.operations}

    @property
    def version(self) -> str | None:
        """The version that the document describes (``info.version``)."""
        version = self.view.info.get("version")
        return version if isinstance(version, str) and version else None

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The documented paths without parameters that gave 404 to a GET."""
        asked = {exchange.operation or "": exchange for exchange in self.preflight}
        return tuple(name.partition(" ")[2] for name, exchange in asked.items() if exchange.status == 404 and "{" not in name)

    @property
    def is_mostly_missing(self) -> bool:
        """Whether more documented paths are not found than answered. Then the base URL may be wrong: one path answers anywhere."""
        return len(self.missing) > len(self.reached)

    @cached_property
    def tells_version(self) -> bool:
        """Whether any of the documented operations answered with an API-Version; if none did, that is one fault of the whole."""
        return any(answer.exchange.header("api-version") is not None for answer in self.reached.values())

    @cached_property
    def root(self) -> str:
        """Where the API starts, below the base URL: empty, or the ``/v1`` that every path of the document repeats.

        The official examples write the version in ``servers`` and again in each path.
        """
        first = {item.path.split("/")[1] for item in self.view.path_items if item.path.startswith("/")}
        return f"/{first.pop()}" if len(first) == 1 and all(MAJOR.fullmatch(segment) for segment in first) else ""

    @cached_property
    def published(self) -> Exchange:
        """What ``openapi.json`` in the base path answers to a stranger: no credentials, another origin. Asked once."""
        return self.openapi("json", FOREIGN_ORIGINS[0])

    @cached_property
    def published_document(self) -> Document | UnreadableDocument | None:
        """What ``openapi.json`` holds, read once: a document, or why it is none; None when nothing came in whole."""
        return read_document(self.published)

    def openapi(self, extension: str, origin: str) -> Exchange:
        """Ask for the published document as a stranger (/core/publish-openapi)."""
        return self.client.send(
            "GET",
            f"{self.root}/openapi.{extension}",
            headers=[("Origin", origin)],
            purpose="publish-openapi",
            authenticated=False,
            most=_LONGEST_DOCUMENT,
        )

    def again(
        self,
        reached: Reached,
        purpose: str,
        *,
        method: str = "GET",
        path_end: str = "",
        query: Mapping[str, str | None] | None = None,
        headers: Headers = (),
        authenticated: bool = True,
    ) -> Exchange:
        """Send the request that reached an operation once more: with another method, more path, other query or headers if asked.

        A query parameter with the value None is left out. As long as method and path are as documented, the exchange is of the
        documented operation.
        """
        documented = method == "GET" and not path_end
        parts = urlsplit(reached.url)
        kept = [pair for pair in parts.query.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in (query or {})]
        return self.client.send(
            method,
            urlunsplit(parts._replace(path=parts.path + path_end, query="&".join(kept))),
            headers=[*reached.headers, *headers],
            query=[(name, value) for name, value in (query or {}).items() if value is not None],
            operation=reached.operation.name if documented else None,
            purpose=purpose,
            authenticated=authenticated,
        )

    def target(self, operation: Operation) -> str | None:
        """Return the path of an operation filled with values that answered; None when these, or other parameters, are not known."""
        if any(parameter.value.get("required") is True and parameter.location != "path" for parameter in operation.parameters):
            return None
        filled = operation.path[: operation.path.rfind("}") + 1]
        known = next((answer.path for answer in self.reached.values() if answer.operation.path.startswith(filled)), None)
        return fill(operation.path, known) if known is not None or not filled else None

    def may_be_intermediary(self, exchange: Exchange) -> bool:
        """Say whether an error may come from something in front of the API, which may leave out what the API itself must do.

        So it is when the status is one that gateways give, or when the answer does not look like the successful ones of this
        API: another ``Server`` or ``Via``, or no ``Date`` where those have one (RFC 9110 §6.6.1), as the HTTP parser of a
        server answers to what it does not let through.
        """
        return exchange.status in INTERMEDIARY or _sender(exchange) not in self._senders

    @cached_property
    def _senders(self) -> frozenset[tuple[str | None, str | None, bool]]:
        return frozenset(_sender(answer.exchange) for answer in self.reached.values())

    def locate(self, fault: Fault) -> Location | None:
        """Return where in the document a fault lies, when it lies there."""
        return self.document.locate(fault.at, fault.used_by) if fault.at else None


def _sender(exchange: Exchange) -> tuple[str | None, str | None, bool]:
    return exchange.header("server"), exchange.header("via"), exchange.header("date") is not None


def fill(path: str, values: Mapping[str, str] | None) -> str:
    """Return a path of the document with these values for its parameters, each as one segment (RFC 3986 §3.3)."""
    return _PARAMETER.sub(lambda found: quote((values or {})[found[1]], safe=""), path)


def named(exchange: Exchange) -> str:
    """Return how a request is called in a text: its operation, else method and path, redacted."""
    return exchange.operation or f"{exchange.method} {scrub(urlsplit(exchange.url).path)}"


def doubt(exchange: Exchange) -> Unsure | None:
    """Return why an answer says nothing about the API itself: no answer, no access or not now. None when it does."""
    if not arrived(exchange):
        return Unsure(f"probe.no-answer-{exchange.error}", request=named(exchange))
    if exchange.status in _NO_ACCESS:
        return Unsure("probe.no-access", request=named(exchange), status=exchange.status)
    if exchange.status in _NOT_NOW:
        return Unsure("probe.not-now", request=named(exchange), status=exchange.status)
    return None


def read_document(exchange: Exchange) -> Document | UnreadableDocument | None:
    """Return the OpenAPI document in an answer, or why it is none; None when there is no answer 200, or it is not whole."""
    if exchange.status != 200 or exchange.error:
        return None
    try:
        return openapi.parse(exchange.body, exchange.url)
    except UnreadableDocument as error:
        return error


def json_body(exchange: Exchange) -> Any:
    """Return the body as JSON; None when it is not whole or no JSON, and for the value null."""
    if exchange.error:
        return None
    try:
        return orjson.loads(exchange.body)
    except orjson.JSONDecodeError:
        return None
