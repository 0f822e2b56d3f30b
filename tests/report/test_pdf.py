"""Is the paper one that can be handed in: page one on one sheet, the report attached, the same bytes every time?"""

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from apicheck.errors import WrongUse
from apicheck.model import Report
from apicheck.report import json_, pdf
from tests.report import sample
from tests.report.test_hostile import PATIENT, hostile_reports

MAKERS = [sample.failing, sample.explained, sample.conforming, sample.lint_only, sample.crowded]


@pytest.fixture(scope="module")
def read() -> Callable[[bytes], Any]:
    pytest.importorskip("typst", reason='the extra "pdf" is not installed, so NO PAPER was made')
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed, so NOBODY read the paper")
    return lambda data: pypdf.PdfReader(io.BytesIO(data))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("make", MAKERS)
def test_page_one_is_one_sheet(read: Any, make: Callable[[], Report], language: Any) -> None:
    first, second = ("Zelf herhalen", "Niet gehaald") if language == "nl" else ("Repeat it yourself", "Not met")
    pages = [page.extract_text() for page in read(pdf.render(make(), language)).pages]
    assert first in pages[0]
    assert pages[1].lstrip().startswith(second)


def test_the_report_is_attached_to_the_paper(read: Any) -> None:
    attached = read(pdf.render(sample.failing(), "nl")).attachments
    assert attached == {"report.json": [json_.render(sample.failing())]}


def test_the_same_report_gives_the_same_paper(read: Any) -> None:
    assert pdf.render(sample.failing(), "nl") == pdf.render(json_.parse(json_.render(sample.failing())), "nl")


def test_the_paper_claims_no_conformance_that_nobody_verified(read: Any) -> None:
    data = pdf.render(sample.failing(), "nl")
    assert b"pdfaid" not in data
    assert b"pdfuaid" not in data
    assert read(data).trailer["/Root"]["/Lang"] == "nl"
    assert read(data).metadata.title == "Nalevingsrapport API"


@PATIENT
@given(report=hostile_reports())
def test_no_text_of_a_stranger_reaches_the_typesetter_as_markup(read: Any, report: Report) -> None:
    reader = read(pdf.render(report, "en"))
    links = [note.get_object().get("/A", {}) for page in reader.pages for note in page.get("/Annots", [])]
    assert not [action for action in links if action and action.get("/S") != "/GoTo"]


def test_without_the_typesetter_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(WrongUse, match=r"apicheck-nl\[pdf\]"):
        pdf.render(sample.failing(), "nl")
