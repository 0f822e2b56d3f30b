"""Are the URIs of the resources written as the chapter on resources asks?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from apicheck.answers import Answer, Fault
from apicheck.lint.registry import check
from apicheck.lint.servers import urls
from apicheck.openapi import View

_KEBAB_CASE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TEMPLATE_EXPRESSION = re.compile(r"\{[^{}/]*\}")
_DOCUMENTATION = frozenset({"openapi.json", "openapi.yaml"})


@check("no-trailing-slash")
def no_trailing_slash(api: View) -> Iterator[Answer]:
    """Does every path end without a slash, the root excepted? /core/no-trailing-slash."""
    for item in api.path_items:
        if item.path.endswith("/") and item.path != "/":
            yield Fault("lint.trailing-slash", at=item.place, used_by=item.used_by, path=item.path)
        else:
            yield None


@check("path-segments-kebab-case")
def path_segments_kebab_case(api: View) -> Iterator[Answer]:
    """Is every segment of every path and of every base path in kebab-case? /core/path-segments-kebab-case.

    The last segment of a path may start with ``_`` (an operation) and may be the ``openapi.json`` that the standard itself
    asks for. What stands below ``/.well-known/`` is named by others (RFC 8615).
    """
    for item in api.path_items:
        wrong = _not_kebab_case(_named_segments(item.path))
        if wrong:
            yield Fault("lint.path-not-kebab-case", at=item.place, used_by=item.used_by, path=item.path, segments=_list(wrong))
        else:
            yield None
    for server in api.servers:
        wrong = _not_kebab_case([segment for url in urls(server) for segment in url.segments])
        if wrong:
            yield Fault("lint.base-path-not-kebab-case", at=server.place.child("url"), url=server.url, segments=_list(wrong))
        else:
            yield None


@check("server-urls-without-trailing-slash")
def server_urls_without_trailing_slash(api: View) -> Iterator[Answer]:
    """Does every base path end without a slash? A path is appended to it, so that a slash would stand twice (OAS, Paths Object)."""
    for server in api.servers:
        if any(url.segments and url.path.endswith("/") for url in urls(server)):
            yield Fault("lint.server-trailing-slash", at=server.place.child("url"), url=server.url)
        else:
            yield None


def _named_segments(path: str) -> list[str]:
    """The segments of a path as its author named them."""
    segments = path.removeprefix("/").removesuffix("/").split("/") if path.strip("/") else []
    if ".well-known" in segments:
        return segments[: segments.index(".well-known")]
    if segments and segments[-1] in _DOCUMENTATION:
        return segments[:-1]
    return [*segments[:-1], segments[-1].removeprefix("_")] if segments else []


def _not_kebab_case(segments: list[str]) -> list[str]:
    """The segments that are not in kebab-case, each once. The literal parts of a segment count, its parameters do not."""
    return [name for name in dict.fromkeys(segments) if not _KEBAB_CASE.fullmatch(_TEMPLATE_EXPRESSION.sub("0", name))]


def _list(segments: list[str]) -> str:
    return ", ".join(segment or "//" for segment in segments)
