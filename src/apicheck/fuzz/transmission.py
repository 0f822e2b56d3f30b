"""What went over the wire, and what went wrong there?

The engine keeps a shortened and cleaned record of its own; ours is what was sent and received, byte for byte.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, cast

import requests
import urllib3
from requests import exceptions

from apicheck.arrival import trouble
from apicheck.model import Exchange, Source

LARGEST: Final = 5_000_000
"""Bytes of a response body that are read, after decompression."""
LONGEST: Final = 30.0
"""Seconds that the reading of one response body may take."""

Send = Callable[..., requests.Response]
Trouble = OSError | ValueError | http.client.HTTPException
"""What sending may raise: every error of requests is an OSError; a header that cannot be sent is a ValueError."""


class TooLarge(exceptions.RequestException):
    """A response body of more than ``LARGEST`` bytes."""


@dataclass(frozen=True, slots=True)
class Label:
    """What an exchange is called, and what it is for."""

    id: str
    purpose: str
    operation: str | None


def transmit(
    send: Send, request: requests.PreparedRequest, label: Label, *, silence: float = 10.0, longest: float = LONGEST
) -> tuple[requests.Response | Trouble, Exchange]:
    """Send a request; return the response or what went wrong, and the record of it.

    When a response has begun but its body cannot be read, the record has its status and headers.

    Args:
        send: sends it.
        request: what is sent.
        label: how the record is labelled.
        silence: seconds that the server may say nothing.
        longest: seconds that the reading of the body may take.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    response: requests.Response | None = None
    failed: Trouble | None = None
    body = b""
    try:
        response = send(request, stream=True, allow_redirects=False, timeout=silence)
        body = _read(response, longest)
    except (OSError, ValueError, http.client.HTTPException) as error:
        failed = error
        if response is not None:
            response.close()  # whoever keeps the error would keep the connection, with the rest of the body in it
    sent = request.body or b""
    exchange = Exchange(
        id=label.id,
        sender=Source.FUZZ,
        purpose=label.purpose,
        operation=label.operation,
        method=request.method or "",
        url=request.url or "",
        request_headers=tuple((_text(name), _text(value)) for name, value in request.headers.items()),
        request_body=sent if isinstance(sent, bytes) else str(sent).encode(),
        status=None if response is None else response.status_code,
        headers=() if response is None else tuple(response.raw.headers.items()),
        body=body,
        started=started.isoformat(timespec="milliseconds"),
        elapsed=time.monotonic() - clock,
        error=_name(failed) if failed else None,
    )
    if failed is None:
        exchange = replace(exchange, error=trouble(exchange))
    return cast("requests.Response | Trouble", response if failed is None else failed), exchange


def _read(response: requests.Response, longest: float) -> bytes:
    """Read the body piece by piece, so that neither its size nor its pace can keep us; leave it where requests looks for it.

    An event stream has no end; the engine reads the beginning of it.
    """
    if response.headers.get("content-type", "").lower().startswith("text/event-stream"):
        return b""
    if response.request.method == "HEAD":
        response.raw.close()  # some servers send a body all the same, and that would pass for the next answer
        response._content = b""
        return b""
    body, end = bytearray(), time.monotonic() + longest
    try:
        while piece := response.raw.read1(65536, decode_content=True):
            body += piece
            if len(body) > LARGEST:
                raise TooLarge(response=response)
            if time.monotonic() > end:
                raise exceptions.ReadTimeout(response=response)
        response.raw.read(decode_content=True)  # hands the connection back, which reading it piece by piece does not
    except urllib3.exceptions.HTTPError as error:
        kind = exceptions.ReadTimeout if isinstance(error, urllib3.exceptions.ReadTimeoutError) else exceptions.ChunkedEncodingError
        raise kind(error, response=response) from error
    response._content = bytes(body)
    return response._content


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


_NAMES: Final[tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...]] = (
    (TooLarge, "too-large"),
    (ssl.SSLCertVerificationError, "tls-untrusted"),
    (ssl.SSLError, "tls"),
    (socket.gaierror, "name-unknown"),
    ((exceptions.Timeout, TimeoutError), "timed-out"),
    (ConnectionRefusedError, "refused"),
    ((ConnectionError, http.client.RemoteDisconnected), "reset"),
    ((http.client.HTTPException, urllib3.exceptions.DecodeError, urllib3.exceptions.InvalidHeader), "malformed"),
    (ValueError, "unsendable"),
)


def _name(failed: BaseException) -> str:
    """Return the name of what went wrong, one of those that an exchange of a probe has."""
    causes = list(_causes(failed))
    return next((name for kind, name in _NAMES if any(isinstance(cause, kind) for cause in causes)), "reset")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what caused it, wherever requests and urllib3 have put that."""
    waiting, seen = [error], set()
    while waiting:
        cause = waiting.pop()
        if id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            around = (cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args)
            waiting += [other for other in around if isinstance(other, BaseException)]
