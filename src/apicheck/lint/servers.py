"""Which URLs does a Server Object stand for?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from apicheck.lint.nodes import mapping, sequence
from apicheck.openapi import Server

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Hosts that are the machine itself, so that no network is crossed."""
_URL = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)")  # RFC 3986, appendix B; matches any text
_VARIABLE = re.compile(r"\{([^{}]*)\}")


class Url(NamedTuple):
    """The parts of a server URL that the rules speak of. Scheme and authority are empty in a relative URL."""

    text: str
    scheme: str
    authority: str
    path: str

    @property
    def segments(self) -> list[str]:
        """The segments of the base path, without what only says "here" or "up" in a relative reference (RFC 3986, 3.3)."""
        return [segment for segment in self.path.split("/") if segment not in {"", ".", ".."}]

    @property
    def host(self) -> str:
        """The host in lower case, without user information and port."""
        host = self.authority.rpartition("@")[2].lower()
        return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def split(text: str) -> Url:
    """Take a URL apart. Never fails: what comes from a document may be anything."""
    scheme, authority, path = _URL.match(text).groups(default="")  # type: ignore[union-attr]  # every part of it is optional
    return Url(text, scheme.lower(), authority, path)


def urls(server: Server) -> list[Url]:
    """Return the URLs that a server stands for, each once.

    Every variable takes its default and each value of its enum, the others keeping their default: a walk through all
    combinations would grow without bound and tell nothing more. A variable without a definition stays as it stands.
    """
    return [split(text) for text in dict.fromkeys(_expansions(server))]


def _expansions(server: Server) -> Iterator[str]:
    defined = {name: mapping(value) for name, value in mapping(server.value.get("variables")).items()}
    defaults = {name: value["default"] for name, value in defined.items() if isinstance(value.get("default"), str)}
    yield _filled_in(server.url, defaults)
    for name in dict.fromkeys(_VARIABLE.findall(server.url)):
        for value in sequence(defined.get(name, {}).get("enum")):
            yield _filled_in(server.url, {**defaults, name: str(value)})


def _filled_in(url: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), url)
