"""Is access enforced as the document describes it, and is tracing let through?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.openapi import Operation
from apicheck.probe.live import LiveApi, Reached, doubt
from apicheck.probe.registry import question

REFUSED = frozenset({401, 403})
"""Statuses that say that somebody is not let in (RFC 9110 §15.5.2 and §15.5.4)."""
_IN_HEADER = frozenset({"http", "oauth2", "openIdConnect"})
_BROKEN = "apicheck-no-such-key"
_TRACE_PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
"""The example of W3C Trace Context §3.2.3."""
_TRACED = 3
"""Operations that are asked with a trace."""


@question("access-refused-without-key")
def access_refused(api: LiveApi) -> Iterator[Answer]:
    """Does an operation for which the document asks a key refuse who has none, and who has a broken one? /cg/3c2.

    401 and 403 are right; 2xx and 500 are faults when they come three times in a row. Anything else tells nothing: a 404 may hide
    that something is there. An operation that may be used without a key, and one that asks for a client certificate, is not
    examined.
    """
    for name, operation in api.operations.items():
        schemes = _keys(api, operation)
        if not schemes:
            continue
        if reached := api.reached.get(name):
            yield _refused(api, reached, _Key(), "without")
            for broken in dict.fromkeys(map(_broken, schemes)):
                yield _refused(api, reached, broken, "broken")
        else:
            yield from _refused_before(api.preflight, name, schemes)


@dataclass(frozen=True, slots=True)
class _Key:
    """What goes along for a security scheme; nothing for who has no key."""

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()


def _refused_before(preflight: Iterable[Exchange], name: str, schemes: list[dict[str, Any]]) -> Iterator[Answer]:
    """Yield what is right when an operation was refused to who sent no key in the first place."""
    carriers = {header.lower() for scheme in schemes for header, _ in _broken(scheme).headers}
    in_query = {key for scheme in schemes for key, _ in _broken(scheme).query}
    for exchange in preflight:
        sent = {header.lower() for header, _ in exchange.request_headers}
        sent_in_query = {key for key, _ in parse_qsl(urlsplit(exchange.url).query)}
        if exchange.operation == name and exchange.status in REFUSED and not carriers & sent and not in_query & sent_in_query:
            yield None
            return


def asks_key(api: LiveApi, operation: Operation) -> bool:
    """Say whether the document lets nobody use an operation without a key."""
    demands = _demands(api, operation)
    return bool(demands) and all(demands)


def _demands(api: LiveApi, operation: Operation) -> list[dict[str, Any]]:
    stated = operation.value.get("security", api.document.root.get("security"))
    return [demand for demand in stated if isinstance(demand, dict)] if isinstance(stated, list) else []


def _keys(api: LiveApi, operation: Operation) -> list[dict[str, Any]]:
    """Return the security schemes of an operation that cannot be used without one; none when a client certificate is asked."""
    if not asks_key(api, operation):
        return []
    demands = _demands(api, operation)
    by_name = {scheme.name: scheme.value for scheme in api.view.security_schemes}
    schemes = [by_name.get(name, {}) for demand in demands for name in demand]
    known = all(scheme.get("type") in _IN_HEADER or scheme.get("in") in {"header", "query", "cookie"} for scheme in schemes)
    return schemes if known else []


def _broken(scheme: dict[str, Any]) -> _Key:
    """Return a key that nobody has, where the scheme wants it."""
    if scheme.get("type") == "apiKey":
        name = str(scheme.get("name") or "Authorization")
        match scheme.get("in"):
            case "query":
                return _Key(query=((name, _BROKEN),))
            case "cookie":
                return _Key(headers=(("Cookie", f"{name}={_BROKEN}"),))
        return _Key(headers=((name, _BROKEN),))
    kind = str(scheme.get("scheme", "bearer")).lower()
    return _Key(headers=(("Authorization", "Basic YXBpY2hlY2s6bm8=" if kind == "basic" else f"Bearer {_BROKEN}"),))


def _ask(api: LiveApi, reached: Reached, key: _Key) -> Exchange:
    return api.client.send(
        "GET",
        reached.exchange.url,
        headers=[*reached.headers, *key.headers],
        query=key.query,
        operation=reached.operation.name,
        purpose="access-refused-without-key",
        authenticated=False,
    )


def _refused(api: LiveApi, reached: Reached, key: _Key, kind: str) -> Answer:
    exchange = _ask(api, reached, key)
    if exchange.status in REFUSED:
        return None
    name, status = reached.operation.name, exchange.status or 0
    if not (200 <= status < 300 or status == 500):
        return doubt(exchange) or Unsure("probe.access-unclear", request=name, status=status)
    if any(_ask(api, reached, key).status != status for _ in range(2)):
        return Unsure("probe.answer-moves", request=name)
    return Fault(f"probe.access-{kind}-key", exchange=exchange, request=name, status=status)


@question("trace-context-accepted")
def trace_context_accepted(api: LiveApi) -> Iterator[Answer]:
    """Is a request with a valid traceparent (W3C Trace Context) answered as without one? /cg/3c4."""
    for reached in list(api.reached.values())[:_TRACED]:
        exchange = api.client.send(
            "GET",
            reached.exchange.url,
            headers=[*reached.headers, ("traceparent", _TRACE_PARENT)],
            operation=reached.operation.name,
            purpose="trace-context-accepted",
        )
        unsure, status = doubt(exchange), exchange.status or 0
        if unsure or 200 <= status < 300:
            yield unsure
        else:
            yield Fault("probe.trace-refused", exchange=exchange, request=reached.operation.name, status=status)
