"""Does the API answer to methods as RFC 9110 says, as /core/http-methods asks?"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.openapi.media_types import is_json
from apicheck.probe.live import LiveApi, Reached, doubt
from apicheck.probe.registry import question


@question("unsupported-method-405")
def unsupported_method(api: LiveApi) -> Iterator[Answer]:
    """Does a method that a path does not have give 405, with an Allow that lists those it does have? RFC 9110 §15.5.6.

    Only safe methods may be sent, so PROPFIND (RFC 4918 §9.1) stands for every method that is not there:

    - 405 with the documented methods in Allow is right, and so is 501 (§15.6.2: the server knows no such method);
    - 405 without Allow or with a documented method left out is a fault, and so is any 2xx;
    - 404 is a fault when the API itself says so, in JSON: the path answers to GET, so it is found. In another form it may
      come from a gateway or firewall that lets only known methods through;
    - anything else (400 of an HTTP parser, 403 of a firewall, 3xx) tells nothing. Then TRACE (§9.3.8) is tried, which servers
      and proxies often refuse by themselves and without Allow; so it can only show that the API does it right, or that
      TRACE is open.
    """
    paths: dict[str, Reached] = {}
    for reached in api.reached.values():
        paths.setdefault(reached.operation.path, reached)
    for path, reached in paths.items():
        documented = {operation.method.upper() for operation in api.view.operations if operation.path == path}
        answer = _propfind(api, reached, documented)
        yield _trace(api, reached, documented, answer) if isinstance(answer, Unsure) else answer


def _propfind(api: LiveApi, reached: Reached, documented: set[str]) -> Answer:
    exchange = api.again(reached, "unsupported-method-405", method="PROPFIND")
    unsure, status = doubt(exchange), exchange.status or 0
    if unsure or status == 501:
        return unsure
    if status == 405:
        return _allow(exchange, reached, documented)
    if 200 <= status < 300:
        return _fault("method-accepted", exchange, reached)
    if status == 404 and not api.may_be_intermediary(exchange) and is_json(exchange.media_type):
        return _fault("method-not-found", exchange, reached)
    return Unsure("probe.method-unclear", request=reached.operation.path, method="PROPFIND", status=status)


def _trace(api: LiveApi, reached: Reached, documented: set[str], doubted: Unsure) -> Answer:
    if "TRACE" in documented:
        return doubted
    exchange = api.again(reached, "unsupported-method-405", method="TRACE")
    if doubt(exchange):
        return doubted
    if exchange.status == 405 and _allow(exchange, reached, documented) is None:
        return None
    if 200 <= (exchange.status or 0) < 300:
        return _fault("method-accepted", exchange, reached)
    return doubted


def _allow(exchange: Exchange, reached: Reached, documented: set[str]) -> Fault | None:
    allow = exchange.header("allow")
    if allow is None:
        return _fault("allow-missing", exchange, reached)
    missing = documented - {method.strip().upper() for method in allow.split(",")}
    return _fault("allow-incomplete", exchange, reached, missing=", ".join(sorted(missing))) if missing else None


def _fault(kind: str, exchange: Exchange, reached: Reached, *, missing: str = "") -> Fault:
    return Fault(
        f"probe.{kind}",
        exchange=exchange,
        operation=reached.operation.name,
        path=reached.operation.path,
        method=exchange.method,
        allow=exchange.header("allow"),
        missing=missing,
    )


@question("head-where-get")
def head_where_get(api: LiveApi) -> Iterator[Answer]:
    """Does HEAD answer where GET does? RFC 9110 §9.1: every general-purpose server must support both."""
    for reached in api.reached.values():
        exchange = api.again(reached, "head-where-get", method="HEAD")
        unsure = doubt(exchange)
        if unsure or 200 <= (exchange.status or 0) < 300:
            yield unsure
        else:
            name = reached.operation.name
            yield Fault("probe.head-refused", exchange=exchange, operation=name, request=name, status=exchange.status)
