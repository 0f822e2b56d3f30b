"""What does a re-test say of the report that it repeats?

The first page says which report, whether it was about the same description and address, and what came of its verdicts. Who did
the test a run cannot know: what stands here is by the tester's own account, and the page says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from apicheck.model import Change, Incomparable, Level, Report, Retest, RuleAgain, Status
from apicheck.report._outline import Outline, short_number
from apicheck.report._text import Language, counted, number, period, plain
from apicheck.words import say

TOLD = (Change.WORSE, Change.IMPROVED, Change.NOT_COMPARABLE)
"""The changes that are told one by one, the most telling first; what stayed the same is counted."""


@dataclass(frozen=True, slots=True)
class Tester:
    """Who did the test, as far as a report can tell; said as large as the verdict. ``kind`` is ``self-test`` or ``retest``."""

    kind: str
    word: str
    reason: str
    meaning: str


def tester(outline: Outline, language: Language) -> Tester:
    """Return what the first page says of who did the test."""
    report, retest = outline.report, outline.report.again
    by = [say("report.by-own-account", by=plain(report.run.by)).in_(language)] if report.run.by else []
    if retest is None:
        meaning = [*by, _said("self-test-meaning", language)]
        return Tester("self-test", _said("self-test", language), _said("self-test-reason", language), " ".join(meaning))
    word = say("report.retest", number=short_number(retest.earlier.digest)).in_(language)
    meaning = [*by, _said("who-tested", language)]
    return Tester("retest", word, _said(f"retest-of-{_where(retest, report)}", language), " ".join(meaning))


def _where(retest: Retest, report: Report) -> str:
    """Say by a word whether the earlier report was about the same description and the same address."""
    earlier = retest.earlier.subject
    document = "same" if earlier.digest == report.subject.digest else "other"
    url = "none" if earlier.url is None else "same" if earlier.url == report.subject.url else "other"
    return f"{document}-{url}"


def came_of(outline: Outline, language: Language) -> Iterator[str]:
    """Yield how many verdicts on MUST rules came out the same, better, worse, or cannot be compared; nothing of a first test."""
    retest = outline.report.again
    if retest is None or retest.incomparable:
        return
    must = {entry.rule.id for entry in outline.entries if entry.rule.level is Level.MUST}
    counts = Counter(rule.change for rule in retest.rules if rule.rule in must)
    conclusion = _said(f"conclusion-{retest.earlier.conclusion}", language)
    numbers = {change.replace("-", "_"): number(counts[change], language) for change in Change}
    yield say("report.retest-meaning", conclusion=conclusion, **numbers).in_(language)


def warnings(retest: Retest, language: Language) -> Iterator[str]:
    """Yield what a reader must know before trusting the comparison."""
    for obstacle in Incomparable:
        if obstacle in retest.incomparable:
            yield say(f"report.incomparable-{obstacle}", standard=retest.earlier.standard, tool=retest.earlier.tool).in_(language)
    if retest.contradicted:
        yield counted("contradicted", len(retest.contradicted), language)


def facts(retest: Retest, report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what is known of the earlier report, each with its label."""
    earlier, subject = retest.earlier, retest.earlier.subject
    known = {
        "again-digest": plain(f"{short_number(earlier.digest)} sha256:{earlier.digest}"),
        "again-when": period(earlier.started, earlier.started, language),
        "again-by": plain(earlier.by) if earlier.by else _said("again-by-nobody", language),
        "again-conclusion": _said(f"conclusion-{earlier.conclusion}", language),
        "again-subject": plain(f"{subject.title} {subject.version}"),
        "run-document": plain(f"{subject.document} sha256:{subject.digest}"),
        "run-url": plain(subject.url or "-"),
        "run-standard": plain(f"{earlier.standard} sha256:{earlier.standard_digest}"),
        "run-tool": plain(earlier.tool),
    }
    yield from ((_said(key, language), value) for key, value in known.items())
    counts = Counter(finding.change for finding in retest.findings)
    told = [f"{number(counts[change], language)} {_said(f'cause-{change}', language)}" for change in Change]
    yield _said("again-findings", language), ", ".join(told)
    yield _said("again-description", language), _of_description(retest, report, language)


def _of_description(retest: Retest, report: Report, language: Language) -> str:
    """Say whether the test of the description said the same: of the same description, by the same version, it has to."""
    if retest.contradicted:
        checks = ", ".join(map(str, retest.contradicted))
        return plain(f"{_said('again-contradicted', language)}: {checks}")
    earlier = retest.earlier
    comparable = earlier.subject.digest == report.subject.digest and earlier.tool == report.tool
    return _said("change-same" if comparable else "change-not-comparable", language)


def changed_rules(outline: Outline, language: Language) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rules with another verdict than before: title, id, what became of it, and the two verdicts."""
    rules = outline.report.again.rules if outline.report.again else ()
    for change in TOLD:
        for rule in (rule for rule in rules if rule.change is change and rule.before is not rule.now):
            title = outline.title(rule.rule)
            known = plain(title.in_(language) if title else rule.rule)
            yield known, plain(rule.rule), _said(f"change-{rule.change}", language), _verdicts(rule, language)


def _verdicts(rule: RuleAgain, language: Language) -> str:
    return say("report.from-to", before=_verdict(rule.before, language), now=_verdict(rule.now, language)).in_(language)


def _verdict(status: Status | None, language: Language) -> str:
    return _said(f"state-{status}", language) if status else _said("no-such-rule", language)


def gone(retest: Retest, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the findings of the earlier report that are not in this one: the check, and what was found."""
    for finding in retest.findings:
        if finding.message:
            said = f"{finding.message.in_(language)} ({_said(f'cause-{finding.change}', language)})"
            yield f"{finding.source}:{plain(finding.check)}", plain(said)


def _said(key: str, language: Language) -> str:
    return say(f"report.{key}").in_(language)
