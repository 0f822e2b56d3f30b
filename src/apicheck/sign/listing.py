"""Is a report on a list of tested APIs, and what became of it there?

Anybody may keep such a list: a file, signed, of at most a week. Who reads it trusts its keeper's key, as with any other signer.
A number that goes up, the digest of the list before and an early end keep a keeper, and whoever passes the list on, from
showing an old one unseen. It says what was tested and takes no other word for it: ``verify`` judges the report again all the same.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

import orjson
from pydantic import Field, StringConstraints, ValidationError, model_validator

from apicheck.errors import UnreadableList, UnreadableReport, first_of
from apicheck.model import Conclusion, Frozen, Report
from apicheck.sign import SignerRole, dsse
from apicheck.sign.keys import PrivateKey, TrustedKey
from apicheck.sign.standing import Found, Standing, of_signer
from apicheck.words import say

PAYLOAD_TYPE = "application/x.apicheck.list+json"
"""In the tree for types that nobody registered (RFC 6838, 3.4)."""
LARGEST = 20_000_000
"""Bytes of a list. An entry is half a kilobyte."""
LONGEST = timedelta(days=7)
"""How long a list may be valid."""

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class EntryStatus(StrEnum):
    """What became of an entry. None is ever taken off a list."""

    CURRENT = "current"
    UNDER_RETEST = "under-retest"
    """A re-test came out otherwise; the vendor has time to mend."""
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    """There is a newer entry."""


class Entry(Frozen):
    """One version of an API with its report. Digests are SHA-256 in hexadecimals, days are whole days, ``until`` included.

    ``report`` is the digest of ``report.json``, ``document`` that of the OpenAPI document and ``standard_digest`` that of the
    rules, both as the report names them. ``since``, ``reason`` and ``decided_by`` are about the status.
    """

    id: str
    vendor: str
    product: str
    report: Sha256
    document: Sha256
    standard: str
    standard_digest: Sha256
    conclusion: Conclusion
    from_: date = Field(alias="from")
    until: date
    status: EntryStatus
    since: date
    reason: str = ""
    decided_by: str = ""


class Listing(Frozen):
    """A list of tested APIs. ``previous`` is the SHA-256 of the file with the list before, None for the first."""

    schema_: Literal["apicheck/list/1.0"] = Field("apicheck/list/1.0", alias="schema")
    publisher: str
    sequence: int = Field(ge=1)
    issued: date
    expires: date
    previous: Sha256 | None = None
    entries: tuple[Entry, ...]

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        """Refuse what holds too long, and two entries on one report: nobody could tell which of them is meant."""
        if not self.issued <= self.expires <= self.issued + LONGEST:
            raise ValueError(f"{self.issued} - {self.expires}: > {LONGEST.days} d")
        if twice := [digest for digest, times in Counter(entry.report for entry in self.entries).items() if times > 1]:
            raise ValueError(f"{twice[0]}: 2 x")
        if (self.sequence == 1) is not (self.previous is None):
            raise ValueError("previous: sequence 1")
        return self


def schema() -> bytes:
    """Return the JSON Schema of a list, as it is signed."""
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Listing.model_json_schema(by_alias=True)}
    return orjson.dumps(described, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def write(listing: Listing, key: PrivateKey) -> bytes:
    """Return a list, signed, as the content of a file."""
    return dsse.wrap(listing.model_dump_json(by_alias=True).encode(), PAYLOAD_TYPE, key)


def read(file: Path) -> bytes:
    """Return the content of a file with a list, as it stands.

    Raises:
        UnreadableList: the file cannot be read, or is larger than a list can be.
    """
    try:
        if file.stat().st_size <= LARGEST:
            return file.read_bytes()
    except OSError as error:
        raise UnreadableList("list-unreadable", file=file, error=error) from None
    raise UnreadableList("list-unreadable", file=file, error=OSError(errno.EFBIG, os.strerror(errno.EFBIG)))


def standing(content: bytes, report: Report | UnreadableReport, digest: str, trusted: Mapping[str, TrustedKey], day: date) -> Found:
    """Yield all there is to say about the place of a report, by the digest of its bytes, on a list, as seen on a day.

    What a list says counts only when its keeper is known; of who is not, or has no leave to keep one, nothing is taken over.
    """
    signed = dsse.unwrap(content, PAYLOAD_TYPE)
    if signed is None:
        yield Standing.NOT_OK, say("sign.list-signature-wrong")
        return
    try:
        listing = Listing.model_validate_json(signed.payload)
    except ValidationError as error:
        yield Standing.NOT_OK, say("sign.list-not-as-schema", error=first_of(error))
        return
    doubts = tuple(of_signer(listing.publisher, SignerRole.LIST_KEEPER, signed.key, trusted, day))
    yield from doubts
    if not doubts:
        yield from _listed(listing, trusted[signed.key], report, digest, day)


def _listed(listing: Listing, key: TrustedKey, report: Report | UnreadableReport, digest: str, day: date) -> Found:
    """Is the report on this list of somebody known, and is the list of this day?"""
    if not key.from_ <= min(listing.issued, day) <= max(listing.issued, day) <= key.until:
        yield Standing.NOT_OK, say("sign.key-not-valid", owner=key.owner, first=key.from_, last=key.until, day=day)
    told: dict[str, object] = {"publisher": listing.publisher, "sequence": listing.sequence, "issued": listing.issued}
    if not listing.issued <= day <= listing.expires:
        yield Standing.UNDETERMINED, say("sign.list-stale", **told, expires=listing.expires, day=day)
    entry = next((entry for entry in listing.entries if entry.report == digest), None)
    if entry is None:
        yield Standing.NOT_OK, say("sign.list-without", **told)
    elif isinstance(report, UnreadableReport):
        yield Standing.UNDETERMINED, report.explain()
    else:
        yield from _entry(entry, report, {**told, "entry": entry.id}, day)


def _entry(entry: Entry, report: Report, told: Mapping[str, object], day: date) -> Found:
    """Does the entry say the same as the report, and does it stand on this day?"""
    standard = report.standard
    said = (entry.document, entry.standard, entry.standard_digest, entry.conclusion)
    if said != (report.subject.digest, standard.name, standard.digest, report.conclusion):
        yield Standing.NOT_OK, say("sign.list-other-facts", **told)
    if not entry.from_ <= day <= entry.until:
        yield Standing.NOT_OK, say("sign.list-entry-not-valid", **told, first=entry.from_, last=entry.until, day=day)
    if entry.status is EntryStatus.CURRENT:
        yield Standing.OK, say("sign.list-current", **told, product=entry.product, vendor=entry.vendor, last=entry.until)
        return
    doubt = Standing.UNDETERMINED if entry.status is EntryStatus.UNDER_RETEST else Standing.NOT_OK
    reason, decided_by = entry.reason or "-", entry.decided_by or "-"
    yield doubt, say(f"sign.list-{entry.status}", **told, since=entry.since, reason=reason, by=decided_by)
