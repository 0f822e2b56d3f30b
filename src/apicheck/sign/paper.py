"""What is attached to a paper, and in which language was it made?

A paper that is handed in alone holds all there is to verify it with. Nothing else in it is read: ``verify`` makes the paper again
from what is attached, and compares the bytes.
"""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from apicheck.errors import UnreadableReport, WrongUse
from apicheck.model import Language
from apicheck.report.json_ import FILE

LANGUAGES: tuple[Language, ...] = ("nl", "en")
ENVELOPES = "report.dsse.json"


class Paper(NamedTuple):
    """The report that is attached to a paper and its signatures, None when nobody signed, and the language of what is printed."""

    report: bytes
    envelopes: bytes | None
    language: Language


def read(file: Path, content: bytes) -> Paper:
    """Return what a paper holds; the file is only its name.

    Raises:
        UnreadableReport: it is no paper of apicheck: no report is attached, or more than one.
        WrongUse: the extra ``pdf``, which brings what reads it, is not installed.
    """
    try:
        pypdf = import_module("pypdf")
    except ImportError:
        raise WrongUse("pdf-not-installed") from None
    try:
        reader = pypdf.PdfReader(BytesIO(content), strict=True)
        attached = {name: tuple(reader.attachments[name]) for name in (FILE, ENVELOPES) if name in reader.attachments}
        (report,) = attached[FILE]
        (envelopes,) = attached.get(ENVELOPES, (None,))
        language = LANGUAGES[LANGUAGES.index(reader.trailer["/Root"]["/Lang"])]
    except Exception as error:  # noqa: BLE001  # whatever breaks in a file that claims to be a PDF, it holds no report
        raise UnreadableReport("report-not-attached", file=file, report=FILE, error=error) from None
    return Paper(report, envelopes, language)
