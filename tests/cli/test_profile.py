"""Does a profile decide what a test comes to: which rules, and whether an explanation counts? On the real command line."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import yaml_rs

from apicheck.demo import Example, running_example, twin
from apicheck.model import Report
from apicheck.report.json_ import read

from .conftest import Run

TODAY = datetime.now(UTC).date()
LATER = str(TODAY + timedelta(days=200))
VENDOR = {"name": "V. Verkoper", "role": "productmanager", "organisation": "Voorbeeld BV"}
BUYER = {"name": "I. Inkoper", "role": "inkoper", "organisation": "Gemeente Voorbeeld"}


@pytest.fixture(scope="module")
def broken() -> Iterator[Example]:
    with running_example(twin()) as example:
        yield example


def probe(run: Run, example: Example, *options: str) -> Report:
    run(
        "probe",
        str(example.document),
        "--url",
        example.base_url,
        "--rate",
        "1000",
        "--max-requests",
        "100",
        "--format",
        "json=report.json",
        *options,
    )
    return read(Path("report.json"))


def fill_in(run: Run) -> None:
    """Let the vendor explain every rule that fails in ``report.json``, and the buyer accept it all."""
    for command, file, fields, lines in (
        (("new", "report.json"), "proposals.yaml", {"proposed-by": VENDOR, "proposed-on": str(TODAY)}, explained),
        (("decide", "proposals.yaml"), "decisions.yaml", {"decided-by": BUYER}, accepted),
    ):
        content = cast("dict[str, Any]", yaml_rs.loads(run("exceptions", *command).out, parse_datetime=False)) | fields
        lines(content)
        Path(file).write_text(json.dumps(content), "utf-8")


def explained(content: dict[str, Any]) -> None:
    for line in content["exceptions"]:
        line |= {"ground": "transition", "text": "It is in the next release.", "compensation": "A proxy.", "until": LATER}


def accepted(content: dict[str, Any]) -> None:
    for line in content["decisions"]:
        line |= {"decision": "accepted", "reason": "Agreed in the meeting.", "date": str(TODAY)}


def test_an_existing_application_may_promise_and_the_next_test_looks_after_it(
    run: Run, broken: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first = probe(run, broken, "--profile", "transitie")
    assert first.standard.name == "transitie@2026-1"
    assert first.conclusion == "fails"
    fill_in(run)

    promised = probe(run, broken, "--profile", "transitie", "--exceptions", "proposals.yaml", "--decisions", "decisions.yaml")
    assert promised.conclusion == "incomplete"
    failing = [verdict for verdict in promised.verdicts if verdict.status == "fail"]
    notes = " ".join(note.en for note in promised.notes)
    assert failing
    assert all(f"Promised: by {LATER} the rule '{verdict.title.en}' ({verdict.rule}) is met." in notes for verdict in failing)

    Path("before.json").write_bytes(Path("report.json").read_bytes())
    again = probe(run, broken, "--again", "before.json")
    assert again.standard.digest == promised.standard.digest
    notes = " ".join(note.en for note in again.notes)
    assert all(f"({verdict.rule}) is not met. It has to be by {LATER}." in notes for verdict in failing)


def test_a_new_application_explains_nothing(run: Run, broken: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    probe(run, broken, "--profile", "nieuw")
    fill_in(run)
    report = probe(run, broken, "--profile", "nieuw", "--exceptions", "proposals.yaml", "--decisions", "decisions.yaml")
    assert report.conclusion == "fails"
    assert {item.handling for item in report.exceptions} == {"proposed"}
    assert not any("Promised" in note.en for note in report.notes)


def test_every_command_that_asks_for_a_standard_takes_a_profile_instead(run: Run, broken: Example) -> None:
    document = str(broken.document)
    assert "geo@2026-1" in run("lint", document, "--profile", "geo").out
    assert 'standard: "zgw@2026-1"' in run("attest", "new", document, "--profile", "zgw").out
    assert "--profile transitie" in run("requirement", "--profile", "transitie").out
    assert run("lint", document, "--profile", "geo", "--standard", "nlgov-adr@2.1").code == 2
    assert run("lint", document, "--profile", "no-such-profile").code == 2


def test_what_no_tool_can_establish_is_told_in_the_report(run: Run, broken: Example, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    run("lint", str(broken.document), "--profile", "nieuw", "--format", f"html={page}")
    told = page.read_text("utf-8")
    assert "Dat is een uitkomst van beleid, niet van één API." in told
    assert "nlgov-adr@2.2 sha256:" in told
