"""Which API is fuzzed in these tests? A real one on the loopback address, that does whatever a test says, and remembers it all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from apicheck import fuzz
from apicheck.budget import Budget
from apicheck.model import Evidence, Exchange, Observation
from apicheck.openapi import Document, parse

BUILDING = {"id": 7, "naam": "Stadhuis"}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Gebouwen", "version": "1.0.0"},
    "paths": {
        "/gebouwen": {
            "get": {
                "parameters": [{"name": "aantal", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}}],
                "responses": {
                    "200": {
                        "description": "de gebouwen",
                        "content": {
                            "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Gebouw"}}}
                        },
                    },
                    "400": {"description": "een fout in het verzoek"},
                },
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Gebouw"}}}},
                "responses": {"201": {"description": "gemaakt"}},
            },
        },
        "/gebouwen/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "responses": {
                    "200": {
                        "description": "het gebouw",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Gebouw"}}},
                    },
                    "404": {"description": "geen gebouw"},
                }
            },
            "delete": {"responses": {"204": {"description": "weg"}}},
        },
    },
    "components": {
        "schemas": {
            "Gebouw": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "integer"}, "naam": {"type": "string"}},
            }
        }
    },
}
LIST, ONE = "GET /gebouwen", "GET /gebouwen/{id}"


@dataclass(frozen=True, slots=True)
class Request:
    """What the server was asked. ``path`` is that below the base URL; ``query`` keeps the first value of each key."""

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers."""

    status: int = 200
    json: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[Request], Reply | None]
"""Says what the server answers; None to hang up without a word."""


def good(request: Request) -> Reply:
    """Answer as DOCUMENT promises."""
    if request.path == "/gebouwen":
        amount = request.query.get("aantal", "1")
        right = set(request.query) <= {"aantal"} and amount.isascii() and amount.isdigit() and 1 <= int(amount) <= 100
        return Reply(200, [BUILDING]) if right else Reply(400, {})
    return Reply(200, BUILDING) if request.path == "/gebouwen/7" else Reply(404, {})


class Api:
    """A running server: where it is, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.requests: list[Request] = []
        self.connections: set[int] = set()


@contextmanager
def serving(answer: Answer = good) -> Iterator[Api]:
    """Run a server that answers as the function says."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            pass

        def _any_method(self) -> None:
            url = urlsplit(self.path)
            request = Request(
                method=self.command,
                target=self.path,
                path=url.path.removeprefix("/v1"),
                query={key: values[0] for key, values in parse_qs(url.query, keep_blank_values=True).items()},
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("content-length", 0))),
            )
            api.requests.append(request)
            api.connections.add(self.client_address[1])
            reply = answer(request)
            if reply is None:
                self.close_connection = True
                return
            body = b"" if reply.json is None else json.dumps(reply.json).encode()
            headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **reply.headers}
            self.send_response(reply.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self._any_method
            raise AttributeError(name)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api = Api(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(slots=True)
class Seen:
    """A result, every exchange that was shown on the way, and how far the run said it was."""

    result: fuzz.FuzzResult
    exchanges: list[Exchange]
    progress: list[tuple[int, int]]

    def evidence(self, check: str) -> Evidence:
        """Return the evidence of one check."""
        return next(evidence for evidence in self.result.evidence if evidence.check == check)

    def observation(self, check: str, operation: str) -> Observation:
        """Return the one observation of a check on an operation."""
        (found,) = [seen for seen in self.result.observations if (seen.check, seen.operation) == (check, operation)]
        return found

    def reached(self) -> set[str | None]:
        """Return the operations that gave any answer."""
        return {exchange.operation for exchange in self.exchanges if exchange.status}

    def answered(self) -> set[str | None]:
        """Return the operations that answered 2xx."""
        return {exchange.operation for exchange in self.exchanges if exchange.status and exchange.status // 100 == 2}

    def observed(self) -> set[tuple[str, str | None]]:
        """Return what was observed: check and operation."""
        return {(observation.check, observation.operation) for observation in self.result.observations}

    def why(self, operation: str) -> str:
        """Return why an operation was not reached."""
        return next(unreached.reason.en for unreached in self.result.unreached if unreached.operation == operation)


def parsed(document: dict[str, Any]) -> Document:
    """Return a document as the fuzzer wants it."""
    return parse(json.dumps(document).encode(), "openapi.json")


def fuzzed(
    url: str,
    document: dict[str, Any] | Document = DOCUMENT,
    *,
    requests: int | None = 150,
    seconds: float = 60,
    values: Mapping[str, fuzz.Known] | None = None,
    **terms: Any,
) -> Seen:
    """Fuzz an API with a small budget and without a pause."""
    exchanges: list[Exchange] = []
    progress: list[tuple[int, int]] = []
    agreed = fuzz.Terms(base_url=url, budget=Budget(requests, seconds), **{"rate": 10_000, "request_timeout": 2.0, **terms})
    read = document if isinstance(document, Document) else parsed(document)
    result = fuzz.run(read, agreed, exchanges.append, progress=lambda done, of: progress.append((done, of)), values=values)
    return Seen(result, exchanges, progress)
