"""Does the status of a response say what its content says, as /core/http-response-code asks?"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.answers import Answer, Fault
from apicheck.model import Exchange
from apicheck.openapi.media_types import is_json
from apicheck.probe.live import LiveApi, json_body, named
from apicheck.probe.registry import response_check

_PROBLEM = frozenset({"application/problem+json", "application/problem+xml"})


@response_check("no-error-in-success")
def no_error_in_success(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Does no response 2xx hold an error? RFC 9110 §15.3: 2xx says that the request was received, understood and accepted.

    An error is what is sent as problem details (RFC 9457), by its media type or by a ``status`` of 400 or more with a ``title``.
    """
    if not 200 <= (exchange.status or 0) < 300 or not exchange.body:
        return
    if exchange.media_type in _PROBLEM or (is_json(exchange.media_type) and _is_problem(json_body(exchange))):
        yield Fault("probe.error-in-success", exchange=exchange, request=named(exchange), status=exchange.status)
    else:
        yield None


def _is_problem(body: object) -> bool:
    if not isinstance(body, dict) or not isinstance(body.get("title"), str):
        return False
    status = body.get("status")
    return isinstance(status, int) and not isinstance(status, bool) and 400 <= status < 600


@response_check("challenge-with-401")
def challenge_with_401(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Does every 401 say with WWW-Authenticate how to log in? RFC 9110 §15.5.2: the server MUST send it."""
    if exchange.status == 401:
        told = exchange.header("www-authenticate") is not None
        yield None if told else Fault("probe.challenge-missing", exchange=exchange, request=named(exchange))
