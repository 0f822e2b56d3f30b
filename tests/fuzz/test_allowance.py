"""Does every phase and every operation get its turn, whatever the budget?"""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apicheck.budget import Budget
from apicheck.fuzz.allowance import Allowance
from apicheck.fuzz.wire import Wire
from tests.fuzz.api import DOCUMENT, fuzzed, serving

PHASES = ("examples", "coverage", "fuzzing", "stateful")


def spend(budget: Budget, allowance: Allowance, wanted: dict[str, int], operations: int) -> dict[str, Counter[str]]:
    """Spend as an engine would that wants this many requests of each operation in each phase; return what it got."""
    got: dict[str, Counter[str]] = {}
    for phase in PHASES:
        allowance.begin_phase(phase)
        got[phase] = Counter()
        for operation in map(str, range(operations)):
            for _ in range(wanted[phase]):
                allowance.begin_operation(operation)
                if allowance.spent():
                    break
                budget.spend()
                got[phase][operation] += 1
    return got


@settings(deadline=None)
@given(
    st.integers(1, 1000),
    st.integers(1, 20),
    st.fixed_dictionaries({phase: st.integers(0, 100) for phase in PHASES}),
    st.booleans(),
)
def test_no_phase_and_no_operation_starves_another(requests: int, operations: int, wanted: dict[str, int], stateful: bool) -> None:  # noqa: FBT001
    budget = Budget(requests)
    allowance = Allowance(budget, operations, stateful=stateful)
    if not stateful:
        wanted = {**wanted, "stateful": 0}
    got = spend(budget, allowance, wanted, operations)
    total = sum(counted.total() for counted in got.values())
    assert total + budget.requests_left == requests
    for phase, counted in got.items():
        if phase != "stateful" and counted.total() >= operations:
            assert all(counted[str(operation)] >= 1 for operation in range(operations))
            even = counted.total() // operations
            assert max(counted.values()) <= max(wanted[phase], 2 * even + 1)
    left_for_the_last = requests - sum(got[phase].total() for phase in PHASES[:2])
    assert left_for_the_last >= math.floor(requests * 0.8 * 0.6) - 2


@settings(deadline=None)
@given(st.fixed_dictionaries({phase: st.integers(0, 20) for phase in PHASES}))
def test_without_a_limit_everything_is_done(wanted: dict[str, int]) -> None:
    budget = Budget()
    allowance = Allowance(budget, 3, stateful=True)
    got = spend(budget, allowance, wanted, 3)
    assert sum(counted.total() for counted in got.values()) == 3 * sum(wanted.values())


def test_time_is_divided_as_requests_are() -> None:
    budget = Budget(max_time=1000)
    allowance = Allowance(budget, 10, stateful=True)
    allowance.begin_phase("coverage")
    allowance.begin_operation("GET /a")
    assert allowance.spent() is None
    budget._end -= 50  # fifty seconds go by, a tenth of 400 were for this operation
    assert allowance.spent() == "operation"
    allowance.begin_operation("GET /b")
    assert allowance.spent() is None
    budget._end -= 360
    assert allowance.spent() == "phase"


def test_a_run_sends_no_more_than_agreed_and_tries_everything() -> None:
    paths = {f"/gebouwen{number}": DOCUMENT["paths"]["/gebouwen"] for number in range(10)}
    with serving() as api:
        seen = fuzzed(api.url, {**DOCUMENT, "paths": paths}, requests=200)
    assert len(api.requests) == len(seen.exchanges) <= 200
    assert seen.result.stopped is not None
    assert "divided over all operations" in seen.result.stopped.en
    assert len(seen.reached()) == 10
    turns = Counter((exchange.purpose, exchange.operation) for exchange in seen.exchanges)
    for phase in ("coverage", "fuzzing"):
        assert len([turn for turn in turns if turn[0] == phase]) == 10


def test_no_more_is_made_than_can_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    made: Counter[str] = Counter()
    prepare = Wire.preparing

    def count(wire: Wire, operation: str) -> None:
        made[operation] += 1
        prepare(wire, operation)

    monkeypatch.setattr(Wire, "preparing", count)
    parameters = [
        {"name": f"p{number}", "in": "query", "schema": {"type": "string", "format": "date", "maxLength": 10}}
        for number in range(20)
    ]
    paths = {"/gebouwen": {"get": {"parameters": parameters, "responses": {"200": {"description": "ja"}}}}}
    with serving() as api:
        seen = fuzzed(api.url, {**DOCUMENT, "paths": paths}, requests=30, seconds=math.inf)
    assert seen.result.stopped is not None
    sent = sum(exchange.purpose != "repeated" for exchange in seen.exchanges)
    assert made.total() <= 3 * sent + 10


def test_half_of_a_turn_is_for_making_and_half_for_sending() -> None:
    budget = Budget(requests := 1000, max_time=1000)
    allowance = Allowance(budget, 10, stateful=True)
    allowance.begin_phase("coverage")
    allowance.begin_operation("GET /a")
    assert not allowance.is_exceeded_by(requests * 4 // 100)
    assert allowance.is_exceeded_by(requests * 4 // 100 + 1)
    budget._end -= 19
    assert not allowance.is_exceeded_by(1)
    budget._end -= 2
    assert allowance.is_exceeded_by(1)
    unlimited = Allowance(Budget(), 10, stateful=True)
    unlimited.begin_phase("coverage")
    unlimited.begin_operation("GET /a")
    assert not unlimited.is_exceeded_by(10**6)


def test_a_run_that_is_out_of_time_sends_nothing() -> None:
    with serving() as api:
        seen = fuzzed(api.url, seconds=0)
    assert not api.requests
    assert seen.result.stopped is not None
    assert {unreached.reason for unreached in seen.result.unreached if "GET" in unreached.operation} == {seen.result.stopped}
