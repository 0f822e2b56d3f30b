"""How does a report become a sheet that a spreadsheet opens and a tender file can hold?

One row for each finding, and one for each rule without findings. A Dutch spreadsheet takes a comma for a decimal point, so there
the cells are parted by semicolons. No cell can be a formula. Lost: how the test was done, the grounds of a verdict, the exchanges
and who said what of an explanation; a sheet of rows has no room to say so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from apicheck.model import Report
from apicheck.report._outline import Entry, Item, Outline
from apicheck.report._text import Language, plain
from apicheck.words import say

FILE = "report.csv"
COLUMNS = (
    "rule",
    "title",
    "level",
    "kind",
    "verdict",
    "basis",
    "reason",
    "counts",
    "check",
    "message",
    "occurrences",
    "file",
    "line",
    "column",
    "pointer",
    "operation",
    "exchange",
    "finding",
    "remedy",
    "handling",
    "explanation",
)
"""The keys of ``report.json``, in either language, so that a sheet can be read by a program too."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001  # the full-width signs count as well in some sheets


def render(report: Report, language: Language) -> bytes:
    """Return the sheet in UTF-8, with the mark by which spreadsheets know it."""
    sheet = StringIO()
    writer = csv.writer(sheet, delimiter=";" if language == "nl" else ",")
    writer.writerow(COLUMNS)
    for entry in Outline(report).entries:
        for row in _rows(entry, language):
            writer.writerow([_cell(value) for value in row])
    return sheet.getvalue().encode("utf-8-sig")


def _rows(entry: Entry, language: Language) -> Iterator[tuple[object, ...]]:
    rule = (
        entry.rule.id,
        entry.rule.title.in_(language),
        entry.rule.level,
        entry.rule.kind,
        say(f"report.state-{entry.state}").in_(language),
        " ".join(entry.verdict.basis),
        entry.verdict.reason.in_(language),
    )
    said = entry.explanation
    end = (entry.rule.remedy.in_(language), said.handling if said else "", said.text if said else "")
    items = [(item, "yes") for item in (*entry.faults, *entry.declared)] + [(item, "no") for item in entry.advice]
    for item, counts in items:
        yield (*rule, counts, *_finding(item, language), *end)
    if not items:
        yield (*rule, *[""] * (len(COLUMNS) - len(rule) - len(end)), *end)


def _finding(item: Item, language: Language) -> tuple[object, ...]:
    finding, location = item.finding, item.finding.location
    place = (location.file, location.line, location.column, location.pointer) if location else ("",) * 4
    return (
        item.check,
        finding.message.in_(language),
        finding.occurrences,
        *place,
        finding.operation or ", ".join(location.used_by if location else ()),
        finding.exchange,
        finding.id,
    )


def _cell(value: object) -> str:
    text = "" if value is None else plain(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
