"""What came of an earlier report, now that the same API was tested again?

Pure: it is given two reports and knows nothing of how either was made. Only what both of them established is laid side by side;
all else is not comparable, and never better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from apicheck.model import (
    Change,
    CheckRef,
    Earlier,
    Evidence,
    Finding,
    FindingAgain,
    Incomparable,
    Outcome,
    Report,
    Retest,
    RuleAgain,
    Source,
    Status,
)

_HOLDS: Final = {Status.PASS, Status.NOT_APPLICABLE}
"""What a rule comes to that does not fail."""

Checks = Mapping[CheckRef, Evidence]


def compare(earlier: Report, digest: str, report: Report) -> Retest:
    """Return what came of an earlier report in this one. ``digest`` is the SHA-256 of the bytes of the earlier one."""
    obstacles = tuple(_obstacles(earlier, report))
    return Retest(
        earlier=Earlier(
            digest=digest,
            tool=earlier.tool,
            started=earlier.run.started,
            conclusion=earlier.conclusion,
            subject=earlier.subject,
            standard=earlier.standard.name,
            standard_digest=earlier.standard.digest,
            by=earlier.run.by,
        ),
        incomparable=obstacles,
        rules=tuple(_rules(earlier, report, comparable=not obstacles)),
        findings=tuple(_findings(earlier, report, comparable=not obstacles)),
        contradicted=tuple(_contradicted(earlier, report)),
    )


def _obstacles(earlier: Report, report: Report) -> Iterator[Incomparable]:
    if earlier.standard.digest != report.standard.digest:
        yield Incomparable.STANDARD
    one, other = earlier.subject, report.subject
    if one.digest != other.digest and (one.url is None or one.url != other.url):
        yield Incomparable.SUBJECT
    if _major(earlier.tool) != _major(report.tool):
        yield Incomparable.VERSION


def _major(tool: str) -> tuple[str, ...]:
    """Return the part of a version that changes when the same API may come to other verdicts: before 1.0 the first two numbers."""
    numbers = tool.rpartition(" ")[2].split(".")
    return tuple(numbers[:2] if numbers[0] == "0" else numbers[:1])


def _rules(earlier: Report, report: Report, *, comparable: bool) -> Iterator[RuleAgain]:
    before = {verdict.rule: verdict.status for verdict in earlier.verdicts}
    now = {verdict.rule: verdict.status for verdict in report.verdicts}
    for rule in dict.fromkeys((*now, *before)):
        was, is_ = before.get(rule), now.get(rule)
        change = _change(was, is_) if comparable else Change.NOT_COMPARABLE
        yield RuleAgain(rule=rule, before=was, now=is_, change=change)


def _change(before: Status | None, now: Status | None) -> Change:
    """Compare two verdicts on one rule. Open in either says nothing to compare; neither does a rule that had nothing to look at."""
    if before is now:
        return Change.SAME
    if before is Status.FAIL and now in _HOLDS:
        return Change.IMPROVED
    if before in _HOLDS and now is Status.FAIL:
        return Change.WORSE
    return Change.NOT_COMPARABLE


def _findings(earlier: Report, report: Report, *, comparable: bool) -> Iterator[FindingAgain]:
    """Compare what was found, one cause at a time; what was declared is no finding."""
    was, is_ = _checks(earlier), _checks(report)
    before, now = _causes(was), _causes(is_)
    for check, id_ in dict.fromkeys((*now, *before)):
        found, gone = now.get((check, id_)), before.get((check, id_))
        if found and gone:
            change = Change.SAME
        elif found:
            change = Change.WORSE if _answered(check, was) else Change.NOT_COMPARABLE
        else:
            change = Change.IMPROVED if _answered(check, is_) else Change.NOT_COMPARABLE
        yield FindingAgain(
            id=id_,
            source=check.source,
            check=check.check,
            change=change if comparable else Change.NOT_COMPARABLE,
            message=gone.message if gone and not found else None,
        )


def _checks(report: Report) -> Checks:
    return {
        CheckRef(source=evidence.source, check=evidence.check): evidence
        for evidence in report.evidence
        if evidence.source is not Source.ATTEST
    }


def _causes(checks: Checks) -> dict[tuple[CheckRef, str], Finding]:
    return {(check, finding.id): finding for check, evidence in checks.items() for finding in evidence.findings}


def _answered(check: CheckRef, checks: Checks) -> bool:
    return check in checks and checks[check].outcome is not Outcome.UNKNOWN


def _contradicted(earlier: Report, report: Report) -> Iterator[CheckRef]:
    """Yield the checks of the document that said something else of the same document, by the same version of apicheck.

    Reading a document takes nothing from a clock, a network or chance: this cannot happen to two honest reports on a document of
    one file. What a document refers to in other files is not in its digest.
    """
    if earlier.subject.digest != report.subject.digest or earlier.tool != report.tool:
        return
    was, is_ = _checks(earlier), _checks(report)
    for check, evidence in is_.items():
        if check.source is Source.LINT and check in was and _established(was[check]) != _established(evidence):
            yield check


def _established(evidence: Evidence) -> tuple[object, ...]:
    found = sorted((finding.id, finding.occurrences) for finding in evidence.findings)
    return evidence.outcome, evidence.examined, found
