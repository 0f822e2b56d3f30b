"""May this request be sent?

The one decision that stands at the transport of probe and fuzz alike. Pure: it is told what was sent and answered, and knows no
library that sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote, unquote, urljoin, urlsplit

import orjson

from apicheck.answers import CannotTell
from apicheck.model import Exchange, Mode

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods that only read (RFC 9110 §9.2.1)."""
HARMLESS: Final = READS | {"PROPFIND", "TRACE"}
"""What may be sent to any API: also two methods that are safe (RFC 4918 §9.1, RFC 9110 §9.3.8) and that hardly any has."""

MOST: Final = 500
"""Objects that a run in mode ``safe-write`` has made and not yet removed at any time: it must be able to clean up."""

_OVERRIDES: Final = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
"""Headers that some servers take for the method: a GET that deletes."""
_VAGUE: Final = re.compile(r"%2e|%2f|%5c|\\|//|/\.{1,2}(?:/|$)", re.IGNORECASE)
"""What a server may read as another path than the one that was written (RFC 3986 §6.2.2.3)."""
_NO_SEGMENT: Final = re.compile(r"[\[\]?#]|^$")
"""What no segment of a path holds (RFC 3986 §3.3), such as that of a URL of which something was masked."""
_PARAMETER: Final = re.compile(r"\\\{[^}/]*\\\}")
_ENDS_IN_PARAMETER: Final = re.compile(r"/\{[^}/]*\}$")


class Leave:
    """What one run may send, and which objects it created itself.

    Reading is always allowed. In mode ``safe-write`` an object may be made where the document says that it can be deleted again,
    and only objects that this run made are changed or deleted. Mode ``full`` may do all that is documented.

    Args:
        base_url: where the paths of the document start.
        mode: what was agreed.
        creates: the paths of the document below which a POST may make an object; see ``removable``.
    """

    def __init__(self, base_url: str, mode: Mode = Mode.READ_ONLY, creates: Iterable[str] = ()) -> None:
        self.mode = mode
        self._url = base_url.rstrip("/")
        self._base = urlsplit(base_url).path.rstrip("/")
        self._creates = {path: re.compile(_PARAMETER.sub("[^/]+", re.escape(path))) for path in creates}
        self._gone: set[str] = set()
        self._there: set[str] = set()
        """Paths of objects that were there before: whatever a server says later, these are not ours."""
        self.own: list[str] = []
        """The URLs of the objects that this run created, in that order."""
        self.unplaced: list[str] = []
        """Requests that may have created something of which the answer did not say where it is."""
        self.trespasses: list[str] = []
        """Requests that were sent though they were not allowed: a fault of ours."""

    @property
    def left(self) -> tuple[str, ...]:
        """The objects that this run created and did not delete, in the order in which they are to be deleted: the last first."""
        return tuple(url for url in reversed(self.own) if url not in self._gone)

    def adopt(self, urls: Iterable[str]) -> None:
        """Take for ours what an earlier part of this run created; not what no POST that may create anything can have created."""
        for url in urls:
            collection, _, segment = url.rpartition("/")
            below = collection.startswith(f"{self._url}/") and segment.isprintable() and not _NO_SEGMENT.search(segment)
            if below and not _VAGUE.search(urlsplit(url).path) and self._creating(collection):
                self.own.append(url)

    def refusal(self, method: str, url: str, headers: Iterable[str] = ()) -> CannotTell | None:
        """Return why a request may not be sent; None when it may. ``headers`` are the names of those that go along."""
        if self.mode is Mode.FULL:
            return None
        if any(name.lower() in _OVERRIDES for name in headers):
            return CannotTell("errors.method-in-disguise", method=method)
        if method in HARMLESS:
            return None
        if self.mode is Mode.READ_ONLY:
            return CannotTell("errors.reads-only", method=method)
        if method == "POST" and len(self.left) >= MOST:
            return CannotTell("errors.made-enough", most=MOST)
        return None if self._is_own_business(method, url) else CannotTell("errors.not-our-object", method=method)

    def offers(self, method: str, path: str) -> bool:
        """Say whether there is any use in trying an operation of the document: its method, in capitals, and its path."""
        if method in READS or self.mode is Mode.FULL:
            return True
        return self.mode is Mode.SAFE_WRITE and method == "POST" and path in self._creates and "{" not in path

    def offers_on_own(self, method: str, path: str) -> bool:
        """Say whether there is any use in trying an operation on, or below, an object that this run made itself."""
        collections = [f"{created}/{{" for created in self._creates if "{" not in created]
        may = method != "POST" or path in self._creates
        return may and self.mode is Mode.SAFE_WRITE and path.startswith(tuple(collections))

    def made_above(self, path: str) -> list[str]:
        """Return the paths of the document that may make an object which another path leads to or below, the nearest first."""
        return sorted((created for created in self._creates if path.startswith(f"{created}/{{")), key=len, reverse=True)

    def worth_trying(self, method: str, path: str) -> bool:
        """Say whether there is any use in trying an operation, anywhere or on an object that this run made itself."""
        return self.offers(method, path) or self.offers_on_own(method, path)

    def see(self, exchange: Exchange) -> None:
        """Take in what was sent: what was created is ours from now on, and what should not have been sent is noted.

        This is the check on the guard: it judges what went over the wire, whoever sent it.
        """
        if self.refusal(exchange.method, exchange.url, (name for name, _ in exchange.request_headers)):
            self.trespasses.append(f"{exchange.method} {exchange.url}")
        if self.mode is Mode.READ_ONLY:
            return
        if exchange.method == "DELETE" and (exchange.status or 0) in {200, 202, 204, 404, 410}:
            self._gone.add(_bare(exchange.url))
        elif exchange.method == "GET" and _succeeded(exchange):
            self._there |= _shown(exchange) - {urlsplit(own).path for own in self.own}
        elif exchange.method == "POST" and _succeeded(exchange):
            self._take(exchange)

    def _take(self, exchange: Exchange) -> None:
        """Take what a POST created for ours. Where that is not sure, no more is created in that place."""
        made = created(exchange)
        if made in self.own:
            self._gone.discard(made)
        elif made and urlsplit(made).path not in self._there:
            self.own.append(made)
        elif path := self._creating(exchange.url):
            self.unplaced.append(f"POST {exchange.url}")
            del self._creates[path]

    def _is_own_business(self, method: str, url: str) -> bool:
        path = urlsplit(url).path
        if _VAGUE.search(path):
            return False
        in_own = any(path == own or path.startswith(f"{own}/") for own in (urlsplit(own).path for own in self.own))
        if method != "POST":
            return in_own
        creating = self._creating(url)
        return creating is not None and (in_own or "{" not in creating)

    def _creating(self, url: str) -> str | None:
        """Return the path of the document that a POST to this URL makes an object below; None when it should not make any."""
        below = urlsplit(url).path.removeprefix(self._base)
        return next((path for path, pattern in self._creates.items() if pattern.fullmatch(below)), None)


