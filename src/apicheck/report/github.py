"""What must be printed in a GitHub workflow so that findings stand beside the lines they are about?

GitHub shows ten annotations of each kind for a step and drops the rest in silence; the last line says how many there were.
Lost: everything else but the conclusion.
"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.model import Level, Report
from apicheck.report._gist import gist
from apicheck.report._outline import Entry, Item, Outline, State
from apicheck.report._text import Language, number, plain
from apicheck.words import say

FILE = "annotations.txt"
MOST = 10
KINDS = {Level.MUST: "error", Level.SHOULD: "warning", Level.MAY: "notice"}


def render(report: Report, language: Language) -> str:
    """Return workflow commands, a line each, and a last line with the conclusion."""
    outline = Outline(report)
    found = [(_kind(entry), entry, item) for entry in outline.failures for item in entry.faults]
    found += [("notice", entry, item) for entry in outline.advice for item in entry.advice]
    shown = [one for kind in KINDS.values() for one in [one for one in found if one[0] == kind][:MOST]]
    told = gist(outline, language)
    lines = [_command(kind, entry, item, language) for kind, entry, item in shown]
    if len(shown) < len(found):
        lines.append(say("report.shown-of", shown=len(shown), all=number(len(found), language)).in_(language))
    lines.append(f"{told.verdict}: {told.reason}")
    return "\n".join(lines) + "\n"


def _kind(entry: Entry) -> str:
    return "notice" if entry.state is State.EXPLAINED else KINDS[entry.rule.level]


def _command(kind: str, entry: Entry, item: Item, language: Language) -> str:
    weight = "hint" if item in entry.advice else entry.rule.level
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(item, f"{weight} {entry.rule.id}"))
    message = f"{item.finding.message.in_(language)} {entry.rule.remedy.in_(language)}"
    return f"::{kind} {properties}::{_data(message)}"


def _properties(item: Item, title: str) -> Iterator[tuple[str, object]]:
    if location := item.finding.location:
        yield "file", location.file
        if location.line:
            yield "line", location.line
            yield "col", location.column or 1
    yield "title", title


def _data(value: object) -> str:
    return plain(value).replace("%", "%25")


def _property(value: object) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
