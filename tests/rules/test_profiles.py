"""Is a profile exactly the rules of its parts, with what it says about them, and does a report show that?"""

from pathlib import Path

import pytest

from apicheck import catalogue, profile
from apicheck.errors import UnusableProfile, WrongUse
from apicheck.model import Source, Status
from apicheck.plan import Plan
from apicheck.profile import SUFFIX
from apicheck.resources import resource
from apicheck.run import carry_out

GOOD = resource("examples") / "gebouwen" / "openapi.yaml"
OWN = """
id = "eigen"
edition = "1"
publisher = "Gemeente Voorbeeld"
source = "https://example.org/aanbesteding"
date = "2026-11-24"
standards = ["nlgov-adr@2.2"]
modules = ["common-ground@2026-1"]
title = {nl = "Onze aanbesteding", en = "Our tender"}
status = {nl = "Van ons.", en = "Of ours."}
"""
SET_ASIDE = """
[[set-aside]]
rule = "/core/semver"
motivation = {nl = "Onze versies tellen anders.", en = "Our versions count otherwise."}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "eigen.toml"
    file.write_text(OWN + SET_ASIDE, "utf-8")
    return file


@pytest.mark.parametrize("name", profile.names())
def test_a_profile_of_ours_is_called_as_its_file_and_adds_nothing_to_its_parts(name: str) -> None:
    standard = profile.load(name)
    assert standard.id == name
    assert not list(profile.deviations(standard))
    assert {rule.id for rule in standard.rules} == {rule.id for part in standard.parts for rule in catalogue.load(part.name).rules}


@pytest.mark.parametrize("name", profile.names())
def test_what_a_profile_sets_aside_has_a_motivation_in_both_languages(name: str) -> None:
    for rule in profile.load(name).rules:
        assert rule.set_aside is None or (len(rule.set_aside.nl) > 40 and len(rule.set_aside.en) > 40)


def test_a_new_application_explains_nothing_and_an_existing_one_may() -> None:
    new, existing = profile.load("nieuw"), profile.load("transitie")
    assert (new.explainable, existing.explainable) == (False, True)
    assert new.rules == existing.rules
    assert new.digest != existing.digest


def test_a_rule_that_is_set_aside_does_not_apply_and_says_why(own: Path) -> None:
    report = carry_out(Plan(str(GOOD), (Source.LINT,), "apicheck lint", profile=str(own)))
    verdict = next(verdict for verdict in report.verdicts if verdict.rule == "/core/semver")
    assert verdict.status is Status.NOT_APPLICABLE
    assert "Onze versies tellen anders." in verdict.reason.nl
    assert [part.name for part in report.standard.parts] == ["nlgov-adr@2.2", "common-ground@2026-1"]


def test_a_module_that_surely_applies_leaves_no_rule_out_for_lack_of_signs(tmp_path: Path) -> None:
    file = tmp_path / f"zeker{SUFFIX}"
    file.write_text('applies = ["common-ground@2026-1"]\n' + OWN, "utf-8")
    report = carry_out(Plan(str(GOOD), (Source.LINT,), "apicheck lint", profile=str(file)))
    basics = next(verdict for verdict in report.verdicts if verdict.rule == "/cg/1c")
    assert basics.status is Status.OPEN


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('standards = ["nlgov-adr@2.2"]', 'standards = ["nlgov-adr@9"]', "nlgov-adr@9"),
        ('standards = ["nlgov-adr@2.2"]', 'standards = ["nlgov-adr@2.2", "nlgov-adr@2.1"]', "twice"),
        ("/core/semver", "/core/no-such-rule", "/core/no-such-rule"),
        ("modules", 'applies = ["adr-geo@1.0"]\nmodules', "adr-geo@1.0"),
        ('edition = "1"', "", "edition"),
        ('edition = "1"', "edition = 1 =", "line"),
    ],
)
def test_a_profile_that_is_not_as_it_should_be_is_refused_with_the_reason(own: Path, old: str, new: str, said: str) -> None:
    own.write_text(own.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(UnusableProfile) as error:
        profile.load(str(own))
    assert said in error.value.explain().en


def test_a_name_that_is_no_profile_is_refused_and_so_is_a_standard_beside_a_profile() -> None:
    with pytest.raises(WrongUse):
        profile.load("bestaat-niet")
    with pytest.raises(WrongUse):
        profile.asked("nlgov-adr@2.1", "nieuw")


def test_a_rule_that_was_changed_or_left_out_of_a_profile_is_seen() -> None:
    standard = profile.load("nieuw")
    changed = standard.rules[0].model_copy(update={"refuted_by": ()}), *standard.rules[2:]
    found = list(profile.deviations(standard.model_copy(update={"rules": changed})))
    assert standard.rules[1].id in found
