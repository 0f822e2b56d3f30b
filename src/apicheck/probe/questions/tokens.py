"""Does the API refuse a token in a place where tokens get known, for /core/transport/no-sensitive-uris?"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.answers import Answer, Fault, Unsure
from apicheck.probe.live import LiveApi, Reached, doubt
from apicheck.probe.registry import question

_BEARER = "bearer "
_REFUSED = frozenset({401, 403})


@question("token-in-query-refused")
def token_in_query_refused(api: LiveApi) -> Iterator[Answer]:
    """Is a bearer token refused when it goes along in the query? RFC 9700 §4.3.2: clients MUST NOT pass it so, for URLs are kept.

    Tried once, with our own token, where it is accepted in the header and where no token at all is refused.
    """
    for reached in api.reached.values():
        token = _token(reached)
        if token and api.again(reached, "token-in-query-refused", authenticated=False).status in _REFUSED:
            exchange = api.again(reached, "token-in-query-refused", query={"access_token": token}, authenticated=False)
            status, name = exchange.status or 0, reached.operation.name
            if 200 <= status < 300:
                yield Fault("probe.token-in-query", exchange=exchange, request=name)
            elif 400 <= status < 500:
                yield None
            else:
                yield doubt(exchange) or Unsure("probe.server-error", request=name, status=status)
            return


def _token(reached: Reached) -> str | None:
    values = (value for name, value in reached.exchange.request_headers if name.lower() == "authorization")
    return next((value[len(_BEARER) :] for value in values if value.lower().startswith(_BEARER)), None)
