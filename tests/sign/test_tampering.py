"""Does ``verify`` look at every file of a bundle, and name the one that somebody touched?"""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apicheck.errors import UnreadableReport
from apicheck.model import Report
from apicheck.report import FORMATS, har, json_, pdf
from apicheck.sign import bundle, seal
from apicheck.sign.standing import Standing
from apicheck.sign.verify import Line, exit_code, verify
from tests.report import sample

from .signers import OK, TODAY, VENDOR, answers, code, example, trusting
from .test_seal import SECRET, kept

pytest.importorskip("pypdf", reason='the extra "pdf" is not installed, so NO BUNDLE was tampered with')
pytest.importorskip("typst", reason='the extra "pdf" is not installed, so NO BUNDLE was tampered with')
pytest.importorskip("pyhanko", reason='the extra "seal" is not installed, so NO BUNDLE was tampered with')

BYTES, SIGNATURE, SIGNER, RECOMPUTED, PAGE, DATES, LIST = range(7)
PAPER, SEALED = "report.nl.pdf", "report.en.pdf"


def with_traffic() -> Report:
    """Return a report of which the evidence has something to show."""
    return example().model_copy(update={"exchanges": sample.EXCHANGES, "robustness": sample.OBSERVATIONS})


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with everything that a bundle can hold, signed, and one of its papers sealed."""
    folder, stamp = tmp_path_factory.mktemp("bundle"), kept(tmp_path_factory.mktemp("seal") / "seal.p12")
    report = with_traffic()
    for form in FORMATS.values():
        if form.name not in {"pdf", "terminal"}:
            rendered = form.render(report, "nl")
            (folder / form.file).write_bytes(rendered.encode() if isinstance(rendered, str) else rendered)
    (folder / har.FOLDER).mkdir()
    for name, content in har.evidence(report).items():
        (folder / har.FOLDER / name).write_bytes(content)
    (folder / PAPER).write_bytes(pdf.render(report, "nl"))
    (folder / SEALED).write_bytes(pdf.render(report, "en"))
    VENDOR.sign(folder)
    (folder / SEALED).write_bytes(seal.put((folder / SEALED).read_bytes(), stamp, SECRET))
    return folder


@pytest.fixture
def folder(untouched: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(untouched, tmp_path / "bundle"))


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def one_of_evidence(folder: Path) -> Path:
    return min((folder / har.FOLDER).iterdir())


def lines(folder: Path) -> tuple[Line, ...]:
    return verify(bundle.read(folder), trusting(VENDOR), TODAY)


def test_the_bundle_holds_one_of_everything_and_all_is_ok(folder: Path) -> None:
    held = set(files(folder))
    assert held >= {"report.json", "report.dsse.json", "report.html", "report.har", "gl-code-quality-report.json", PAPER, SEALED}
    assert any(name.startswith(f"{har.FOLDER}/") for name in held)
    assert answers(folder) == OK
    told = " ".join(line.why.nl for line in lines(folder))
    assert f"{har.FOLDER}/ (" in told


@pytest.mark.usefixtures("remembered_papers")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_byte_that_changes_in_any_file_is_seen_and_the_file_is_named(untouched: Path, folder: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(files(untouched)))
    content = bytearray((untouched / name).read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    (folder / name).write_bytes(content)
    try:
        found = lines(folder)
    except UnreadableReport:
        assert name == "report.json", "another schema, or no report at all"
        return
    finally:
        shutil.copy(untouched / name, folder / name)
    assert exit_code(found) == 1
    wrong = [line.why.nl for line in found if line.standing is Standing.NOT_OK]
    assert any(("Handtekening 1 van 1" if name == "report.dsse.json" else name) in why for why in wrong), wrong


@pytest.mark.usefixtures("remembered_papers")
@pytest.mark.parametrize("content", [b"", b"{}"])
def test_a_file_with_something_else_in_it_is_never_ok(content: bytes, untouched: Path, folder: Path) -> None:
    for name in files(untouched):
        (folder / name).write_bytes(content)
        try:
            assert code(folder) != 0, name
        except UnreadableReport:
            assert name == "report.json"
        shutil.copy(untouched / name, folder / name)


@pytest.mark.usefixtures("remembered_papers")
@pytest.mark.parametrize(
    "add",
    [
        lambda folder: (folder / "bijlage.pdf").write_bytes(b"%PDF-1.7 Voldoet"),
        lambda folder: (folder / ".htaccess").write_text("x"),
        lambda folder: (folder / har.FOLDER / "index.html").write_text("Voldoet"),
        lambda folder: (folder / "map").mkdir(),
        lambda folder: (folder / "report.csv").rename(folder / "rapport.csv"),
    ],
    ids=["paper", "hidden", "beside-the-evidence", "folder", "renamed"],
)
def test_a_file_that_nobody_vouches_for_is_named(add: Callable[[Path], object], folder: Path) -> None:
    before = set(folder.rglob("*"))
    add(folder)
    (new,) = set(folder.rglob("*")) - before
    told = lines(folder)[BYTES]
    assert told.standing is Standing.UNDETERMINED
    assert new.name in told.why.nl
    assert code(folder) == 3
    assert code(folder / json_.FILE) == 0, "asked for alone, what else is in a folder is no concern of it"


@pytest.mark.usefixtures("remembered_papers")
def test_a_file_that_bears_the_name_of_the_report_must_be_signed(folder: Path) -> None:
    (folder / "report.docx").write_bytes(b"Voldoet")
    for asked in (folder, folder / json_.FILE):
        told = lines(asked)[BYTES]
        assert told.standing is Standing.UNDETERMINED
        assert "report.docx" in told.why.nl


@pytest.mark.usefixtures("remembered_papers")
def test_evidence_that_is_not_named_after_its_bytes(folder: Path) -> None:
    one = one_of_evidence(folder)
    one.rename(one.with_name(f"{'0' * 64}.har"))
    found = lines(folder)
    assert found[PAGE].standing is Standing.NOT_OK
    assert f"{'0' * 64}.har" in found[PAGE].why.nl


@pytest.mark.usefixtures("remembered_papers")
def test_evidence_of_another_report_moved_in(folder: Path) -> None:
    other = b'{"log": {}}\n'
    name = f"{sha256(other).hexdigest()}.har"
    (folder / har.FOLDER / name).write_bytes(other)
    found = lines(folder)
    assert found[BYTES].standing is Standing.UNDETERMINED
    assert found[PAGE].standing is Standing.NOT_OK
    assert name in found[PAGE].why.nl


@pytest.mark.usefixtures("remembered_papers")
def test_what_can_be_made_again_from_the_report_may_be_left_out(folder: Path) -> None:
    for name in files(folder):
        if name not in {"report.json", "report.dsse.json", PAPER}:
            (folder / name).unlink()
    (folder / har.FOLDER).rmdir()
    assert answers(folder) == OK


def test_the_signatures_of_another_bundle_moved_in(folder: Path, signed: Path) -> None:
    shutil.copy(signed / "report.dsse.json", folder)
    found = lines(folder)
    assert found[SIGNATURE].standing is Standing.OK
    assert found[BYTES].standing is Standing.NOT_OK
    assert json_.FILE in found[BYTES].why.nl
