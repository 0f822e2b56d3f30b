"""Does a report become any other format later, offline, and is what that leaves out said aloud?"""

import json
from pathlib import Path

import pytest

from apicheck.report import FORMATS
from apicheck.words import say

from .conftest import Run

DOCUMENT = str(Path(__file__).parents[2] / "examples" / "gebouwen" / "openapi.yaml")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_format_without_room_for_it_says_what_it_leaves_out_when_it_is_written(run: Run, language: str) -> None:
    run("lint", DOCUMENT, "--format", "json=report.json")
    for name in ("csv", "github", "gitlab"):
        result = run("report", "report.json", "--format", f"{name}=out.{name}", "--lang", language)
        assert result.code == 0
        loses = say(f"report.loses-{name}")
        assert (loses.nl if language == "nl" else loses.en) in result.err


def test_a_format_with_room_for_it_says_itself_what_it_leaves_out(run: Run, tmp_path: Path) -> None:
    run("lint", DOCUMENT, "--format", "json=report.json")
    for name in ("earl", "har", "junit", "sarif"):
        run("report", "report.json", "--format", f"{name}=out", "--lang", "en")
        written = (tmp_path / "out").read_text("utf-8")
        assert say(f"report.loses-{name}").en in written, name


def test_several_formats_are_made_in_one_run(run: Run, tmp_path: Path) -> None:
    run("lint", DOCUMENT, "--format", "json=report.json")
    names = [name for name in FORMATS if name != "terminal"]
    asked = [part for name in names for part in ("--format", f"{name}=out/{FORMATS[name].file}")]
    result = run("report", "report.json", *asked)
    assert result.code == 0
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == sorted(FORMATS[name].file for name in names)
    assert (tmp_path / "out" / "report.json").read_bytes() == (tmp_path / "report.json").read_bytes()
    assert json.loads((tmp_path / "out" / "report.json").read_bytes())["schema"] == "apicheck/report/1.0"
