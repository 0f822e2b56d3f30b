"""Is there an explanation for a rule that is not met, did the buyer accept it, and does that count today?

Comply or explain takes two files by two people. The vendor's form proposes and is bound to one document and one edition; the
buyer's form decides and names the vendor's by the SHA-256 of its bytes. Only what the buyer accepts, for a rule that fails today
and until a day that has not passed, changes the conclusion. Nothing changes a verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import AfterValidator, Field

from apicheck import forms
from apicheck.errors import UnreadableExceptions
from apicheck.model import (
    DeviationGround,
    Frozen,
    HandledException,
    Handling,
    Language,
    Level,
    Report,
    Signatory,
    Status,
    Text,
    Verdict,
)
from apicheck.words import say

LONGEST_DAYS = 731
"""An exception ends within 24 months of its proposal. There is no open end."""


class OnRule(Protocol):
    """A line of a form that is about one rule."""

    @property
    def rule(self) -> str:
        """The id of the rule."""
        ...


Lines = TypeVar("Lines", bound=tuple[OnRule, ...])


def _once(lines: Lines) -> Lines:
    """Refuse two lines on one rule: nobody could tell which of them is meant."""
    for rule, times in Counter(line.rule for line in lines).most_common(1):
        if times > 1:
            raise ValueError(f"{rule}: {times} x")
    return lines


class Proposal(Frozen):
    """What the vendor says about one rule that is not met; ``disputes`` says instead that the finding is wrong."""

    rule: str
    ground: DeviationGround | Literal[""] = ""
    text: str = ""
    compensation: str = ""
    until: date | Literal[""] = ""
    disputes: bool = False

    @property
    def blank(self) -> bool:
        """Whether the vendor left the line as it was, and so proposes nothing."""
        return not (self.disputes or self.ground or self.until or self.text.strip() or self.compensation.strip())


class Proposals(Frozen):
    """The vendor's form."""

    standard: str
    document: str
    proposed_by: Signatory
    proposed_on: date | Literal[""] = ""
    exceptions: Annotated[tuple[Proposal, ...], AfterValidator(_once)]

    @property
    def made(self) -> tuple[Proposal, ...]:
        """The lines in which the vendor says something."""
        return tuple(proposal for proposal in self.exceptions if not proposal.blank)


class Ruling(StrEnum):
    """What the buyer decides; blank as long as nobody did."""

    ACCEPTED = "accepted"
    EQUIVALENT = "equivalent"
    REJECTED = "rejected"
    BLANK = ""


class Decision(Frozen):
    """What the buyer decides about one proposal."""

    rule: str
    decision: Ruling = Ruling.BLANK
    reason: str = ""
    decided_on: date | Literal[""] = Field("", alias="date")


class Decisions(Frozen):
    """The buyer's form. ``proposals`` is the SHA-256 of the vendor's form as it was when the buyer read it."""

    proposals: str
    decided_by: Signatory
    decisions: Annotated[tuple[Decision, ...], AfterValidator(_once)]


OUTCOMES = {Ruling.ACCEPTED: Handling.EXPLAINED, Ruling.EQUIVALENT: Handling.EQUIVALENT, Ruling.REJECTED: Handling.REJECTED}


@dataclass(frozen=True, slots=True)
class Dossier:
    """The vendor's form with the SHA-256 of its bytes, and what the buyer decided about it, if anything."""

    proposals: Proposals
    digest: str
    decisions: Decisions | None = None

    @property
    def decided(self) -> dict[str, Decision]:
        """The decisions that were taken, by rule; none of them when they are about another form."""
        if self.decisions is None or self.decisions.proposals != self.digest:
            return {}
        return {decision.rule: decision for decision in self.decisions.decisions if decision.decision is not Ruling.BLANK}


def read(proposals: Path, decisions: Path | None = None) -> Dossier:
    """Return what stands in the vendor's form and in the buyer's.

    Raises:
        UnreadableExceptions: a file cannot be read, is not as the form was, or has a rule twice.
    """
    try:
        proposed, digest = forms.read(proposals, Proposals)
    except (OSError, ValueError) as error:
        raise UnreadableExceptions("exceptions-unreadable", file=proposals, error=error) from None
    try:
        return Dossier(proposed, digest, forms.read(decisions, Decisions)[0] if decisions else None)
    except (OSError, ValueError) as error:
        raise UnreadableExceptions("decisions-unreadable", file=decisions, error=error) from None


