"""How does a report become a paper that can be handed in with a bid?

Typst sets it: the template takes every text as data, so none of it can be markup, and no font or clock of the machine is used, so
the same report gives the same bytes. ``report.json`` is attached, and the signatures when there are any.

The paper is written as PDF/A-3a (ISO 19005-3, the part that may hold attachments) and PDF/UA-1 (ISO 14289-1) together: Typst
accepts the pair, stops at what it knows to break either, and names both in the metadata, as both demand. No independent
validator has confirmed it, so the paper does not tell a reader that it conforms, and neither should anybody else.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sized
from datetime import datetime
from importlib import import_module
from importlib.resources import as_file, files
from textwrap import TextWrapper
from typing import Any

from apicheck.errors import WrongUse
from apicheck.model import (
    Finding,
    Ground,
    HandledException,
    Observation,
    RecordedExchange,
    RecordedMessage,
    Report,
    Role,
    RulesetOutcome,
)
from apicheck.report import _again, har
from apicheck.report._advice import heading, not_put
from apicheck.report._annex import glossary, reach, reproduction
from apicheck.report._explained import brief, explanation
from apicheck.report._gist import Gist, gist
from apicheck.report._outline import Cause, Entry, Item, Outline, causes
from apicheck.report._text import Language, counted, lines, number, plain, utc, web_link
from apicheck.report.json_ import render as render_json
from apicheck.words import say

FILE = "report.pdf"
MOST = 10
"""Causes of one rule that are printed; the paper says how many there are."""
MOST_SAME = 3
"""Places of one cause that are printed."""
MOST_EXCHANGES = 2
"""Exchanges that are printed with the findings of one rule."""
LONGEST_LINE = 100
"""Characters of a line of an exchange; more of them do not fit between the margins."""
STANDARDS = ["a-3a", "ua-1"]
UNSETTABLE = re.compile(
    "[^ -~\u00a0-\u02ff"  # Latin
    "\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff\u1e00-\u1eff"  # Greek, Cyrillic, more Latin
    "\u2010-\u2027\u2030-\u2040\u20a0-\u20bf\u2190-\u23ff\u2460-\u25ff\u2713\u2717]"  # punctuation, money, signs
)
"""A character that the fonts of Typst may lack. PDF/A forbids a missing glyph (ISO 19005-3, 6.2.11.8), so its code is printed."""

Data = dict[str, Any]


def render(report: Report, language: Language, envelopes: bytes | None = None) -> bytes:
    """Return the paper, with the signatures of the report attached when there are any.

    The paper itself is not among the signed files, for it cannot be in what it contains. It needs no signature either: whoever
    holds the report and the envelopes makes the same bytes.

    Raises:
        WrongUse: the extra ``pdf``, which brings Typst, is not installed.
    """
    try:
        typst = import_module("typst")
    except ImportError:
        raise WrongUse("pdf-not-installed") from None
    inputs = {"paper": _settable(Paper(report, language).data), "report": render_json(report).decode("utf-8")}
    if envelopes:
        inputs["envelopes"] = envelopes.decode("utf-8", "replace")  # those that are signed are ASCII
    timestamp = _seconds(report.run.finished)
    with as_file(files("apicheck.report").joinpath("templates", "report.typ")) as template:
        paper: bytes = typst.compile(
            template, sys_inputs=inputs, ignore_system_fonts=True, timestamp=timestamp, pdf_standards=STANDARDS
        )
    return paper


def _seconds(instant: str) -> int:
    """Return an instant in seconds since 1970; 0 for a text that is none, for a stranger may have written the report."""
    try:
        return int(datetime.fromisoformat(utc(instant) or "").timestamp())
    except ValueError:
        return 0


def _settable(data: Data) -> str:
    r"""Return data as JSON in which every character has a glyph; of any other the code is written, as ``\uXXXX``."""
    composed = unicodedata.normalize("NFC", json.dumps(data, ensure_ascii=False))
    return UNSETTABLE.sub(lambda found: f"\\\\u{ord(found[0]):04x}", composed)


class Paper:
    """Everything that is printed, in one language, as the template wants it: plain texts, and nothing left to decide."""

    def __init__(self, report: Report, language: Language) -> None:
        self.report = report
        self.language = language
        self.outline = Outline(report)
        self.printed: set[str] = set()

    @property
    def data(self) -> Data:
        """The paper as data."""
        told = gist(self.outline, self.language)
        return {
            "language": self.language,
            "title": self._said("title"),
            "imprint": [plain(self.report.tool), self._said("number", number=told.number)],
            "one": self._page_one(told),
            "parts": [part for part in self._parts() if part["entries"] or part["always"]],
            "rules": {
                "title": self._said("all-rules"),
                "intro": self._said("all-rules-intro"),
                "head": [self._said(key) for key in ("rule", "verdict", "rests-on")],
                "rows": self._rules(),
            },
            "coverage": self._coverage(),
            "reproduction": {"title": self._said("reproduction"), "facts": list(reproduction(self.report, self.language))},
            "glossary": {"title": self._said("glossary"), "facts": list(glossary(self.language))},
        }

    def _said(self, key: str, **values: object) -> str:
        return say(f"report.{key}", **values).in_(self.language)

    def _page_one(self, told: Gist) -> Data:
        counts = [[shape, label, *(row.counts[index] for row in told.rows)] for index, (shape, label) in enumerate(told.columns)]
        return {
            "verdict": [self._said("verdict"), self.report.conclusion, told.verdict, told.reason, told.meaning],
            "tester": [self._said("tester"), told.tester.kind, told.tester.word, told.tester.reason, told.tester.meaning],
            "notice": [self._said("notice"), [plain(warning) for warning in told.warnings]],
            "facts": told.facts,
            "counts": {"title": self._said("counts"), "head": [row.label for row in told.rows], "rows": counts},
            "total": [self._said("total"), *(row.total for row in told.rows)],
            "explained": [told.legend, f"{self._said('fuzz-label')}: {told.fuzz}"],
            "page": self._said("page"),
            "named": [told.named_title, [[*self._head(entry), meaning] for entry, meaning in told.named]],
            "besides": " ".join(told.heard + told.besides),
            "limits": [self._said("limits"), told.limits],
            "repeat": [
                self._said("repeat"),
                self._said("repeat-how"),
                plain(self.report.run.command),
                self._said("verify-how"),
                "apicheck verify",
            ],
        }

    def _parts(self) -> Iterable[Data]:
        outline = self.outline
        findings, unsettled = ("intro" if outline.failures else "none"), ("intro" if outline.open else "none")
        yield self._part("findings", f"findings-{findings}", map(self._failure, outline.failures))
        yield self._part("open", f"open-{unsettled}", map(self._unsettled, outline.open))
        yield self._part("declared", "declared-intro", map(self._declared, outline.declared), always=False)
        yield self._part("explanations", "explanations-intro", map(self._explained, self.report.exceptions), always=False)
        yield self._part("again", "again-intro", self._compared(), always=False)
        yield self._part("advice", "advice-intro", map(self._advice, outline.advice), always=False)
        robustness = self._part("robustness", "robustness-intro", self._seen(), always=False)
        yield {**robustness, "intro": " ".join([robustness["intro"], *self._left_out(self.report.robustness)])}
        yield self._part("rulesets", "rulesets-intro", map(self._ruleset, self.report.rulesets), always=False)

    def _part(self, title: str, intro: str, entries: Iterable[Data], *, always: bool = True) -> Data:
        return {"title": self._said(title), "intro": self._said(intro), "entries": list(entries), "always": always}

    def _left_out(self, told: Sized) -> list[str]:
        """Return the sentence that says how many there are, when not all of them are printed."""
        return [self._said("shown-of", shown=MOST, all=number(len(told), self.language))] if len(told) > MOST else []

    def _head(self, entry: Entry) -> list[str]:
        """Return the label under which a rule is found in the paper, its title and its id."""
        position = next(index for index, other in enumerate(self.outline.entries) if other is entry)
        return [f"rule-{position}", _heading(entry.rule.title.in_(self.language), entry.rule.id), plain(entry.rule.id)]

    def _entry(self, entry: Entry, fields: list[tuple[str, list[list[str]]]], *, meaning: str = "") -> Data:
        kind = f"{entry.rule.level}, {self._said(f'kind-{entry.rule.kind}')}"
        state = [entry.state, self._said(f"state-{entry.state}")]
        return {"head": self._head(entry), "state": state, "kind": kind, "meaning": meaning, "fields": fields, "exchanges": []}

    def _failure(self, entry: Entry) -> Data:
        rule = entry.rule
        expected = [[plain(f"{one.level} {one.text.in_(self.language)}")] for one in rule.requirements]
        fields = [
            (self._said("expected"), expected),
            (self._said("found"), self._items(entry.faults)),
            (self._said("remedy"), [[plain(rule.remedy.in_(self.language))]]),
            *([(self._said("explanation"), [[brief(entry.explanation, self.language)]])] if entry.explanation else []),
            (self._said("rule"), [[web_link(rule.source) or plain(rule.source)]]),
        ]
        exchanges = {item.exchange.id: item.exchange for item in entry.faults if item.exchange}
        fresh = [exchange for id_, exchange in exchanges.items() if id_ not in self.printed]
        printed = self._exchanges(fresh[:MOST_EXCHANGES])
        left_out = counted("left-out", len(fresh) - len(printed), self.language) if len(fresh) > len(printed) else ""
        told = self._entry(entry, fields, meaning=plain(rule.meaning.in_(self.language)))
        return {**told, "exchanges": printed, "left-out": left_out}

    def _exchanges(self, exchanges: Iterable[RecordedExchange]) -> list[Data]:
        """Return the exchanges that were not printed before."""
        fresh = [exchange for exchange in exchanges if exchange.id not in self.printed]
        self.printed |= {exchange.id for exchange in fresh}
        return [self._exchange(exchange) for exchange in fresh]

    def _unsettled(self, entry: Entry) -> Data:
        fields = [(self._said("why"), [[plain(entry.verdict.reason.in_(self.language))]])]
        if attest := entry.rule.attest:
            fields += [
                (self._said("question"), [[plain(attest.question.in_(self.language))]]),
                (self._said("evidence"), [[plain(attest.evidence.in_(self.language))]]),
            ]
        return self._entry(entry, fields)

    def _declared(self, entry: Entry) -> Data:
        question = [[plain(entry.rule.attest.question.in_(self.language))]] if entry.rule.attest else []
        fields = [(self._said("question"), question), (self._said("answer"), self._items(entry.declared))]
        if entry.declared_by:
            fields.append((self._said("declared-by"), [[plain("; ".join(entry.declared_by))]]))
        return self._entry(entry, fields)

    def _compared(self) -> Iterable[Data]:
        """Yield what came of the report that was tested again: what is known of it, other verdicts, and findings that are gone."""
        retest = self.report.again
        if retest is None:
            return
        yield self._plain_entry(
            "again-earlier", [(label, [[value]]) for label, value in _again.facts(retest, self.report, self.language)]
        )
        changed = _again.changed_rules(self.outline, self.language)
        rules = [[f"{change}: {title}", f"{rule}\n{verdicts}"] for title, rule, change, verdicts in changed]
        yield self._plain_entry("again-rules", [("", rules or [[self._said("again-rules-none")]])])
        if gone := [[message, check] for check, message in _again.gone(retest, self.language)]:
            yield self._plain_entry("again-gone", [("", gone[:MOST] + [[left] for left in self._left_out(gone)])])

    def _plain_entry(self, title: str, fields: list[tuple[str, list[list[str]]]]) -> Data:
        """Return an entry that is about no rule."""
        said = self._said(title) if title else ""
        return {"head": ["", said, ""], "state": [], "kind": "", "meaning": "", "fields": fields, "exchanges": []}

    def _explained(self, said: HandledException) -> Data:
        title = self.outline.title(said.rule)
        fields = [(label, [[value]]) for label, value in explanation(said, self.language)]
        head = ["", _heading(title.in_(self.language) if title else "", said.rule), plain(said.rule)]
        return {"head": head, "state": [], "kind": "", "meaning": "", "fields": fields, "exchanges": []}

    def _advice(self, entry: Entry) -> Data:
        return {**self._entry(entry, [("", self._items(entry.advice))]), "head": ["", *self._head(entry)[1:]], "state": []}

    def _seen(self) -> Iterable[Data]:
        for seen in self.report.robustness[:MOST]:
            exchange = self.outline.exchange(seen)
            file = [(self._said("evidence"), [[self._file(seen, f"{seen.source}:{seen.check}", exchange)]])] if exchange else []
            where = " ".join(filter(None, (plain(seen.operation or ""), self._times(seen.occurrences))))
            yield {
                "head": ["", _heading(seen.message.in_(self.language), seen.check), f"{seen.source}:{plain(seen.check)}"],
                "state": [],
                "kind": where,
                "meaning": "",
                "fields": file,
                "exchanges": self._exchanges([exchange] if exchange else []),
            }

    def _ruleset(self, outcome: RulesetOutcome) -> Data:
        """Return what a ruleset of another linter found, and which of its rules were not put to the document."""
        found = [
            [plain(seen.message), f"{seen.severity} {plain(seen.rule)} {plain(seen.location.file)}:{seen.location.line}"]
            for seen in outcome.findings[:MOST]
        ]
        not_run = [[line] for line in not_put(outcome, self.language)]
        fields = [
            ("", [*found, *([left] for left in self._left_out(outcome.findings))]),
            ("", [*not_run[:MOST], *([left] for left in self._left_out(not_run))]),
        ]
        entry = self._plain_entry("", [(label, items) for label, items in fields if items])
        name = _heading(outcome.name)
        return {**entry, "head": ["", name, f"sha256:{outcome.digest[:16]}"], "meaning": heading(outcome, self.language)}

    def _items(self, items: tuple[Item, ...]) -> list[list[str]]:
        """Return each cause as its message and, below it, where it stands."""
        found = causes(items)
        return [self._cause(cause) for cause in found[:MOST]] + [[sentence] for sentence in self._left_out(found)]

    def _cause(self, cause: Cause) -> list[str]:
        shown = [self._where(item) for item in cause.items[:MOST_SAME]]
        if len(cause.items) > MOST_SAME:
            shown.append(counted("and-more-places", len(cause.items) - MOST_SAME, self.language))
        return [plain(f"{cause.message.in_(self.language)} {self._times(cause.occurrences)}"), "\n".join(filter(None, shown))]

    def _where(self, item: Item) -> str:
        location = item.finding.location
        named = [item.place, item.finding.operation, item.exchange and item.exchange.id, *(location.used_by if location else ())]
        names = [plain(name) for name in dict.fromkeys(named) if name]
        more = [counted("and-more", len(names) - MOST, self.language)] if len(names) > MOST else []
        where = ", ".join(names[:MOST] + more)
        return f"{where}\n{self._file(item.finding, item.check, item.exchange)}" if item.exchange else where

    def _file(self, finding: Finding | Observation, check: str, exchange: RecordedExchange) -> str:
        return f"{har.FOLDER}/{har.evidence_name(self.report.tool, finding, check, exchange)}"

    def _times(self, occurrences: int) -> str:
        return f"({self._said('times', count=number(occurrences, self.language))})" if occurrences > 1 else ""

    def _exchange(self, exchange: RecordedExchange) -> Data:
        answer = str(exchange.status) if exchange.status is not None else plain(exchange.error or "")
        return {
            "title": self._said("exchange", id=exchange.id),
            "blocks": [
                [self._said("request"), _folded([plain(f"{exchange.method} {exchange.url}"), *_message(exchange.request)])],
                [self._said("response"), _folded([answer, *_message(exchange.response)])],
                [self._said("try-it"), _folded([plain(exchange.curl)])],
            ],
        }

    def _rules(self) -> list[Data]:
        return [
            {
                "head": self._head(entry),
                "level": entry.rule.level,
                "state": [entry.state, self._said(f"state-{entry.state}")],
                "reason": plain(entry.verdict.reason.in_(self.language)),
                "grounds": [self._ground(ground) for ground in entry.verdict.grounds],
            }
            for entry in self.outline.entries
        ]

    def _ground(self, ground: Ground) -> str:
        evidence = self.outline.evidence(ground.source, ground.check)
        examined = f", {counted('examined', evidence.examined, self.language)}" if evidence else ""
        informs = f" ({self._said('informs')})" if ground.role is Role.INFORMED_BY else ""
        return f"{ground.source}:{plain(ground.check)}: {self._said(f'outcome-{ground.outcome}')}{examined}{informs}"

    def _coverage(self) -> Data:
        coverage = self.report.coverage
        live = self.report.subject.url is not None
        text = reach(coverage, self.language) if live else counted("operations-unasked", coverage.operations, self.language)
        silent = [[plain(one.operation), plain(one.reason.in_(self.language))] for one in coverage.not_reached] if live else []
        return {"title": self._said("coverage"), "text": text, "silent-title": self._said("not-reached"), "silent": silent}


def _heading(*texts: str) -> str:
    """Return the first text that says something: Typst refuses to call a paper with an empty heading PDF/UA-1."""
    return next(filter(None, map(plain, texts)), "-")


def _folded(written: Iterable[str]) -> list[str]:
    """Break lines where they would run off the paper: at a space, or else anywhere."""
    wrapper = TextWrapper(LONGEST_LINE, break_on_hyphens=False, replace_whitespace=False)
    return [part for line in written for part in wrapper.wrap(line) or [""]]


def _message(message: RecordedMessage) -> list[str]:
    headers = [plain(f"{name}: {value}") for name, value in message.headers]
    return [*headers, "", *lines(message.body)] if message.body else headers
