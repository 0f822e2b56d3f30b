"""Are scripts of the websites that the API is meant for let in, and those of others kept out, as /core/transport/cors asks?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.probe.live import FOREIGN_ORIGINS, LiveApi, Reached, doubt
from apicheck.probe.registry import question

_MOST = 5
"""Operations that are tried: a policy is seldom made for one of them."""
_STRANGERS = (FOREIGN_ORIGINS[0], "null")
"""An unknown website, and a page that hides where it came from (Fetch, "serializing a request origin")."""


@question("cors-with-credentials")
def cors_with_credentials(api: LiveApi) -> Iterator[Answer]:
    """Is no unknown website let in with the cookies or the client certificate of whoever visits it?

    That is so when its origin comes back together with Access-Control-Allow-Credentials: true (Fetch §3.3.4). With ``*`` browsers
    send no credentials, so that is no fault here.
    """
    for reached in islice(api.reached.values(), _MOST):
        for origin in _STRANGERS:
            exchange = api.again(reached, "cors-with-credentials", headers=[("Origin", origin)])
            allowed, credentials = _allowed(exchange), exchange.header("access-control-allow-credentials")
            if allowed == origin and credentials == "true":
                yield Fault("probe.cors-credentials", exchange=exchange, everywhere=True, origin=origin)
            else:
                yield doubt(exchange)


@question("cors-for-declared-origins")
def cors_for_declared_origins(api: LiveApi) -> Iterator[Answer]:
    """Is every website that was declared to be a client let in, and one that looks like it kept out?

    Without a declared client there is no result, as the standard itself says. Where the document knows authentication, browsers ask
    leave first (Fetch, "CORS-preflight fetch"), so that is tried as well.
    """
    if not api.origins:
        yield Unsure("probe.cors-no-client-declared")
        return
    for reached in islice(api.reached.values(), _MOST):
        for origin in api.origins:
            yield _client(api, reached, origin, "GET")
            if api.view.security_schemes:
                yield _client(api, reached, origin, "OPTIONS")
            yield _lookalike(api, reached, f"{origin}.example.org")
            if origin.startswith("https:"):
                yield _lookalike(api, reached, origin.replace("https:", "http:", 1))


def _client(api: LiveApi, reached: Reached, origin: str, method: str) -> Answer:
    preflight = [("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization")]
    exchange = api.again(
        reached,
        "cors-for-declared-origins",
        method=method,
        headers=[("Origin", origin), *(preflight if method == "OPTIONS" else ())],
        authenticated=method != "OPTIONS",
    )
    request, allowed = f"{method} {reached.operation.path}", _allowed(exchange) or "-"
    answered = 200 <= (exchange.status or 0) < 300
    if allowed in {"*", origin} and answered:
        return None
    if method == "GET" and not answered:
        return doubt(exchange) or Unsure("probe.no-longer-answers", request=reached.operation.name)
    return Fault(
        "probe.cors-client-refused",
        exchange=exchange,
        operation=reached.operation.name,
        request=request,
        origin=origin,
        allowed=allowed,
    )


def _lookalike(api: LiveApi, reached: Reached, origin: str) -> Answer:
    exchange = api.again(reached, "cors-for-declared-origins", headers=[("Origin", origin)])
    if _allowed(exchange) == origin:
        return Fault("probe.cors-stranger", exchange=exchange, everywhere=True, origin=origin)
    return doubt(exchange)


def _allowed(exchange: Exchange) -> str | None:
    return exchange.header("access-control-allow-origin")
