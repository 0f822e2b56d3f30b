"""Is a document fetched from a server with care, and is it clear what went wrong when it was not?"""

import gzip
import socket
import sys
import time

import pytest

from apicheck import openapi
from apicheck.errors import UnreadableDocument
from apicheck.openapi import View, source
from tests.probe.servers import Handler, raw_server, saying

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
DOCUMENT = b'{"openapi": "3.0.3", "info": {}, "paths": {"/a": {"$ref": "paths.yaml"}}}'


def serving(body: bytes) -> Handler:
    return saying(OK + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def redirecting(target: str) -> Handler:
    """Send every request on, but the second one of the path that is meant."""

    def handle(connection: socket.socket, head: bytes) -> None:
        if head.startswith(b"GET /here "):
            serving(DOCUMENT)(connection, head)
        else:
            connection.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + target.encode() + b"\r\n\r\n")

    return handle


def refused(handle: Handler, path: str = "/openapi.json") -> UnreadableDocument:
    with raw_server(handle) as origin, pytest.raises(UnreadableDocument) as caught:
        openapi.load(origin + path)
    sentence = caught.value.explain().nl
    assert origin in sentence
    assert sentence.endswith(".")
    return caught.value


def test_a_document_on_a_server() -> None:
    with raw_server(serving(DOCUMENT)) as origin:
        document = openapi.load(f"{origin}/openapi.json")
    assert document.name == document.source.url == f"{origin}/openapi.json"
    assert document.source.folder is None
    location = document.locate(document.place("paths", "/a"))
    assert (location.file, location.line, location.column) == (f"{origin}/openapi.json", 1, 44)


def test_a_document_on_a_server_refers_to_no_file() -> None:
    with raw_server(serving(DOCUMENT)) as origin:
        document = View(openapi.load(f"{origin}/openapi.json")).document
    assert [broken.reason for broken in document.broken] == ["errors.ref-without-folder"]


def test_a_password_is_sent_and_never_shown() -> None:
    heads: list[bytes] = []

    def handle(connection: socket.socket, head: bytes) -> None:
        heads.append(head)
        serving(DOCUMENT)(connection, head)

    with raw_server(handle) as origin:
        document = openapi.load(origin.replace("//", "//jan:geheim@") + "/openapi.json")
    assert b"\r\nauthorization: basic amfuomdlagvpbq==\r\n" in heads[0].lower()
    assert "geheim" not in f"{document.name}{document.source!r}{document.source.url}"


def test_a_redirect_on_the_same_host_is_followed() -> None:
    with raw_server(redirecting("/here")) as origin:
        document = openapi.load(f"{origin}/there")
    assert document.name == f"{origin}/there"
    assert document.source.url == f"{origin}/here"


def test_a_redirect_to_another_host_is_not_followed() -> None:
    said = refused(redirecting("http://localhost:1/here"))
    assert said.message == "document-url-elsewhere"
    assert "http://localhost:1/here" in said.explain().en
    assert refused(redirecting("ftp://127.0.0.1/x")).message == "document-url-elsewhere"
    assert refused(redirecting("file:///etc/passwd")).message == "document-url-elsewhere"


def test_redirects_come_to_an_end() -> None:
    assert refused(redirecting("/there")).message == "document-url-redirects"


@pytest.mark.parametrize("status", [204, 304, 401, 404, 500])
def test_another_status_is_named(status: int) -> None:
    said = refused(saying(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status))
    assert (said.message, said.details["status"]) == ("document-url-status", status)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        OK + b"Content-Length: 100\r\n\r\nhalf",
        OK + b"Content-Encoding: gzip\r\n\r\nnot gzip",
        b"HTTP/1.1 302 Found\r\nLocation: http://x:y/\r\n\r\n",
    ],
)
def test_an_answer_that_is_none(answer: bytes) -> None:
    assert refused(saying(answer)).message == "document-url-unreachable"


def test_a_web_page_is_recognised() -> None:
    assert refused(serving(b"<!doctype html><title>Swagger UI</title>")).message == "document-markup"


def test_nobody_at_home() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/openapi.json"
    with pytest.raises(UnreadableDocument) as caught:
        openapi.load(url)
    assert caught.value.message == "document-url-unreachable"


@pytest.mark.parametrize("pieces", [0, 1_000], ids=["silence", "a trickle"])
def test_a_slow_server_is_not_waited_for(pieces: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LONGEST_WAIT", 0.6)

    def handle(connection: socket.socket, _head: bytes) -> None:
        if pieces:
            connection.sendall(OK + b"\r\n")
        for _ in range(pieces):
            connection.sendall(b" ")
            time.sleep(0.02)
        time.sleep(0.3)

    assert refused(handle).message == "document-url-too-slow"


def test_more_than_the_limit_is_not_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_BYTES", 10_000)
    assert refused(serving(b" " * 20_000)).message == "document-too-large"
    bomb = gzip.compress(b" " * 1_000_000)
    assert refused(saying(OK + b"Content-Encoding: gzip\r\n\r\n" + bomb)).message == "document-too-large"


def test_who_reads_a_file_loads_no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    assert openapi.parse(DOCUMENT, "openapi.json").version == "3.0"
    with pytest.raises(UnreadableDocument):
        openapi.load("no-such-file.json")
