"""Which findings in a document does its maker live with for now, and why?

A maker who checks every change wants to hear of what is new. What was there may be named in the document, under
``x-apicheck-ignore`` at or above the place of the finding, or in a baseline file. It needs a reason, it stays a finding, it is
shown and counted, and no verdict changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from apicheck import forms
from apicheck.errors import UnreadableDeclarations
from apicheck.model import (
    CheckRef,
    Evidence,
    Finding,
    Frozen,
    Level,
    Place,
    Report,
    Role,
    Source,
    Standard,
    Status,
    Text,
    Tolerance,
)
from apicheck.openapi import Document
from apicheck.words import say

KEY = "x-apicheck-ignore"


class Known(Frozen):
    """A finding that was there. ``until`` is the last day that it is lived with."""

    id: str
    check: str
    where: str
    reason: str
    until: date


class Baseline(Frozen):
    """The findings that were there, by the one who makes the document."""

    schema_: Literal["apicheck/baseline/1.0"] = Field(alias="schema")
    findings: tuple[Known, ...]


def read(file: Path) -> Baseline:
    """Return a baseline.

    Raises:
        UnreadableDeclarations: the file cannot be read or is no baseline.
    """
    try:
        return forms.read(file, Baseline)[0]
    except (OSError, ValueError) as error:
        raise UnreadableDeclarations("baseline-unreadable", file=file, error=error) from None


def draft(report: Report, reason: str, until: date) -> Iterator[str]:
    """Yield the lines of a baseline that holds every finding of a report that is not tolerated yet."""
    yield "schema: apicheck/baseline/1.0"
    yield "findings:"
    for evidence in report.evidence:
        for finding in evidence.findings:
            if evidence.source is Source.LINT and finding.tolerated is None:
                where = f"{finding.location.file}#{finding.location.pointer}" if finding.location else report.subject.document
                yield f"  - id: {finding.id}"
                yield f"    check: {evidence.source}:{evidence.check}"
                yield f"    where: {forms.quoted(where)}"
                yield f"    reason: {forms.quoted(reason)}"
                yield f"    until: {until}"


class Tolerances:
    """What is tolerated in one document: by itself, and by a baseline. ``notes`` tell what is tolerated in vain.

    Args:
        baseline: the name of the file and what it says.
        today: what is tolerated until before that day is tolerated no longer.
    """

    def __init__(
        self, document: Document, standard: Standard, baseline: tuple[str, Baseline] | None = None, today: date | None = None
    ) -> None:
        self.notes: list[Text] = []
        self._ignored = list(self._in(document, standard))
        self._file, self._known = (baseline[0], {one.id: one for one in baseline[1].findings}) if baseline else ("", {})
        self._today = today or datetime.now(UTC).date()
        self._used: set[object] = set()

    def mark(self, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
        """Return the evidence with its tolerated findings marked."""
        if not self._ignored and not self._known:
            return tuple(evidence)
        marked = tuple(self._marked(one) for one in evidence)
        for known in self._known.values():
            if known.id not in self._used:
                self.notes.append(say("tolerance.gone", where=known.where, check=known.check))
        for ignored in self._ignored:
            if ignored not in self._used:
                self.notes.append(say("tolerance.nothing-here", place=ignored.tolerance.stands_in))
        return marked

    def _marked(self, evidence: Evidence) -> Evidence:
        check = CheckRef(source=evidence.source, check=evidence.check)
        findings = (finding.model_copy(update={"tolerated": self._of(check, finding)}) for finding in evidence.findings)
        return evidence.model_copy(update={"findings": tuple(findings)})

    def _of(self, check: CheckRef, finding: Finding) -> Tolerance | None:
        for ignored in self._ignored:
            if ignored.covers(check, finding):
                self._used.add(ignored)
                return ignored.tolerance
        known = self._known.get(finding.id)
        if known is None:
            return None
        self._used.add(known.id)
        if known.until >= self._today:
            return Tolerance(reason=known.reason, stands_in=self._file, until=known.until)
        self.notes.append(say("tolerance.over", where=known.where, until=known.until, reason=known.reason))
        return None

    def _in(self, document: Document, standard: Standard) -> Iterator[_Ignored]:
        for said, place in document.under(KEY):
            for what, reason in said.items() if isinstance(said, dict) else [("", None)]:
                checks = standard.checks_named(what)
                stands_in = f"{place.file}#{place.child(what).pointer if what else place.pointer}"
                if checks and isinstance(reason, str) and reason.strip():
                    yield _Ignored(checks, Place(place.file, place.tokens[:-1]), Tolerance(reason=reason, stands_in=stands_in))
                else:
                    self.notes.append(say("tolerance.unclear", place=stands_in))


@dataclass(frozen=True, slots=True)
class _Ignored:
    """What the document itself says about the findings of some checks at or below a place."""

    checks: frozenset[CheckRef]
    above: Place
    tolerance: Tolerance

    def covers(self, check: CheckRef, finding: Finding) -> bool:
        location = finding.location
        if location is None or check not in self.checks or not location.file.endswith(self.above.file):
            return False
        return location.pointer == self.above.pointer or location.pointer.startswith(f"{self.above.pointer}/")


def bearable(report: Report) -> bool:
    """Say whether every finding that fails a MUST rule is tolerated."""
    evidence = {CheckRef(source=one.source, check=one.check): one for one in report.evidence}
    failing = [verdict.rule for verdict in report.verdicts if verdict.status is Status.FAIL and verdict.level is Level.MUST]
    deciding = (
        finding
        for rule in report.standard.rules
        if rule.id in failing
        for role, ref in rule.bindings
        if role is not Role.INFORMED_BY and ref in evidence
        for finding in evidence[ref].findings
    )
    return all(finding.tolerated for finding in deciding)
