"""Which documented operations answer, and is this the API at all?

Every documented GET whose URL can be filled is asked once: those without path parameters first, so that the lists they give
provide the ids for the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from apicheck.answers import CannotTell
from apicheck.arrival import arrived
from apicheck.errors import TargetRefused
from apicheck.model import Exchange, Text, Unreached
from apicheck.openapi import Document, Operation, Parameter, View
from apicheck.probe.client import Client
from apicheck.probe.diagnosis import better_base_url, refusal
from apicheck.probe.live import LiveApi, Reached, json_body
from apicheck.probe.tls import TlsServer
from apicheck.probe.values import MOST, documented, ids, usable
from apicheck.testdata import TestData
from apicheck.words import say

_PURPOSE = "preflight"
_PARAMETER = re.compile(r"\{([^}]*)\}")
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
"""OAS, Parameter Object: a header parameter with one of these names means nothing."""


def reach(
    document: Document,
    client: Client,
    data: TestData | None = None,
    origins: Iterable[str] = (),
    tls: TlsServer | None = None,
) -> LiveApi:
    """Ask every documented GET, and return the API with what answered.

    Args:
        document: what describes the API.
        client: the way to it.
        data: values that are known; they go before those of the document.
        origins: the websites that were declared to be clients.
        tls: the way to look at the TLS of the server; None for an API without a network.

    Raises:
        TargetRefused: no documented GET answers 2xx, or most are not found here and are found under another base URL. The message
            names the likeliest cause, and what to do.
    """
    view = View(document)
    seen: list[Exchange] = []
    client.listeners.append(seen.append)
    try:
        walk = _Walk(document, view, client, data or TestData())
        walk.go()
        if not walk.reached:
            raise refusal(view, client, walk.tried, walk.unreached)
    finally:
        client.listeners.remove(seen.append)
    live = LiveApi(document, client, walk.reached, walk.unreached, seen, origins, tls, data)
    if live.is_mostly_missing and (better := better_base_url(view, client, live.missing)):
        raise TargetRefused("not-testable-base-url-mostly", url=client.base_url, better=better, count=len(live.missing))
    return live


@dataclass(frozen=True, slots=True)
class _Unfillable(Exception):
    """A parameter that must be given has no known value."""

    parameter: str


class _Walk:
    """The state of one preflight: what answered, and which ids were learnt on the way."""

    def __init__(self, document: Document, view: View, client: Client, data: TestData) -> None:
        self.reached: list[Reached] = []
        self.unreached: list[Unreached] = []
        self.tried: list[Exchange] = []
        """The last answer for every GET that could be asked."""
        self._document = document
        self._client = client
        self._data = data
        self._answers: dict[str, Exchange] = {}
        self._gets = [operation for operation in view.operations if operation.method == "get" and operation.path.startswith("/")]
        self._known: dict[str, list[tuple[str, ...]]] = {}
        """Values that answered 2xx, by the path up to and including its last parameter."""
        self._lists: dict[tuple[str, tuple[str, ...]], Exchange] = {}

    def go(self) -> None:
        """Ask every GET, those with the fewest path parameters first, and of these the shortest paths."""
        for operation in sorted(self._gets, key=lambda get: (len(_PARAMETER.findall(get.path)), get.path.count("/"))):
            try:
                found = self._ask(operation)
            except CannotTell as cannot:
                found = cannot.reason
            except _Unfillable as lacking:
                found = say("probe.not-reached-no-value", parameter=lacking.parameter)
            if isinstance(found, Reached):
                self.reached.append(found)
                self._answers[operation.name] = found.exchange
            else:
                self.unreached.append(Unreached(operation=operation.name, reason=found))

    def _ask(self, operation: Operation) -> Reached | Text:
        query, headers = self._fill(operation, "query"), self._fill(operation, "header")
        exchange = None
        for values in self._candidates(operation)[:MOST]:
            exchange = self._client.send(
                "GET",
                _target(operation.path, values),
                query=query,
                headers=headers,
                operation=operation.name,
                purpose=_PURPOSE,
            )
            if _answers(exchange, operation):
                self._learn(operation.path, values, exchange)
                return Reached(
                    operation, exchange.url, headers, exchange, dict(zip(_PARAMETER.findall(operation.path), values, strict=True))
                )
        if exchange is None:
            raise _Unfillable(_PARAMETER.findall(operation.path)[-1])
        self.tried.append(exchange)
        return _reason(exchange)

    def _fill(self, operation: Operation, location: str) -> tuple[tuple[str, str], ...]:
        """Return the parameters of a location that must be given, each with the first value that is known."""
        needed = [
            parameter
            for parameter in operation.parameters
            if parameter.location == location
            and parameter.value.get("required") is True
            and not (location == "header" and parameter.name.lower() in _IGNORED_HEADERS)
        ]
        return tuple((parameter.name, self._value(operation, parameter)) for parameter in needed)

    def _value(self, operation: Operation, parameter: Parameter) -> str:
        for value in self._stated(operation, parameter):
            return value
        raise _Unfillable(parameter.name)

    def _stated(self, operation: Operation, parameter: Parameter) -> Iterator[str]:
        """Yield what the owner says; what the document says only where the owner says nothing."""
        said = dict.fromkeys(self._data.values(operation.name, parameter.name, self._answered))
        yield from said or documented(self._document, parameter)

    def _answered(self, operation: str) -> Any:
        answer = self._answers.get(operation)
        return json_body(answer) if answer else None

    def _candidates(self, operation: Operation) -> list[tuple[str, ...]]:
        """Return the values to try for the path parameters, in the order of the path; those that answered before go first."""
        path = operation.path
        by_name = {parameter.name: parameter for parameter in operation.parameters if parameter.location == "path"}
        candidates: list[tuple[str, ...]] = [()]
        for match in _PARAMETER.finditer(path):
            known = self._known.get(_anonymous(path[: match.end()]))
            if known:
                candidates = known
                continue
            parameter = by_name.get(match[1])
            stated = [value for value in self._stated(operation, parameter) if usable(value)][:MOST] if parameter else []
            collection = _anonymous(path[: match.start()].rpartition("/")[0])
            candidates = [
                (*before, value)
                for before in candidates[:MOST]
                for value in dict.fromkeys([*stated, *self._listed(collection, before, match[1])])
            ]
        return candidates

    def _listed(self, collection: str, values: tuple[str, ...], parameter: str) -> list[str]:
        answer = self._lists.get((collection, values))
        return ids(json_body(answer), parameter) if answer else []

    def _learn(self, path: str, values: tuple[str, ...], exchange: Exchange) -> None:
        self._lists[_anonymous(path).rstrip("/"), values] = exchange
        for count, match in enumerate(_PARAMETER.finditer(path), start=1):
            known = self._known.setdefault(_anonymous(path[: match.end()]), [])
            if values[:count] not in known:
                known.append(values[:count])


def _anonymous(path: str) -> str:
    """Return a path without the names of its parameters, which differ between operations on the same resource."""
    return _PARAMETER.sub("{}", path)


def _target(path: str, values: tuple[str, ...]) -> str:
    left = iter(values)
    return _PARAMETER.sub(lambda _: quote(next(left), safe=""), path)


def _answers(exchange: Exchange, operation: Operation) -> bool:
    """Say whether an operation answered 2xx itself; a page in HTML where none is documented is the answer of something else."""
    return arrived(exchange) and 200 <= (exchange.status or 0) < 300 and not _is_stray_page(exchange, operation)


def _is_stray_page(exchange: Exchange, operation: Operation) -> bool:
    documented_types = [
        media_type.name.lower()
        for response in operation.responses
        if response.status.startswith("2") or response.status == "default"
        for media_type in response.media_types
    ]
    return (
        exchange.media_type == "text/html"
        and bool(documented_types)
        and not any(name.startswith(("text/html", "text/*", "*/*")) for name in documented_types)
    )


def _reason(exchange: Exchange) -> Text:
    status = exchange.status or 0
    if not arrived(exchange):
        return say(f"probe.no-answer-{exchange.error}", request=exchange.operation)
    if status < 300:
        return say("probe.not-reached-page")
    kinds = {401: "no-access", 403: "no-access", 404: "not-found"}
    return say(f"probe.not-reached-{kinds.get(status, 'status')}", status=status)
