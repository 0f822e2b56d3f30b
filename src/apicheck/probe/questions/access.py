"""Is access enforced as the document describes it, and is tracing let through?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.openapi import Operation
from apicheck.probe.live import LiveApi, Reached, doubt
from apicheck.probe.registry import question

_REFUSED = frozenset({401, 403})
_IN_HEADER = frozenset({"http", "oauth2", "openIdConnect"})
_BROKEN = "apicheck-no-such-key"
_TRACE_PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
"""The example of W3C Trace Context §3.2.3."""
_TRACED = 3
"""Operations that are asked with a trace."""


@question("access-refused-without-key")
def access_refused(api: LiveApi) -> Iterator[Answer]:
    """Does an operation for which the document asks a key refuse who has none, and who has a broken one? /cg/3c2.

    401 and 403 are right; 2xx and 5xx are faults. Anything else tells nothing: a 404 may hide that something is there. An
    operation that may be used without a key, and one that asks for a client certificate, is not examined.
    """
    for name, operation in api.operations.items():
        schemes = _keys(api, operation)
        if not schemes:
            continue
        if reached := api.reached.get(name):
            yield _refused(_ask(api, reached, ()), name, "without")
            yield _refused(_ask(api, reached, [_broken(schemes[0])]), name, "broken")
        else:
            yield from _refused_before(api.preflight, name, schemes)


def _refused_before(preflight: Iterable[Exchange], name: str, schemes: list[dict[str, Any]]) -> Iterator[Answer]:
    """Yield what is right when an operation was refused to who sent no key in the first place."""
    carriers = {_broken(scheme)[0].lower() for scheme in schemes}
    for exchange in preflight:
        sent = {header.lower() for header, _ in exchange.request_headers}
        if exchange.operation == name and exchange.status in _REFUSED and not carriers & sent:
            yield None
            return


def _keys(api: LiveApi, operation: Operation) -> list[dict[str, Any]]:
    """Return the security schemes by which a key goes along in a header, when the operation cannot be used without one."""
    stated = operation.value.get("security", api.document.root.get("security"))
    demands = [demand for demand in stated if isinstance(demand, dict)] if isinstance(stated, list) else []
    if not demands or not all(demands):
        return []
    by_name = {scheme.name: scheme.value for scheme in api.view.security_schemes}
    schemes = [by_name.get(name, {}) for demand in demands for name in demand]
    in_header = all(scheme.get("type") in _IN_HEADER or scheme.get("in") == "header" for scheme in schemes)
    return schemes if in_header else []


def _broken(scheme: dict[str, Any]) -> tuple[str, str]:
    """Return a header with a key that nobody has."""
    if scheme.get("type") == "apiKey":
        return str(scheme.get("name") or "Authorization"), _BROKEN
    kind = str(scheme.get("scheme", "bearer")).lower()
    return "Authorization", "Basic YXBpY2hlY2s6bm8=" if kind == "basic" else f"Bearer {_BROKEN}"


def _ask(api: LiveApi, reached: Reached, headers: Iterable[tuple[str, str]]) -> Exchange:
    return api.client.send(
        "GET",
        reached.exchange.url,
        headers=[*reached.headers, *headers],
        operation=reached.operation.name,
        purpose="access-refused-without-key",
        authenticated=False,
    )


def _refused(exchange: Exchange, name: str, key: str) -> Answer:
    if exchange.status in _REFUSED:
        return None
    status = exchange.status or 0
    if 200 <= status < 300 or status == 500:
        return Fault(f"probe.access-{key}-key", exchange=exchange, request=name, status=status)
    return doubt(exchange) or Unsure("probe.access-unclear", request=name, status=status)


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
