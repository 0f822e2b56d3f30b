"""What stands in a report, and in which order is it read?

Nothing is judged here: verdicts are put beside their rule and what was found, and counted. Every format reads from this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from apicheck.exceptions import accepted_in
from apicheck.model import (
    Evidence,
    Finding,
    HandledException,
    Level,
    Observation,
    Outcome,
    RecordedExchange,
    Report,
    Role,
    Rule,
    Source,
    Status,
    Text,
    Tolerance,
    Verdict,
)


class State(StrEnum):
    """A verdict as it is shown: its status, and what stands beside it: an accepted explanation, a declaration, or nothing."""

    PASS = "pass"  # noqa: S105  # a verdict, no password
    FAIL = "fail"
    EXPLAINED = "explained"
    """It fails, and the buyer accepted the explanation."""
    DECLARED = "declared"
    OPEN = "open"
    NOT_APPLICABLE = "not-applicable"


def state(verdict: Verdict, accepted: Collection[str] = ()) -> State:
    """Return how a verdict is shown, given the rules with an accepted explanation; what was declared is never shown as tested."""
    if verdict.status is Status.FAIL and verdict.rule in accepted:
        return State.EXPLAINED
    if verdict.status is Status.PASS and Source.ATTEST in verdict.basis:
        return State.DECLARED
    return State(verdict.status)


@dataclass(frozen=True, slots=True)
class Item:
    """One finding with the evidence it belongs to and the exchange that shows it."""

    finding: Finding
    evidence: Evidence
    exchange: RecordedExchange | None

    @property
    def check(self) -> str:
        """The check as a rule file binds to it: ``lint:no-trailing-slash``."""
        return f"{self.evidence.source}:{self.evidence.check}"

    @property
    def place(self) -> str:
        """Where it stands, as an editor opens it: ``file:line:column``; empty when it stands in no document."""
        location = self.finding.location
        if location is None:
            return ""
        return ":".join(str(part) for part in (location.file, location.line, location.column) if part is not None)

    @property
    def where(self) -> str:
        """The place, else the operation, else the exchange that shows it."""
        return self.place or self.finding.operation or (self.exchange.id if self.exchange else "")


@dataclass(frozen=True, slots=True)
class Cause:
    """Everything of which a report says the same: one sentence, and each finding that it was said of."""

    items: tuple[Item, ...]

    @property
    def message(self) -> Text:
        """The sentence."""
        return self.items[0].finding.message

    @property
    def occurrences(self) -> int:
        """How often it occurred."""
        return sum(item.finding.occurrences for item in self.items)


def causes(items: Iterable[Item]) -> tuple[Cause, ...]:
    """Return findings by what is said of them and why they are tolerated, in the order in which that is first said."""
    said: dict[tuple[Text, Tolerance | None], list[Item]] = {}
    for item in items:
        said.setdefault((item.finding.message, item.finding.tolerated), []).append(item)
    return tuple(Cause(tuple(same)) for same in said.values())


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule: its verdict, the findings that count against it, what was declared, and the findings that only inform."""

    rule: Rule
    verdict: Verdict
    state: State
    faults: tuple[Item, ...]
    declared: tuple[Item, ...]
    advice: tuple[Item, ...]
    explanation: HandledException | None

    @property
    def asked(self) -> bool:
        """Whether it is open although a check that decides was asked: that check could not tell."""
        deciding = (ground for ground in self.verdict.grounds if ground.role is not Role.INFORMED_BY)
        return self.state is State.OPEN and any(ground.outcome is Outcome.UNKNOWN for ground in deciding)

    @property
    def declared_by(self) -> tuple[str, ...]:
        """Who declared, each once."""
        return tuple(dict.fromkeys(item.evidence.declared_by.told for item in self.declared if item.evidence.declared_by))

    @property
    def occurrences(self) -> int:
        """How often the faults occurred."""
        return sum(item.finding.occurrences for item in self.faults)


