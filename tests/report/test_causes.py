"""Is what a report has to say often said once, with its places?"""

import re
from collections.abc import Callable

import pytest

from apicheck.model import Finding, Outcome, Report, Text
from apicheck.report import FORMATS, pdf
from apicheck.report._outline import Outline, causes
from tests.report import sample

COUNT = 1_234
SAID = Text(nl="Bij dit pad hoort geen schuine streep aan het eind.", en="This path is not to end in a slash.")


def often(sources_of: Callable[[], Report] = sample.failing) -> Report:
    """Return a report in which one check says the same of very many places."""
    report = sources_of()
    findings = tuple(
        Finding(id=f"{number:012x}", message=SAID, location=sample.place(f"/paths/~1p{number}", number, 3, f"GET /p{number}/"))
        for number in range(1, COUNT + 1)
    )
    changed = (
        one.model_copy(update={"findings": findings}) if one.check == "no-trailing-slash" else one for one in report.evidence
    )
    return report.model_copy(update={"evidence": tuple(changed)})


@pytest.mark.parametrize("make", [sample.failing, sample.lint_only])
@pytest.mark.parametrize("name", ["terminal", "markdown", "html"])
def test_a_sentence_is_said_once_with_how_often_and_the_first_places(name: str, make: Callable[[], Report]) -> None:
    told = re.sub(r"<[^>]+>|\s+", " ", str(FORMATS[name].render(often(make), "en"))).replace("\\", "")
    told = " ".join(told.split())
    assert told.count(SAID.en) == 1
    assert "1,234 times" in told or "1234 times" in told
    assert "gebouwen.yaml:1:3" in told


def test_the_page_and_the_terminal_count_the_places_that_they_leave_out() -> None:
    for name, left in (("terminal", 3), ("html", 5)):
        told = " ".join(str(FORMATS[name].render(often(), "en")).split())
        assert f"and {COUNT - left:,} more places" in told


def test_the_paper_says_it_once_too() -> None:
    entry = next(one for one in pdf.Paper(often(), "en").data["parts"][0]["entries"] if one["head"][2] == "/core/no-trailing-slash")
    found = dict(entry["fields"])["Found"]
    assert [message for message, *_ in found if SAID.en in message] == [f"{SAID.en} (1,234 times)"]


def test_every_finding_belongs_to_one_cause() -> None:
    for entry in Outline(often()).entries:
        parted = [item for cause in causes(entry.faults) for item in cause.items]
        assert sorted(item.finding.id for item in parted) == sorted(item.finding.id for item in entry.faults)
        assert sum(cause.occurrences for cause in causes(entry.faults)) == entry.occurrences


def test_no_line_of_an_exchange_runs_off_the_paper() -> None:
    report = sample.failing()
    (first, *others) = report.exchanges
    long = first.model_copy(update={"url": "https://x.example/" + "a" * 700, "curl": "curl " + "b " * 300})
    data = pdf.Paper(report.model_copy(update={"exchanges": (long, *others)}), "nl").data
    lines = [
        line
        for part in data["parts"]
        for entry in part["entries"]
        for exchange in entry["exchanges"]
        for _, rows in exchange["blocks"]
        for line in rows
    ]
    assert max(map(len, lines)) == pdf.LONGEST_LINE


def test_an_exchange_is_printed_once() -> None:
    report = sample.failing()
    assert any(evidence.outcome is Outcome.VIOLATED for evidence in report.evidence)
    parts = pdf.Paper(report, "nl").data["parts"]
    titles = [exchange["title"] for part in parts for entry in part["entries"] for exchange in entry["exchanges"]]
    assert len(titles) == len(set(titles)) > 1
