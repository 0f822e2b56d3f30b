"""Where do the bytes of a document come from, and how many may there be?"""

from __future__ import annotations

import errno
import hashlib
import re
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, BinaryIO

from apicheck.errors import UnreadableDocument

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 64 * 1024 * 1024
"""Bytes that a document may have, all its files together. The largest public documents are below 15 MB."""
MOST_REDIRECTS = 3
LONGEST_WAIT = 60.0
"""Seconds that fetching a document may take in all; a single step may take a sixth of it."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


@dataclass(frozen=True)
class Source:
    """The bytes of a document as fetched, before anything is made of them.

    ``name`` is what the user gave, without a password. ``folder`` is where references to files may lead; None for a URL,
    for standard input and for bytes that came from a program. ``url`` is where the bytes came from in the end.
    """

    name: str
    data: bytes = field(repr=False)
    folder: Path | None = None
    url: str | None = None

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def shown_folder(self) -> str:
        """The folder of the file as seen from here; none when it is elsewhere: that is no reader's business."""
        if not self.folder:
            return ""
        folder = PurePath(self.name).parent
        if folder.is_absolute():
            here = Path.cwd()
            folder = folder.relative_to(here) if folder.is_relative_to(here) else PurePath()
        return "" if folder == PurePath() else folder.as_posix()


def read(spec: str, stdin_name: str | None = None) -> Source:
    """Read a document from a path, an http(s) URL, or standard input (``-``).

    ``stdin_name`` is the file that standard input stands for, as an editor has it before it is saved: it gives its name and
    its folder.

    Raises:
        UnreadableDocument: nothing could be read there, or more than ``MOST_BYTES``.
    """
    if spec == "-":
        name = stdin_name or spec
        return Source(name, _limited(sys.stdin.buffer, name), folder=Path(name).resolve().parent if stdin_name else None)
    if scheme := _SCHEME.match(spec):
        if scheme[1].lower() not in {"http", "https"}:
            raise UnreadableDocument("document-scheme", scheme=scheme[1])
        return _fetch(spec)
    return _open(spec)


def _limited(stream: BinaryIO, name: str) -> bytes:
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnreadableDocument("document-too-large", name=name, megabytes=MOST_BYTES // 2**20)
    return data


def _open(name: str) -> Source:
    try:
        path = Path(name)
        if path.is_dir():  # Windows would say that it is forbidden
            raise UnreadableDocument("document-is-a-directory", name=name)
        with path.open("rb") as stream:
            data = _limited(stream, name)
        return Source(name, data, folder=path.resolve().parent if path.is_file() else None)  # a pipe stands in no folder
    except FileNotFoundError as missing:
        raise UnreadableDocument("document-missing", name=name) from missing
    except PermissionError as refused:
        raise UnreadableDocument("document-forbidden", name=name) from refused
    except (OSError, RuntimeError, ValueError) as failure:  # RuntimeError: a loop of symbolic links; ValueError: a NUL in the path
        reason = errno.errorcode.get(failure.errno or 0, "") if isinstance(failure, OSError) else str(failure)
        raise UnreadableDocument("document-unreadable", name=name, error=reason) from failure


def _fetch(url: str) -> Source:
    import httpx  # only who reads from the network pays for it  # noqa: PLC0415

    try:
        asked = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise UnreadableDocument("document-url-invalid", url=url, error=error) from error
    name, deadline = _without_password(asked), time.monotonic() + LONGEST_WAIT
    try:
        with httpx.Client(timeout=LONGEST_WAIT / 6, headers={"Accept": "application/json, application/yaml, */*;q=0.5"}) as client:
            for _ in range(MOST_REDIRECTS + 1):
                with client.stream("GET", asked) as response:
                    if not response.has_redirect_location:
                        return Source(name, _received(response, name, deadline), url=_without_password(asked))
                    asked = _next(asked, response, name)
    except httpx.TimeoutException as late:
        raise UnreadableDocument("document-url-too-slow", url=name, seconds=int(LONGEST_WAIT)) from late
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as failure:  # ValueError: a host name that cannot be
        raise UnreadableDocument("document-url-unreachable", url=name, error=failure) from failure
    raise UnreadableDocument("document-url-redirects", url=name, most=MOST_REDIRECTS)


def _without_password(url: httpx.URL) -> str:
    return str(url.copy_with(userinfo=b""))


def _next(asked: httpx.URL, response: httpx.Response, name: str) -> httpx.URL:
    """Where a redirect leads to. Another host, or no encryption any more, is for the user to decide."""
    target = asked.join(response.headers["location"])
    if target.host != asked.host or target.scheme not in {"https", asked.scheme}:
        raise UnreadableDocument("document-url-elsewhere", url=name, target=_without_password(target))
    return target


def _received(response: httpx.Response, name: str, deadline: float) -> bytes:
    if response.status_code != 200:
        raise UnreadableDocument("document-url-status", url=name, status=response.status_code)
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > MOST_BYTES:
            raise UnreadableDocument("document-too-large", name=name, megabytes=MOST_BYTES // 2**20)
        if time.monotonic() > deadline:
            raise UnreadableDocument("document-url-too-slow", url=name, seconds=int(LONGEST_WAIT))
    return bytes(data)