def removable(operations: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the paths with a POST below which one object can be deleted, from methods (in capitals) and paths."""
    known = set(operations)
    deletes = {path.rpartition("/")[0] for method, path in known if method == "DELETE" and _ENDS_IN_PARAMETER.search(path)}
    return tuple(sorted(path for method, path in known if method == "POST" and path in deletes))


def created(exchange: Exchange) -> str | None:
    """Return the URL of the object that a POST created (RFC 9110 §15.3.2); None when its answer does not say.

    The URL is that in ``Location``, else the link or the id in the body. It must be one segment below the URL of the request: a
    server that names anything else, names something that we may not touch.
    """
    if exchange.method != "POST" or exchange.status != 201:
        return None
    collection = _bare(exchange.url)
    body = _parsed(exchange)
    for link in (exchange.header("location"), *(_links(collection, body) if isinstance(body, dict) else ())):
        path = _path(exchange.url, link) if link else ""
        parent, _, segment = path.rpartition("/")
        if segment and parent == urlsplit(collection).path and not _VAGUE.search(path) and unquote(segment).isprintable():
            return f"{collection}/{segment}"
    return None


def _succeeded(exchange: Exchange) -> bool:
    return 200 <= (exchange.status or 0) < 300


def _shown(exchange: Exchange) -> set[str]:
    """Return the paths of the objects that the answer to a GET shows: that of the request, and one for every id or link in it."""
    paths = {urlsplit(_bare(exchange.url)).path}
    waiting: list[Any] = [_parsed(exchange)]
    while waiting:
        held = waiting.pop()
        if isinstance(held, list):
            waiting += held
        elif isinstance(held, dict):
            waiting += held.values()
            paths |= {_path(exchange.url, link) for link in _links(_bare(exchange.url), held)}
    return paths


def _path(base: str, link: str) -> str:
    """Return the path that a link leads to; empty when it is no link."""
    try:
        return _bare(urlsplit(urljoin(base, link)).path)
    except ValueError:
        return ""


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].rstrip("/")


def _parsed(exchange: Exchange) -> Any:
    try:
        return orjson.loads(exchange.body)
    except orjson.JSONDecodeError:
        return None


def _links(collection: str, item: dict[str, Any]) -> list[str]:
    """Return the links of an object to itself, and those that its ids would make in the collection."""
    hal = item.get("_links")
    own = hal.get("self") if isinstance(hal, dict) else None
    links = [item.get("url"), item.get("self"), own.get("href") if isinstance(own, dict) else own]
    ids = [value for value in (item.get("id"), item.get("uuid")) if isinstance(value, str | int) and not isinstance(value, bool)]
    links += [f"{collection}/{quote(str(value), safe='')}" for value in ids if str(value) not in {"", ".", ".."}]
    return [link for link in links if isinstance(link, str)]
