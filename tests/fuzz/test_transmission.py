"""Is an exchange what went over the wire, whatever a server does?"""

from __future__ import annotations

import gzip
import socket
import struct
import time

import pytest
import requests

from apicheck.courtesy import asked_to_wait
from apicheck.fuzz import transmission
from apicheck.fuzz.transmission import Label, transmit
from apicheck.model import Exchange, Source
from tests.fuzz.api import serving
from tests.probe.servers import Handler, raw_server, request_of, saying

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def fetch(origin: str, *, patience: float = 10, **changes: object) -> tuple[object, Exchange]:
    session = requests.Session()
    prepared = session.prepare_request(requests.Request("POST", f"{origin}/x?y=1", data="ééé".encode(), headers={"X-Y": "z"}))
    for name, value in changes.items():
        setattr(prepared, name, value)
    return transmit(session.send, prepared, Label("f00001", "test", None), silence=patience, longest=patience)


def reset(connection: socket.socket, _head: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def slow(connection: socket.socket, _head: bytes) -> None:
    time.sleep(0.8)
    connection.sendall(OK + b"\r\n")


def dripping(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(OK + b"Content-Length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b".")
        time.sleep(0.05)


def test_an_exchange_is_what_was_sent_and_received() -> None:
    with raw_server(saying(OK + b"X-Twice: 1\r\nx-twice: 2\r\nContent-Length: 2\r\n\r\n{}")) as origin:
        response, exchange = fetch(origin)
    assert isinstance(response, requests.Response)
    assert response.content == b"{}"
    assert exchange.method == "POST"
    assert exchange.url == f"{origin}/x?y=1"
    assert exchange.request_body == "ééé".encode()
    assert ("X-Y", "z") in exchange.request_headers
    assert exchange.status == 200
    assert [value for name, value in exchange.headers if name.lower() == "x-twice"] == ["1", "2"]
    assert exchange.body == b"{}"
    assert exchange.sender is Source.FUZZ
    assert exchange.started.endswith("+00:00")
    assert 0 < exchange.elapsed < 5


def test_one_connection_serves_many_requests() -> None:
    with serving() as api:
        session = requests.Session()
        for _ in range(5):
            prepared = session.prepare_request(requests.Request("GET", f"{api.url}/gebouwen"))
            transmit(session.send, prepared, Label("f00001", "test", None))
    assert len(api.requests) == 5
    assert len(api.connections) == 1


@pytest.mark.parametrize(
    ("handle", "error"),
    [
        (reset, "reset"),
        (slow, "timed-out"),
        (dripping, "timed-out"),
        (saying(), "reset"),
        (saying(b"SSH-2.0-OpenSSH\r\n\r\n"), "malformed"),
        (saying(OK + b"Content-Length: 10\r\n\r\n12"), "malformed"),
        (saying(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), "malformed"),
        (saying(OK + b"Content-Encoding: gzip\r\n\r\nplain"), "malformed"),
        (saying(OK + b"\r\n" + b"x" * 20_000), "too-large"),
        (saying(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"\0" * 100_000_000, 1)), "too-large"),
    ],
)
def test_trouble_has_the_name_that_it_has_for_probes(handle: Handler, error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transmission, "LARGEST", 10_000)
    with raw_server(handle) as origin:
        trouble, exchange = fetch(origin, patience=0.3 if error == "timed-out" else 10)
    assert isinstance(trouble, OSError)
    assert (exchange.error, exchange.body) == (error, b"")
    assert exchange.status in {None, 200}


def test_what_is_not_read_keeps_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transmission, "LARGEST", 10_000)
    with raw_server(saying(OK + b"\r\n" + b"x" * 20_000)) as origin:
        trouble, _ = fetch(origin)
    assert isinstance(trouble, transmission.TooLarge)
    assert trouble.response is not None
    assert trouble.response.raw.closed


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://127.0.0.1:1/", "refused"),
        ("http://nergens.invalid/", "name-unknown"),
        ("https://127.0.0.1:1/", "refused"),
    ],
)
def test_so_it_has_when_no_server_is_there(url: str, error: str) -> None:
    _, exchange = fetch("http://127.0.0.1:1", url=url)
    assert exchange.error == error


def test_tls_that_is_none_is_told() -> None:
    with raw_server(saying(OK + b"\r\n")) as origin:
        _, exchange = fetch("http://127.0.0.1:1", url=origin.replace("http:", "https:"))
    assert exchange.error == "tls"


def test_what_cannot_be_sent_is_no_fault_of_the_api() -> None:
    with raw_server(saying(OK + b"\r\n")) as origin:
        _, exchange = fetch(origin, headers={"X-Y": "ł\r\nX-Z: 1"})
    assert exchange.error == "unsendable"


def test_a_body_after_head_does_not_pass_for_the_next_answer() -> None:
    def handle(connection: socket.socket, _head: bytes) -> None:
        while True:
            connection.sendall(OK + b"Content-Length: 2\r\n\r\n{}")
            request_of(connection)

    with raw_server(handle) as origin:
        session = requests.Session()
        for method in ("HEAD", "GET", "HEAD", "GET"):
            prepared = session.prepare_request(requests.Request(method, origin))
            _, exchange = transmit(session.send, prepared, Label("f00001", "test", None))
            assert (exchange.status, exchange.body) == (200, b"{}" if method == "GET" else b"")


def test_an_event_stream_is_not_waited_for() -> None:
    with raw_server(saying(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")) as origin:
        response, exchange = fetch(origin)
    assert (exchange.status, exchange.body) == (200, b"")
    assert isinstance(response, requests.Response)


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (200, "5", None),
        (429, "5", 5.0),
        (429, None, 1.0),
        (429, "61", None),
        (429, "straks", None),
        (429, "-1", None),
        (503, "5", 5.0),
        (503, None, None),
        (503, "Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        (503, "Wed, 21 Oct 2065 07:28:00 GMT", None),
    ],
)
def test_a_server_may_ask_to_wait(status: int, header: str | None, seconds: float | None) -> None:
    headers = (("retry-after", header),) if header is not None else ()
    assert asked_to_wait(Exchange("f1", Source.FUZZ, "test", "GET", "/", status=status, headers=headers)) == seconds