def weigh(dossier: Dossier, standard: str, document: str, verdicts: Iterable[Verdict], day: date) -> tuple[HandledException, ...]:
    """Return what comes of every proposal in a report on this edition and document, made on this day."""
    failing = {verdict.rule for verdict in verdicts if verdict.status is Status.FAIL}
    decided = dossier.decided
    said = (_said(dossier, proposal, decided.get(proposal.rule)) for proposal in dossier.proposals.made)
    return tuple(_weighed(item, failing, standard, document, day) for item in said)


def strays(dossier: Dossier) -> tuple[Text, ...]:
    """Return what is to be told of decisions that are about nothing that was proposed."""
    if dossier.decisions is None:
        return ()
    if dossier.decisions.proposals != dossier.digest:
        return (say("exceptions.other-proposals"),)
    proposed = {proposal.rule for proposal in dossier.proposals.made}
    stray = [rule for rule in dossier.decided if rule not in proposed]
    return (say("exceptions.unproposed", rules=", ".join(stray)),) if stray else ()


def accepted(exceptions: Iterable[HandledException], standard: str, document: str, day: date) -> frozenset[str]:
    """Return the rules for which the buyer's acceptance counts in a report on this edition and document, made on this day.

    All of this must hold, and can be seen from the record: it is about this edition and document; the vendor gave ground, text
    and an end that has not passed and lies within 24 months; another person of the buyer decided, with a reason, and not later
    than this day; both signed. So whoever holds a report can conclude again without the two forms.
    """
    return frozenset(
        item.rule
        for item in exceptions
        if item.handling.accepted
        and not (_mismatch(item, standard, document) or _gap(item, day) or _doubt(item, day) or _past(item, day))
    )


def turned_down(said: HandledException) -> HandledException:
    """Return what comes of an explanation where none can be accepted: a profile may ask that every rule is met."""
    return _came_to(said, Handling.PROPOSED, say("exceptions.not-explainable")) if said.handling.accepted else said


def accepted_in(report: Report) -> frozenset[str]:
    """Return the rules for which the buyer's acceptance counts in this report: as of the day its run started, in UTC."""
    if not report.standard.explainable:
        return frozenset()
    try:
        day = date.fromisoformat(report.run.started[:10])
    except ValueError:
        return frozenset()
    return accepted(report.exceptions, report.standard.name, report.subject.digest, day)


def _said(dossier: Dossier, proposal: Proposal, decision: Decision | None) -> HandledException:
    """Put what both said about one rule together, as if all of it counts."""
    proposals = dossier.proposals
    undisputed = OUTCOMES[decision.decision] if decision else Handling.PROPOSED
    return HandledException(
        rule=proposal.rule,
        handling=Handling.DISPUTED if proposal.disputes else undisputed,
        standard=proposals.standard,
        document=proposals.document,
        proposals=dossier.digest,
        ground=proposal.ground or None,
        text=proposal.text,
        compensation=proposal.compensation,
        until=proposal.until or None,
        proposed_by=proposals.proposed_by,
        proposed_on=proposals.proposed_on or None,
        decided_by=dossier.decisions.decided_by if dossier.decisions and decision else None,
        decided_on=decision.decided_on or None if decision else None,
        reason=decision.reason if decision else "",
    )


def _weighed(said: HandledException, failing: set[str], standard: str, document: str, day: date) -> HandledException:
    """Return what comes of it: what is about nothing here first, then what is not complete, then what has passed."""
    if mismatch := _mismatch(said, standard, document) or (None if said.rule in failing else say("exceptions.not-failing")):
        return _came_to(said, Handling.STALE, mismatch)
    doubt = _doubt(said, day) if said.decided_by else None
    if said.handling is Handling.REJECTED and not doubt:
        return said
    if gap := _gap(said, day):
        return _came_to(said, Handling.PROPOSED, gap)
    disputed = said.handling is Handling.DISPUTED
    if doubt:
        return _came_to(said, Handling.DISPUTED if disputed else Handling.PROPOSED, doubt)
    past = None if disputed else _past(said, day)
    return _came_to(said, Handling.EXPIRED, past) if past else said


def _came_to(said: HandledException, handling: Handling, note: Text) -> HandledException:
    return said.model_copy(update={"handling": handling, "note": note})


