"""What did rulesets of another linter find, as lines to read?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from apicheck.model import Report, RulesetOutcome
from apicheck.report._text import Language, number, plain
from apicheck.words import say

_STYLES = {"error": "red", "warn": "yellow"}


def advice(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield lines with a style for each: what was found, place by place, and which rules were not put to the document."""
    for outcome in report.rulesets:
        for finding in outcome.findings:
            where = finding.location
            place = f"{plain(where.file)}:{where.line}:{where.column}"
            yield (
                f"{place}  {finding.severity}  {plain(finding.rule)}  {plain(finding.message)}",
                _STYLES.get(finding.severity, "dim"),
            )
        yield from ((line, "yellow") for line in not_put(outcome, language))
        yield heading(outcome, language), "dim"


def not_put(outcome: RulesetOutcome, language: Language) -> Iterator[str]:
    """Yield a line for each rule that was not put to the document, with the reason why."""
    for rule in outcome.not_run:
        reason = plain(rule.reason.in_(language))
        yield say("report.ruleset-not-run", rule=plain(rule.rule), reason=reason).in_(language)


def heading(outcome: RulesetOutcome, language: Language) -> str:
    """Return what there is to say of a ruleset as a whole: its name, what it counts for, and how much it found."""
    return say("report.ruleset-heading", name=plain(outcome.name), told=_told(outcome, language)).in_(language)


def _told(outcome: RulesetOutcome, language: Language) -> str:
    counts = Counter(finding.severity for finding in outcome.findings)
    told = ", ".join(
        f"{number(counts[severity], language)} {severity}" for severity in ("error", "warn", "info", "hint") if counts[severity]
    )
    return told or say("report.ruleset-nothing").in_(language)