class Outline:
    """A report, laid out for reading."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._evidence = {(item.source, item.check): item for item in report.evidence}
        self._exchanges = {exchange.id: exchange for exchange in report.exchanges}
        self._accepted = accepted_in(report)
        self._explanations = {said.rule: said for said in report.exceptions}

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every verdict, in the order of the standard.

        Raises:
            KeyError: a verdict is on a rule that the report's standard does not have.
        """
        rules = {rule.id: rule for rule in self.report.standard.rules}
        return tuple(self._entry(rules[verdict.rule], verdict) for verdict in self.report.verdicts)

    @cached_property
    def failures(self) -> tuple[Entry, ...]:
        """The rules that are not met, worst first, those with an accepted explanation last."""
        return tuple(sorted((entry for entry in self.entries if entry.verdict.status is Status.FAIL), key=_gravity))

    @property
    def must_failures(self) -> tuple[Entry, ...]:
        """The MUST rules that are not met and not explained, worst first."""
        return tuple(entry for entry in self.failures if entry.state is State.FAIL and entry.rule.level is Level.MUST)

    @property
    def open(self) -> tuple[Entry, ...]:
        """The rules that are not established, MUST first."""
        unsettled = (entry for entry in self.entries if entry.verdict.status is Status.OPEN)
        return tuple(sorted(unsettled, key=lambda entry: _rank(entry.rule.level)))

    @property
    def declared(self) -> tuple[Entry, ...]:
        """The rules that rest on a declaration, also those that are declared not to apply."""
        return tuple(
            entry for entry in self.entries if Source.ATTEST in entry.verdict.basis and entry.verdict.status is not Status.FAIL
        )

    @property
    def advice(self) -> tuple[Entry, ...]:
        """The rules on which a check had something to tell that decides nothing."""
        return tuple(entry for entry in self.entries if entry.advice)

    @property
    def columns(self) -> tuple[State, ...]:
        """The columns of the table of counts; that of explanations is there when the buyer accepted one."""
        explained = any(entry.state is State.EXPLAINED for entry in self.entries)
        return tuple(state for state in State if explained or state is not State.EXPLAINED)

    def title(self, rule: str) -> Text | None:
        """Return the title of a rule by its id; None when the standard has no such rule."""
        return next((entry.rule.title for entry in self.entries if entry.rule.id == rule), None)

    def count(self, level: Level, states: Iterable[State] = State) -> int:
        """Count the rules of a level that are in one of these states."""
        return sum(entry.rule.level is level and entry.state in states for entry in self.entries)

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The levels that the standard's rules have, MUST first; MUST always counts as present."""
        present = {entry.rule.level for entry in self.entries} | {Level.MUST}
        return tuple(level for level in Level if level in present)

    @cached_property
    def states(self) -> tuple[State, ...]:
        """The states that the rules are in."""
        present = {entry.state for entry in self.entries}
        return tuple(state for state in State if state in present)

    def evidence(self, source: Source, check: str) -> Evidence | None:
        """Return what a check established in this run; None when it did not take part."""
        return self._evidence.get((source, check))

    def referred(self) -> set[str]:
        """Return the ids of the exchanges that a finding or an observation refers to."""
        findings = (finding for evidence in self.report.evidence for finding in evidence.findings)
        return {item.exchange for items in (findings, self.report.robustness) for item in items if item.exchange}

    def exchange(self, item: Finding | Observation) -> RecordedExchange | None:
        """Return the recorded exchange that shows a finding."""
        return self._exchanges.get(item.exchange) if item.exchange else None

    def _entry(self, rule: Rule, verdict: Verdict) -> Entry:
        faults, declared, advice = [], [], []
        for ground in verdict.grounds:
            evidence = self.evidence(ground.source, ground.check)
            items = [Item(finding, evidence, self.exchange(finding)) for finding in evidence.findings] if evidence else []
            if ground.source is Source.ATTEST and ground.outcome is not Outcome.VIOLATED:
                declared += items
            elif ground.role is Role.INFORMED_BY:
                advice += items
            else:
                faults += items
        shown, said = state(verdict, self._accepted), self._explanations.get(rule.id)
        return Entry(rule, verdict, shown, tuple(faults), tuple(declared), tuple(advice), said)


def report_number(data: bytes) -> str:
    """Return the short number by which people match a printed report with its ``report.json``: the start of its SHA-256."""
    return short_number(hashlib.sha256(data).hexdigest())


def short_number(digest: str) -> str:
    """Return the number of the report with this SHA-256, in hexadecimals."""
    return f"{digest[:4]}-{digest[4:8]}".upper()


def _rank(level: Level) -> int:
    return list(Level).index(level)


def _gravity(entry: Entry) -> tuple[int, int, int, int]:
    """Weigh a failure: by level, what is not explained first, what was seen live before what stands on paper, then by number."""
    seen_live = bool({Source.PROBE, Source.FUZZ} & set(entry.verdict.basis))
    return _rank(entry.rule.level), entry.state is State.EXPLAINED, not seen_live, -entry.occurrences
