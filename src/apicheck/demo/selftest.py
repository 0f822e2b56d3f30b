"""Does apicheck find every planted fault by the check that is meant for it, and nothing where nothing is wrong?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from apicheck import catalogue
from apicheck.demo.example import running_example, written_document
from apicheck.demo.faults import PlantedFault, planted_faults
from apicheck.model import CheckRef, Outcome, Report, Role, Source, Status
from apicheck.plan import Plan
from apicheck.run import carry_out

COMMAND = "apicheck selftest"


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one planted fault; without a fault, of the good example, in which there is nothing to find.

    ``found`` says whether the check that is meant for the fault was violated and its rule failed. ``extra`` holds what else was
    found by a check that decides, and each other rule that failed, by their ids.
    """

    standard: str
    fault: PlantedFault | None
    found: bool
    extra: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether exactly what was planted was found."""
        return self.found and not self.extra


def selftest() -> Iterator[Row]:
    """Try the good example by every edition, then every planted fault by itself. The faults are looked for by one source each.

    Raises:
        TargetRefused: the example API did not start.
        UnusableCatalogue: the rules or the faults are not as they should be.
    """
    for edition in catalogue.editions():
        with running_example() as good:
            report = carry_out(
                Plan(str(good.document), (Source.LINT, Source.PROBE), COMMAND, edition, good.base_url, rate=math.inf)
            )
        yield _compare(report, None)
    for fault in planted_faults():
        yield _compare(_look_for(fault), fault)


def _look_for(fault: PlantedFault) -> Report:
    """Plant a fault, and let the source that must find it look."""
    source = fault.found_by.source
    if source is Source.LINT:
        with written_document([fault]) as document:
            return carry_out(Plan(str(document), (source,), COMMAND, fault.standard))
    with running_example([fault]) as example:
        return carry_out(Plan(str(example.document), (source,), COMMAND, fault.standard, example.base_url, rate=math.inf))


def _compare(report: Report, fault: PlantedFault | None) -> Row:
    """Hold what was found against what was planted. On the good example a doubt counts as well: there it is our own."""
    wrong = {Outcome.VIOLATED} if fault else {Outcome.VIOLATED, Outcome.UNKNOWN}
    decide = {ref for rule in report.standard.rules for role, ref in rule.bindings if role is not Role.INFORMED_BY}
    seen = {CheckRef(source=evidence.source, check=evidence.check) for evidence in report.evidence if evidence.outcome in wrong}
    checks = {str(ref) for ref in seen & decide}
    failed = {verdict.rule for verdict in report.verdicts if verdict.status is Status.FAIL}
    planted = {str(fault.found_by), fault.rule} if fault else set()
    return Row(report.standard.name, fault, planted <= checks | failed, tuple(sorted((checks | failed) - planted)))
