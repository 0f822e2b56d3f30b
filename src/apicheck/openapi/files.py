"""Which files may a document be spread over, and what do they say?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from apicheck.errors import UnreadableDocument
from apicheck.openapi.positions import Positions
from apicheck.openapi.reading import Content, content
from apicheck.openapi.source import MOST_BYTES, Source

MOST_FILES = 5_000
"""Files that one document may be spread over. The largest public one has 2,849."""


class CannotFollow(Exception):
    """A reference leads nowhere, or where apicheck does not go. ``reason`` is an id in ``words/errors.yaml``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Files:
    """The entry file of a document and what it refers to, each read once. Files are named relative to the entry's folder.

    Nothing outside that folder is opened, nothing is fetched from the network, and only regular files are read.
    """

    def __init__(self, source: Source) -> None:
        self._folder = source.folder
        self.entry = Path(source.name).resolve().name if source.folder else source.name
        self._contents = {self.entry: content(source.data, source.name)}
        self._refused: dict[str, str] = {}
        self._positions: dict[str, Positions] = {}
        self._bytes_left = MOST_BYTES - len(source.data)

    def root(self, file: str) -> object:
        """Return what a file says that was read before."""
        return self._contents[file].root

    def mentioning(self, text: str) -> Iterator[tuple[str, object]]:
        """Yield the files read before in whose text this stands, each with what it says."""
        return ((name, read.root) for name, read in self._contents.items() if text.encode() in read.text)

    def content(self, file: str) -> Content:
        """Return a file that was read before, as it was read."""
        return self._contents[file]

    @property
    def read(self) -> tuple[str, ...]:
        """The files that were read before, by name."""
        return tuple(self._contents)

    def positions(self, file: str) -> Positions:
        """Return where everything stands in a file that was read before."""
        if file not in self._positions:
            self._positions[file] = self._contents[file].positions
        return self._positions[file]

    def refer(self, reference: str, file: str) -> str:
        """Return the file that a URI reference without fragment leads to from another file, read and ready.

        Raises:
            CannotFollow: it leads to another host, out of the folder, to no regular file, or to one that cannot be read.
        """
        path = self._path(reference, file)
        name = path.relative_to(self._folder or "").as_posix()
        if name in self._refused:
            raise CannotFollow(self._refused[name])
        if name not in self._contents:
            try:
                self._contents[name] = self._read(path, name)
            except CannotFollow as refusal:
                self._refused[name] = refusal.reason
                raise
        return name

    def _path(self, reference: str, file: str) -> Path:
        """Where a reference leads to on disk, symbolic links followed (RFC 3986, 5)."""
        try:
            parts = urlsplit(reference)
            relative = unquote(parts.path, errors="strict")
        except ValueError as error:  # an IPv6 address without end, or bytes that are no UTF-8
            raise CannotFollow("ref-malformed") from error
        if parts.scheme or parts.netloc:
            raise CannotFollow("ref-elsewhere")
        if self._folder is None:
            raise CannotFollow("ref-without-folder")
        if PurePosixPath(relative).is_absolute() or Path(relative).is_absolute():
            raise CannotFollow("ref-outside-folder")
        try:
            path = (self._folder / file).parent.joinpath(relative).resolve()
        except (OSError, RuntimeError, ValueError) as error:  # a loop of symbolic links, a NUL
            raise CannotFollow("ref-malformed") from error
        if not path.is_relative_to(self._folder):
            raise CannotFollow("ref-outside-folder")
        return path

    def _read(self, path: Path, name: str) -> Content:
        try:
            if not path.exists():
                raise CannotFollow("ref-file-missing")
            if not path.is_file():
                raise CannotFollow("ref-no-file")
            with path.open("rb") as stream:
                data = stream.read(self._bytes_left + 1)
            if len(data) > self._bytes_left or len(self._contents) >= MOST_FILES:
                raise CannotFollow("ref-too-much")
            self._bytes_left -= len(data)
            return content(data, name)
        except PermissionError as error:
            raise CannotFollow("ref-file-forbidden") from error
        except (OSError, UnreadableDocument) as error:
            raise CannotFollow("ref-file-unreadable") from error
