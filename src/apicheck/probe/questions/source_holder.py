"""Can data be used at the source: found by a filter, read to the last page, and referred to by its address?

For the profile Common Ground. Only collections that answered are asked, and only as far as a guest may go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.openapi import Parameter
from apicheck.probe.collections import NOT_READ, Pages, is_below, items_of, link_to_itself, members, same_resource, total_of
from apicheck.probe.live import LiveApi, Reached, doubt, json_body, named
from apicheck.probe.registry import question

_FILTERS = 3
"""Filters of one collection that are tried."""


@question("filters-filter")
def filters_filter(api: LiveApi) -> Iterator[Answer]:
    """Has every result of a filter the value that was asked for? /cg/b1.

    A filter is a query parameter that is called as a member of the resources in the list. The value is one that some of these
    have and others have not; where all are alike, a filter cannot be told from none. A value that holds the one asked for
    counts as well, for a filter on text may look for a part.
    """
    for reached in api.reached.values():
        items = items_of(json_body(reached.exchange))
        tried = 0
        for parameter in reached.operation.parameters:
            named = any(_text(members(item).get(parameter.name)) for item in items)
            if parameter.location != "query" or tried == _FILTERS or not named:
                continue
            tried += 1
            value = _telling(parameter, items)
            yield _filtered(api, reached, parameter, value) if value else _untried(reached, parameter)


def _telling(parameter: Parameter, items: list[Any]) -> str | None:
    """Return a value of the member that a filter is called after, of which it shows whether the filter works."""
    values = list(dict.fromkeys(_text(members(item).get(parameter.name)) for item in items))
    usable = [value for value in values if value]
    return usable[0] if usable and len(values) > 1 else None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else ""


def _untried(reached: Reached, parameter: Parameter) -> Unsure:
    return Unsure("probe.filter-not-tried", request=reached.operation.name, parameter=parameter.name)


def _filtered(api: LiveApi, reached: Reached, parameter: Parameter, value: str) -> Answer:
    exchange = api.again(reached, "filters-filter", query={parameter.name: value})
    if unsure := doubt(exchange):
        return unsure
    body = json_body(exchange)
    about: dict[str, Any] = {"request": reached.operation.name, "parameter": parameter.name, "status": exchange.status}
    if exchange.status != 200 or body is None:
        return Unsure("probe.filter-unclear", **about)
    found = [_text(members(item).get(parameter.name)) for item in items_of(body)]
    others = sum(value.casefold() not in one.casefold() for one in found)
    if others:
        about |= {"others": others, "total": len(found)}
        return Fault("probe.filter-ignored", at=parameter.place, used_by=[reached.operation.name], exchange=exchange, **about)
    return None if found else Unsure("probe.filter-unclear", **about)


@question("pages-reach-end")
def pages_reach_end(api: LiveApi) -> Iterator[Answer]:
    """Can every collection be read to its last page, and is that as much as it says it holds? /cg/4b1, /cg/b1.

    Pages are followed by the link to the next one (in the body, or RFC 8288), else by the number of the page. A collection that
    says how much it holds must give that much. What changes meanwhile, or is more than a guest may ask for, cannot be told.
    """
    for reached in api.reached.values():
        if items_of(json_body(reached.exchange)):
            yield _read_to_the_end(api, reached)


def _read_to_the_end(api: LiveApi, reached: Reached) -> Answer:
    name = reached.operation.name
    seen, total, last = 0, total_of(json_body(reached.exchange)), reached.exchange
    for page in Pages(api, reached):
        if isinstance(page, str):
            return (
                Unsure(f"probe.{page}", request=name) if page in NOT_READ else Fault(f"probe.{page}", exchange=last, request=name)
            )
        if unsure := doubt(page):
            return unsure
        body = json_body(page)
        if page.status != 200 or body is None:
            return Fault("probe.page-broken", exchange=page, request=named(page), status=page.status)
        seen, last = seen + len(items_of(body)), page
    if total is None or seen == total:
        return None
    if total_of(json_body(last)) != total:
        return Unsure("probe.collection-moves", request=name)
    return Fault("probe.count-differs", exchange=last, request=name, total=total, seen=seen)


@question("self-links-lead-back")
def self_links_lead_back(api: LiveApi) -> Iterator[Answer]:
    """Does the address that a resource gives of itself lead to that resource? /cg/b2.

    One resource of every operation that answered. An address counts that fits a documented path of one resource, for an answer
    may hold addresses of other things; one of another host is not followed.
    """
    forms = [_form(operation.path) for operation in api.operations.values() if operation.path.endswith("}")]
    for reached in api.reached.values():
        body = json_body(reached.exchange)
        resource = next(iter(items_of(body)), body)
        link = link_to_itself(resource, reached.exchange.url)
        if link is None or not any(form.search(urlsplit(link).path) for form in forms):
            continue
        if not is_below(api.client.base_url, link):
            yield Unsure("probe.link-elsewhere", request=reached.operation.name)
            continue
        exchange = api.client.send("GET", link, headers=reached.headers, purpose="self-links-lead-back")
        yield _leads_back(exchange, resource, reached)


def _form(path: str) -> re.Pattern[str]:
    """Return what the paths of URLs end in that a documented path stands for."""
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", path))) + r"\Z")


def _leads_back(exchange: Exchange, resource: Any, reached: Reached) -> Answer:
    if unsure := doubt(exchange):
        return unsure
    about: dict[str, Any] = {"operation": reached.operation.name, "request": reached.operation.name, "status": exchange.status}
    if exchange.status != 200:
        return Fault("probe.link-dead", exchange=exchange, **about)
    if same_resource(resource, json_body(exchange), exchange.url):
        return None
    return Fault("probe.link-to-another", exchange=exchange, **about)


@question("not-modified-304")
def not_modified(api: LiveApi) -> Iterator[Answer]:
    """Does the ETag of an answer, sent back in If-None-Match, give 304? RFC 9110 §13.1.2, /cg/b3.

    200 with another ETag means that the answer changes by itself; that tells nothing.
    """
    for reached in api.reached.values():
        tag = reached.exchange.header("etag")
        if not tag:
            continue
        exchange = api.client.send(
            "GET",
            reached.exchange.url,
            headers=[*reached.headers, ("If-None-Match", tag)],
            operation=reached.operation.name,
            purpose="not-modified-304",
        )
        if unsure := doubt(exchange):
            yield unsure
        elif exchange.status == 304:
            yield None
        elif exchange.status == 200 and exchange.header("etag") == tag:
            yield Fault("probe.etag-ignored", exchange=exchange, request=reached.operation.name)
        else:
            yield Unsure("probe.etag-unclear", request=reached.operation.name, status=exchange.status)
