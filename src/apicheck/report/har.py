"""How does a developer open the recorded traffic in a tool of their own?

As HAR 1.2 (w3c.github.io/web-performance/specs/HAR). Lost: everything but the exchanges; and of those what the report does not
hold: the versions of HTTP, what was masked, and a body beyond its first 512 bytes. The log's comment says so. What HAR has no
name for stands in fields that start with an underscore, as it asks.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from apicheck.model import RecordedExchange, RecordedMessage, Report
from apicheck.report._text import Language, lines, plain, utc
from apicheck.report.json_ import written
from apicheck.words import say

FILE = "report.har"
NO_TIME = "1970-01-01T00:00:00Z"
"""HAR wants an instant, also where the report holds none."""
UNKNOWN = -1
"""What HAR writes for a size that is not known."""


def render(report: Report, language: Language) -> bytes:
    """Return the recorded exchanges in the order of the report."""
    name, _, version = report.tool.partition(" ")
    log = {
        "version": "1.2",
        "creator": {"name": plain(name), "version": plain(version)},
        "entries": [_entry(exchange) for exchange in report.exchanges],
        "comment": say("report.loses-har").in_(language),
    }
    return written({"log": log})


def _entry(exchange: RecordedExchange) -> dict[str, Any]:
    milliseconds = round(exchange.elapsed * 1000, 3)
    own = {"_id": exchange.id, "_sender": exchange.sender, "_operation": exchange.operation, "_error": exchange.error}
    return {
        "startedDateTime": utc(exchange.started) or NO_TIME,
        "time": milliseconds,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": plain(exchange.purpose),
        **{name: plain(value) for name, value in own.items() if value},
    }


def _request(exchange: RecordedExchange) -> dict[str, Any]:
    query = exchange.url.partition("#")[0].partition("?")[2]
    request: dict[str, Any] = {
        "method": plain(exchange.method),
        "url": plain(exchange.url),
        "queryString": [_pair(name, value) for name, value in parse_qsl(query, keep_blank_values=True, errors="replace")],
        **_message(exchange.request),
    }
    if exchange.request.body:
        request["postData"] = {"mimeType": _media_type(exchange.request), "text": _body(exchange.request)}
    return request


def _response(exchange: RecordedExchange) -> dict[str, Any]:
    content = {"size": exchange.response.body_size, "mimeType": _media_type(exchange.response), "text": _body(exchange.response)}
    redirect = _header(exchange.response, "location")
    return {
        "status": exchange.status or 0,
        "statusText": "",
        "content": content,
        "redirectURL": redirect,
        **_message(exchange.response),
    }


def _message(message: RecordedMessage) -> dict[str, Any]:
    headers = [_pair(name, value) for name, value in message.headers]
    return {"httpVersion": "", "cookies": [], "headers": headers, "headersSize": UNKNOWN, "bodySize": message.body_size}


def _pair(name: str, value: str) -> dict[str, str]:
    return {"name": plain(name), "value": plain(value)}


def _header(message: RecordedMessage, wanted: str) -> str:
    return next((plain(value) for name, value in message.headers if name.lower() == wanted), "")


def _media_type(message: RecordedMessage) -> str:
    return _header(message, "content-type")


def _body(message: RecordedMessage) -> str:
    return "\n".join(lines(message.body))
