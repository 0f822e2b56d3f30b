"""Can a buyer repeat the test of a vendor and see what came of it, and is the traffic of each finding kept beside the report?"""

import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from apicheck.demo import Example, running_example, twin

from .conftest import Run

STANDARD = ("--standard", "nlgov-adr@2.1")
LIMITS = ("--seed", "7", "--max-requests", "150", "--max-time", "20", "--rate", "1000")
SECRET = "Zeer-geheime-sleutel-0123456789"  # noqa: S105  # this is what must not be found
STALE = f"{'0' * 64}.har"


@pytest.fixture(scope="module")
def broken() -> Iterator[Example]:
    with running_example(twin()) as example:
        yield example


@pytest.fixture(scope="module")
def first(broken: Example, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a first report. Evidence of an earlier run stood there, and a file of a person."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "evidence").mkdir()
    (folder / "evidence" / STALE).write_text("of an earlier run", "utf-8")
    (folder / "evidence" / "notes.txt").write_text("of a person", "utf-8")
    (folder / "key").write_text(f"Bearer {SECRET}", "utf-8")
    asked = ("--url", broken.base_url, "--out", str(folder), "--header", f"Authorization=file:{folder / 'key'}", *LIMITS, *STANDARD)
    done = subprocess.run(
        [sys.executable, "-m", "apicheck", "check", str(broken.document), *asked], capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 1, done.stderr.decode()
    (folder / "key").unlink()
    return folder


def report(file: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(file.read_bytes())
    return said


def test_a_retest_compares_with_what_it_repeats_and_keeps_to_the_same_limits(
    run: Run, broken: Example, first: Path, tmp_path: Path
) -> None:
    again = ("--again", str(first / "report.json"), "--by", "Gemeente Voorbeeld", "--format", "json")
    result = run("check", str(broken.document), "--url", broken.base_url, "--out", "second", *again)
    assert result.code == 1
    earlier, later = report(first / "report.json"), report(tmp_path / "second" / "report.json")
    digest = sha256((first / "report.json").read_bytes()).hexdigest()
    assert later["again"]["earlier"]["digest"] == digest
    told = " ".join(result.out.split())
    assert f"Hertest van rapport {digest[:4].upper()}-{digest[4:8].upper()}" in told
    assert "Volgens eigen opgave gedaan door Gemeente Voorbeeld." in told
    assert (later["standard"]["id"], later["standard"]["edition"]) == ("nlgov-adr", "2.1")
    kept = ("seed", "max-requests", "max-time", "rate")
    assert {name: later["run"][name] for name in kept} == {name: earlier["run"][name] for name in kept}
    assert later["again"]["incomparable"] == later["again"]["contradicted"] == []
    assert {rule["change"] for rule in later["again"]["rules"]} == {"same"}
    static = [[one for one in said["evidence"] if one["source"] == "lint"] for said in (earlier, later)]
    assert static[0] == static[1]


def test_what_the_command_line_gives_goes_before_what_the_earlier_report_had(
    run: Run, broken: Example, first: Path, tmp_path: Path
) -> None:
    again = ("--again", str(first / "report.json"), "--seed", "8", "--standard", "nlgov-adr@2.0", "--format", "json")
    run("probe", str(broken.document), "--url", broken.base_url, "--out", "second", *again)
    later = report(tmp_path / "second" / "report.json")
    assert (later["run"]["seed"], later["run"]["max-requests"], later["standard"]["edition"]) == (8, 150, "2.0")
    assert later["again"]["incomparable"] == ["standard"]


def test_what_is_no_report_cannot_be_tested_again(run: Run, broken: Example, tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{}", "utf-8")
    for name in ("no.json", "none.json"):
        result = run("check", str(broken.document), "--url", broken.base_url, "--again", name)
        assert result.code == 4
        assert name in result.err


def test_the_evidence_stands_beside_the_report_and_nothing_of_an_earlier_run(first: Path) -> None:
    files = {file.name: file.read_bytes() for file in (first / "evidence").glob("*.har")}
    assert files
    assert all(name == f"{sha256(content).hexdigest()}.har" for name, content in files.items())
    assert (first / "evidence" / "notes.txt").exists()
    page = (first / "report.html").read_text("utf-8")
    assert any(f"evidence/{name}" in page for name in files)


def test_the_evidence_is_made_again_offline(run: Run, first: Path, tmp_path: Path) -> None:
    result = run("report", str(first / "report.json"), "--format", "evidence=again")
    assert result.code == 0
    made = {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()}
    assert made == {file.name: file.read_bytes() for file in (first / "evidence").glob("*.har")}


def test_no_secret_reaches_a_report_or_its_evidence(first: Path) -> None:
    written = [file for file in first.rglob("*") if file.is_file()]
    assert {file.suffix for file in written} >= {".har", ".html", ".json"}
    assert not [file.name for file in written if SECRET.encode() in file.read_bytes()]


@pytest.mark.parametrize("asked", ["evidence=-", "evidence="])
def test_a_folder_does_not_go_to_standard_output(run: Run, first: Path, asked: str) -> None:
    assert run("report", str(first / "report.json"), "--format", asked).code == 2
