"""Does the evidence of a report show each finding, to a reader that others wrote, and is it made of the report alone?"""

import json
import re
from hashlib import sha256

from haralyzer import HarEntry, HarParser  # type: ignore[import-untyped]  # it has no types

from apicheck.model import Finding, Observation, Report
from apicheck.report import FORMATS, har, json_
from tests.report import sample

REPORT = sample.failing()
NAME = re.compile(r"evidence/([0-9a-f]{64}\.har)")


def shown(report: Report) -> dict[str, str]:
    """Return the exchange that shows each finding and observation, by its id."""
    found: list[Finding | Observation] = [
        *(finding for evidence in report.evidence for finding in evidence.findings),
        *report.robustness,
    ]
    recorded = {exchange.id for exchange in report.exchanges}
    return {finding.id: finding.exchange for finding in found if finding.exchange in recorded}


def test_there_is_a_file_for_each_finding_that_traffic_shows_named_after_its_bytes() -> None:
    files = har.evidence(REPORT)
    assert len(files) == len(shown(REPORT)) > 1
    assert all(name == f"{sha256(content).hexdigest()}.har" for name, content in files.items())


def test_a_file_is_read_by_a_reader_that_others_wrote() -> None:
    exchanges = {exchange.id: exchange for exchange in REPORT.exchanges}
    seen = shown(REPORT)
    for content in har.evidence(REPORT).values():
        log = HarParser(json.loads(content)).har_data
        (entry,) = log["entries"]
        exchange = exchanges[seen[log["_finding"]["id"]]]
        read = HarEntry(entry)
        assert (read.request.method, read.request.url, read.status) == (exchange.method, exchange.url, exchange.status)
        assert read.response.text == exchange.response.body


def test_a_file_says_what_it_shows_and_what_it_lacks_in_both_languages() -> None:
    for content in har.evidence(REPORT).values():
        log = json.loads(content)["log"]
        assert log["_finding"]["nl"] != log["_finding"]["en"]
        assert "gemaskeerd" in log["comment"]
        assert "masked" in log["comment"]


def test_the_report_names_exactly_the_files_that_there_are() -> None:
    files = set(har.evidence(REPORT))
    for language in ("nl", "en"):
        assert set(NAME.findall(str(FORMATS["html"].render(REPORT, language)))) == files


def test_the_files_are_made_of_the_report_alone() -> None:
    assert har.evidence(json_.parse(json_.render(REPORT))) == har.evidence(REPORT)


def test_another_word_of_an_exchange_is_another_file() -> None:
    first, *others = REPORT.exchanges
    changed = first.model_copy(update={"url": f"{first.url}#"})
    touched = har.evidence(REPORT.model_copy(update={"exchanges": (changed, *others)}))
    assert len(set(touched) ^ set(har.evidence(REPORT))) == 2


def test_without_traffic_there_is_no_evidence_in_files() -> None:
    assert har.evidence(sample.lint_only()) == {}
