"""Why does no documented GET answer?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from apicheck.answers import CannotTell
from apicheck.arrival import arrived
from apicheck.errors import TargetRefused
from apicheck.model import Exchange, Unreached
from apicheck.openapi import View
from apicheck.probe.client import Client

_PATHS_TRIED = 3
_BY_STATUS = {401: "no-access", 403: "no-access", 404: "not-found", 429: "not-now", 503: "not-now"}
_BY_ERROR = {
    "refused": "refused",
    "timed-out": "timed-out",
    "name-unknown": "name-unknown",
    "tls": "tls",
    "tls-untrusted": "tls-untrusted",
    "redirect-loop": "statuses",
}


def refusal(view: View, client: Client, tried: Sequence[Exchange], unreached: Sequence[Unreached]) -> TargetRefused:
    """Return the error that names the likeliest cause.

    Args:
        view: the operations as documented.
        client: used to see which base URL would have been right when every path is unknown.
        tried: the last answer of every GET that could be asked.
        unreached: every documented GET.
    """
    url = client.base_url
    if not unreached:
        return TargetRefused("not-testable-no-get")
    if not tried:
        return TargetRefused("not-testable-no-values", operation=unreached[0].operation)
    (cause, _), *_ = Counter(map(_cause, tried)).most_common(1)
    if cause == "not-found":
        better = better_base_url(view, client, [get.path for get in view.operations if get.method == "get" and "{" not in get.path])
        if better:
            return TargetRefused("not-testable-base-url", url=url, better=better)
    statuses = ", ".join(str(status) for status in sorted({exchange.status for exchange in tried if exchange.status}))
    return TargetRefused(f"not-testable-{cause}", url=url, statuses=statuses, count=len(tried))


def _cause(exchange: Exchange) -> str:
    if not arrived(exchange):
        return _BY_ERROR.get(exchange.error or "", "no-answer")
    status = exchange.status or 0
    return "page" if status < 300 else _BY_STATUS.get(status, "statuses")


def better_base_url(view: View, client: Client, paths: Sequence[str]) -> str | None:
    """Return a base URL on the same host under which one of the first of these paths does answer a GET with 2xx."""
    try:
        for base in dict.fromkeys(_other_base_urls(view, client.base_url)):
            for path in paths[:_PATHS_TRIED]:
                exchange = client.send("GET", f"{base}{path}", purpose="preflight")
                if arrived(exchange) and (exchange.status or 0) < 300 and exchange.media_type != "text/html":
                    return base
    except CannotTell:
        return None
    return None


def _other_base_urls(view: View, base_url: str) -> Iterator[str]:
    """Yield the usual mistakes mended: the version in base URL and path both, or in neither; the path of ``servers`` left out."""
    parts = urlsplit(base_url)
    origin, path = f"{parts.scheme}://{parts.netloc}", parts.path
    documented = [urlsplit(server.url).path.rstrip("/") for server in view.servers if "{" not in server.url]
    for candidate in (path.rpartition("/")[0], *documented, *(path + other for other in documented), *_versions(view, path), ""):
        if candidate != path:
            yield origin + candidate


def _versions(view: View, path: str) -> Iterable[str]:
    major = str(view.info.get("version", "")).partition(".")[0].lstrip("v")
    return (f"{path}/v{number}" for number in dict.fromkeys((major, "1", "2")) if number.isdecimal())
