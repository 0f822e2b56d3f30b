"""Who signs what in these tests: a real report of the example's document, and somebody for each role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from apicheck.model import Report, Source
from apicheck.plan import Plan
from apicheck.report import html, json_
from apicheck.resources import resource
from apicheck.run import carry_out
from apicheck.sign import KeyType, SignerRole, bundle, envelope, keys, listing
from apicheck.sign.keys import PrivateKey, TrustedKey
from apicheck.sign.listing import Entry, EntryStatus, Listing
from apicheck.sign.standing import Standing
from apicheck.sign.verify import exit_code, verify

TODAY = datetime.now(UTC).date()
OK = [Standing.OK] * 6 + [Standing.UNDETERMINED]
"""What a bundle with nothing wrong comes to, as long as there is no list."""


@dataclass(frozen=True)
class Signer:
    """Somebody with a key and a role."""

    owner: str
    role: SignerRole
    key: PrivateKey

    @property
    def trusted(self) -> TrustedKey:
        year = timedelta(days=365)
        return TrustedKey.model_validate(
            {"id": keys.key_id(self.key), "owner": self.owner, "role": self.role, "from": TODAY - year, "until": TODAY + year}
        )

    def sign(self, folder: Path, **how: Any) -> None:
        found = bundle.read(folder)
        report = json_.parse(found.files[found.report], found.report)
        envelope.sign(found, report, self.key, role=self.role, owner=self.owner, **how)


VENDOR = Signer("Voorbeeld BV", SignerRole.VENDOR, keys.new(KeyType.ED25519))
RETESTER = Signer("Gemeente Voorbeeld", SignerRole.RETESTER, keys.new(KeyType.P256))
LIST_KEEPER = Signer("Lijstbeheerder", SignerRole.LIST_KEEPER, keys.new(KeyType.ED25519))
STRANGER = Signer("Voorbeeld BV", SignerRole.VENDOR, keys.new(KeyType.ED25519))
"""Says to be the vendor, with a key that nobody knows."""


@cache
def example() -> Report:
    """Return what apicheck makes of the example's document; making it takes a while."""
    document = resource("examples") / "gebouwen" / "openapi.yaml"
    return carry_out(Plan(spec=str(document), sources=(Source.LINT,), command="apicheck lint openapi.yaml"))


def write(folder: Path, report: Report, page: Report | None = None) -> Path:
    """Write a bundle: a report and its page, or the page of another report."""
    (folder / json_.FILE).write_bytes(json_.render(report))
    (folder / html.FILE).write_text(html.render(page or report, "nl"), "utf-8")
    return folder


def forge(folder: Path, change: Callable[[Any], object]) -> None:
    """Change the JSON of a report and make its page again, as somebody would who wants it to look right."""
    data = orjson.loads((folder / json_.FILE).read_bytes())
    change(data)
    write(folder, json_.parse(orjson.dumps(data)))


def entry(folder: Path, **changes: Any) -> Entry:
    """Return what a list says of the report in a folder."""
    content = (folder / json_.FILE).read_bytes()
    report = json_.parse(content)
    said = {
        "id": "voorbeeld-1",
        "vendor": VENDOR.owner,
        "product": "Voorbeeld 4.2",
        "report": sha256(content).hexdigest(),
        "document": report.subject.digest,
        "standard": report.standard.name,
        "standard-digest": report.standard.digest,
        "conclusion": report.conclusion,
        "from": TODAY,
        "until": TODAY + timedelta(days=90),
        "status": EntryStatus.CURRENT,
        "since": TODAY,
    }
    return Entry.model_validate({**said, **changes})


def listed(*entries: Entry, signer: Signer = LIST_KEEPER, **changes: Any) -> bytes:
    """Return a list of today that somebody signed."""
    said = {"publisher": signer.owner, "sequence": 1, "issued": TODAY, "expires": TODAY + timedelta(days=7), "entries": entries}
    return listing.write(Listing.model_validate({**said, **changes}), signer.key)


def trusting(*trusted: Signer | TrustedKey) -> dict[str, TrustedKey]:
    known = [key.trusted if isinstance(key, Signer) else key for key in trusted]
    return {key.id: key for key in known}


def answers(folder: Path, trusted: dict[str, TrustedKey] | None = None, day: date = TODAY) -> list[Standing]:
    return [line.standing for line in verify(bundle.read(folder), trusting(VENDOR) if trusted is None else trusted, day)]


def code(folder: Path, trusted: dict[str, TrustedKey] | None = None, day: date = TODAY) -> int:
    return exit_code(verify(bundle.read(folder), trusting(VENDOR) if trusted is None else trusted, day))
