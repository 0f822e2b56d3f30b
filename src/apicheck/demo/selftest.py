"""Does apicheck find every planted fault by the check that is meant for it, and nothing where nothing is wrong?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from apicheck import catalogue
from apicheck.demo.example import Example, running_example, written_document
from apicheck.demo.faults import PlantedFault, planted_faults
from apicheck.model import CheckRef, Mode, Outcome, Report, Role, Source, Status
from apicheck.plan import Plan
from apicheck.run import carry_out

CLIENT = "https://app.example.org"
"""The website that the example API is meant for, beside any other."""
_MOST = 400
"""Requests of a run in which the good example is fuzzed."""
_ALWAYS_IN_DOUBT = frozenset({"probe:tls-not-weak", "probe:tls-as-of-2025"})
"""Checks that never say that all is well: these doubts are no fault of ours."""


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one planted fault; without a fault, of the good example, in which there is nothing to find.

    ``found`` says whether the check that is meant for the fault was violated, or told of it beside the standard, and, when that
    check decides, its rule failed. ``extra`` holds what else was found by a check that decides, and each other rule that failed, by
    their ids; of the good example also what was told beside the standard.
    """

    standard: str
    fault: PlantedFault | None
    found: bool
    extra: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether exactly what was planted was found."""
        return self.found and not self.extra


def selftest(seed: int = 1) -> Iterator[Row]:
    """Try the good example by every edition, then every planted fault by itself. The faults are looked for by one source each.

    Args:
        seed: chooses the data with which the good example is fuzzed.

    Raises:
        TargetRefused: the example API did not start.
        UnusableCatalogue: the rules or the faults are not as they should be.
    """
    for edition in catalogue.editions():
        if edition.partition("@")[0] == catalogue.DEFAULT.partition("@")[0]:
            with running_example() as good:
                yield _compare(_try(good, tuple(Source), edition, seed), None)
    for fault in planted_faults():
        yield _compare(_look_for(fault, seed), fault)


def _look_for(fault: PlantedFault, seed: int) -> Report:
    """Plant a fault, and let the source that must find it look."""
    source = fault.found_by.source
    if source is Source.LINT:
        with written_document([fault]) as document:
            return carry_out(Plan(spec=str(document), sources=(source,), command="apicheck selftest", standard=fault.standard))
    with running_example([fault]) as example:
        return _try(example, (source,), fault.standard, seed, fault.token)


def _try(example: Example, sources: tuple[Source, ...], edition: str, seed: int, token: str | None = None) -> Report:
    """Put the example to the test with leave to do all that it documents: it is ours, and forgets every change."""
    with _consent(example.base_url) as consent:
        return carry_out(
            Plan(
                spec=str(example.document),
                sources=sources,
                command=f"apicheck selftest --seed {seed}",
                standard=edition,
                base_url=example.base_url,
                headers=(("Authorization", f"Bearer {token or 'selftest'}"),),
                origins=(CLIENT,),
                mode=Mode.FULL,
                consent=consent,
                seed=seed,
                max_requests=_MOST,
                rate=math.inf,
            )
        )


@contextmanager
def _consent(base_url: str) -> Iterator[Path]:
    """Write down that the example may be changed today."""
    today = datetime.now(UTC).date()
    with TemporaryDirectory(prefix="apicheck-") as folder:
        file = Path(folder) / "apicheck.toml"
        lines = ['by = "apicheck selftest"', 'on_behalf_of = "apicheck"', f'base_url = "{base_url}"', 'environment = "test"']
        file.write_text("\n".join((*lines, f"from = {today}", f"until = {today}")), "utf-8")
        yield file


def _compare(report: Report, fault: PlantedFault | None) -> Row:
    """Hold what was found against what was planted. On the good example a doubt counts as well: there it is our own."""
    wrong = {Outcome.VIOLATED} if fault else {Outcome.VIOLATED, Outcome.UNKNOWN}
    decide = {ref for rule in report.standard.rules for role, ref in rule.bindings if role is not Role.INFORMED_BY}
    seen = {CheckRef(source=evidence.source, check=evidence.check) for evidence in report.evidence if evidence.outcome in wrong}
    checks = {str(ref) for ref in seen & decide} - (set() if fault else _ALWAYS_IN_DOUBT)
    told = {str(CheckRef(source=seen.source, check=seen.check)) for seen in report.robustness}
    failed = {verdict.rule for verdict in report.verdicts if verdict.status is Status.FAIL}
    if fault is None:
        return Row(report.standard.name, None, found=True, extra=tuple(sorted(checks | failed | told)))
    planted = {str(fault.found_by), *([fault.rule] if fault.rule and fault.found_by in decide else [])}
    found = planted <= failed | told | {str(ref) for ref in seen}
    return Row(report.standard.name, fault, found, tuple(sorted((checks | failed) - planted)))
