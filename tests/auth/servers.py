"""Which API do these tests log in to? Real servers on the loopback address: one that gives tokens, one that asks for them."""

from __future__ import annotations

import json
import ssl
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What a server was asked. ``peer`` is the name in the key with which the client proved itself in the TLS handshake."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    form: Mapping[str, str]
    peer: str | None

    @property
    def bearer(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


Reply = tuple[int, Any] | tuple[int, Any, Mapping[str, str]]
"""A status, what is said as JSON, and headers."""
Answer = Callable[[Request], Reply]


@contextmanager
def serving(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run a server that answers as told, with JSON; yield its origin."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("latin-1")
            peer: Any = self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else None
            names = [value for group in (peer or {}).get("subject", ()) for name, value in group if name == "commonName"]
            pairs = (part.strip().partition("=") for part in self.headers.get("Cookie", "").split(";"))
            status, told, *more = answer(
                Request(
                    self.command,
                    parts.path,
                    {name: values[0] for name, values in parse_qs(parts.query).items()},
                    {name.lower(): value for name, value in self.headers.items()},
                    {name: value for name, _, value in pairs if name},
                    {name: values[0] for name, values in parse_qs(body).items()},
                    names[0] if names else "?" if peer else None,
                )
            )
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if status < 400 else "application/problem+json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in (more[0] if more else {}).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = answer  # noqa: N815  # names of http.server

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of http.server
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up, or a handshake that fails, is what these tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(slots=True)
class TokenServer:
    """An OAuth server (RFC 6749 §4.4): gives a token for a client that proves itself with its secret, or as ``proved`` says."""

    secret: str = "geheim van de client"  # noqa: S105  # of a server that lives as long as a test
    lifetime: float | None = 3600
    proved: Callable[[Request], bool] | None = None
    given: list[tuple[str, str]] = field(default_factory=list)
    """Each token that was given, with its scope."""
    valid: set[str] = field(default_factory=set)

    def answer(self, request: Request) -> Reply:
        kind, _, pair = request.headers.get("authorization", "").partition(" ")
        client, _, secret = b64decode(pair).decode().partition(":") if kind == "Basic" else ("", "", "")
        known = self.proved(request) if self.proved else (client, unquote(secret)) == ("apicheck", self.secret)
        if request.form.get("grant_type") != "client_credentials" or not known:
            return 401, {"error": "invalid_client"}
        token = f"token-nummer-{len(self.given) + 1}"
        self.given.append((token, request.form.get("scope", "")))
        self.valid = {token}
        return 200, {"access_token": token, "token_type": "Bearer"} | ({"expires_in": self.lifetime} if self.lifetime else {})


def document(schemes: Mapping[str, Any], security: Any, **paths: Any) -> dict[str, Any]:
    """Return the document of an API of which everything asks for these credentials."""
    got = {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}}
    described = {"/gebouwen": {"get": {"responses": got | {"401": {"description": "wie bent u"}}}}, **paths}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Gebouwen", "version": "1.0.0"},
        "paths": described,
        "security": security,
        "components": {"securitySchemes": schemes},
    }
