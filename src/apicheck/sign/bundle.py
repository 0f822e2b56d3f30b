"""Which files make up the bundle of a report?"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from apicheck.errors import UnreadableReport
from apicheck.report.json_ import FILE, LARGEST

ENVELOPES = ".dsse.json"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A report and everything beside it that bears its name, by file name, each read once.

    ``report`` is the name of the report itself, ``envelopes`` what stands in ``signature_file``; None when there is no such file.
    """

    report: str
    files: dict[str, bytes]
    signature_file: Path
    envelopes: bytes | None

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each file by its name, in hexadecimals."""
        return {name: sha256(data).hexdigest() for name, data in self.files.items()}


def read(path: Path) -> Bundle:
    """Return the bundle in a folder, or the one that this ``report.json`` belongs to.

    Raises:
        UnreadableReport: there is no report, or a file of the bundle cannot be read or is too large.
    """
    file = path / FILE if path.is_dir() else path
    name = file.name.removesuffix(".json")
    try:
        beside = sorted(other for other in file.parent.iterdir() if other.name.startswith(f"{name}.") and other.is_file())
        files = {found.name: _content(found) for found in (file, *beside)}
    except OSError as error:
        raise UnreadableReport("report-missing", file=file, error=error.strerror) from None
    signature_file = file.with_name(name + ENVELOPES)
    return Bundle(file.name, files, signature_file, files.pop(signature_file.name, None))


def _content(file: Path) -> bytes:
    if file.stat().st_size > LARGEST:
        raise UnreadableReport("report-too-large", file=file, largest=LARGEST // 1_000_000)
    return file.read_bytes()
