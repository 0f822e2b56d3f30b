"""Is a budget an end that nobody passes, however many ask at once?"""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from apicheck.answers import CannotTell
from apicheck.budget import Budget


def spends(budget: Budget) -> bool:
    try:
        budget.spend()
    except CannotTell:
        return False
    return True


def test_many_threads_spend_no_more_than_there_is() -> None:
    budget = Budget(max_requests=500)
    with ThreadPoolExecutor(8) as threads:
        spent = list(threads.map(lambda _: spends(budget), range(2000)))
    assert sum(spent) == 500
    assert budget.requests_left == 0


def test_time_that_is_up_is_up() -> None:
    budget = Budget(max_requests=5, max_time=0)
    assert budget.time_left == 0
    with pytest.raises(CannotTell, match="budget-spent"):
        budget.spend()
    assert budget.requests_left == 5


def test_without_limits_there_is_no_end() -> None:
    budget = Budget()
    assert all(spends(budget) for _ in range(100))
    assert budget.requests_left == budget.time_left == math.inf
