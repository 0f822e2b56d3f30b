"""Is every planted fault found by the check that is meant for it, and nothing else?"""

import math

import pytest

from apicheck import catalogue
from apicheck.demo import planted_faults, running_example, twin
from apicheck.demo.selftest import Row, selftest
from apicheck.model import CheckRef, Conclusion, Outcome, Role, Source, Status
from apicheck.plan import Plan
from apicheck.run import carry_out

EDITIONS = [edition for edition in catalogue.editions() if edition.startswith("nlgov-adr@")]
NAMES = [*EDITIONS, *(fault.name for fault in planted_faults())]


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    return {row.fault.name if row.fault else row.standard: row for row in selftest()}


def test_the_selftest_tries_the_good_example_and_every_fault(rows: dict[str, Row]) -> None:
    assert list(rows) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_what_was_planted_is_found_and_nothing_else(name: str, rows: dict[str, Row]) -> None:
    assert rows[name].found
    assert rows[name].extra == ()


def test_the_twin_fails_the_rules_of_its_faults_by_their_checks_and_no_other() -> None:
    with running_example(twin()) as broken:
        plan = Plan(str(broken.document), (Source.LINT, Source.PROBE), "apicheck demo", base_url=broken.base_url, rate=math.inf)
        report = carry_out(plan)
    assert report.conclusion is Conclusion.FAILS
    failed = [verdict for verdict in report.verdicts if verdict.status is Status.FAIL]
    assert {verdict.rule for verdict in failed} == {fault.rule for fault in twin()}
    violated = {
        CheckRef(source=ground.source, check=ground.check)
        for verdict in failed
        for ground in verdict.grounds
        if ground.role is not Role.INFORMED_BY and ground.outcome is Outcome.VIOLATED
    }
    assert violated == {fault.found_by for fault in twin()}
