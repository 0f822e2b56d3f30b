"""What is the verdict on a rule, given the evidence, and what do all verdicts come to?

Pure functions: whoever holds a report can run them again and must arrive at the same verdicts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from apicheck.model import (
    CheckRef,
    Conclusion,
    Coverage,
    Evidence,
    Ground,
    Level,
    Outcome,
    Role,
    Rule,
    Source,
    Status,
    Subject,
    Text,
    Verdict,
)
from apicheck.words import say


def judge(rule: Rule, evidence: Iterable[Evidence]) -> Verdict:
    """Weigh the evidence on one rule; evidence that the rule does not bind to is left aside.

    A violation by a deciding check fails the rule, whatever else was found. Without one, a required question that nobody
    answered leaves it open; only a declaration can close it then. A pass has grounds. A rule that a profile sets aside does not
    apply; what was found on it is told and decides nothing.
    """
    found = {(item.source, item.check): item for item in evidence}
    grounds = tuple(
        Ground(check=ref.check, source=ref.source, role=role, outcome=found[ref.source, ref.check].outcome)
        for role, ref in rule.bindings
        if (ref.source, ref.check) in found
    )
    declaration = rule.declaration
    declared = found.get((declaration.source, declaration.check)) if declaration else None
    if declaration and declared and declaration not in rule.requires:
        grounds += (Ground(check=declaration.check, source=declaration.source, role=Role.REQUIRES, outcome=declared.outcome),)
    if rule.set_aside:
        told = tuple(ground.model_copy(update={"role": Role.INFORMED_BY}) for ground in grounds)
        return _verdict(rule, Status.NOT_APPLICABLE, told, (), _set_aside(rule.set_aside))
    deciding = [ground for ground in grounds if ground.role is not Role.INFORMED_BY]

    if violated := [ground for ground in deciding if ground.outcome is Outcome.VIOLATED]:
        return _verdict(rule, Status.FAIL, grounds, violated, say("verdict.violated", by=_sources(violated)))
    closes = {Outcome.MET} if rule.demanded else {Outcome.MET, Outcome.VACUOUS}
    closable = not rule.requires or _unanswered(rule, found) or _unseen(rule, found)
    if declared and declared.outcome in closes and closable:
        status = Status.PASS if declared.outcome is Outcome.MET else Status.NOT_APPLICABLE
        closing = [ground for ground in deciding if ground.source is Source.ATTEST or ground.outcome is Outcome.MET]
        return _verdict(rule, status, grounds, closing, say(f"verdict.declared-{declared.outcome}"))
    if reason := _doubt(rule, found):
        return _verdict(rule, Status.OPEN, grounds, (), reason)
    required = [ground for ground in deciding if ground.role is Role.REQUIRES]
    if any(ground.outcome is Outcome.MET for ground in required):
        carrying = [ground for ground in required if ground.outcome is Outcome.MET or ground.source is Source.ATTEST]
        return _verdict(rule, Status.PASS, grounds, carrying, say("verdict.met", by=_sources(carrying)))
    if rule.demanded:
        return _verdict(rule, Status.OPEN, grounds, (), say("verdict.demanded", by=_sources(required)))
    return _verdict(rule, Status.NOT_APPLICABLE, grounds, required, say("verdict.vacuous", by=_sources(required)))


def conclude(verdicts: Iterable[Verdict], accepted: Collection[str] = (), *, answered: bool = True) -> Conclusion:
    """Say what the verdicts on the MUST rules come to; the first that applies wins, and no MUST at all is incomplete.

    ``accepted`` are the rules for which the buyer accepted an explanation. It counts for a rule that fails and for no other: a
    rule that is open stays open. ``answered`` says that a running API that was tested gave at least one answer of 2xx: without
    one nothing was tested, whatever the document says.
    """
    must = [verdict for verdict in verdicts if verdict.level is Level.MUST]
    failed = {verdict.rule for verdict in must if verdict.status is Status.FAIL}
    if failed.difference(accepted):
        return Conclusion.FAILS
    if not must or not answered or any(verdict.status is Status.OPEN for verdict in must):
        return Conclusion.INCOMPLETE
    if failed:
        return Conclusion.CONFORMS_WITH_EXPLANATION
    if any(Source.ATTEST in verdict.basis for verdict in must):
        return Conclusion.CONFORMS_PARTLY_DECLARED
    return Conclusion.CONFORMS


def answered(subject: Subject, coverage: Coverage) -> bool:
    """Say whether a running API, where one was tested, gave any answer of 2xx."""
    return subject.url is None or coverage.answered > 0


Found = dict[tuple[Source, str], Evidence]


def _unanswered(rule: Rule, found: Found) -> list[CheckRef]:
    return [
        ref
        for ref in rule.requires
        if (ref.source, ref.check) not in found or found[ref.source, ref.check].outcome is Outcome.UNKNOWN
    ]


def _unseen(rule: Rule, found: Found) -> bool:
    """Say whether a profile is sure that a rule applies of which no check saw anything."""
    return rule.demanded and all(found[ref.source, ref.check].outcome is Outcome.VACUOUS for ref in rule.requires)


def _doubt(rule: Rule, found: Found) -> Text | None:
    """Say why the rule is open: nobody asked, nobody could tell, or no check exists; None when all is answered."""
    unanswered = _unanswered(rule, found)
    for ref in unanswered:
        unknown = found.get((ref.source, ref.check))
        if unknown and unknown.reason:
            return unknown.reason
    if unanswered:
        declaration = all(ref.source is Source.ATTEST for ref in unanswered)
        return say("verdict.undeclared" if declaration else "verdict.not-asked", by=_sources(unanswered))
    if not rule.requires:
        return say("verdict.undeclared" if rule.attest else "verdict.no-check")
    return None


def _verdict(rule: Rule, status: Status, grounds: tuple[Ground, ...], deciding: Iterable[Ground], reason: Text) -> Verdict:
    basis = tuple(dict.fromkeys(ground.source for ground in deciding))
    return Verdict(
        rule=rule.id,
        title=rule.title,
        level=rule.level,
        kind=rule.kind,
        status=status,
        basis=tuple(sorted(basis, key=list(Source).index)),
        grounds=grounds,
        reason=reason,
    )


def _set_aside(motivation: Text) -> Text:
    by_profile = say("verdict.set-aside")
    return Text(nl=f"{by_profile.nl} {motivation.nl}", en=f"{by_profile.en} {motivation.en}")


def _sources(items: Iterable[Ground | CheckRef]) -> Text:
    """Name the sources, each once, in words for who knows no check by its name: those stand with the grounds."""
    used = {item.source for item in items}
    named = [say(f"verdict.source-{source}") for source in Source if source in used]
    return Text(nl=", ".join(text.nl for text in named), en=", ".join(text.en for text in named))
