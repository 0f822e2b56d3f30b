"""What does the API answer to a path that it does not have?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.probe.live import LiveApi, Reached, doubt, fill, named
from apicheck.probe.registry import question

_NOWHERE = "/apicheck-no-such-path"
_UNKNOWN_IDS = (
    (re.compile(r"[0-9]+"), "999999999"),
    (re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), "00000000-0000-4000-8000-000000000000"),
    (re.compile(r".*", re.DOTALL), "apicheck-no-such-id"),
)
"""By the form of an id that exists: one of that form that hardly does."""
_NOT_THERE = frozenset({400, 404, 410, 422})


@question("trailing-slash-404")
def trailing_slash(api: LiveApi) -> Iterator[Answer]:
    """Does a path with a slash added give 404, and no redirect? /core/no-trailing-slash; the root is exempt.

    Another 4xx is not the 404 that the rule asks, so a fault as well. What a gateway answers, or a 5xx, tells nothing.
    """
    for reached in api.reached.values():
        path = reached.operation.path
        if path != "/" and not path.endswith("/"):
            yield _with_slash(api, reached)


def _with_slash(api: LiveApi, reached: Reached) -> Answer:
    exchange = api.again(reached, "trailing-slash-404", path_end="/")
    unsure = doubt(exchange)
    if unsure or exchange.status == 404:
        return unsure
    name, status = reached.operation.name, exchange.status or 0
    if status >= 500:
        return Unsure("probe.server-error", request=name, status=status)
    kind = "accepted" if status < 300 else "redirected" if status < 400 else "other"
    return Fault(f"probe.trailing-slash-{kind}", exchange=exchange, operation=name, request=name, status=status)


@question("unknown-path-404")
def unknown_path(api: LiveApi) -> Iterator[Answer]:
    """Does a path that is not documented give 404, and a resource that does not exist too? /core/http-response-code.

    For every kind of resource that answered, one with an id of the same form is asked that hardly exists. An id that is refused
    as malformed (400, 422) is right as well; what else comes is not judged, for perhaps it does exist. These are also the errors
    that an API makes itself, and not its framework, for the checks on errors to see. Only a success is a fault: another 4xx and a
    redirect may come from what stands before the API, and a page in HTML is what a web application answers to any path.
    """
    target = f"{api.root}{_NOWHERE}"
    if not any(_pattern(item.path).fullmatch(target) for item in api.view.path_items):
        yield _not_found(api.client.send("GET", target, purpose="unknown-path-404"))
    for reached in api.reached.values():
        if reached.path and _ask_unknown_id(api, reached).status in _NOT_THERE:
            yield None


@question("odd-id-no-server-error")
def odd_id(api: LiveApi) -> Iterator[Answer]:
    """Is an id with an apostrophe in it answered, or refused, and never with 5xx? For /core/http-response-code.

    A text that is not what an API hopes for is the fault of who sends it (RFC 9110 §15.5). That it breaks the API down, often
    shows that the text ends up in a query to a database.
    """
    for reached in api.reached.values():
        if not reached.path:
            continue
        *others, (last, value) = reached.path.items()
        exchange = _ask_id(api, reached, dict(others) | {last: f"{value}'"}, "odd-id-no-server-error")
        if exchange.status == 500:
            yield Fault("probe.odd-id", exchange=exchange, operation=reached.operation.name, request=reached.operation.name)
        else:
            yield doubt(exchange)


def _pattern(path: str) -> re.Pattern[str]:
    """Return what the paths look like that a documented path stands for."""
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", path))))


def _not_found(exchange: Exchange) -> Answer:
    status = exchange.status or 0
    if status in {404, 410}:
        return None
    if 200 <= status < 300 and exchange.media_type != "text/html":
        return doubt(exchange) or Fault("probe.unknown-path", exchange=exchange, status=status)
    return doubt(exchange) or Unsure("probe.unknown-path-unclear", request=named(exchange), status=status)


def _ask_unknown_id(api: LiveApi, reached: Reached) -> Exchange:
    *others, (last, value) = reached.path.items()
    values = dict(others) | {last: next(unknown for form, unknown in _UNKNOWN_IDS if form.fullmatch(value))}
    return _ask_id(api, reached, values, "unknown-path-404")


def _ask_id(api: LiveApi, reached: Reached, values: dict[str, str], purpose: str) -> Exchange:
    query = urlsplit(reached.url).query
    target = fill(reached.operation.path, values)
    return api.client.send(
        "GET",
        f"{target}?{query}" if query else target,
        headers=reached.headers,
        operation=reached.operation.name,
        purpose=purpose,
    )
