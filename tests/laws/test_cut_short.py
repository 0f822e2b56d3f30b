"""Can a run that was cut short come to a verdict that the whole run does not come to?"""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apicheck import catalogue, lint, openapi, probe
from apicheck.budget import Budget
from apicheck.cases import Case, collect
from apicheck.catalogue import read
from apicheck.model import Evidence, Source, Status
from apicheck.patch import merge_patch
from apicheck.plan import checks
from apicheck.resources import resource
from apicheck.verdict import judge

STANDARD = catalogue.load("nlgov-adr@2.2")
FOLDER = resource("rules") / "nlgov-adr"
CASES = [case for _, case in collect(FOLDER, STANDARD) if case.answers]
NAMES = checks(STANDARD, Source.PROBE)
MOST = 60
"""More requests than all questions take of the API that keeps every rule."""


@cache
def described(*numbers: int) -> tuple[openapi.Document, Any, tuple[Evidence, ...]]:
    """Return the API that differs from the one that keeps every rule in all that these cases change."""
    chosen: list[Case] = [CASES[number] for number in numbers]
    document, answers = read(FOLDER / "baseline.openapi.yaml"), read(FOLDER / "baseline.answers.yaml")
    for case in chosen:
        document = merge_patch(document, case.document)
        answers = merge_patch(answers, {"answers": case.answers})
    parsed = openapi.parse(orjson.dumps(document), "openapi.json")
    return parsed, answers, lint.run(openapi.View(parsed), checks(STANDARD, Source.LINT))


@cache
def verdicts(requests: int | None, *numbers: int) -> dict[str, Status]:
    document, answers, linted = described(*numbers)
    asked = probe.on_paper(document, answers, NAMES, Budget(max_requests=requests))
    return {rule.id: judge(rule, (*linted, *asked)).status for rule in STANDARD.rules}


@settings(deadline=None, max_examples=80)
@given(st.sets(st.integers(0, len(CASES) - 1), max_size=3), st.integers(0, MOST))
def test_a_budget_that_ends_may_open_a_rule_and_nothing_else(numbers: set[int], requests: int) -> None:
    whole, cut = verdicts(None, *sorted(numbers)), verdicts(requests, *sorted(numbers))
    assert {rule: (cut[rule], whole[rule]) for rule in whole if cut[rule] not in {whole[rule], Status.OPEN}} == {}


@pytest.mark.parametrize("requests", range(0, MOST, 3))
def test_whenever_the_budget_of_a_good_api_ends_nothing_fails(requests: int) -> None:
    assert Status.FAIL not in verdicts(requests).values()
