"""Is the paper one that can be handed in: page one on one sheet, the report attached, tagged, the same bytes every time?

No validator of PDF/A or PDF/UA can be had here. Typst refuses what it knows to break them; the rest is read back with pypdf.
"""

import io
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from apicheck.errors import WrongUse
from apicheck.model import Evidence, Location, Outcome, Report, RuleNotRun, RulesetFinding, RulesetOutcome, Text
from apicheck.report import json_, pdf
from apicheck.report._text import number
from apicheck.words import say
from tests.report import sample
from tests.report.test_hostile import PATIENT, hostile_reports

MAKERS = [sample.failing, sample.explained, sample.conforming, sample.lint_only, sample.retested, sample.crowded]


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


ENVELOPES = b'{"payload":""}\n{"payload":""}\n'


def test_the_report_is_attached_to_the_paper(read: Any) -> None:
    attached = read(pdf.render(sample.failing(), "nl")).attachments
    assert attached == {"report.json": [json_.render(sample.failing())]}


def test_the_signatures_are_attached_beside_the_report_and_each_says_what_it_is_to_the_paper(read: Any) -> None:
    reader = read(pdf.render(sample.failing(), "nl", ENVELOPES))
    assert reader.attachments == {"report.json": [json_.render(sample.failing())], "report.dsse.json": [ENVELOPES]}
    files = [one.get_object() for one in reader.trailer["/Root"]["/AF"]]
    assert {file["/UF"]: file["/AFRelationship"] for file in files} == {
        "report.json": "/Source",
        "report.dsse.json": "/Supplement",
    }
    assert all(file["/Desc"] for file in files)


@pytest.mark.parametrize("envelopes", [None, ENVELOPES])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_same_report_gives_the_same_paper(read: Any, language: Any, envelopes: bytes | None) -> None:
    again = json_.parse(json_.render(sample.failing()))
    assert pdf.render(sample.failing(), language, envelopes) == pdf.render(again, language, envelopes)


@pytest.mark.parametrize(("language", "title"), [("nl", "Nalevingsrapport API"), ("en", "API conformance report")])
def test_the_paper_says_in_which_language_and_after_which_standards_it_is_written(read: Any, language: Any, title: str) -> None:
    reader = read(pdf.render(sample.failing(), language))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == reader.xmp_metadata.dc_title["x-default"] == title
    metadata = root["/Metadata"].get_data().decode()
    for mark in ("pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<"):
        assert mark in metadata


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_paper_tells_its_reader_of_no_conformance_that_nobody_verified(read: Any, language: Any) -> None:
    text = "".join(page.extract_text() for page in read(pdf.render(sample.failing(), language)).pages)
    assert not re.search("PDF/(A|UA)|19005|14289", text)


