"""How is a request sent politely, so that whatever comes back is safe to look at?

The only door to the network for probes. The transport of httpx is used without its client: no cookies, no redirects, no
proxies and nothing from the environment. Every exchange has a connection of its own, so what a server sends too much (a body
after HEAD, say) is never read as its next answer.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

import httpx

from apicheck.answers import CannotTell
from apicheck.arrival import arrived, trouble
from apicheck.budget import Budget
from apicheck.courtesy import HELD_OFF, USER_AGENT, asked_to_wait
from apicheck.credentials import Keyring, Pass
from apicheck.errors import TargetRefused
from apicheck.leave import HARMLESS, Leave
from apicheck.model import Exchange, Source, Text
from apicheck.probe.redact import SAFE_HEADERS

KEPT = 1_000_000
"""Bytes of a response body that are read unless more is asked for, after decompression."""
IN_A_ROW = 5
"""Requests without an answer, or held off, after which nothing more is asked."""
NO_ACCESS_IN_A_ROW = 20
"""Requests with our credentials that were refused (401, 403), after which nothing more is asked: more might lock an account."""
LONGEST_PAUSE = 2.0
"""Seconds between two requests, however often the server asks to slow down."""
TRIES = 3
"""Times a request is sent when the server asks to try again later."""
_NO_ACCESS = frozenset({401, 403})

Headers = Iterable[tuple[str, str]]
Reply = tuple[int, Headers, bytes]


@dataclass(slots=True)
class _Received:
    """What came in so far; what is in stays when the rest does not come."""

    most: int
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytearray = field(default_factory=bytearray)
    error: str | None = None


class Client:
    """Sends requests to one API, one at a time, and shows every exchange to its listeners.

    Args:
        base_url: where the paths of the document start, version included, such as ``https://api.example.nl/v1``.
        headers: sent with authenticated requests only.
        keyring: what makes the API know us; used for authenticated requests only too.
        rate: requests per second at most; lowered for good whenever the server asks us to slow down.
        budget: what may be asked in all; without limit when absent.
        leave: what may be sent; reading only when absent. Nothing gets past it, and what was sent is shown to it.
        transport: what carries the requests; the network when absent.
        timeout: seconds that the server may be silent; one exchange may take three times as long in all.

    Raises:
        TargetRefused: the base URL is not an absolute http or https URL, or holds credentials, a query or a fragment.
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: Headers = (),
        keyring: Keyring | None = None,
        rate: float = 10.0,
        budget: Budget | None = None,
        leave: Leave | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = 10.0,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.leave = leave or Leave(base_url)
        self.listeners: list[Callable[[Exchange], None]] = [self.leave.see]
        self.user_agent = USER_AGENT
        """How we introduce ourselves."""
        self.cut_short: Text | None = None
        """Why a request was not sent that should have been; None as long as every one was."""
        self._origin = _base_origin(base_url)
        self._headers = tuple(headers)
        self._keyring = keyring or Keyring()
        self._pause = 1 / rate
        self._next = 0.0
        self._budget = budget or Budget()
        self._timeout = timeout
        self._deadline = 3 * timeout
        self.sent_before = 0
        """The number of the last exchange of an earlier part of the run."""
        self.sent = 0
        """Requests sent so far."""
        self._in_a_row = 0
        self._no_access = 0
        self._gave_up: str | None = None
        self._runner = asyncio.Runner()
        self._transports = {identified: transport or self._network(identified=identified) for identified in (True, False)}

    @property
    def secrets(self) -> frozenset[str]:
        """What must not be shown, wherever it stands: every value by which the API knows us."""
        return secrets(self._keyring, self._headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the network."""
        for transport in self._transports.values():
            self._runner.run(transport.aclose())
        self._runner.close()

    def send(  # noqa: PLR0913  # each says another thing about the request
        self,
        method: str,
        target: str,
        *,
        headers: Headers = (),
        query: Iterable[tuple[str, str]] = (),
        content: bytes = b"",
        operation: str | None = None,
        purpose: str,
        authenticated: bool = True,
        most: int = KEPT,
    ) -> Exchange:
        """Send a request and return what came of it; trouble on the network is told in the exchange, never raised.

        When the server asks to try again later (RFC 9110 §10.2.3, RFC 6585 §4) that is done, and the last exchange returned.

        Args:
            method: sent as it is.
            target: a path below the base URL that starts with a slash, or an absolute URL of the same origin.
            headers: these win from the credentials and from those that every request has.
            query: added to the target, encoded.
            content: the body of the request; its media type is one of the ``headers``.
            operation: the documented operation that the request is meant for, such as ``GET /gebouwen/{id}``.
            purpose: the name of the check that asks.
            authenticated: whether we are known; else no credentials go along, in the query, a cookie or the TLS handshake neither.
            most: bytes of the response body that are read, after decompression.

        Raises:
            CannotTell: the budget is spent, the API stopped answering, the target is not on the host under test, or there is no
                leave for this request.
        """
        url, headers = self._url(target, query), tuple(headers)
        if refusal := self.leave.refusal(method, str(url), (name for name, _ in headers)):
            raise refusal

        def ask(shown: Pass | None) -> Exchange:
            given = headers if shown is None else (*self._headers, *shown.all_headers, *headers)
            asked = url.copy_with(query=_and(url.query, shown.query)) if shown and shown.query else url
            request = self._request(method, asked, given, content)
            return self._patiently(request, operation, purpose, most, identified=shown is not None)

        try:
            shown = self._keyring.show(method, str(url)) if authenticated else None
            exchange = ask(shown)
            if shown and exchange.status == 401 and self._keyring.renewed(shown):
                exchange = ask(shown := self._keyring.show(method, str(url)))
        except CannotTell as cannot:
            self.cut_short = self.cut_short or cannot.reason
            raise
        self._take_stock(exchange, shown)
        return exchange

    def again(self, exchange: Exchange) -> Exchange | None:
        """Send once more what an exchange sent, byte for byte, on a connection of its own; None when it may not be sent.

        Raises:
            CannotTell: the budget is spent, or the API stopped answering.
        """
        names = (name for name, _ in exchange.request_headers)
        if exchange.method not in HARMLESS or self.leave.refusal(exchange.method, exchange.url, names):
            return None
        url = httpx.URL(exchange.url)
        if _origin(url) != self._origin:
            return None
        request = self._request(exchange.method, url, exchange.request_headers, exchange.request_body)
        identified = self._keyring.recognises(exchange)
        return self._patiently(request, exchange.operation, exchange.purpose, KEPT, identified=identified)

    def _patiently(self, request: httpx.Request, operation: str | None, purpose: str, most: int, *, identified: bool) -> Exchange:
        exchange = self._exchange(request, operation, purpose, most, identified=identified)
        for _ in range(TRIES - 1):
            wait = asked_to_wait(exchange)
            if exchange.status in HELD_OFF:
                self._pause = min(max(self._pause * 2, 0.1), LONGEST_PAUSE)
            if wait is None:
                break
            self._sleep(wait)
            exchange = self._exchange(request, operation, purpose, most, identified=identified)
        return exchange

    def _network(self, *, identified: bool) -> httpx.AsyncBaseTransport:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=0)
        return httpx.AsyncHTTPTransport(verify=self._keyring.trust(identified=identified) or True, trust_env=False, limits=limits)

    def _url(self, target: str, query: Iterable[tuple[str, str]]) -> httpx.URL:
        text = self.base_url + target if target.startswith("/") else target
        added = urlencode(list(query), quote_via=quote, errors="replace")
        if added:
            text += ("&" if "?" in text else "?") + added
        try:
            url = httpx.URL(self._keyring.taken_off(text))
        except (httpx.InvalidURL, UnicodeError):
            raise CannotTell("errors.url-unusable", url=text) from None
        if _origin(url) != self._origin:
            raise CannotTell("errors.other-host", url=text)
        return url

    def _request(self, method: str, url: httpx.URL, headers: Headers, content: bytes) -> httpx.Request:
        own = {
            "User-Agent": self.user_agent,
            "Accept": "application/json, application/problem+json;q=0.9, */*;q=0.8",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        named = {name.lower() for name, _ in headers}
        merged = [*(pair for pair in own.items() if pair[0].lower() not in named), *headers]
        return httpx.Request(
            method,
            url,
            headers=[(name.encode(), value.encode()) for name, value in merged],
            content=content or None,
            extensions={"timeout": httpx.Timeout(self._timeout).as_dict()},
        )

    def _exchange(self, request: httpx.Request, operation: str | None, purpose: str, most: int, *, identified: bool) -> Exchange:
        if self._gave_up:
            raise CannotTell(self._gave_up)
        self._budget.spend()
        self._sleep(self._next - time.monotonic())
        self.sent += 1
        started, clock = datetime.now(UTC), time.monotonic()
        self._next = clock + self._pause
        received = _Received(most)
        try:
            self._runner.run(self._receive(request, received, self._transports[identified]))
        except (httpx.HTTPError, OSError, zlib.error) as error:
            received.error = _name(error)
        exchange = Exchange(
            id=f"x{self.sent_before + self.sent:04d}",
            sender=Source.PROBE,
            purpose=purpose,
            method=request.method,
            url=str(request.url),
            request_headers=_readable(request.headers.raw),
            request_body=request.content,
            operation=operation,
            status=received.status,
            headers=received.headers,
            body=bytes(received.body),
            started=started.isoformat(timespec="milliseconds"),
            elapsed=time.monotonic() - clock,
            error=received.error,
        )
        exchange = replace(exchange, error=exchange.error or trouble(exchange))
        for listener in self.listeners:
            listener(exchange)
        return exchange

    async def _receive(self, request: httpx.Request, received: _Received, transport: httpx.AsyncBaseTransport) -> None:
        async with asyncio.timeout(min(self._deadline, self._budget.time_left)):
            response = await transport.handle_async_request(request)
            received.status = response.status_code
            received.headers = _readable(response.headers.raw)
            try:
                await _read(response, received)
            finally:
                await response.aclose()

    def _sleep(self, seconds: float) -> None:
        if seconds > self._budget.time_left:
            raise CannotTell("errors.budget-spent")
        if seconds > 0:
            time.sleep(seconds)

    def _take_stock(self, exchange: Exchange, shown: Pass | None) -> None:
        if shown:
            if exchange.status not in {None, 401}:
                self._keyring.accepted(shown)
            self._no_access = self._no_access + 1 if exchange.status in _NO_ACCESS else 0
        reason = "errors.no-answer" if not arrived(exchange) else "errors.held-off" if exchange.status in HELD_OFF else None
        self._in_a_row = self._in_a_row + 1 if reason else 0
        if self._in_a_row == IN_A_ROW:
            self._gave_up = reason
        elif self._no_access == NO_ACCESS_IN_A_ROW:
            self._gave_up = "errors.no-access"


def secrets(keyring: Keyring, headers: Headers) -> frozenset[str]:
    """Return the values by which an API knows who asks: of the credentials, and of headers that are not known to be harmless."""
    return keyring.secrets | {value for name, value in headers if name.lower() not in SAFE_HEADERS}


def from_memory(answer: Callable[[str, str], Reply]) -> httpx.AsyncBaseTransport:
    """Return a transport without a network: ``answer`` is given method and URL, and returns status, headers and body."""
    return from_memory_by_header(lambda method, url, _: answer(method, url))


def from_memory_by_header(answer: Callable[[str, str, Mapping[str, str]], Reply]) -> httpx.AsyncBaseTransport:
    """Return a transport without a network that looks at the headers of a request as well; their names are in lower case."""

    def respond(request: httpx.Request) -> httpx.Response:
        status, headers, body = answer(request.method, str(request.url), request.headers)
        return httpx.Response(status, headers=list(headers), stream=httpx.ByteStream(body))

    return httpx.MockTransport(respond)


async def _read(response: httpx.Response, received: _Received) -> None:
    """Read the body until it ends or is too large; one that is compressed unasked is decompressed no further than that."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        received.error = "encoding"
        return
    inflate = None if encoding in {"", "identity"} else zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    async for chunk in response.aiter_raw():
        room = received.most + 1 - len(received.body)
        received.body += inflate.decompress(chunk, room) if inflate else chunk[:room]
        if len(received.body) > received.most:
            del received.body[received.most :]
            received.error = "too-large"
            return


def _and(query: bytes, more: Iterable[tuple[str, str]]) -> bytes:
    added = urlencode(list(more), quote_via=quote).encode()
    return query + b"&" + added if query else added


def _readable(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _base_origin(base_url: str) -> tuple[str, str, int | None]:
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, UnicodeError):
        raise TargetRefused("base-url-unusable", url=base_url) from None
    if url.userinfo:
        raise TargetRefused("base-url-with-credentials")
    if url.scheme not in {"http", "https"} or not url.host or url.query or url.fragment:
        raise TargetRefused("base-url-unusable", url=base_url)
    return _origin(url)


def _name(trouble: BaseException) -> str:
    """Return the name of what went wrong on the network, as ``probe.no-answer-…`` of the catalogue of words has it."""
    causes: list[BaseException] = []
    cause: BaseException | None = trouble
    while cause is not None:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    kinds: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
        ((ssl.SSLCertVerificationError,), "tls-untrusted"),
        ((ssl.SSLError,), "tls"),
        ((socket.gaierror,), "name-unknown"),
        ((httpx.LocalProtocolError,), "unsendable"),
        ((httpx.RemoteProtocolError, zlib.error), "malformed"),
        ((httpx.TimeoutException, TimeoutError), "timed-out"),
        ((ConnectionResetError,), "reset"),
        ((httpx.ConnectError,), "refused"),
    )
    return next((name for kind, name in kinds if any(isinstance(cause, kind) for cause in causes)), "reset")
