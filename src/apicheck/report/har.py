"""How does a developer open the recorded traffic in a tool of their own?

As HAR 1.2 (w3c.github.io/web-performance/specs/HAR). Lost: everything but the exchanges; and of those what the report does not
hold: the versions of HTTP, what was masked, and a body beyond its first 512 bytes. The log's comment says so. What HAR has no
name for stands in fields that start with an underscore, as it asks.

The evidence of a report is the same, a file for each finding that an exchange shows: so that a vendor can be handed one finding
with the traffic that shows it. A file is named after its own bytes, and made of ``report.json`` alone: whoever holds the report
can make the folder again and see that nothing in it was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from apicheck.model import Finding, Observation, RecordedExchange, RecordedMessage, Report
from apicheck.report._text import Language, lines, plain, utc
from apicheck.report.json_ import written
from apicheck.words import say

FILE = "report.har"
FOLDER = "evidence"
"""Where the evidence stands beside a report."""
NO_TIME = "1970-01-01T00:00:00Z"
"""HAR wants an instant, also where the report holds none."""
UNKNOWN = -1
"""What HAR writes for a size that is not known."""


def render(report: Report, language: Language) -> bytes:
    """Return the recorded exchanges in the order of the report."""
    return _log(report.tool, report.exchanges, say("report.loses-har").in_(language))


def evidence(report: Report) -> dict[str, bytes]:
    """Return the file of each finding and observation that a recorded exchange shows, by its name; the same in every language."""
    exchanges = {exchange.id: exchange for exchange in report.exchanges}
    seen = ((finding, check) for finding, check in _found(report) if finding.exchange in exchanges)
    contents = (_evidence(report.tool, finding, check, exchanges[str(finding.exchange)]) for finding, check in seen)
    return {_name(content): content for content in contents}


def evidence_name(tool: str, finding: Finding | Observation, check: str, exchange: RecordedExchange) -> str:
    """Return the name of the file of one finding; ``check`` is written as ``probe:trailing-slash-404``."""
    return _name(_evidence(tool, finding, check, exchange))


def _found(report: Report) -> Iterator[tuple[Finding | Observation, str]]:
    for established in report.evidence:
        yield from ((finding, f"{established.source}:{established.check}") for finding in established.findings)
    yield from ((seen, f"{seen.source}:{seen.check}") for seen in report.robustness)


def _evidence(tool: str, finding: Finding | Observation, check: str, exchange: RecordedExchange) -> bytes:
    loses, message = say("report.loses-har"), finding.message
    shown = {"id": finding.id, "check": check, "operation": finding.operation or "", "nl": message.nl, "en": message.en}
    return _log(tool, (exchange,), f"{loses.nl} {loses.en}", _finding={name: plain(value) for name, value in shown.items()})


def _name(content: bytes) -> str:
    return f"{sha256(content).hexdigest()}.har"


def _log(tool: str, exchanges: Iterable[RecordedExchange], comment: str, **own: object) -> bytes:
    name, _, version = tool.partition(" ")
    log = {
        "version": "1.2",
        "creator": {"name": plain(name), "version": plain(version)},
        "entries": [_entry(exchange) for exchange in exchanges],
        "comment": comment,
    }
    return written({"log": log | own})


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
