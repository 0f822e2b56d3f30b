"""Is every text of a stranger harmless in every format?"""

import csv
import io
import json
import re
import unicodedata
from enum import StrEnum
from functools import cache
from html.parser import HTMLParser
from itertools import count
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
from haralyzer import HarParser  # type: ignore[import-untyped]  # it has no types
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from apicheck import model
from apicheck.model import Report
from apicheck.report import FORMATS, csv_, har, json_
from tests.report import sample
from tests.report.test_machines import SARIF, earl_graph

ENUMS = [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum]
KEPT = {str(value) for kind in ENUMS for value in kind} | {"technical", "functional", "test", "apicheck/report/1.0"}
"""Words of our own that a report could not do without."""
TEXTS = [name for name in FORMATS if name != "pdf"]
"""The paper has tests of its own."""
PATIENT = settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""Shrinking a whole report takes minutes, and its first failure is telling enough."""
ACTS = {"Cc", "Cf", "Cs", "Zl", "Zp"}

HOSTILE = st.one_of(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "\"'><img src=x onerror=alert(1)>",
            "javascript:alert(1)",
            'https://evil.example/" onmouseover="alert(1)',
            "</style></title><svg onload=alert(1)>",
            "{{ 7 * 7 }}{% include 'x' %}{0.__class__}",
            "[bold red]red[/][link=https://evil.example]",
            "\x1b[2J\x1b]8;;https://evil.example\x07click\x9b31m",
            "gebouwen\u202elmth.exe\u2066\u00ad\u200b",
            "\ud800\udfff\udc00",
            "\ufffe\uffff\x00\x0b\x7f\u0085\u2028\u2029",
            '=HYPERLINK("https://evil.example")',
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\uff1d1",
            "|`*_[x](https://evil.example)<b>&lt;|",
            "# title\n- item\n```\n@everyone #1 www.evil.example",
            "x\n::error file=a::b\n::add-mask::c",
            "%0A::error::x",
            "]]><x/>&bogus;",
            "",
            " ",
            "e\u0301" * 50,
            "a" * 20_000,
        ]
    ),
    st.text(max_size=30),
)


@cache
def _benign() -> Any:
    return json.loads(json_.render(sample.crowded()))


def _infect(node: Any, seen: dict[str, str], draw: Any) -> Any:
    """Put something hostile in the place of every text, the same for the same text, so that references still hold."""
    if isinstance(node, dict):
        return {key: _infect(value, seen, draw) for key, value in node.items()}
    if isinstance(node, list):
        return [_infect(value, seen, draw) for value in node]
    if not isinstance(node, str) or node in KEPT or re.fullmatch(r"\d{4}-\d\d-\d\d", node):
        return node
    if node not in seen:
        seen[node] = draw(HOSTILE)
    return seen[node]


@st.composite
def hostile_reports(draw: Any) -> Report:
    """Return a report in which a stranger wrote every text; rules keep ids of their own."""
    data = _infect(_benign(), {verdict["rule"]: verdict["rule"] for verdict in _benign()["verdicts"]}, draw)
    data["run"]["sources"] = draw(st.sampled_from([["lint"], ["lint", "probe", "fuzz", "attest"]]))
    return Report.model_validate(data)


class Tags(HTMLParser):
    """Which tags and attributes does a page have?"""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag} | {f"{tag} {name}" for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


def _acting(text: str) -> set[str]:
    return {character for character in text if unicodedata.category(character) in ACTS} - {"\n"}


@PATIENT
@given(hostile_reports(), st.sampled_from(["nl", "en"]))
def test_no_text_of_a_stranger_acts(report: Report, language: Any) -> None:
    for name in TEXTS:
        written = FORMATS[name].render(report, language)
        text = written if isinstance(written, str) else written.decode("utf-8-sig").replace("\r\n", "\n")
        assert not _acting(text), name


@PATIENT
@given(hostile_reports())
def test_no_text_of_a_stranger_acts_in_evidence_nor_chooses_the_name_of_a_file(report: Report) -> None:
    for name, content in har.evidence(report).items():
        assert re.fullmatch(r"[0-9a-f]{64}\.har", name)
        assert not _acting(content.decode())
        assert len(HarParser(json.loads(content)).har_data["entries"]) == 1


def test_texts_of_a_megabyte_are_cut_in_every_format() -> None:
    rules = {verdict["rule"]: verdict["rule"] for verdict in _benign()["verdicts"]}
    numbers = count()
    texts = {10: "=" * 1_000_000, 60: "\u202e" * 1_000_000, 110: "\x1b[2J" * 250_000, 160: "<b>" * 350_000}
    report = Report.model_validate(_infect(_benign(), rules, lambda _: texts.get(next(numbers), "x")))
    assert len(json_.render(report)) > 4_000_000
    assert not [name for name in FORMATS if name != "json" and len(FORMATS[name].render(report, "nl")) > 5_000_000]
    assert all(len(content) < 100_000 for content in har.evidence(report).values())


def test_very_long_texts_are_cut() -> None:
    rules = {verdict["rule"]: verdict["rule"] for verdict in _benign()["verdicts"]}
    report = Report.model_validate(_infect(_benign(), rules, lambda _: "a" * 100_000))
    assert len(FORMATS["json"].render(report, "nl")) > 40_000_000
    assert not [name for name in TEXTS if name != "json" and len(FORMATS[name].render(report, "nl")) > 5_000_000]


@PATIENT
@given(hostile_reports())
def test_a_page_gets_no_tags_and_no_links_from_a_stranger(report: Report) -> None:
    page = Tags(str(FORMATS["html"].render(report, "en")))
    assert page.found <= Tags(str(FORMATS["html"].render(sample.crowded(), "en"))).found
    assert all(re.match(r"#|https?://", link, re.IGNORECASE) for link in page.links)


@PATIENT
@given(hostile_reports())
def test_a_sheet_gets_no_formula_and_no_cells_from_a_stranger(report: Report) -> None:
    text = csv_.render(report, "nl").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert all(len(row) == len(csv_.COLUMNS) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(csv_.STARTS_A_FORMULA)]


@PATIENT
@given(hostile_reports())
def test_the_formats_for_machines_stay_what_they_are(report: Report) -> None:
    root = ET.fromstring(FORMATS["junit"].render(report, "nl"))  # noqa: S314  # our own output
    assert len(list(root.iter("testcase"))) == len(report.verdicts)
    log = json.loads(FORMATS["sarif"].render(report, "nl"))
    assert [error.message for error in jsonschema_rs.validator_for(SARIF).iter_errors(log)] == []
    assert earl_graph(FORMATS["earl"].render(report, "nl"))
    assert len(HarParser(json.loads(FORMATS["har"].render(report, "nl"))).har_data["entries"]) == len(report.exchanges)
    issues = json.loads(FORMATS["gitlab"].render(report, "nl"))
    assert all(issue["location"]["lines"]["begin"] >= 1 for issue in issues)
    commands = [line for line in str(FORMATS["github"].render(report, "nl")).splitlines() if line.startswith("::")]
    assert len(commands) <= 30
    assert all(re.match(r"::(error|warning|notice) [^:]*::", line) for line in commands)


@PATIENT
@given(hostile_reports())
def test_markdown_gets_no_markup_from_a_stranger(report: Report) -> None:
    shown = MarkdownIt("js-default", {"html": True}).render(str(FORMATS["markdown"].render(report, "nl")))
    allowed = {
        "h2",
        "h3",
        "p",
        "strong",
        "ul",
        "li",
        "code",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "th style",
        "td style",
    }
    assert Tags(shown).found <= allowed


@PATIENT
@given(hostile_reports())
def test_a_hostile_report_is_read_back(report: Report) -> None:
    again = json_.parse(json_.render(report))
    assert json_.render(again) == json_.render(report)
