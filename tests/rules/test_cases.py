"""Does every rule judge its own examples as it says it does?"""

import pytest

from apicheck import catalogue
from apicheck.cases import Case, collect
from apicheck.model import Rule, Status
from apicheck.resources import resource
from apicheck.trial import try_case

STANDARD = resource("rules") / "nlgov-adr"
EDITIONS = [name.partition("@")[2] for name in catalogue.editions() if name.startswith("nlgov-adr@")]
COUNTS = {"2.0": 21, "2.1": 26, "2.2": 36}
"""The rules of each edition, as the standard numbers them."""


CASES = [
    pytest.param(rule, case, id=f"{edition}{rule.id}/{case.name}")
    for edition in EDITIONS
    for rule, case in collect(STANDARD, catalogue.load(f"nlgov-adr@{edition}"))
]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_a_case_gives_the_verdict_that_it_promises(rule: Rule, case: Case) -> None:
    verdict, evidence = try_case(case, rule, STANDARD)
    assert verdict.status is case.expect, [item for item in evidence if item.findings or item.reason]


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_holds_every_rule(edition: str) -> None:
    assert len(catalogue.load(f"nlgov-adr@{edition}").rules) == COUNTS[edition]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_rule_that_a_check_can_pass_has_a_case_of_both_kinds(edition: str) -> None:
    tried: dict[str, set[Status]] = {}
    standard = catalogue.load(f"nlgov-adr@{edition}")
    for rule, case in collect(STANDARD, standard):
        tried.setdefault(rule.id, set()).add(case.expect)
    for rule in standard.rules:
        if rule.requires and rule.attest is None:
            assert {Status.PASS, Status.FAIL} <= tried.get(rule.id, set()), rule.id


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_rule_is_settled_by_a_check_or_asks_a_question(edition: str) -> None:
    for rule in catalogue.load(f"nlgov-adr@{edition}").rules:
        assert rule.requires or rule.attest, rule.id
