"""Does a check end honestly when the API, or the road to it, gives trouble?"""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from apicheck.demo import Example, running_example

from .conftest import Result, Run

Trouble = Callable[[BaseHTTPRequestHandler, int], bool]
"""Is told how many requests came before; answers itself and says so, or leaves the request to the API."""


@pytest.fixture(scope="module")
def good() -> Iterator[Example]:
    with running_example() as example:
        yield example


@contextmanager
def in_between(api: Example, trouble: Trouble) -> Iterator[str]:
    """Stand between client and API; yield the base URL to ask instead."""
    target = urlsplit(api.base_url)
    seen = [0]

    class Between(BaseHTTPRequestHandler):
        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.pass_on
            raise AttributeError(name)

        def pass_on(self) -> None:
            seen[0] += 1
            if trouble(self, seen[0]):
                return
            connection = http.client.HTTPConnection(target.hostname or "", target.port)
            connection.request(self.command, self.path, headers=dict(self.headers))
            answer = connection.getresponse()
            body = answer.read()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() != "transfer-encoding":
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Between)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{target.path}"
    finally:
        server.shutdown()
        server.server_close()


def answered(handler: BaseHTTPRequestHandler, status: int, *headers: tuple[str, str]) -> bool:
    handler.send_response_only(status)
    for name, value in (*headers, ("Content-Length", "0")):
        handler.send_header(name, value)
    handler.end_headers()
    return True


def gone(handler: BaseHTTPRequestHandler, count: int, after: int) -> bool:
    if count <= after:
        return False
    handler.close_connection = True
    handler.connection.close()
    return True


def slow(handler: BaseHTTPRequestHandler, count: int) -> bool:
    time.sleep(30)
    return answered(handler, 200)


TROUBLE: dict[str, tuple[Trouble, int]] = {
    "gone-at-once": (lambda handler, count: gone(handler, count, 0), 4),
    "gone-in-the-questions": (lambda handler, count: gone(handler, count, 12), 3),
    "gone-in-the-fuzzing": (lambda handler, count: gone(handler, count, 120), 3),
    "wrong-token": (lambda handler, count: answered(handler, 401, ("WWW-Authenticate", "Bearer")), 4),
    "answers-after-30-seconds": (slow, 4),
    "always-429": (lambda handler, count: answered(handler, 429, ("Retry-After", "1")), 4),
    "now-and-then-429": (lambda handler, count: count % 25 == 0 and answered(handler, 429, ("Retry-After", "0")), 3),
}


def check(run: Run, good: Example, url: str) -> Result:
    return run("check", str(good.document), "--url", url, "--max-time", "20", "--max-requests", "400", "--rate", "1000")


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_leaves_rules_open_with_a_reason(run: Run, good: Example, tmp_path: Path, name: str) -> None:
    trouble, code = TROUBLE[name]
    with in_between(good, trouble) as url:
        result = check(run, good, url)
    report = json.loads((tmp_path / "apicheck-report" / "report.json").read_text("utf-8"))
    assert result.code == code, result.out
    assert report["conclusion"] == "incomplete"
    assert [verdict["rule"] for verdict in report["verdicts"] if verdict["status"] == "fail"] == []
    live = [evidence for evidence in report["evidence"] if evidence["source"] == "probe"]
    assert all(evidence["reason"] for evidence in live if evidence["outcome"] == "unknown")
    if code == 4:
        assert report["run"]["stopped"]
        assert {evidence["outcome"] for evidence in live} == {"unknown"}
