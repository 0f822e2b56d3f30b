"""Which document is an API held against?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from apicheck import openapi
from apicheck.model import Reference
from apicheck.openapi import Document

if TYPE_CHECKING:
    from apicheck.conform.paths import Prefix


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The document of a standard, and how its paths start in the API; None when that is to be inferred."""

    document: Document
    prefix: Prefix | None = None

    @property
    def identity(self) -> Reference:
        """By what the document is known."""
        return identify(self.document)


def find(reference: str, prefix: str | None = None) -> Benchmark:
    """Return the document that a path, a URL or the id of a known standard leads to, with a prefix as the command line has it.

    Raises:
        UnreadableDocument: nothing could be read there, or it is no OpenAPI document that apicheck knows.
    """
    from apicheck.conform import standards  # noqa: PLC0415  # most runs have no reference
    from apicheck.conform.paths import Prefix  # noqa: PLC0415

    kept = None if Path(reference).exists() else standards.load(reference)
    return Benchmark(kept or openapi.load(reference), Prefix.parse(prefix))


def identify(document: Document) -> Reference:
    """Return by what a document is known: its own words for itself, its name without folders, its digest."""
    info = document.root.get("info")
    title, version = (str(info.get(key, "")) for key in ("title", "version")) if isinstance(info, dict) else ("", "")
    name = document.name if "://" in document.name else PurePath(document.name).name
    return Reference(title=title, version=version, document=name, digest=document.digest)
