"""What does the answer of a collection hold, and where does it go on?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from apicheck.model import Exchange
from apicheck.probe.live import LiveApi, Reached, json_body

MOST_PAGES = 50
"""Pages of one collection that are read."""
NOT_READ = frozenset({"too-many-pages", "page-elsewhere"})
"""Why a next page was not read that may well be right; any other reason is a fault of the collection."""
_TOTALS = ("count", "total", "totalCount", "totalElements", "totaal", "totaalAantal", "aantal", "numberMatched")
_NEXT = ("next", "volgende")
_PAGE_NUMBERS = frozenset({"page", "pagina", "paginanummer", "pagenumber"})
_OWN = ("url", "self", "href", "uri")
_IDS = ("uuid", "id", "identificatie", "identifier")
_LINK = re.compile(r"<([^>]*)>([^,<]*)")


def items_of(body: Any) -> list[dict[str, Any]]:
    """Return the resources that the answer of a collection lists: the body itself, else its first member that is such a list.

    Of HAL it is a list in ``_embedded``. Anything else is no collection.
    """
    holders = [body]
    if isinstance(body, dict):
        embedded = body.get("_embedded")
        holders = [*body.values(), *(embedded.values() if isinstance(embedded, dict) else ())]
    lists = (holder for holder in holders if isinstance(holder, list) and holder)
    return next((found for found in lists if all(isinstance(item, dict) and not _is_link(item) for item in found)), [])


def members(item: Any) -> dict[str, Any]:
    """Return the members of a resource, those in ``properties`` of a GeoJSON feature included (RFC 7946 §3.2)."""
    inner = item.get("properties") if isinstance(item, dict) else None
    return {**(item if isinstance(item, dict) else {}), **(inner if isinstance(inner, dict) else {})}


def total_of(body: Any) -> int | None:
    """Return how many resources a collection says that it holds; None when it does not say."""
    holders = [body, body.get("page")] if isinstance(body, dict) else []
    stated = (holder[name] for holder in holders if isinstance(holder, dict) for name in _TOTALS if name in holder)
    return next((value for value in stated if isinstance(value, int) and not isinstance(value, bool)), None)


def link_to_itself(resource: Any, base: str) -> str | None:
    """Return the address that a resource gives of itself, made absolute; None when it gives none."""
    found = _linked(resource, "self")
    if found is None and isinstance(resource, dict):
        found = next((resource[name] for name in _OWN if _is_address(resource.get(name))), None)
    return _absolute(base, found)


def is_below(base_url: str, link: str) -> bool:
    """Say whether an address is the base URL or lies below it."""
    return link == base_url or link.startswith(tuple(base_url + following for following in "/?"))


def same_resource(one: Any, other: Any, base: str) -> bool:
    """Say whether two representations are of the same resource: by their ids, else their addresses, else what both hold."""
    mine, theirs = members(one), members(other)
    for name in _IDS:
        if name in mine and name in theirs:
            return bool(mine[name] == theirs[name])
    links = [link_to_itself(resource, base) for resource in (one, other)]
    if all(links):
        return links[0] == links[1]
    shared = mine.keys() & theirs.keys()
    return bool(shared) and all(mine[name] == theirs[name] for name in shared)


class Pages:
    """The pages of a collection from the one that answered on; a text instead of a page says why there are no more."""

    def __init__(self, api: LiveApi, reached: Reached) -> None:
        self._api = api
        self._reached = reached
        self._number = next(
            (
                parameter.name
                for parameter in reached.operation.parameters
                if parameter.location == "query" and parameter.name.lower() in _PAGE_NUMBERS
            ),
            None,
        )

    def __iter__(self) -> Iterator[Exchange | str]:
        page, seen = self._reached.exchange, {self._reached.exchange.url}
        yield page
        for count in range(2, MOST_PAGES + 2):
            following = self._following(page, count)
            if following is None:
                return
            if following in seen:
                yield "pages-in-a-circle"
                return
            if count > MOST_PAGES or not is_below(self._api.client.base_url, following):
                yield "too-many-pages" if count > MOST_PAGES else "page-elsewhere"
                return
            seen.add(following)
            previous, page = (
                page,
                self._api.client.send(
                    "GET",
                    following,
                    headers=self._reached.headers,
                    operation=self._reached.operation.name,
                    purpose="pages-reach-end",
                ),
            )
            if self._by_number(previous) and self._ended(page):
                return
            if json_body(page) is not None and items_of(json_body(page)) == items_of(json_body(previous)):
                yield "page-repeated"
                return
            yield page

    def _following(self, page: Exchange, count: int) -> str | None:
        body = json_body(page)
        link = _linked(body, *_NEXT)
        if link is None and isinstance(body, dict):
            link = next((body[name] for name in _NEXT if _is_address(body.get(name))), None)
        if link is None:
            link = next((target for target, rest in _LINK.findall(page.header("link") or "") if _relation(rest) == "next"), None)
        if link is not None:
            return _absolute(page.url, link)
        if self._number is None or not self._by_number(page):
            return None
        parts = urlsplit(self._reached.exchange.url)
        query = [f"{name}={value}" for name, value in parse_qsl(parts.query) if name != self._number]
        return parts._replace(query="&".join([*query, f"{self._number}={count}"])).geturl()

    def _by_number(self, page: Exchange) -> bool:
        """Say whether a collection has pages without saying how it goes on: neither a next link nor a place for one."""
        body = json_body(page)
        told = isinstance(body, dict) and (any(name in body for name in (*_NEXT, "_links", "links")))
        return self._number is not None and not told and page.header("link") is None

    def _ended(self, page: Exchange) -> bool:
        """Say whether a page that was asked for by its number is beyond the last one."""
        return page.status in {400, 404} or (page.status == 200 and not items_of(json_body(page)))


def _linked(body: Any, *relations: str) -> Any:
    """Return the target of a link in HAL or in a list of links (RFC 8288)."""
    if not isinstance(body, dict):
        return None
    hal, listed = body.get("_links"), body.get("links")
    by_name = hal if isinstance(hal, dict) else {}
    targets = [by_name.get(relation) for relation in relations]
    links = (link for link in (listed if isinstance(listed, list) else ()) if isinstance(link, dict))
    targets += [link for link in links if link.get("rel") in relations]
    addresses = (target.get("href") if isinstance(target, dict) else target for target in targets)
    return next((address for address in addresses if address), None)


def _is_link(item: dict[str, Any]) -> bool:
    return "href" in item and "rel" in item


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and (value.startswith("/") or "://" in value)


def _relation(rest: str) -> str:
    found = re.search(r'rel="?([^";\s]+)', rest)
    return found[1] if found else ""


def _absolute(base: str, link: Any) -> str | None:
    if not isinstance(link, str) or not link:
        return None
    try:
        return urljoin(base, link)
    except ValueError:
        return None
