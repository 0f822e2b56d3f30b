"""What does a pull request or a build summary say of a report, in a screenful of Markdown?

It is a summary: what is left out of a list is counted, and the rest stands in the report whose number it ends with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from apicheck.model import Report
from apicheck.report._advice import heading, not_put
from apicheck.report._again import changed_rules
from apicheck.report._explained import brief
from apicheck.report._gist import Gist, gist
from apicheck.report._outline import Cause, Entry, Outline, causes
from apicheck.report._text import Language, counted, plain
from apicheck.words import say

FILE = "report.md"
MOST_RULES = 10
MOST_FINDINGS = 2
"""Together they keep the summary under sixty lines."""


def render(report: Report, language: Language) -> str:
    """Return the summary."""
    outline = Outline(report)
    return "\n".join(_lines(outline, gist(outline, language), language)) + "\n"


def _lines(outline: Outline, told: Gist, language: Language) -> Iterator[str]:
    report = outline.report

    def said(key: str) -> str:
        return say(f"report.{key}").in_(language)

    yield f"## {said('title')}: {told.verdict}"
    yield ""
    yield " ".join((f"**{told.reason}.** {told.meaning}", *told.heard))
    yield ""
    yield f"**{_text(told.tester.word)}.** {told.tester.reason}. {_text(told.tester.meaning)}"
    yield ""
    yield from (f"> **{said('notice')}:** {_text(warning)}" for warning in told.warnings[:5])
    if told.warnings:
        yield ""
    yield from (f"- {label}: {_text(value)}" for label, value in told.facts)
    yield ""
    yield from _table(told, said("level"), said("total"))
    yield ""
    yield f"{said('fuzz-label')}: {told.fuzz}"
    if changed := tuple(changed_rules(outline, language)):
        yield ""
        yield f"### {said('again-rules')}"
        yield ""
        for title, rule, change, verdicts in changed[:MOST_RULES]:
            yield f"- **{change}**: {_text(title)} {_code(rule)} {verdicts}"
        if len(changed) > MOST_RULES:
            yield f"- {say('report.shown-of', shown=MOST_RULES, all=len(changed)).in_(language)}"
    if outline.failures:
        yield ""
        yield f"### {said('findings')}"
        yield ""
        for entry in outline.failures[:MOST_RULES]:
            yield from _failure(entry, language)
        if len(outline.failures) > MOST_RULES:
            yield f"- {say('report.shown-of', shown=MOST_RULES, all=len(outline.failures)).in_(language)}"
    yield from _advice(report, language)
    if outline.open:
        yield ""
        yield f"### {said('open')}"
        yield ""
        yield ", ".join(_code(entry.rule.id) for entry in outline.open)
    yield ""
    yield f"{_text(report.tool)} · {say('report.number', number=told.number).in_(language)}"


def _table(told: Gist, level: str, total: str) -> Iterator[str]:
    labels = [label for _, label in told.columns]
    yield f"| {' | '.join((level, *labels, total))} |"
    yield f"|---|{'---:|' * (len(labels) + 1)}"
    yield from (f"| {' | '.join((row.label, *row.counts, row.total))} |" for row in told.rows)


def _advice(report: Report, language: Language) -> Iterator[str]:
    for outcome in report.rulesets:
        yield ""
        yield _text(heading(outcome, language))
        not_run = list(not_put(outcome, language))
        if not_run:
            yield ""
            yield from (f"- {_text(line)}" for line in not_run[:MOST_RULES])
        if len(not_run) > MOST_RULES:
            yield f"- {say('report.shown-of', shown=MOST_RULES, all=len(not_run)).in_(language)}"


def _failure(entry: Entry, language: Language) -> Iterator[str]:
    yield f"- **{entry.rule.level} {_text(entry.rule.title.in_(language))}** {_code(entry.rule.id)}"
    found = causes(entry.faults)
    for cause in found[:MOST_FINDINGS]:
        yield _cause(cause, language)
    if entry.explanation:
        yield f"  - {say('report.explanation').in_(language)}: {_text(brief(entry.explanation, language))}"
    if len(found) > MOST_FINDINGS:
        yield f"  - {counted('and-more', len(found) - MOST_FINDINGS, language)}"


def _cause(cause: Cause, language: Language) -> str:
    first = cause.items[0]
    times = f" ({say('report.times', count=cause.occurrences).in_(language)})" if cause.occurrences > 1 else ""
    return f"  - {_code(first.where or first.check)} {_text(cause.message.in_(language))}{times}"


def _text(value: str) -> str:
    """Return a text that Markdown shows as it stands: no markup, no link, no mention of a person or an issue."""
    escaped = re.sub(r"([\\`*_\[\]<>&|~$])", r"\\\1", plain(value, 500))
    return re.sub(r"([@#]|:(?=//)|\bwww(?=\.))", r"\1<!-- -->", escaped, flags=re.IGNORECASE)


def _code(value: str) -> str:
    """Return a text as code, in which Markdown knows no markup but its own end; a bar would still end a table cell."""
    return f"`{plain(value, 300).replace('`', chr(39)).replace('|', chr(92) + '|')}`"
