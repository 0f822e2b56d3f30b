"""Which files make up the bundle of a report?"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from apicheck.errors import UnreadableReport
from apicheck.report.json_ import FILE, LARGEST
from apicheck.sign import paper

ENVELOPES = ".dsse.json"
PAPERS = ("report.pdf", "report.nl.pdf", "report.en.pdf")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A report and everything beside it that bears its name, by file name, each read once.

    ``report`` is the name of the report itself and ``envelopes`` what its signers wrote, None when nobody signed. They are kept
    in ``signature_file``, which is the paper when there is only a paper. ``papers`` are not among the files that are signed: the
    signatures are attached to them.
    """

    report: str
    files: dict[str, bytes]
    signature_file: Path
    envelopes: bytes | None
    papers: dict[Path, bytes]

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each file by its name, in hexadecimals."""
        return {name: sha256(data).hexdigest() for name, data in self.files.items()}


def read(path: Path) -> Bundle:
    """Return the bundle in a folder, the one that this ``report.json`` belongs to, or that which is attached to a paper.

    Raises:
        UnreadableReport: there is no report, or a file of the bundle cannot be read or is too large.
        WrongUse: it is a paper, and the extra ``pdf``, which brings what reads it, is not installed.
    """
    file = path / FILE if path.is_dir() else path
    try:
        return _on_paper(file) if file.suffix.lower() == ".pdf" else _in_folder(file)
    except OSError as error:
        raise UnreadableReport("report-missing", file=file, error=error.strerror) from None


def _in_folder(file: Path) -> Bundle:
    name = file.name.removesuffix(".json")
    beside = sorted(other for other in file.parent.iterdir() if other.name.startswith(f"{name}.") and other.is_file())
    files = {found.name: _content(found) for found in (file, *beside)}
    papers = {file.with_name(name): files.pop(name) for name in PAPERS if name in files}
    signature_file = file.with_name(name + ENVELOPES)
    return Bundle(file.name, files, signature_file, files.pop(signature_file.name, None), papers)


def _on_paper(file: Path) -> Bundle:
    content = _content(file)
    attached = paper.read(file, content)
    return Bundle(FILE, {FILE: attached.report}, file, attached.envelopes, {file: content})


def _content(file: Path) -> bytes:
    if file.stat().st_size > LARGEST:
        raise UnreadableReport("report-too-large", file=file, largest=LARGEST // 1_000_000)
    return file.read_bytes()
