"""Which API do these tests put questions to? One that exists in memory, and answers as a test says."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import orjson
import pytest

from apicheck import openapi
from apicheck.answers import Tally, ask
from apicheck.model import Evidence, Source
from apicheck.probe import Client, LiveApi, Watcher, question, reach
from apicheck.probe.client import Reply, from_memory

BASE_URL = "https://api.example.nl/v1"
HEADERS = (("Server", "api"), ("Date", "Thu, 01 Jan 2026 00:00:00 GMT"))

Answer = Mapping[str, Any]
Answers = Mapping[str, Answer]
"""By request, such as ``GET /gebouwen?pagina=x``: status, headers, body. A path without query stands for every other query."""


def reply(status: int, body: Any = None, **headers: str) -> Answer:
    return {"status": status, "headers": {name.replace("_", "-"): value for name, value in headers.items()}, "body": body}


def problem(status: int, **headers: str) -> Answer:
    body = {"status": status, "title": "Fout", "detail": "Dit gaat niet."}
    return reply(status, body, **{"Content_Type": "application/problem+json", **headers})


def get(schema: Any = None, *parameters: dict[str, Any]) -> dict[str, Any]:
    """Return a documented GET that answers 200 with this schema."""
    content = {"application/json": {"schema": schema}} if schema else {"application/json": {}}
    return {"get": {"parameters": list(parameters), "responses": {"200": {"description": "ok", "content": content}}}}


def parameter(name: str, location: str = "query", /, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "required": required or location == "path", "schema": schema}


def describe(paths: Mapping[str, Any], **more: Any) -> openapi.Document:
    root = {"openapi": "3.0.3", "info": {"title": "Gebouwen", "version": "1.0.0"}, "paths": paths, **more}
    return openapi.parse(orjson.dumps(root), "openapi.json")


class Api:
    """An API in memory. ``asked`` tells what it was asked, in order, as ``GET /gebouwen``."""

    def __init__(self, document: openapi.Document, answers: Answers) -> None:
        self.document = document
        self.answers = answers
        self.asked: list[str] = []

    def answer(self, method: str, url: str) -> Reply:
        target = url.removeprefix(BASE_URL) if url.startswith(BASE_URL) else url
        self.asked.append(f"{method} {target}")
        for request in (f"{method} {target}", f"{method} {target.partition('?')[0]}", f"{method} *", "*"):
            if request in self.answers:
                answer = self.answers[request]
                break
        else:
            answer = problem(404) if method in {"GET", "HEAD"} else problem(405, Allow="GET")
        body = answer["body"]
        text = b"" if body is None or method == "HEAD" else body if isinstance(body, bytes) else orjson.dumps(body)
        headers = dict(HEADERS) | {"Content-Type": "application/json"} | answer["headers"]
        return answer["status"], [(name, value) for name, value in headers.items() if value], text

    def client(self) -> Client:
        return Client(BASE_URL, rate=math.inf, transport=from_memory(self.answer))


Bring = Callable[..., LiveApi]


@pytest.fixture
def bring() -> Iterator[Bring]:
    """Bring an API to life: its paths as documented, and its answers."""
    with ExitStack() as stack:

        def live(paths: Mapping[str, Any], answers: Answers, **more: Any) -> LiveApi:
            api = Api(describe(paths, **more), answers)
            return reach(api.document, stack.enter_context(api.client()))

        yield live


def put(name: str, live: LiveApi) -> Evidence:
    """Put one question, or look with one response check at what the preflight brought."""
    if name not in question:
        (evidence,) = Watcher([name], live).evidence()
        return evidence
    tally = Tally(name, Source.PROBE)
    ask(tally, question[name], live)
    return tally.evidence(live.locate)
