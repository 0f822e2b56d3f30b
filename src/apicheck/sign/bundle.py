"""Which files make up the bundle of a report?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from apicheck.errors import UnreadableReport
from apicheck.report import FORMATS, har
from apicheck.report.json_ import FILE, LARGEST
from apicheck.sign import paper

ENVELOPES = ".dsse.json"
PAPERS = ("report.pdf", "report.nl.pdf", "report.en.pdf")
EVIDENCE = re.compile(rf"{har.FOLDER}/[0-9a-f]{{64}}\.har")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A report and everything beside it that belongs to it, by its path in the folder, each read once.

    To a report belong the files that bear its name, every format of it, and its evidence. ``strangers`` is what else there is in
    the folder: nobody signs that, and nobody can say what it does there.

    ``report`` is the name of the report itself and ``envelopes`` what its signers wrote, None when nobody signed. They are kept
    in ``signature_file``, which is the paper when there is only a paper. ``papers`` are not among the files that are signed: the
    signatures are attached to them.
    """

    report: str
    files: dict[str, bytes]
    signature_file: Path
    envelopes: bytes | None
    papers: dict[Path, bytes]
    strangers: tuple[str, ...] = ()

    @property
    def evidence(self) -> dict[str, bytes]:
        """The files of evidence."""
        return {name: data for name, data in self.files.items() if EVIDENCE.fullmatch(name)}

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
        return _on_paper(file) if file.suffix.lower() == ".pdf" else _in_folder(file, alone=not path.is_dir())
    except OSError as error:
        raise UnreadableReport("report-missing", file=file, error=error) from None


def _in_folder(file: Path, *, alone: bool) -> Bundle:
    """Return the bundle of a report; when it was asked for ``alone``, what else is in the folder is no concern of its."""
    folder, name = file.parent, file.name.removesuffix(".json")
    found = {path.relative_to(folder).as_posix(): path for path in sorted((*folder.iterdir(), *folder.glob(f"{har.FOLDER}/*")))}
    formats = {form.file for form in FORMATS.values()} if file.name == FILE else set()
    own = {file.name: file} | {path: found[path] for path in found if path.startswith(f"{name}.") or path in formats}
    own |= {path: found[path] for path in found if EVIDENCE.fullmatch(path) and file.name == FILE}
    files = {path: _content(content) for path, content in own.items() if content.is_file() or content == file}
    strangers = () if alone else tuple(path for path in found if path not in files and path != har.FOLDER)
    papers = {folder / paper: files.pop(paper) for paper in PAPERS if paper in files}
    signature_file = folder / f"{name}{ENVELOPES}"
    return Bundle(file.name, files, signature_file, files.pop(signature_file.name, None), papers, strangers)


def _on_paper(file: Path) -> Bundle:
    content = _content(file)
    attached = paper.read(file, content)
    return Bundle(FILE, {FILE: attached.report}, file, attached.envelopes, {file: content})


def _content(file: Path) -> bytes:
    if file.stat().st_size > LARGEST:
        raise UnreadableReport("report-too-large", file=file, largest=LARGEST // 1_000_000)
    return file.read_bytes()
