"""What does the vendor declare where no check can tell, and does that declaration count?

A declaration is bound to the digest of one document and to one edition. Blank, unsigned, expired or without evidence it
leaves its rule open; whatever it says, it is never shown as tested.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal

from apicheck import forms
from apicheck.errors import UnreadableDeclarations
from apicheck.model import CheckRef, Evidence, Finding, Frozen, Language, Outcome, Rule, Signatory, Source, Standard, Text
from apicheck.words import say

LONGEST_DAYS = 366
"""A declaration is valid for at most a year."""


class Reply(StrEnum):
    """What the vendor answers to the question of a rule; blank as long as nobody did."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"
    BLANK = ""


class Declaration(Frozen):
    """The answer to the question of one rule. ``evidence`` lists where the proof stands; the dates are whole days."""

    rule: str
    answer: Reply = Reply.BLANK
    explanation: str = ""
    evidence: tuple[str, ...] = ()
    signed_on: date | Literal[""] = ""
    valid_until: date | Literal[""] = ""


class Declarations(Frozen):
    """A filled-in form: for one document, against one edition, by one person."""

    standard: str
    document: str
    signatory: Signatory
    declarations: tuple[Declaration, ...]


def read(file: Path) -> Declarations:
    """Return a form.

    Raises:
        UnreadableDeclarations: the file cannot be read or is not as the form was.
    """
    try:
        return forms.read(file, Declarations)[0]
    except (OSError, ValueError) as error:
        raise UnreadableDeclarations("declarations-unreadable", file=file, error=error) from None


def weigh(form: Declarations, standard: Standard, digest: str, today: date | None = None) -> tuple[Evidence, ...]:
    """Return what the declarations establish for the rules of this edition and the document with this digest."""
    day = today or datetime.now(UTC).date()
    asked = {rule.id: rule.declaration for rule in standard.rules}
    doubt = _doubt_of_form(form, standard, digest)
    return tuple(
        _evidence(declaration, form.signatory, ref, doubt or _doubt(declaration, day))
        for declaration in form.declarations
        if (ref := asked.get(declaration.rule))
    )


def form(standard: str, digest: str, rules: Iterable[Rule], language: Language) -> str:
    """Return an empty form in YAML for the document with this digest: the question of each of these rules above its answer."""
    asked = [(rule, rule.attest) for rule in rules if rule.attest]
    lines = [
        *forms.comment(say("attest.form-top").in_(language)),
        f"standard: {forms.quoted(standard)}",
        f"document: {forms.quoted(digest)}",
        *forms.signatory("signatory"),
        "declarations:" if asked else "declarations: []",
    ]
    for rule, question in asked:
        texts = (rule.title, question.question, question.evidence)
        lines += ["", *(line for text in texts for line in forms.comment(text.in_(language), "  "))]
        lines += [f"  - rule: {forms.quoted(rule.id)}", '    answer: ""', '    explanation: ""', "    evidence: []"]
        lines += ['    signed-on: ""', '    valid-until: ""']
    return "\n".join(lines) + "\n"


def _doubt_of_form(form: Declarations, standard: Standard, digest: str) -> Text | None:
    if form.standard != standard.name:
        return say("attest.other-standard", declared=form.standard, tested=standard.name)
    if form.document != digest:
        return say("attest.other-document")
    if not form.signatory.complete:
        return say("attest.unsigned")
    return None


def _doubt(declaration: Declaration, day: date) -> Text | None:
    """Say why one declaration does not count; None when it does."""
    if declaration.answer is Reply.BLANK:
        return say("attest.blank")
    if not declaration.signed_on or not declaration.valid_until:
        return say("attest.undated")
    if not declaration.signed_on <= day <= declaration.valid_until:
        return say("attest.expired", first=declaration.signed_on, last=declaration.valid_until)
    if declaration.valid_until - declaration.signed_on > timedelta(days=LONGEST_DAYS):
        return say("attest.too-long")
    if declaration.answer is Reply.NOT_APPLICABLE and not declaration.explanation.strip():
        return say("attest.no-reason")
    if declaration.answer is Reply.YES and not any(item.strip() for item in declaration.evidence):
        return say("attest.no-evidence")
    return None


def _evidence(declaration: Declaration, signatory: Signatory, ref: CheckRef, doubt: Text | None) -> Evidence:
    if doubt:
        return Evidence(check=ref.check, source=Source.ATTEST, outcome=Outcome.UNKNOWN, reason=doubt)
    outcome = {Reply.YES: Outcome.MET, Reply.NO: Outcome.VIOLATED}.get(declaration.answer, Outcome.VACUOUS)
    values = {"explanation": declaration.explanation, "evidence": "; ".join(declaration.evidence)}
    said = Finding(id=f"attest-{ref.check}", message=say(f"attest.declared-{outcome}", **values))
    return Evidence(
        check=ref.check,
        source=Source.ATTEST,
        outcome=outcome,
        examined=1,
        findings=(said,),
        valid_until=declaration.valid_until or None,
        declared_by=signatory,
    )
