"""What does a reader in a hurry learn from a report: the first page, in plain words?

A buyer must find here, within a minute: the conclusion, what it is about, who says so, what it does not cover, and what to ask.
Formats lay these words out; none adds to them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apicheck.model import Conclusion, Handling, Level, Report, Signatory, Source
from apicheck.report import _again
from apicheck.report._outline import Entry, Outline, State, report_number
from apicheck.report._text import Language, counted, day, number, period, plain, resumed
from apicheck.report.json_ import render as render_json
from apicheck.words import say

MOST = 5
"""Rules that are named on the first page."""
MOST_WARNINGS = 5
"""Warnings that are told there; when there are more, all of them stand in the annex."""
MOST_PEOPLE = 2
"""People who are named there for one thing that they did."""
LONGEST_NAME = 120
"""Characters of a person, with role and organisation, that are shown there."""
SPACIOUS = 14
"""Warnings, facts, sentences of both sides and named rules that fit on a sheet in letters of the usual size."""
BRIEF = 115
"""Characters of a rule's meaning that fit on one line."""


@dataclass(frozen=True, slots=True)
class Row:
    """The counts of one level: how many rules there are and how many in each column."""

    label: str
    total: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gist:
    """The first page, said in one language. ``named`` are the rules to talk about, each with its meaning in brief.

    ``heard`` is what vendor and buyer said of what is not met.
    """

    number: str
    verdict: str
    reason: str
    meaning: str
    tester: _again.Tester
    warnings: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    columns: tuple[tuple[State, str], ...]
    rows: tuple[Row, ...]
    legend: str
    fuzz: str
    named_title: str
    named: tuple[tuple[Entry, str], ...]
    heard: tuple[str, ...]
    besides: tuple[str, ...]
    limits: tuple[str, ...]

    @property
    def crowded(self) -> bool:
        """Whether there is so much to tell that it fits on one sheet in smaller letters only."""
        return len(self.warnings) + len(self.facts) + len(self.heard) + len(self.named) > SPACIOUS


def gist(outline: Outline, language: Language) -> Gist:
    """Return the first page of a report."""
    report = outline.report
    conclusion = report.conclusion
    warnings = [*(_again.warnings(report.again, language) if report.again else ()), *(note.in_(language) for note in report.notes)]
    warnings[:0] = [resumed(pause, language) for pause in report.run.resumed]
    if report.run.stopped:
        warnings.insert(0, say("report.stopped", why=report.run.stopped.in_(language)).in_(language))
    named_title, entries = _named(outline, language)
    return Gist(
        number=report_number(render_json(report)),
        verdict=say(f"report.conclusion-{conclusion}").in_(language),
        reason=_reason(outline, language),
        meaning=" ".join([say(f"report.meaning-{conclusion}").in_(language), *_again.came_of(outline, language)]),
        tester=_again.tester(outline, language),
        warnings=_first(warnings, language),
        facts=tuple(_facts(outline, language)),
        columns=tuple((state, say(f"report.column-{state}").in_(language)) for state in outline.columns),
        rows=tuple(_row(outline, level, language) for level in outline.levels),
        legend=_legend(outline, language),
        fuzz=_fuzz(outline, language),
        named_title=named_title,
        named=tuple((entry, _brief(entry.rule.meaning.in_(language))) for entry in entries),
        heard=tuple(_heard(outline, language)),
        besides=tuple(_besides(outline, language)),
        limits=tuple(_limits(outline, language)),
    )


def _first(warnings: list[str], language: Language) -> tuple[str, ...]:
    """Return the first warnings and, when there are more, a last one that counts the rest."""
    rest = len(warnings) - MOST_WARNINGS
    return (*warnings[:MOST_WARNINGS], *([counted("more-notices", rest, language)] if rest > 0 else []))


def _reason(outline: Outline, language: Language) -> str:
    key, states = {
        Conclusion.FAILS: ("reason-fails", (State.FAIL,)),
        Conclusion.INCOMPLETE: ("reason-incomplete", (State.OPEN,)),
        Conclusion.CONFORMS_WITH_EXPLANATION: ("reason-explained", (State.EXPLAINED,)),
        Conclusion.CONFORMS_PARTLY_DECLARED: ("reason-declared", (State.DECLARED,)),
        Conclusion.CONFORMS: ("reason-conforms", (State.PASS,)),
    }[outline.report.conclusion]
    return counted(key, outline.count(Level.MUST, states), language)


