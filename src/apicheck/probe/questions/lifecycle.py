"""Is it known where the end of an operation or a version is announced, and when an old version ends?

For /core/deprecation-schedule and /core/transition-period; nothing here decides. Nobody leaves the host under test for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.openapi import Document, View
from apicheck.openapi.major import MAJOR
from apicheck.probe.live import LiveApi, doubt, read_document
from apicheck.probe.registry import question

_LINK: Final = re.compile(r"<([^>]*)>([^<]*)")
_END: Final = re.compile(r"rel\s*=\s*\"?[^\";]*\b(deprecation|sunset)\b", re.IGNORECASE)
_LONGEST: Final = 32_000_000
"""Bytes of a published document that are read."""
_MOST_MAJORS: Final = 2


@question("end-announced-where")
def end_announced_where(api: LiveApi) -> Iterator[Answer]:
    """Does the page answer that a response links to for its end? RFC 9745 §3, RFC 8594 §6.

    Every address is asked once, of a website elsewhere none.
    """
    pages = {page: reached.exchange for reached in api.reached.values() for page in _pages(reached.exchange)}
    for page, exchange in pages.items():
        if urlsplit(page)[:2] != urlsplit(api.client.base_url)[:2]:
            yield Unsure("probe.end-announced-elsewhere", request=exchange.operation)
            continue
        answer = api.client.send("GET", page, purpose="end-announced-where", authenticated=False)
        if 200 <= (answer.status or 0) < 400:
            yield None
        else:
            fault = Fault("probe.end-announced-nowhere", exchange=answer, operation=exchange.operation, status=answer.status)
            yield doubt(answer) or fault


def _pages(exchange: Exchange) -> Iterator[str]:
    for target, parameters in _LINK.findall(exchange.header("link") or ""):
        if _END.search(parameters):
            yield urljoin(exchange.url, target)


@question("old-majors-end")
def old_majors_end(api: LiveApi) -> Iterator[Answer]:
    """Are no more than two major versions published beside each other, and does the oldest of two say when it ends?

    Asked are the documents of two versions back and one ahead, where the base path holds a version. One counts when it is an
    OpenAPI document of another major version than the others: there are gateways that answer 200 to anything.
    """
    parts = urlsplit(api.client.base_url + api.root)
    segments = parts.path.split("/")
    place = next((index for index, segment in enumerate(segments) if MAJOR.fullmatch(segment)), None)
    if place is None:
        return
    major = int(segments[place].lstrip("vV"))
    published: dict[str, tuple[int, Exchange, Document]] = {}
    for other in (major - 2, major - 1, major + 1):
        path = "/".join([*segments[:place], f"v{other}", *segments[place + 1 :], "openapi.json"])
        if other < 1:
            continue
        exchange = api.client.send(
            "GET", urlunsplit(parts._replace(path=path)), purpose="old-majors-end", authenticated=False, most=_LONGEST
        )
        document = read_document(exchange)
        if isinstance(document, Document) and _major(document) not in {None, _major(api.document)}:
            published.setdefault(str(_major(document)), (other, exchange, document))
        else:
            yield None if exchange.status in {404, 410} else doubt(exchange)
    if len(published) >= _MOST_MAJORS:
        versions = ", ".join(sorted(f"v{number}" for number in (major, *(number for number, _, _ in published.values()))))
        yield Fault("probe.majors-too-many", exchange=next(iter(published.values()))[1], everywhere=True, versions=versions)
    for number, exchange, document in published.values():
        is_older = number < major
        answers = [exchange] if is_older else [api.published, *(found.exchange for found in api.reached.values())]
        told = any(map(_tells_end, answers)) or _tells_end_itself(document if is_older else api.document)
        old = f"v{min(number, major)}"
        yield None if told else Fault("probe.old-major-without-end", exchange=answers[0], everywhere=True, version=old)


def _major(document: Document) -> str | None:
    version = View(document).info.get("version")
    return version.lstrip("vV").partition(".")[0] if isinstance(version, str) else None


def _tells_end(exchange: Exchange) -> bool:
    return exchange.header("sunset") is not None or exchange.header("deprecation") is not None


def _tells_end_itself(document: Document) -> bool:
    """Say whether a document calls an operation deprecated: what goes as a whole, is so in its parts."""
    return any(operation.value.get("deprecated") is True for operation in View(document).operations)
