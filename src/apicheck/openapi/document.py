"""What does an OpenAPI document say, and where does it say so?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any, Literal, cast

from apicheck.errors import UnreadableDocument
from apicheck.model import Location, Place
from apicheck.openapi.files import Files
from apicheck.openapi.reading import Content
from apicheck.openapi.references import Reference, References
from apicheck.openapi.source import Source, read

Version = Literal["3.0", "3.1", "3.2"]

_VERSION = re.compile(r"(3\.[012])(?![0-9]).*", re.DOTALL)


def load(spec: str, stdin_name: str | None = None) -> Document:
    """Load a document from a path, an http(s) URL or standard input (``-``), which may stand for a file of another name.

    Raises:
        UnreadableDocument: nothing could be read there, or it is no OpenAPI document of version 3.0, 3.1 or 3.2.
    """
    return Document(read(spec, stdin_name))


def parse(data: bytes, name: str) -> Document:
    """Take a document from bytes. References to other files are not followed.

    Raises:
        UnreadableDocument: it is no OpenAPI document of version 3.0, 3.1 or 3.2.
    """
    return Document(Source(name, data))


class Document:
    """An OpenAPI document: a tree of dicts, lists and scalars in which every key is a string.

    ``root`` is a mapping whose ``openapi`` field names a version that apicheck knows; nothing else about it is certain.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._files = Files(source)
        self._references = References(self._files)
        self.root, self.version = _openapi(self._files.root(self._files.entry), source.name)

    @property
    def name(self) -> str:
        """What the user gave to find the document by."""
        return self.source.name

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes of the entry file as fetched."""
        return self.source.digest

    @property
    def content(self) -> Content:
        """The entry file as read."""
        return self._files.content(self._files.entry)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every ``$ref`` that was followed so far. A View follows all that stand where OpenAPI has them."""
        return tuple(self._references.followed.values())

    @property
    def broken(self) -> tuple[Reference, ...]:
        """The references so far that lead nowhere, or where apicheck does not go."""
        return tuple(reference for reference in self.references if reference.reason)

    def place(self, *tokens: str | int) -> Place:
        """Return a place in the entry file."""
        return Place(self._files.entry, tokens)

    def under(self, key: str) -> Iterator[tuple[Any, Place]]:
        """Yield what stands under a key that is the document's own, such as ``x-...``, anywhere, with the place of it."""
        for file, root in self._files.mentioning(key):
            waiting: list[tuple[object, Place]] = [(root, Place(file, ()))]
            while waiting:
                node, place = waiting.pop()
                if isinstance(node, dict):
                    if key in node:
                        yield node[key], place.child(key)
                    waiting += [(child, place.child(name)) for name, child in node.items() if name != key]
                elif isinstance(node, list):
                    waiting += [(child, place.child(index)) for index, child in enumerate(node)]

    def locate(self, place: Place, used_by: tuple[str, ...] = ()) -> Location:
        """Return where a person finds a place: at its key, or at the value of an item; a missing node where its parent is."""
        positions = self._files.positions(place.file)
        line, column = positions.line_and_column(positions.offset(place.tokens))
        file = posixpath.join(self.source.shown_folder, place.file)
        return Location(file=file, pointer=place.pointer, line=line, column=column, used_by=used_by)

    def resolve(self, value: object, place: Place, *, stop_at_siblings: bool = False) -> tuple[object, Place]:
        """Follow a value while it is a ``$ref``, across files inside the document's folder.

        Return what it leads to and where that stands; None when it leads nowhere, which ``broken`` then tells. What stands
        beside a ``$ref`` is passed over, unless ``stop_at_siblings`` has a chain end there (a Schema Object of OAS 3.1).
        """
        if not (isinstance(value, dict) and "$ref" in value):
            return value, place
        return self._references.resolve(value, place, stop_at_siblings=stop_at_siblings)


def _openapi(root: object, name: str) -> tuple[dict[str, Any], Version]:
    """The root as OpenAPI Object with its version, as far as apicheck knows it (OAS 3.2.0, 4.1: OpenAPI Object)."""
    if not isinstance(root, dict):
        raise UnreadableDocument("document-no-mapping", name=name)
    if "openapi" not in root:
        for other in ("swagger", "swaggerVersion"):
            if other in root:
                raise UnreadableDocument("document-swagger", name=name, version=root[other])
        if "asyncapi" in root:
            raise UnreadableDocument("document-asyncapi", name=name, version=root["asyncapi"])
        raise UnreadableDocument("document-no-openapi", name=name)
    stated = root["openapi"]
    if not isinstance(stated, str):
        raise UnreadableDocument("document-version-no-text", name=name, version=stated)
    version = _VERSION.fullmatch(stated)
    if version is None:
        raise UnreadableDocument("document-version-unknown", name=name, version=stated)
    return root, cast("Version", version[1])