def _mismatch(said: HandledException, standard: str, document: str) -> Text | None:
    """Say why it belongs to another report."""
    if said.standard != standard:
        return say("exceptions.other-standard", proposed=said.standard, tested=standard)
    return say("exceptions.other-document") if said.document != document else None


def _gap(said: HandledException, day: date) -> Text | None:
    """Say what the vendor left out. Whoever disputes a finding needs no ground and no end."""
    if not said.proposed_by.complete:
        return say("exceptions.unsigned")
    if said.proposed_on is None or said.proposed_on > day:
        return say("exceptions.undated")
    if not said.text.strip():
        return say("exceptions.no-text")
    if said.handling is Handling.DISPUTED:
        return None
    if said.ground is None:
        return say("exceptions.no-ground")
    if said.until is None:
        return say("exceptions.no-end")
    return say("exceptions.too-long") if said.until - said.proposed_on > timedelta(days=LONGEST_DAYS) else None


def _doubt(said: HandledException, day: date) -> Text | None:
    """Say why what the buyer decided does not count."""
    if said.handling is Handling.DISPUTED:
        return say("exceptions.disputed-decided")
    if said.decided_by is None or not said.decided_by.complete:
        return say("exceptions.decision-unsigned")
    if _person(said.decided_by) == _person(said.proposed_by):
        return say("exceptions.decision-own")
    if said.decided_on is None or not (said.proposed_on or said.decided_on) <= said.decided_on <= day:
        return say("exceptions.decision-undated")
    return None if said.reason.strip() else say("exceptions.decision-unreasoned")


def _past(said: HandledException, day: date) -> Text | None:
    return say("exceptions.expired", last=said.until) if said.until is None or said.until < day else None


def _person(signatory: Signatory) -> tuple[str, str]:
    return signatory.name.strip().casefold(), signatory.organisation.strip().casefold()


def proposals_form(report: Report, language: Language) -> str:
    """Return the vendor's form for a report: a line to fill in for exactly the rules that fail, MUST first."""
    failing = [verdict for verdict in report.verdicts if verdict.status is Status.FAIL]
    lines = [
        *forms.comment(say("exceptions.form-top").in_(language)),
        *(line for ground in DeviationGround for line in _ground(ground, language)),
        f"standard: {forms.quoted(report.standard.name)}",
        f"document: {forms.quoted(report.subject.digest)}",
        *forms.signatory("proposed-by"),
        'proposed-on: ""',
        "exceptions:" if failing else "exceptions: []",
    ]
    for verdict in sorted(failing, key=lambda verdict: list(Level).index(verdict.level)):
        lines += ["", *forms.comment(f"{verdict.level}: {verdict.title.in_(language)}", "  ")]
        lines += [f"  - rule: {forms.quoted(verdict.rule)}", '    ground: ""', '    text: ""', '    compensation: ""']
        lines += ['    until: ""', "    disputes: false"]
    return "\n".join(lines) + "\n"


def decisions_form(dossier: Dossier, language: Language) -> str:
    """Return the buyer's form: what the vendor says above each decision. What the vendor disputes cannot be accepted."""
    decidable = [proposal for proposal in dossier.proposals.made if not proposal.disputes]
    disputed = [proposal.rule for proposal in dossier.proposals.made if proposal.disputes]
    lines = [
        *forms.comment(say("exceptions.decisions-top").in_(language)),
        *(line for rule in disputed for line in forms.comment(say("exceptions.decisions-disputed", rule=rule).in_(language))),
        f"proposals: {forms.quoted(dossier.digest)}",
        *forms.signatory("decided-by"),
        "decisions:" if decidable else "decisions: []",
    ]
    for proposal in decidable:
        lines += ["", *(line for text in _told(proposal, language) for line in forms.comment(text, "  "))]
        lines += [f"  - rule: {forms.quoted(proposal.rule)}", '    decision: ""', '    reason: ""', '    date: ""']
    return "\n".join(lines) + "\n"


def _ground(ground: DeviationGround, language: Language) -> Iterator[str]:
    yield from forms.comment(f"  {ground}: {say(f'exceptions.ground-{ground}').in_(language)}")


def _told(proposal: Proposal, language: Language) -> Iterator[str]:
    """Yield what the vendor says, so that a buyer need not lay two files side by side."""
    for name in ("ground", "text", "compensation", "until"):
        yield f"{say(f'exceptions.field-{name}').in_(language)}: {getattr(proposal, name) or '-'}"
