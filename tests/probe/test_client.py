"""Does the client stay safe, polite and silent about secrets, whatever a server does to it?"""

import gzip
import itertools
import math
import socket
import struct
import time
from collections.abc import Callable

import pytest

from apicheck.answers import CannotTell
from apicheck.budget import Budget
from apicheck.errors import TargetRefused
from apicheck.model import Exchange
from apicheck.probe.client import IN_A_ROW, KEPT, Client, from_memory
from apicheck.words import say
from tests.probe.servers import raw_server, saying

BOMB = gzip.compress(b"\0" * 50_000_000, compresslevel=1)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def client(base_url: str, patience: float = 10) -> Client:
    return Client(base_url, rate=math.inf, timeout=patience)


def fetch(base_url: str, method: str = "GET", patience: float = 10) -> Exchange:
    with client(base_url, patience) as sender:
        return sender.send(method, "/x", purpose="test")


def reset(connection: socket.socket, _head: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def slow(connection: socket.socket, _head: bytes) -> None:
    time.sleep(0.8)
    connection.sendall(OK + b"Content-Length: 2\r\n\r\n{}")


def dripping(connection: socket.socket, _head: bytes) -> None:
    for byte in OK * 50:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def endless_body(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def endless_headers(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(OK)
    while True:
        connection.sendall(b"X-More: " + b"x" * 60_000 + b"\r\n")


def endless_patience(connection: socket.socket, _head: bytes) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def bomb(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB)


@pytest.mark.parametrize(
    ("handle", "status", "error"),
    [
        (reset, None, "reset"),
        (saying(), None, "malformed"),
        (saying(b"SSH-2.0-OpenSSH_9.6\r\n"), None, "malformed"),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"), None, "malformed"),
        (saying(OK + b"Content-Length: 100\r\n\r\n{}"), 200, "malformed"),
        (saying(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}"), 200, "malformed"),
        (saying(OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"), 200, "malformed"),
        (saying(OK + b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc"), 200, "encoding"),
        (slow, None, "timed-out"),
        (dripping, None, "timed-out"),
        (endless_patience, None, "timed-out"),
        (endless_headers, None, "malformed"),
        (endless_body, 200, "too-large"),
        (bomb, 200, "too-large"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_trouble_is_told_and_never_raised(handle: Callable[[socket.socket, bytes], None], status: int | None, error: str) -> None:
    with raw_server(handle) as base_url:
        exchange = fetch(base_url, patience=0.3 if error == "timed-out" else 10)
    assert (exchange.status, exchange.error) == (status, error)
    assert len(exchange.body) <= KEPT


def test_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    assert fetch(f"http://127.0.0.1:{port}").error == "refused"


def test_no_tls_where_it_was_asked() -> None:
    with raw_server(saying(OK + b"Content-Length: 2\r\n\r\n{}")) as base_url:
        assert fetch(base_url.replace("http:", "https:")).error == "tls"


def test_unasked_compression_is_undone() -> None:
    body = gzip.compress(b'{"a": 1}')
    with raw_server(saying(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body), body)) as base_url:
        exchange = fetch(base_url)
    assert (exchange.body, exchange.error) == (b'{"a": 1}', None)


def test_a_body_after_head_is_not_the_next_answer() -> None:
    with (
        raw_server(saying(OK + b"Content-Length: 9\r\n\r\n" + b"HTTP/1.1 500 Oops\r\n\r\n")) as base_url,
        client(base_url) as sender,
    ):
        statuses = [sender.send(method, "/x", purpose="test").status for method in ("HEAD", "GET", "HEAD", "GET")]
    assert statuses == [200, 200, 200, 200]


def test_redirects_and_cookies_are_not_followed() -> None:
    heads: list[bytes] = []

    def handle(connection: socket.socket, head: bytes) -> None:
        heads.append(head)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nSet-Cookie: sid=1\r\nContent-Length: 0\r\n\r\n")

    with raw_server(handle) as base_url, client(base_url) as sender:
        first, second = (sender.send("GET", "/x", purpose="test") for _ in range(2))
    assert (first.status, second.status, len(heads)) == (302, 302, 2)
    assert b"cookie" not in heads[1].lower()


def test_the_request_tells_who_asks_and_keeps_credentials_for_authenticated_ones() -> None:
    heads: list[bytes] = []

    def handle(connection: socket.socket, head: bytes) -> None:
        heads.append(head)
        connection.sendall(OK + b"Content-Length: 2\r\n\r\n{}")

    with raw_server(handle) as base_url, Client(base_url, headers=[("Authorization", "Bearer geheim")], rate=math.inf) as sender:
        sender.send("GET", "/met", query=[("naam", "a&b é")], purpose="test")
        sender.send("GET", "/zonder", purpose="test", authenticated=False)
    assert heads[0].startswith(b"GET /met?naam=a%26b%20%C3%A9 HTTP/1.1\r\n")
    assert b"Bearer geheim" in heads[0]
    assert b"geheim" not in heads[1]
    assert all(b"User-Agent: apicheck/" in head and b"apicheck-nl" in head for head in heads)


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/x",
        "https://api.example.org/x",
        "http://api.example.org@evil.example/x",
        "//evil.example",
        "x",
        "http://[",
    ],
)
def test_no_other_host_is_asked(target: str) -> None:
    asked: list[str] = []

    def answer(_method: str, url: str) -> tuple[int, list[tuple[str, str]], bytes]:
        asked.append(url)
        return 200, [], b""

    with Client("http://api.example.org", rate=math.inf, transport=from_memory(answer)) as sender:
        try:
            sender.send("GET", target, purpose="test")
        except CannotTell:
            assert not asked
        else:
            assert asked == [f"http://api.example.org{target}"]


@pytest.mark.parametrize(
    "base_url", ["", "api.example.nl", "ftp://api.example.nl", "http://", "http://h/v1?a=b", "http://h/#x", "http://u:p@h/"]
)
def test_an_unusable_base_url_is_refused(base_url: str) -> None:
    with pytest.raises(TargetRefused) as refused:
        Client(base_url)
    assert "u:p" not in str(refused.value)


def answering(*statuses: int, retry_after: str | None = None) -> Callable[[str, str], tuple[int, list[tuple[str, str]], bytes]]:
    """Answer with these statuses in turn, the last one for ever."""
    left = list(statuses)

    def answer(_method: str, _url: str) -> tuple[int, list[tuple[str, str]], bytes]:
        status = left.pop(0) if len(left) > 1 else left[0]
        return status, [("Retry-After", retry_after)] if retry_after and status >= 400 else [], b""

    return answer


@pytest.mark.parametrize(
    ("status", "retry_after", "waited"),
    [
        (429, "2", 2.0),
        (429, None, 1.0),
        (503, "3", 3.0),
        (429, "Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        (503, None, None),
        (429, "9999", None),
        (429, "soon", None),
    ],
)
def test_a_server_that_asks_to_wait_is_heard(
    monkeypatch: pytest.MonkeyPatch, status: int, retry_after: str | None, waited: float | None
) -> None:
    slept: list[float] = []
    seen: list[int | None] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    transport = from_memory(answering(status, 200, retry_after=retry_after))
    with Client("http://h", transport=transport, rate=math.inf) as sender:
        sender.listeners.append(lambda exchange: seen.append(exchange.status))
        last = sender.send("GET", "/x", purpose="test")
    if waited is None:
        assert (seen, last.status) == ([status], status)
    else:
        assert (seen, last.status) == ([status, 200], 200)
        assert not waited or pytest.approx(waited, abs=0.1) in slept


def test_the_rate_is_kept_and_lowered_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    started: list[float] = []
    transport = from_memory(answering(200, 200, 429, 200))
    with Client("http://h", transport=transport, rate=10) as sender:
        sender.listeners.append(lambda _: started.append(now[0]))
        for _ in range(5):
            sender.send("GET", "/x", purpose="test")
    assert [round(after - before, 3) for before, after in itertools.pairwise(started)] == [0.1, 0.1, 1.0, 0.2, 0.2]


def test_a_server_that_is_overloaded_is_asked_less_often_though_it_names_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    started: list[float] = []
    with Client("http://h", transport=from_memory(answering(200, 503, 200)), rate=10) as sender:
        sender.listeners.append(lambda _: started.append(now[0]))
        for _ in range(4):
            sender.send("GET", "/x", purpose="test")
    assert [round(after - before, 3) for before, after in itertools.pairwise(started)] == [0.1, 0.1, 0.2]


@pytest.mark.parametrize(("statuses", "reason"), [((429,), "429"), ((503,), "503")])
def test_a_server_that_keeps_holding_off_is_left_alone(monkeypatch: pytest.MonkeyPatch, statuses: tuple[int], reason: str) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with Client("http://h", transport=from_memory(answering(*statuses)), rate=math.inf) as sender:
        for _ in range(IN_A_ROW):
            sender.send("GET", "/x", purpose="test")
        with pytest.raises(CannotTell) as cannot:
            sender.send("GET", "/x", purpose="test")
    assert reason in cannot.value.reason.en


def test_a_dead_server_is_asked_no_more() -> None:
    with raw_server(reset) as base_url, client(base_url) as sender:
        assert {sender.send("GET", "/x", purpose="test").error for _ in range(IN_A_ROW)} == {"reset"}
        for _ in range(2):
            with pytest.raises(CannotTell, match="no-answer"):
                sender.send("GET", "/x", purpose="test")


def test_the_budget_is_an_end() -> None:
    transport = from_memory(answering(200))
    with Client("http://h", transport=transport, rate=math.inf, budget=Budget(max_requests=2)) as sender:
        assert [sender.send("GET", "/x", purpose="test").id for _ in range(2)] == ["x0001", "x0002"]
        assert sender.cut_short is None
        with pytest.raises(CannotTell, match="budget-spent"):
            sender.send("GET", "/x", purpose="test")
        assert sender.cut_short == say("errors.budget-spent")


def test_no_wait_is_longer_than_the_time_left() -> None:
    transport = from_memory(answering(429, retry_after="50"))
    with (
        Client("http://h", transport=transport, rate=math.inf, budget=Budget(max_time=5)) as sender,
        pytest.raises(CannotTell, match="budget-spent"),
    ):
        sender.send("GET", "/x", purpose="test")
