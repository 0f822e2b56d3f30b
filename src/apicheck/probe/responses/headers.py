"""Do responses carry the security headers that /core/transport/security-headers lists?

What browsers make of them does not differ from one operation to the next, so a header that lacks is one finding, with the
number of responses that lack it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.probe.live import INTERMEDIARY, LiveApi, named
from apicheck.probe.registry import response_check

_YEAR = 31_536_000
"""Seconds; the least that NCSC and Internet.nl accept for Strict-Transport-Security."""
_MAX_AGE = re.compile(r'max-age\s*=\s*"?(\d+)', re.IGNORECASE)


@response_check("security-headers")
def security_headers(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Does every response keep browsers from sniffing, framing and plain http?

    Statuses that a gateway gives are passed over. SAMEORIGIN is taken for X-Frame-Options, with advice. Over plain http no
    server may send Strict-Transport-Security (RFC 6797 §7.2), so there its absence says nothing. A header that a proxy adds once
    more is read as browsers read it: of X-Content-Type-Options the first value counts (Fetch §3.6), of X-Frame-Options the values
    are a set (HTML §7.7), of Strict-Transport-Security the first one counts (RFC 6797 §8.1), and every Content-Security-Policy
    holds (CSP 3 §8.1).
    """
    if exchange.status in INTERMEDIARY:
        return
    yield _header(exchange, "X-Content-Type-Options", "nosniff", lambda value: _split(value)[0] == "nosniff")
    yield _header(exchange, "X-Frame-Options", "DENY", lambda value: {*_split(value)} <= {"deny", "sameorigin"})
    yield _header(exchange, "Content-Security-Policy", "frame-ancestors 'none'", _no_framing)
    if exchange.header("strict-transport-security") is None and exchange.url.startswith("http:"):
        yield Unsure("probe.hsts-not-over-http")
    else:
        yield _header(exchange, "Strict-Transport-Security", f"max-age={_YEAR}", _a_year)
    if exchange.body and exchange.method != "HEAD" and exchange.status not in {204, 304}:
        yield None if exchange.media_type else Fault("probe.content-type-missing", exchange=exchange, request=named(exchange))


@response_check("security-headers-advised")
def security_headers_advised(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Does every response keep out of caches, answer to an Origin, and refuse all framing?"""
    if exchange.status in INTERMEDIARY:
        return
    yield _header(exchange, "Cache-Control", "no-store", lambda value: "no-store" in value.lower())
    if any(name.lower() == "origin" for name, _ in exchange.request_headers):
        yield _header(exchange, "Access-Control-Allow-Origin", "*", bool)
    if exchange.header("x-frame-options"):
        yield _header(exchange, "X-Frame-Options", "DENY", lambda value: {*_split(value)} != {"sameorigin"})


def _header(exchange: Exchange, name: str, wanted: str, is_right: Callable[[str], bool]) -> Fault | None:
    """Return the fault of one header; each header has a message of its own, so that each is one finding."""
    value = exchange.header(name)
    if value is not None and is_right(value.strip()):
        return None
    kind = "missing" if value is None else "wrong"
    return Fault(
        f"probe.header-{kind}-{name.lower()}",
        exchange=exchange,
        everywhere=True,
        request=named(exchange),
        header=name,
        wanted=wanted,
        value=value,
    )


def _split(value: str) -> list[str]:
    """Return the values of a header that may stand more than once (Fetch §2.2.2, "get, decode, and split"), in lower case."""
    return [part.strip().lower() for part in value.split(",")]


def _no_framing(policy: str) -> bool:
    """Say whether a Content-Security-Policy holds the directive; ``default-src`` does not stand in for it (CSP 3 §6.4.2)."""
    directives = (directive.split() for directive in re.split(r"[;,]", policy.lower()))
    return any(directive == ["frame-ancestors", "'none'"] for directive in directives)


def _a_year(policy: str) -> bool:
    found = _MAX_AGE.search(policy)
    return found is not None and int(found[1][:12]) >= _YEAR
