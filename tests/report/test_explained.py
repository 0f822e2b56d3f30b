"""Does a reader in a hurry hear both sides, whatever the format?"""

import json
from xml.etree import ElementTree as ET

import pytest

from apicheck.model import Handling
from apicheck.report import FORMATS
from tests.report import sample


@pytest.mark.parametrize("name", ["html", "markdown", "terminal"])
def test_what_was_disputed_and_explained_is_told_beside_the_conclusion(name: str) -> None:
    told = " ".join(str(FORMATS[name].render(sample.crowded(), "nl")).split())
    for sentence in (
        "De leverancier betwist 1 bevinding.",
        "Voor 1 eis stelt de leverancier een uitleg voor; die is niet aanvaard.",
        "Daarnaast is 1 verplichte eis niet gehaald met een uitleg die de afnemer aanvaardt.",
    ):
        assert sentence in told
        assert sentence not in " ".join(str(FORMATS[name].render(sample.failing(), "nl")).split())


def test_a_page_lists_every_exception_with_both_persons_and_all_dates() -> None:
    page = str(FORMATS["html"].render(sample.explained(), "en"))
    assert page.count("V. Verkoper, productmanager, Voorbeeld BV, 20 November 2026") == 2
    assert "I. Inkoper, inkoper, Gemeente Voorbeeld, 23 November 2026" in page


def test_only_what_the_buyer_accepted_is_suppressed_or_skipped() -> None:
    statuses = {Handling.EXPLAINED: "accepted", Handling.DISPUTED: "underReview", Handling.PROPOSED: "underReview"}
    report = sample.crowded()
    run = json.loads(FORMATS["sarif"].render(report, "en"))["runs"][0]
    root = ET.fromstring(FORMATS["junit"].render(report, "en"))  # noqa: S314  # our own output
    for said in report.exceptions:
        shown = [result["suppressions"][0] for result in run["results"] if result["ruleId"] == said.rule]
        assert {item["status"] for item in shown} == {statuses[said.handling]}
        assert all((item["kind"], item["justification"]) == ("external", said.text) for item in shown)
        case = next(case for case in root.iter("testcase") if str(case.get("name")).startswith(f"{said.rule} "))
        skipped, failure = case.find("skipped"), case.find("failure")
        assert (skipped is not None) == (said.handling is Handling.EXPLAINED)
        assert (failure is not None) == (said.handling is not Handling.EXPLAINED)
        assert skipped is None or skipped.get("message")