def elements(node: Any) -> Iterator[Any]:
    """Yield every element of the structure below this one, in the order in which it is read aloud."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        element = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(element, dict) and "/S" in element:
            yield element
            yield from elements(element)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("make", MAKERS)
def test_whoever_cannot_see_the_paper_can_find_the_way_in_it(read: Any, make: Callable[[], Report], language: Any) -> None:
    tree = read(pdf.render(make(), language)).trailer["/Root"]["/StructTreeRoot"]
    found = list(elements(tree))
    levels = [int(element["/S"][2:]) for element in found if re.fullmatch("/H[1-6]", element["/S"])]
    assert levels[0] == 1
    assert all(lower <= higher + 1 for higher, lower in pairwise(levels))
    assert all(element.get("/Alt") for element in found if element["/S"] in {"/Figure", "/Formula"})
    tables = [element for element in found if element["/S"] == "/Table"]
    assert tables
    for table in tables:
        heads = [cell for cell in elements(table) if cell["/S"] == "/TH"]
        assert heads
        for head in heads:
            attributes = head["/A"] if isinstance(head["/A"], list) else [head["/A"]]
            assert "/Column" in [one.get_object().get("/Scope") for one in attributes]
            assert head["/K"]


def words(node: Any) -> Iterator[str]:
    """Yield the texts of page one as the design orders them."""
    if not isinstance(node, str):
        for part in node:
            yield from words(part)
    elif node:
        yield node


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("make", MAKERS)
def test_page_one_is_read_in_the_order_in_which_it_was_designed(read: Any, make: Callable[[], Report], language: Any) -> None:
    one = pdf.Paper(make(), language).data["one"]
    verdict, tester, notice, repeat = one["verdict"], one["tester"], one["notice"], one["repeat"]
    told = [verdict[0], *verdict[2:], tester[0], *tester[2:], *(notice if notice[1] else [])]
    told += [one["facts"], one["counts"]["title"], one["total"]]
    told += [one["explained"], *([one["named"][0], [rule[1:] for rule in one["named"][1]]] if one["named"][1] else [])]
    told += [one["besides"], *one["limits"], *repeat]
    left = "".join(read(pdf.render(make(), language)).pages[0].extract_text().split())
    for text in words(told):
        before, found, left = left.partition("".join(text.split()))
        assert found, f"{text!r} does not follow; what does: {before[:200]}"


def test_every_character_that_is_set_has_a_glyph(read: Any) -> None:
    settable = "".join(chr(code) for code in range(0x20, 0x10000) if not pdf.UNSETTABLE.match(chr(code)))
    report = sample.failing()
    rules = report.standard.rules
    for start in range(0, len(settable), 900):
        said = settable[start : start + 900]
        text = Text(nl=said, en=said)
        rule = rules[0].model_copy(update={"title": text, "meaning": text, "remedy": text, "source": said})
        standard = report.standard.model_copy(update={"rules": (rule, *rules[1:])})
        exchanges = tuple(one.model_copy(update={"curl": said}) for one in report.exchanges)
        assert pdf.render(report.model_copy(update={"standard": standard, "exchanges": exchanges}), "nl")


def test_of_a_character_without_a_glyph_the_code_is_printed(read: Any) -> None:
    command = "apicheck check na\u0308ive \u6f22\U0001f600\u05d0.yaml"
    report = sample.failing()
    report = report.model_copy(update={"run": report.run.model_copy(update={"command": command})})
    text = "".join("".join(page.extract_text().split()) for page in read(pdf.render(report, "nl")).pages)
    assert "apicheckchecknäive\\u6f22\\u1f600\\u05d0.yaml" in text


@pytest.mark.parametrize("instant", ["", "yesterday", "2026-19-39T25:00:00Z", "2026-02-30T10:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_report_that_ended_on_no_day_is_printed_all_the_same(read: Any, instant: str) -> None:
    report = sample.failing()
    assert pdf.render(report.model_copy(update={"run": report.run.model_copy(update={"finished": instant})}), "nl")


def test_another_reader_finds_no_fault_in_the_paper(read: Any, tmp_path: Path) -> None:
    qpdf = shutil.which("qpdf")
    if qpdf is None:
        pytest.skip("qpdf is not installed, so NO OTHER READER looked at the paper")
    (tmp_path / pdf.FILE).write_bytes(pdf.render(sample.crowded(), "nl", ENVELOPES))
    checked = subprocess.run([qpdf, "--check", tmp_path / pdf.FILE], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_report_of_five_thousand_findings_fits_on_paper(read: Any) -> None:
    report = sample.failing()
    violated = [one for one in report.evidence if one.outcome is Outcome.VIOLATED]

    def many(count: int, one: Evidence) -> Evidence:
        messages = (Text(nl=f"Fout {number}.", en=f"Fault {number}.") for number in range(count))
        return one.model_copy(update={"findings": tuple(one.findings[0].model_copy(update={"message": text}) for text in messages)})

    share = 5_000 // len(violated) + 1
    evidence = tuple(many(share, one) if one in violated else one for one in report.evidence)
    report = report.model_copy(update={"evidence": evidence})
    began = time.perf_counter()
    paper = pdf.render(report, "nl")
    sys.stdout.write(f"{share * len(violated):,} findings on paper in {time.perf_counter() - began:.1f} s\n")
    shown = say("report.shown-of", shown=pdf.MOST, all=number(share, "nl")).nl
    assert shown in " ".join(" ".join(page.extract_text() for page in read(paper).pages).split())


def test_whatever_is_not_printed_is_counted(read: Any) -> None:
    report = sample.failing()
    version = next(one for one in report.evidence if one.check == "version-header-on-success")
    finding, exchange, seen = version.findings[0], report.exchanges[0], report.robustness[0]
    used_by = tuple(f"GET /{number}" for number in range(30))
    location = Location(file="x.yaml", pointer="/x", line=1, column=1, used_by=used_by)
    ids = [f"probe-{number}" for number in range(5)]
    findings = tuple(finding.model_copy(update={"exchange": id_, "location": location}) for id_ in ids)
    evidence = tuple(one.model_copy(update={"findings": findings}) if one is version else one for one in report.evidence)
    changed = {
        "evidence": evidence,
        "exchanges": tuple(exchange.model_copy(update={"id": id_}) for id_ in ids),
        "robustness": (seen,) * 12,
    }
    paper = read(pdf.render(report.model_copy(update=changed), "en"))
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    for told in ("and 23 more", "Another 3 exchanges are in report.json alone.", "10 of 12 shown; all of them are in report.json."):
        assert told in text


def test_the_annex_tells_of_other_rulesets_and_page_one_does_not(read: Any) -> None:
    seen = RulesetFinding(
        rule="our-rule",
        severity="warn",
        message="#strong[Too] short",
        location=sample.place("/info", 2, 1),
        end_line=3,
        end_column=1,
    )
    because = Text(nl="de functie ours is JavaScript", en="the function ours is JavaScript")
    left_out = RuleNotRun(rule="our-function", reason=because)
    rulesets = (
        RulesetOutcome(name="ours.yaml", digest="ab" * 32, findings=(seen,) * 12, not_run=(left_out,)),
        RulesetOutcome(name="", digest="cd" * 32),
    )
    first, *others = (
        page.extract_text() for page in read(pdf.render(sample.failing().model_copy(update={"rulesets": rulesets}), "en")).pages
    )
    assert "ours.yaml" not in first
    told = " ".join("".join(others).split())
    assert told.index("Other rulesets") < told.index("ours.yaml") < told.index("All requirements")
    for said in (
        "sha256:abababababababab",
        "Found: 12 warn",
        "#strong[Too] short",
        "10 of 12",
        "our-function, for the function ours",
        "Found: nothing",
    ):
        assert said in told


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
