"""Does a fault of our own, halfway through a run, leave all that was gathered, and blame nobody?"""

from __future__ import annotations

import pytest

from apicheck.demo import running_example
from apicheck.model import Outcome, Source, Status
from apicheck.plan import Plan
from apicheck.run import carry_out, exit_code


@pytest.mark.parametrize("source", [Source.PROBE, Source.FUZZ])
def test_a_crash_of_ours_opens_rules_and_keeps_what_was_gathered(source: Source) -> None:
    def crash(told: Source, done: int, _: int) -> None:
        if told is source and done == 5:
            raise ZeroDivisionError("five")

    with running_example() as good:
        plan = Plan(
            spec=str(good.document),
            base_url=good.base_url,
            sources=tuple(Source),
            command="apicheck check",
            rate=1000,
            max_requests=250,
            max_time=60,
        )
        report = carry_out(plan, crash)
    assert exit_code(report) == 4
    assert report.run.stopped is not None
    assert report.run.stopped.en.startswith("Stopped by a fault of apicheck itself.")
    crashed = [evidence for evidence in report.evidence if evidence.crashed]
    assert crashed
    assert all(evidence.outcome is Outcome.UNKNOWN and evidence.reason and "five" in evidence.reason.en for evidence in crashed)
    assert not [verdict.rule for verdict in report.verdicts if verdict.status is Status.FAIL]
    asked = [evidence for evidence in report.evidence if evidence.source is Source.PROBE and not evidence.crashed]
    assert len(asked) >= 5
    assert report.coverage.answered
