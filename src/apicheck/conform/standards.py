"""Which standards of a domain are known by name, and which of their documents does the user have?

Documents are kept in the user's data folder, each under the SHA-256 of its bytes, so that a run with the name of a standard needs
no network and two runs use the same document. Only ``add`` reads from the network.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import platformdirs
from pydantic import Field, ValidationError

from apicheck.errors import UnreadableDocument, WrongUse
from apicheck.model import Frozen
from apicheck.openapi import Document, Source, View
from apicheck.openapi.source import read


class Edition(Frozen):
    """Where the document of an edition is published, and the SHA-256 of its bytes where that is known."""

    document: str
    sha256: str | None = None


class DomainStandard(Frozen):
    """A standard that is known by name."""

    title: str
    publisher: str
    source: str
    editions: dict[str, Edition] = Field(default_factory=dict)


class Kept(Frozen):
    """A document that the user has: of which standard, its SHA-256, and where and when it was fetched."""

    id: str
    digest: str
    source: str
    added: str


@cache
def known() -> dict[str, DomainStandard]:
    """Return the standards that are known, by id."""
    listed = tomllib.loads(files(__package__).joinpath("standards.toml").read_text("utf-8"))
    return {name: DomainStandard.model_validate(entry) for name, entry in listed.items()}


def published(identifier: str) -> Edition | None:
    """Return where ``zgw-zaken@1.5.2`` is published; None when that is not known."""
    name, _, edition = identifier.partition("@")
    return known()[name].editions.get(edition) if name in known() else None


def identifiers() -> Iterator[str]:
    """Yield every edition that is known, as it is asked for."""
    for name, standard in known().items():
        yield from (f"{name}@{edition}" for edition in standard.editions)


def kept() -> tuple[Kept, ...]:
    """Return what the user has, in alphabetical order."""
    return tuple(_record(file) for file in sorted(_folder().glob("*.json")))


def add(identifier: str, source: str | None = None, expected: str | None = None) -> Kept:
    """Fetch a document and keep it under an id; from where it is published unless something else is named.

    Raises:
        WrongUse: the id cannot be one, or nothing says where its document is.
        UnreadableDocument: it cannot be read, its digest is not what it should be, or it is spread over several files.
    """
    edition = published(identifier)
    where = source or (edition.document if edition else None)
    if not _is_id(identifier):
        raise WrongUse("standard-no-id", id=identifier)
    if where is None:
        raise WrongUse("standard-unknown", id=identifier)
    fetched = read(where)
    before = _find(identifier)
    wanted = expected or (edition.sha256 if edition and not source else None) or (before.digest if before else None)
    if wanted and wanted.lower() != fetched.digest:
        raise UnreadableDocument("standard-other-digest", id=identifier, expected=wanted, found=fetched.digest)
    _refuse_several_files(fetched)
    record = Kept(id=identifier, digest=fetched.digest, source=fetched.name, added=datetime.now(UTC).date().isoformat())
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / fetched.digest).write_bytes(fetched.data)
    (folder / f"{identifier}.json").write_text(record.model_dump_json(indent=2), "utf-8")
    return record


def load(identifier: str) -> Document | None:
    """Return the document that is kept under an id; None when that is no id of a standard.

    Raises:
        UnreadableDocument: the standard is known and its document was never added, or it is not what it was when it was added.
    """
    record = _find(identifier)
    if record is None:
        if published(identifier) is None:
            return None
        raise UnreadableDocument("standard-not-added", id=identifier)
    try:
        data = (_folder() / record.digest).read_bytes()
    except OSError as error:
        raise UnreadableDocument("standard-not-added", id=identifier) from error
    if hashlib.sha256(data).hexdigest() != record.digest:
        raise UnreadableDocument("standard-changed", id=identifier, digest=record.digest)
    return Document(Source(identifier, data))


def _refuse_several_files(fetched: Source) -> None:
    """Only what stands in one file can be kept under one digest."""
    document = Document(fetched)
    _ = View(document).schemas
    elsewhere = next((found for found in document.references if not found.reference.startswith("#")), None)
    if elsewhere:
        raise UnreadableDocument("standard-several-files", name=fetched.name, reference=elsewhere.reference)


def _folder() -> Path:
    return platformdirs.user_data_path("apicheck") / "standards"


def _is_id(identifier: str) -> bool:
    return bool(identifier) and all(letter.isascii() and (letter.isalnum() or letter in "-._@") for letter in identifier)


def _find(identifier: str) -> Kept | None:
    file = _folder() / f"{identifier}.json"
    return _record(file) if _is_id(identifier) and file.is_file() else None


def _record(file: Path) -> Kept:
    try:
        return Kept.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise UnreadableDocument("standard-record-broken", file=file.name) from error
