"""Is a paper that is handed in alone enough to verify, and does ``verify`` see every way in which it can lie?"""

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apicheck.errors import UnreadableReport, WrongUse
from apicheck.model import Conclusion, Text
from apicheck.report import json_, pdf
from apicheck.sign import bundle
from apicheck.sign.standing import Standing
from apicheck.sign.verify import exit_code, verify

from .signers import OK, RETESTER, STRANGER, TODAY, VENDOR, answers, code, example, forge, trusting, write

pypdf = pytest.importorskip("pypdf", reason='the extra "pdf" is not installed, so NO PAPER was read')
annotations = pytest.importorskip("pypdf.annotations")
pytest.importorskip("typst", reason='the extra "pdf" is not installed, so NO PAPER was verified')

BYTES, SIGNATURE, SIGNER, RECOMPUTED, PAGE, DATES, LIST = range(7)
NOT_OK, UNDETERMINED = Standing.NOT_OK, Standing.UNDETERMINED


def made(folder: Path, language: Any = "nl", name: str = pdf.FILE) -> Path:
    """Make the paper of the report in a folder, as it is before anybody signs."""
    (folder / name).write_bytes(pdf.render(json_.read(folder / json_.FILE), language))
    return folder / name


@pytest.fixture
def unsigned(tmp_path: Path) -> Path:
    """A paper in its bundle that nobody signed."""
    return made(write(tmp_path, example()))


@pytest.fixture
def paper(unsigned: Path) -> Path:
    """A paper in its bundle that the vendor signed."""
    VENDOR.sign(unsigned.parent)
    return unsigned


def alone(paper: Path) -> Path:
    """Take a paper out of its bundle, as a tender receives it."""
    (paper.parent / "aanbod").mkdir()
    return paper.rename(paper.parent / "aanbod" / "aangeboden.pdf")


def attached(paper: Path) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = dict(pypdf.PdfReader(paper).attachments)
    return found