def _facts(outline: Outline, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what, where, against what, how and when, each with its label."""
    report = outline.report

    def fact(name: str, value: str) -> tuple[str, str]:
        return say(f"report.fact-{name}").in_(language), value

    yield fact("subject", plain(f"{report.subject.title} {report.subject.version}"))
    yield fact("document", say("report.document", name=report.subject.document, digest=short(report.subject.digest)).in_(language))
    yield fact("where", plain(report.subject.url) if report.subject.url else say("report.document-only").in_(language))
    date = day(report.standard.date, language)
    yield fact("standard", plain(f"{report.standard.title.in_(language)} ({report.standard.publisher}, {date})"))
    yield fact("how", ", ".join(say(f"report.how-{source}").in_(language) for source in Source if _took_part(source, report)))
    yield fact("when", period(report.run.started, report.run.finished, language))
    declared = (evidence.declared_by for evidence in report.evidence)
    accepted = (said.decided_by for said in report.exceptions if said.handling.accepted)
    for name, people in (("declared-by", declared), ("accepted-by", accepted)):
        if named := _people(people, language):
            yield fact(name, named)


def _people(people: Iterable[Signatory | None], language: Language) -> str:
    """Name the first few people, each once, and count the others; an empty text when there is nobody."""
    named = list(dict.fromkeys(plain(person.told, LONGEST_NAME) for person in people if person))
    more = [counted("and-more", len(named) - MOST_PEOPLE, language)] if len(named) > MOST_PEOPLE else []
    return "; ".join(named[:MOST_PEOPLE] + more)


def _took_part(source: Source, report: Report) -> bool:
    """Say whether a source did anything: it was asked, and sent a request or brought evidence."""
    if source in {Source.PROBE, Source.FUZZ}:
        return report.coverage.requests.get(source, 0) > 0
    return any(evidence.source is source for evidence in report.evidence)


def short(digest: str) -> str:
    """Return the start of a digest, in groups that a person can compare."""
    return " ".join(digest[start : start + 4] for start in range(0, 16, 4))


def _row(outline: Outline, level: Level, language: Language) -> Row:
    return Row(
        label=say(f"report.level-{level.lower()}").in_(language),
        total=number(outline.count(level), language),
        counts=tuple(number(outline.count(level, (state,)), language) for state in outline.columns),
    )


def _legend(outline: Outline, language: Language) -> str:
    """Say what those columns mean whose names do not."""
    keys = ["columns-explained"] + ["column-explained-means"] * (State.EXPLAINED in outline.columns)
    return " ".join(say(f"report.{key}").in_(language) for key in keys)


def _fuzz(outline: Outline, language: Language) -> str:
    """Say how hard the API was fuzzed, in counts."""
    report, coverage = outline.report, outline.report.coverage
    if not _took_part(Source.FUZZ, report):
        return say("report.fuzz-none").in_(language)
    done = say(
        "report.fuzz",
        requests=number(coverage.requests.get(Source.FUZZ, 0), language),
        answered=number(coverage.answered, language),
        operations=number(coverage.operations, language),
    ).in_(language)
    if not report.robustness:
        return f"{done} {say('report.fuzz-seen-none').in_(language)}"
    return f"{done} {counted('fuzz-seen', len(report.robustness), language)}"


def _named(outline: Outline, language: Language) -> tuple[str, tuple[Entry, ...]]:
    """Return the MUST rules to talk about under a title that says how many there are: what fails, else is open, else explained."""
    unsettled = tuple(entry for entry in outline.open if entry.rule.level is Level.MUST)
    explained = tuple(entry for entry in outline.failures if entry.state is State.EXPLAINED and entry.rule.level is Level.MUST)
    lists = (("named-failed", outline.must_failures), ("named-open", unsettled), ("named-explained", explained))
    key, entries = next(((key, entries) for key, entries in lists if entries), ("", ()))
    if not entries:
        return "", ()
    if len(entries) > MOST:
        return say(f"report.{key}-most", shown=MOST, count=number(len(entries), language)).in_(language), entries[:MOST]
    return counted(key, len(entries), language), entries


def _brief(meaning: str) -> str:
    """Return the first sentence, and the next ones for as long as all stay brief."""
    first, *more = re.split(r"(?<=[.!?]) ", plain(meaning))
    for sentence in more:
        if len(first) + len(sentence) >= BRIEF:
            break
        first = f"{first} {sentence}"
    return first


def _heard(outline: Outline, language: Language) -> Iterator[str]:
    """Yield what vendor and buyer said: whoever decides on a report hears both sides first."""
    said = Counter(item.handling for item in outline.report.exceptions)
    if disputed := said[Handling.DISPUTED]:
        yield counted("besides-disputed", disputed, language)
    if proposed := said[Handling.PROPOSED]:
        yield counted("besides-proposed", proposed, language)
    explained = outline.count(Level.MUST, (State.EXPLAINED,))
    if explained and outline.report.conclusion is not Conclusion.CONFORMS_WITH_EXPLANATION:
        yield counted("besides-explained", explained, language)


def _besides(outline: Outline, language: Language) -> Iterator[str]:
    """Yield what there is to tell about the rules that are not named on the first page."""
    if outline.must_failures and (unsettled := outline.count(Level.MUST, (State.OPEN,))):
        yield counted("besides-open", unsettled, language)
    if recommended := outline.count(Level.SHOULD, (State.FAIL,)):
        yield counted("besides-should", recommended, language)


def _limits(outline: Outline, language: Language) -> Iterator[str]:
    """Yield what the report does not say. What is not covered weighs as much as what was found."""
    report, coverage = outline.report, outline.report.coverage
    if report.subject.url is None:
        yield say("report.limit-document-only").in_(language)
    if unsettled := outline.count(Level.MUST, (State.OPEN,)):
        yield counted("limit-open", unsettled, language, total=number(outline.count(Level.MUST), language))
    if declared := outline.count(Level.MUST, (State.DECLARED,)):
        yield counted("limit-declared", declared, language)
    if report.subject.url and (silent := coverage.operations - coverage.answered) > 0:
        yield counted("limit-unanswered", silent, language, operations=number(coverage.operations, language))
    standard = report.standard
    if count := sum(rule.set_aside is not None for rule in standard.rules):
        yield counted("limit-set-aside", count, language)
    if standard.out_of_reach:
        yield counted("limit-out-of-reach", len(standard.out_of_reach), language)
    yield say("report.limit-moment").in_(language)
    yield say("report.limit-scope").in_(language)
