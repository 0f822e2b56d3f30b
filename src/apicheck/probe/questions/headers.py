"""Does what is closed stay closed, whatever a stranger says of itself in headers that only a proxy may set?

The text beside the design rules asks to filter these headers, and gives it no rule, so it is told beside the standard. One
operation is tried. ``X-HTTP-Method-Override`` is not: where it works, a GET that is to show that may write.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.probe.live import LiveApi, Reached, doubt
from apicheck.probe.questions.access import REFUSED, asks_key
from apicheck.probe.registry import question

_PURPOSE: Final = "closed-whatever-headers"
_MOST: Final = 5
"""Operations that are tried to find one that is closed, and one that is open."""
_INSIDE: Final = "127.0.0.1"
_OF_A_PROXY: Final = (
    ("X-Forwarded-For", _INSIDE),
    ("X-Real-IP", _INSIDE),
    ("Forwarded", f"for={_INSIDE}"),
    ("X-Client-Cert", "apicheck"),
    ("X-SSL-Client-S-DN", "CN=apicheck"),
    ("X-User", "admin"),
)
"""Where a request came from and whose it is, as a proxy tells the server behind it (RFC 7239, RFC 9440)."""
_OF_A_PATH: Final = ("X-Original-URL", "X-Rewrite-URL")
"""Which path was asked for before a proxy wrote it over: some frameworks take that for the path."""


@question("closed-whatever-headers")
def closed_whatever_headers(api: LiveApi) -> Iterator[Answer]:
    """Is a stranger who is refused, refused as well with a header that says to come from inside, or to ask another path?

    What answers to us and refuses a stranger is asked again by the stranger, once for each header. Only when it opens three times,
    and goes on refusing without the header, is that a fault.
    """
    asking = (reached for reached in api.reached.values() if asks_key(api, reached.operation))
    closed = next((reached for reached in islice(asking, _MOST) if _is_closed(api, reached)), None)
    if closed is None:
        return
    for header in _OF_A_PROXY:
        yield _stays_closed(api, closed, closed.exchange.url, header)
    others = (reached for reached in api.reached.values() if not asks_key(api, reached.operation))
    opened = next((reached for reached in islice(others, _MOST) if _is_open(api, reached)), None)
    if opened:
        path = urlsplit(closed.exchange.url).path
        for name in _OF_A_PATH:
            yield _stays_closed(api, closed, opened.exchange.url, (name, path))


def _ask(api: LiveApi, url: str, reached: Reached, *headers: tuple[str, str]) -> Exchange:
    return api.client.send("GET", url, headers=[*reached.headers, *headers], purpose=_PURPOSE, authenticated=False)


def _is_closed(api: LiveApi, reached: Reached) -> bool:
    return _ask(api, reached.exchange.url, reached).status in REFUSED


def _is_open(api: LiveApi, reached: Reached) -> bool:
    return 200 <= (_ask(api, reached.exchange.url, reached).status or 0) < 300


def _stays_closed(api: LiveApi, closed: Reached, url: str, header: tuple[str, str]) -> Answer:
    """Say whether a header opens what is closed: another path shows it only when it gives the very answer that we got there."""
    elsewhere = url != closed.exchange.url
    exchange = _ask(api, url, closed, header)
    if not _opens(exchange, closed, elsewhere=elsewhere):
        return None if exchange.status in REFUSED or elsewhere else doubt(exchange)
    again = [_ask(api, url, closed, header) for _ in range(2)]
    still = _ask(api, url, closed)
    if not all(_opens(other, closed, elsewhere=elsewhere) for other in again) or _opens(still, closed, elsewhere=elsewhere):
        return Unsure("probe.answer-moves", request=closed.operation.name)
    name = closed.operation.name
    return Fault("probe.opened-by-header", exchange=exchange, operation=name, request=name, header=header[0])


def _opens(exchange: Exchange, closed: Reached, *, elsewhere: bool) -> bool:
    answered = 200 <= (exchange.status or 0) < 300
    return answered and (not elsewhere or (bool(exchange.body) and exchange.body == closed.exchange.body))