def rewritten(paper: Path, change: Callable[[Any], object]) -> Path:
    """Change a paper as somebody would who has a tool for it."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(paper.read_bytes()))
    change(writer)
    writer.write(paper)
    return paper


def test_signing_attaches_the_report_and_the_signatures_to_the_paper_as_they_are_in_the_bundle(paper: Path) -> None:
    names = ("report.json", "report.dsse.json")
    assert attached(paper) == {name: [(paper.parent / name).read_bytes()] for name in names}


def test_the_paper_contains_the_signatures_and_so_is_not_among_what_they_sign(paper: Path) -> None:
    found = bundle.read(paper.parent)
    assert set(found.files) == {"report.json", "report.html"}
    assert set(found.papers) == {paper}


def test_a_paper_is_verified_with_its_bundle_and_alone(paper: Path) -> None:
    assert answers(paper.parent) == OK
    assert answers(paper.parent / json_.FILE) == OK
    assert answers(alone(paper)) == OK


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(("name", "language"), [("report.nl.pdf", "nl"), ("report.en.pdf", "en"), ("report.pdf", "en")])
def test_a_bundle_may_hold_a_paper_in_each_language(name: str, language: str, tmp_path: Path, *, signed: bool) -> None:
    folder = write(tmp_path, example())
    made(folder, "nl" if language == "en" else "en", "report.en.pdf" if name == "report.nl.pdf" else "report.nl.pdf")
    one = made(folder, language, name)
    if signed:
        VENDOR.sign(folder)
    assert answers(folder)[PAGE] is Standing.OK
    assert pypdf.PdfReader(one).trailer["/Root"]["/Lang"] == language
    assert (code(alone(one)) == 0) is signed


def test_a_paper_made_after_the_signing_says_what_the_report_says_but_nobody_stands_behind_it_alone(signed: Path) -> None:
    one = made(signed)
    assert answers(signed) == OK
    told = answers(alone(one))
    assert told[BYTES] is told[SIGNATURE] is told[SIGNER] is told[DATES] is UNDETERMINED
    assert told[RECOMPUTED] is told[PAGE] is Standing.OK


def test_a_next_signer_is_attached_too(paper: Path) -> None:
    RETESTER.sign(paper.parent)
    assert answers(alone(paper), trusting(VENDOR, RETESTER)) == OK


def test_a_paper_can_be_signed_without_its_bundle(unsigned: Path) -> None:
    lonely = alone(unsigned)
    VENDOR.sign(lonely)
    RETESTER.sign(lonely)
    assert answers(lonely, trusting(VENDOR, RETESTER)) == OK
    assert list(lonely.parent.iterdir()) == [lonely]


def test_signing_the_same_again_gives_the_paper_that_verify_makes(paper: Path) -> None:
    envelopes = (paper.parent / "report.dsse.json").read_bytes()
    assert paper.read_bytes() == pdf.render(example(), "nl", envelopes)


def moved(writer: Any) -> None:
    """Put what another page says on page one."""
    writer.pages[0][pypdf.generic.NameObject("/Contents")] = writer.pages[1]["/Contents"]


def stamped(writer: Any) -> None:
    """Write something over the verdict."""
    page = writer.pages[0]
    content = page.get_contents()
    content.set_data(content.get_data() + b"\nq 1 1 1 rg 0 600 600 200 re f Q\n")
    page.replace_contents(content)


def noted(writer: Any) -> None:
    """Stick a note on page one that a reader shows as part of it."""
    writer.add_annotation(0, annotations.FreeText(text="VOLDOET", rect=(50, 700, 250, 750)))


@pytest.mark.parametrize(
    "change",
    [
        moved,
        stamped,
        noted,
        lambda writer: writer.add_blank_page(),
        lambda writer: writer.add_metadata({"/Title": "Voldoet"}),
        lambda writer: None,
    ],
    ids=["moved", "stamped", "noted", "blank-page", "title", "only-written-again"],
)
@pytest.mark.parametrize("is_alone", [False, True])
def test_another_front_page_on_honest_attachments(change: Callable[[Any], object], paper: Path, *, is_alone: bool) -> None:
    before = attached(paper)
    rewritten(paper, change)
    assert attached(paper) == before
    told = answers(alone(paper) if is_alone else paper.parent)
    assert told[PAGE] is NOT_OK
    assert [answer for question, answer in enumerate(told) if question not in {PAGE, LIST}] == [Standing.OK] * 5


def test_an_update_after_the_end_of_the_file_is_another_page(paper: Path) -> None:
    paper.write_bytes(paper.read_bytes() + b"\n")
    assert answers(alone(paper))[PAGE] is NOT_OK


def test_the_front_page_of_a_better_report_on_these_attachments(paper: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    better = example().model_copy(update={"conclusion": Conclusion.CONFORMS})
    other = tmp_path_factory.mktemp("other") / pdf.FILE
    other.write_bytes(pdf.render(better, "nl"))

    def exchange(writer: Any) -> None:
        writer.insert_page(pypdf.PdfReader(other).pages[0], 0)
        writer.remove_page(1)

    before = attached(paper)
    rewritten(paper, exchange)
    assert attached(paper) == before
    told = answers(alone(paper))
    assert told[PAGE] is NOT_OK
    assert told[BYTES] is told[SIGNATURE] is told[RECOMPUTED] is Standing.OK


@pytest.mark.usefixtures("remembered_papers")
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_byte_of_a_paper_changes_it_is_never_all_ok(paper: Path, data: st.DataObject) -> None:
    content = bytearray(paper.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    forged = paper.with_name("forged.pdf")
    forged.write_bytes(content)
    try:
        lines = verify(bundle.read(forged), trusting(VENDOR), TODAY)
    except UnreadableReport:
        return
    assert exit_code(lines) != 0
    assert lines[PAGE].standing is not Standing.OK or lines[SIGNATURE].standing is not Standing.OK


def test_a_verdict_changed_in_the_attached_report_and_signed_with_an_unknown_key(unsigned: Path) -> None:
    forge(unsigned.parent, lambda data: data.update(conclusion="conforms"))
    lonely = alone(made(unsigned.parent))
    STRANGER.sign(lonely)
    told = answers(lonely)
    assert told[SIGNER] is UNDETERMINED
    assert told[RECOMPUTED] is NOT_OK
    assert told[BYTES] is told[SIGNATURE] is told[PAGE] is Standing.OK
    assert code(lonely) == 1


def test_the_envelope_of_another_report_on_a_paper(unsigned: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = write(tmp_path_factory.mktemp("other"), example().model_copy(update={"notes": (Text(nl="x", en="x"),)}))
    VENDOR.sign(other)
    unsigned.write_bytes(pdf.render(example(), "nl", (other / "report.dsse.json").read_bytes()))
    told = answers(alone(unsigned))
    assert told[BYTES] is NOT_OK
    assert told[SIGNATURE] is told[SIGNER] is told[PAGE] is Standing.OK


@pytest.mark.parametrize("envelopes", [b"{}\n", b"\xff\xfe\n", b"\n\n"])
def test_what_is_attached_as_signatures_and_is_none(envelopes: bytes, unsigned: Path) -> None:
    unsigned.write_bytes(pdf.render(example(), "nl", envelopes))
    lonely = alone(unsigned)
    assert answers(lonely)[SIGNATURE] is NOT_OK
    assert code(lonely) == 1


def test_a_paper_whose_day_has_passed(unsigned: Path) -> None:
    VENDOR.sign(unsigned.parent, valid_until=TODAY)
    lonely = alone(unsigned)
    assert answers(lonely) == OK
    assert answers(lonely, day=TODAY.replace(year=TODAY.year + 1))[DATES] is NOT_OK


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"no paper at all"])
def test_a_paper_without_a_report(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(content)
    with pytest.raises(UnreadableReport, match=r"report\.pdf"):
        bundle.read(tmp_path / "report.pdf")


def test_a_paper_with_two_reports(paper: Path) -> None:
    rewritten(paper, lambda writer: writer.add_attachment(json_.FILE, b"{}"))
    with pytest.raises(UnreadableReport, match=r"report\.pdf"):
        bundle.read(paper)


def test_a_file_of_somebody_else_that_is_called_as_a_paper_is_not_written_over(signed: Path) -> None:
    (signed / "report.dsse.json").unlink()
    (signed / "report.nl.pdf").write_bytes(b"%PDF-1.7 of somebody else")
    with pytest.raises(UnreadableReport, match=r"report\.nl\.pdf"):
        VENDOR.sign(signed)
    assert not (signed / "report.dsse.json").exists()
    assert answers(signed)[PAGE] is NOT_OK


def test_a_paper_where_nothing_can_read_or_set_one(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert answers(paper)[PAGE] is UNDETERMINED
    assert code(paper.parent) == 3
    with pytest.raises(WrongUse, match=r"apicheck-nl\[pdf\]"):
        RETESTER.sign(paper.parent)
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert answers(paper.parent)[PAGE] is UNDETERMINED
    with pytest.raises(WrongUse, match=r"apicheck-nl\[pdf\]"):
        bundle.read(paper)
