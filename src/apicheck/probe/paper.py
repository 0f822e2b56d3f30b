"""What do the checks say of an API that exists on paper only?

The answers of such an API are a mapping, so a case of a rule needs no server and no network.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import orjson

from apicheck.budget import Budget
from apicheck.conform import Benchmark
from apicheck.conform.wire import ReferenceApi
from apicheck.errors import TargetRefused
from apicheck.model import Evidence, Outcome, Source
from apicheck.openapi import Document
from apicheck.probe.client import Client, Reply, from_memory_by_header
from apicheck.probe.preflight import reach
from apicheck.probe.questions import ask_questions, question
from apicheck.probe.responses import Watcher

_BASE_URL = "https://api.example.org/v1"
_KEY = ("Authorization", "Bearer on-paper")
_CONDITIONS = ("cookie", "if-none-match", "origin", "traceparent")


def on_paper(
    document: Document,
    paper: Mapping[str, Any],
    names: Sequence[str],
    budget: Budget | None = None,
    benchmark: Benchmark | None = None,
) -> tuple[Evidence, ...]:
    """Return what the checks with these names establish, in this order. Every question is asked, for the traffic that it gives.

    Args:
        document: what describes the API; ``https://api.example.org/v1`` stands for its base URL.
        paper: ``answers``, by method and URL without host, each with ``status``, ``headers`` and ``body``. One with a query goes
            before one without, which stands for every other query. ``not-found`` is the answer for a path that is not there,
            ``method-not-allowed`` for another method of a path that is. A key may end in a condition, and then goes before one
            without: ``without-key`` for a request that lacks the key which every other request has, ``cookie``, ``if-none-match``,
            ``origin`` and ``traceparent`` for one with that header.
        names: questions and response checks.
        budget: what may be asked in all; without limit when absent.
        benchmark: the document of the standard that the API is held against, if any.

    Raises:
        KeyError: no check has that name.
    """
    transport = from_memory_by_header(_Paper(document, paper).answer)
    with Client(_BASE_URL, headers=[_KEY], rate=math.inf, budget=budget, transport=transport) as client:
        try:
            live = reach(document, client)
        except TargetRefused as refused:
            reason = refused.explain()
            return tuple(Evidence(check=name, source=Source.PROBE, outcome=Outcome.UNKNOWN, reason=reason) for name in names)
        live.reference = ReferenceApi(benchmark, live.view) if benchmark else None
        watcher = Watcher([name for name in names if name not in question], live)
        client.listeners.append(watcher.see)
        asked = [evidence for evidence, _ in ask_questions(question, live)]
    by_name = {evidence.check: evidence for evidence in (*asked, *watcher.evidence())}
    return tuple(by_name[name] for name in names)


class _Paper:
    """A server of which every answer is written down."""

    def __init__(self, document: Document, paper: Mapping[str, Any]) -> None:
        self._document = orjson.dumps(document.root)
        self._answers: Mapping[str, Any] = paper["answers"]
        self._not_found = paper["not-found"]
        self._method_not_allowed = paper["method-not-allowed"]

    def answer(self, method: str, url: str, headers: Mapping[str, str]) -> Reply:
        """Return the answer to a request; HEAD gets that of GET, without its body (RFC 9110 §9.3.2)."""
        parts = urlsplit(url)
        asked = "GET" if method == "HEAD" else method
        conditions = [f" {name}" for name in _CONDITIONS if name in headers]
        conditions += [] if headers.get(_KEY[0]) == _KEY[1] else [" without-key"]
        for request, condition in product((f"{asked} {parts.path}?{parts.query}", f"{asked} {parts.path}"), (*conditions, "")):
            if request + condition in self._answers:
                return self._written(self._answers[request + condition], with_body=method != "HEAD")
        allowed = sorted({key.split(" ")[0] for key in self._answers if key.split(" ")[1].partition("?")[0] == parts.path})
        if allowed:
            return self._written(self._method_not_allowed, ("Allow", ", ".join(allowed)))
        return self._written(self._not_found)

    def _written(self, answer: Mapping[str, Any], *more: tuple[str, str], with_body: bool = True) -> Reply:
        headers = [(name, str(value)) for name, value in answer.get("headers", {}).items()]
        body = self._encoded(answer.get("body", "")) if with_body else b""
        return answer["status"], [*headers, *more], body

    def _encoded(self, body: Any) -> bytes:
        if body == {"document": True}:
            return self._document
        return body.encode() if isinstance(body, str) else orjson.dumps(body)
