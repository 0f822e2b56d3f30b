"""Does the API still do what a finding shows?

What was sent then is sent again: with what was masked put back from the credentials of the user, or not at all. A report holds no
secret, so nobody can send what they may not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from apicheck import probe
from apicheck.answers import Tally, ask
from apicheck.credentials import Keyring, Pass
from apicheck.errors import WrongUse
from apicheck.model import Exchange, Finding, Observation, RecordedExchange, Report, Source
from apicheck.openapi import Document

Headers = tuple[tuple[str, str], ...]

_MASK = re.compile(r"\[masked: (\d+)]")
_MADE_ANEW = frozenset({"host", "connection", "content-length", "user-agent", "accept-encoding", "transfer-encoding"})
"""Headers that the client makes itself."""
_PASSING = frozenset({"date", "age", "etag", "expires", "last-modified", "x-runtime"})
"""Headers that an answer may have once and not the next time."""


class Comparison(StrEnum):
    """What came of sending it again."""

    SAME = "same"
    GONE = "gone"
    DIFFERENT = "different"
    """The API answers otherwise now; whether that is right, a new run can tell."""
    UNKNOWN = "unknown"
    """There was no answer."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """The exchange of a finding then and now, and what that comes to."""

    then: RecordedExchange
    now: Exchange
    comparison: Comparison


def exchange_of(report: Report, finding: str) -> tuple[Finding | Observation, str, RecordedExchange]:
    """Return a finding or observation by its id, the check that found it, and the exchange that shows it.

    Raises:
        WrongUse: the report has no such finding, or no exchange shows it.
    """
    found: dict[str, tuple[Finding | Observation, str]] = {
        item.id: (item, f"{evidence.source}:{evidence.check}") for evidence in report.evidence for item in evidence.findings
    }
    found |= {seen.id: (seen, f"{seen.source}:{seen.check}") for seen in report.robustness}
    if finding not in found:
        raise WrongUse("finding-unknown", finding=finding)
    item, check = found[finding]
    exchange = next((exchange for exchange in report.exchanges if exchange.id == item.exchange), None)
    if exchange is None:
        raise WrongUse("finding-without-exchange", finding=finding)
    return item, check, exchange


def replay(
    report: Report,
    finding: str,
    client: Callable[..., probe.Client],
    *,
    keyring: Keyring,
    headers: Headers = (),
    document: Document | None = None,
) -> Replayed:
    """Send the exchange of a finding again, and lay the answer beside that of then.

    Args:
        report: the report with the finding.
        finding: its id.
        client: makes the client, which knows what may be sent; is given what it takes to be known, or nothing for a stranger.
        keyring: the credentials.
        headers: those that the client sends along when we are known.
        document: what describes the API; with it, a check that looks at one answer is put to the new one.

    Raises:
        WrongUse: there is no such finding or exchange, or something of it was masked that cannot be put back.
        CannotTell: it may not be sent, or no token could be had.
    """
    item, check, then = exchange_of(report, finding)
    with client() as sender:
        target = then.url.removeprefix((report.subject.url or "").rstrip("/"))
        url = target if not target.startswith("/") else sender.base_url + target
        shown = keyring.show(then.method, url)
        known = _was_known(then, shown, headers)
        now = sender.send(
            then.method,
            _without_masks(url, shown, finding),
            headers=[*_restored(then, shown, headers, finding)],
            content=_body(then, finding),
            operation=then.operation,
            purpose=then.purpose,
            authenticated=known,
        )
        if now.status is None:
            return Replayed(then, now, Comparison.UNKNOWN)
        rechecked = _rechecked(item, check, now, document, sender) if document else None
    return Replayed(then, now, rechecked or _compared(then, now, keyring))


def _was_known(then: RecordedExchange, shown: Pass, given: Headers) -> bool:
    """Say whether the request was sent as us: where there is a credential that would show, one was masked."""
    names = {name.lower() for name, _ in (*shown.all_headers, *given)}
    masked = any(name.lower() in names and _MASK.search(value) for name, value in then.request.headers)
    in_query = any(f"{name}=" in then.url for name, _ in shown.query)
    return masked or in_query or not (names or shown.query)


def _without_masks(url: str, shown: Pass, finding: str) -> str:
    """Return a URL without the keys that were masked in it; these are put back when it is sent."""
    before, mark, query = url.partition("?")
    keys = {name for name, _ in shown.query}
    kept = [pair for pair in query.split("&") if unquote(pair.partition("=")[0]) not in keys or not _MASK.search(unquote(pair))]
    restored = f"{before}{mark}{'&'.join(kept)}" if kept and query else before
    if _MASK.search(unquote(restored)):
        raise WrongUse("replay-masked", finding=finding, part=f"URL {urlsplit(url).path}")
    return restored


def _restored(then: RecordedExchange, shown: Pass, given: Headers, finding: str) -> list[tuple[str, str]]:
    """Return the headers that are to be sent on top of what the client and the credentials bring."""
    own = {name.lower(): value for name, value in (*given, *shown.all_headers)}
    headers = []
    for name, value in then.request.headers:
        key = name.lower()
        if key in _MADE_ANEW:
            continue
        mask = _MASK.search(value)
        if mask is None:
            headers.append((name, value))
        elif key not in own or (not shown.tokens and int(mask[1]) != len(own[key])):  # none, or a wrong one, on purpose
            raise WrongUse("replay-masked", finding=finding, part=name)
    return headers


def _body(then: RecordedExchange, finding: str) -> bytes:
    body = then.request.body.encode()
    if _MASK.search(then.request.body) or len(body) != then.request.body_size:
        raise WrongUse("replay-masked", finding=finding, part="body")
    return body


def _rechecked(
    item: Finding | Observation, check: str, now: Exchange, document: Document, client: probe.Client
) -> Comparison | None:
    """Put the check that found it to the new answer; None when it is none that looks at one answer, or it cannot tell."""
    source, _, name = check.partition(":")
    if source != Source.PROBE or name not in probe.response_check:
        return None
    live = probe.LiveApi(document, client, (), (), ())
    tally = Tally(name, Source.PROBE, document.place().file)
    ask(tally, probe.response_check[name], now, live)
    found = tally.evidence(live.locate)
    if any(other.id == item.id for other in found.findings):
        return Comparison.SAME
    return Comparison.GONE if found.examined and found.reason is None else None


def _compared(then: RecordedExchange, now: Exchange, keyring: Keyring) -> Comparison:
    """Lay two answers side by side: their status, the headers they have, and the shape of what they say."""
    again = probe.redact(now, keyring.secrets)
    if (then.status or 0) >= 500 > (again.status or 0):
        return Comparison.GONE
    alike = then.status == again.status and _names(then) == _names(again) and _shape(then) == _shape(again)
    return Comparison.SAME if alike else Comparison.DIFFERENT


def _names(exchange: RecordedExchange) -> set[str]:
    return {name.lower() for name, _ in exchange.response.headers} - _PASSING


def _shape(exchange: RecordedExchange) -> Any:
    """Return what an answer says without its values: the members of its JSON, else its media type."""
    try:
        body = orjson.loads(exchange.response.body)
    except orjson.JSONDecodeError:  # cut off after its first bytes, or no JSON
        return next((value for name, value in exchange.response.headers if name.lower() == "content-type"), "")
    return sorted(body) if isinstance(body, dict) else type(body).__name__
