"""Which files make up the bundle of a report?"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from pathlib import Path

from apicheck.errors import UnreadableReport, WrongUse
from apicheck.report.json_ import FILE, LARGEST
from apicheck.report.pdf import FILE as PAPER

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
    """Return the bundle in a folder, the one that this ``report.json`` belongs to, or that of a paper with its report attached.

    Raises:
        UnreadableReport: there is no report, or a file of the bundle cannot be read or is too large.
        WrongUse: it is a paper, and the extra ``pdf``, which brings what reads it, is not installed.
    """
    if path.suffix.lower() == ".pdf":
        return _on_paper(path)
    file = path / FILE if path.is_dir() else path
    name = file.name.removesuffix(".json")
    try:
        beside = sorted(other for other in file.parent.iterdir() if other.name.startswith(f"{name}.") and other.is_file())
        files = {found.name: _content(found) for found in (file, *beside)}
    except OSError as error:
        raise UnreadableReport("report-missing", file=file, error=error.strerror) from None
    signature_file = file.with_name(name + ENVELOPES)
    return Bundle(file.name, files, signature_file, files.pop(signature_file.name, None))


def _on_paper(paper: Path) -> Bundle:
    """Return the report that is attached to a paper, with that paper, and the signatures when they lie beside it."""
    try:
        pypdf = import_module("pypdf")
    except ImportError:
        raise WrongUse("pdf-not-installed") from None
    signature_file = paper.with_name(FILE.removesuffix(".json") + ENVELOPES)
    try:
        content = _content(paper)
        envelopes = _content(signature_file) if signature_file.exists() else None
    except OSError as error:
        raise UnreadableReport("report-missing", file=paper, error=error.strerror) from None
    try:
        (report,) = pypdf.PdfReader(BytesIO(content), strict=True).attachments[FILE]
    except Exception as error:  # noqa: BLE001  # whatever breaks in a file that claims to be a PDF, it holds no report
        raise UnreadableReport("report-not-attached", file=paper, report=FILE, error=error) from None
    return Bundle(FILE, {FILE: report, PAPER: content}, signature_file, envelopes)


def _content(file: Path) -> bytes:
    if file.stat().st_size > LARGEST:
        raise UnreadableReport("report-too-large", file=file, largest=LARGEST // 1_000_000)
    return file.read_bytes()
