"""Does every rule judge its own examples as it says it does?"""

import pytest

from apicheck import catalogue
from apicheck.cases import Case, collect
from apicheck.lint import check, check_beside
from apicheck.model import CheckRef, Rule, Source, Standard, Status
from apicheck.probe import question, response_check
from apicheck.resources import resource
from apicheck.rulebook import SIGN
from apicheck.trial import try_case

STANDARDS = catalogue.editions()
COUNTS = {
    "adr-encryption@1.0": 1,
    "adr-geo@1.0": 16,
    "adr-signing@1.0": 3,
    "common-ground@2026-1": 27,
    "digikoppeling-rest@3.0": 8,
    "fsc-core@1.1": 9,
    "nlgov-adr@2.0": 21,
    "nlgov-adr@2.1": 26,
    "nlgov-adr@2.2": 36,
    "nlgov-cloudevents@1.1": 6,
    "nlgov-oauth@1.2": 12,
}
"""The rules of each edition, as the standard numbers them."""
DECIDING = {Source.LINT, Source.PROBE}


def cases_of(standard: Standard) -> list[tuple[Rule, Case]]:
    return list(collect(resource("rules") / standard.id, standard))


CASES = [
    pytest.param(standard.id, rule, case, id=f"{name}{rule.id}/{case.name}")
    for name in STANDARDS
    for standard in [catalogue.load(name)]
    for rule, case in cases_of(standard)
]


@pytest.mark.parametrize(("standard", "rule", "case"), CASES)
def test_a_case_gives_the_verdict_that_it_promises(standard: str, rule: Rule, case: Case) -> None:
    verdict, evidence = try_case(case, rule, resource("rules") / standard)
    assert verdict.status is case.expect, [item for item in evidence if item.findings or item.reason]


def test_an_edition_holds_every_rule() -> None:
    assert {name: len(catalogue.load(name).rules) for name in STANDARDS} == COUNTS


@pytest.mark.parametrize("name", STANDARDS)
def test_every_rule_that_a_check_can_settle_has_a_case_of_both_kinds(name: str) -> None:
    standard = catalogue.load(name)
    tried: dict[str, set[Status]] = {}
    for rule, case in cases_of(standard):
        tried.setdefault(rule.id, set()).add(case.expect)
    for rule in standard.rules:
        if rule.requires and rule.attest is None:
            assert {Status.PASS, Status.FAIL} <= tried.get(rule.id, set()), rule.id


@pytest.mark.parametrize("name", [name for name in STANDARDS if not name.startswith("nlgov-adr@")])
def test_every_rule_that_a_check_can_fail_has_a_case_in_which_it_does(name: str) -> None:
    standard = catalogue.load(name)
    failed = {rule.id for rule, case in cases_of(standard) if case.expect is Status.FAIL}
    refs = {rule.id: (*rule.requires, *rule.refuted_by) for rule in standard.rules}
    decided = {rule for rule, bound in refs.items() if any(ref.source in DECIDING and not is_sign(ref) for ref in bound)}
    assert decided == failed


def is_sign(ref: CheckRef) -> bool:
    """Say whether a check only looks for signs that a rule applies; it never finds a fault."""
    return ref.check.endswith(SIGN)


@pytest.mark.parametrize("name", STANDARDS)
def test_every_rule_is_settled_by_a_check_or_asks_a_question(name: str) -> None:
    for rule in catalogue.load(name).rules:
        assert rule.requires or rule.attest, rule.id


@pytest.mark.parametrize("name", STANDARDS)
def test_every_check_that_a_rule_binds_to_exists(name: str) -> None:
    known = {Source.LINT: {*check, *check_beside}, Source.PROBE: {*question, *response_check}}
    for rule in catalogue.load(name).rules:
        for _, ref in rule.bindings:
            if ref.source is Source.ATTEST:
                assert ref == rule.declaration, rule.id
            elif ref.source in known:
                assert ref.check in known[ref.source], (rule.id, ref)


def test_no_two_rules_of_different_standards_have_one_id() -> None:
    newest = {name.partition("@")[0]: name for name in STANDARDS}
    ids = [rule.id for name in newest.values() for rule in catalogue.load(name).rules]
    assert len(ids) == len(set(ids))
