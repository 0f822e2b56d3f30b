"""Does ``verify`` judge a report on a profile by the parts of the profile, and see what was slipped in?"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from apicheck import catalogue
from apicheck.model import Report, Rule, Source, Standard, Text
from apicheck.plan import Plan
from apicheck.resources import resource
from apicheck.run import carry_out
from apicheck.sign.standing import Standing
from apicheck.verdict import conclude, judge

from .signers import OK, VENDOR, answers, write

RECOMPUTED = 3
DOCUMENT = resource("examples") / "gebouwen" / "openapi.yaml"
OWN = """
id = "eigen"
edition = "1"
publisher = "Gemeente Voorbeeld"
source = "https://example.org/aanbesteding"
date = "2026-11-24"
standards = ["nlgov-adr@2.2"]
title = {nl = "Onze aanbesteding", en = "Our tender"}
status = {nl = "Van ons.", en = "Of ours."}

[[set-aside]]
rule = "/core/semver"
motivation = {nl = "Onze versies tellen anders.", en = "Our versions count otherwise."}
"""


@cache
def example(profile: str) -> Report:
    return carry_out(Plan(str(DOCUMENT), (Source.LINT,), "apicheck lint openapi.yaml", profile=profile))


def judged_by(report: Report, standard: Standard) -> Report:
    """Return the report as if it was made by another standard, with everything in it right but that."""
    verdicts = tuple(judge(rule, report.evidence) for rule in standard.rules)
    counts = {status: sum(verdict.status is status for verdict in verdicts) for status in report.coverage.rules}
    coverage = report.coverage.model_copy(update={"rules": counts})
    changed = {"standard": standard, "verdicts": verdicts, "conclusion": conclude(verdicts), "coverage": coverage}
    return report.model_copy(update=changed)


def answer(folder: Path, report: Report) -> Standing:
    VENDOR.sign(write(folder, report))
    return answers(folder)[RECOMPUTED]


@pytest.mark.parametrize("name", ["nieuw", "geo"])
def test_a_report_on_a_profile_of_ours_is_ok(name: str, tmp_path: Path) -> None:
    VENDOR.sign(write(tmp_path, example(name)))
    assert answers(tmp_path) == OK


def test_a_report_on_a_profile_of_ones_own_is_ok_for_what_it_sets_aside_stands_in_it(tmp_path: Path) -> None:
    file = tmp_path / "eigen.toml"
    file.write_text(OWN, "utf-8")
    folder = tmp_path / "bundle"
    folder.mkdir()
    assert answer(folder, example(str(file))) is Standing.OK


def slipped_in(rule: Rule) -> Rule:
    return rule.model_copy(update={"set_aside": Text(nl="Dat hoefde niet.", en="There was no need.")})


def weakened(rule: Rule) -> Rule:
    return rule.model_copy(update={"requires": rule.requires[:1], "refuted_by": ()})


@pytest.mark.parametrize("change", [slipped_in, weakened])
def test_a_rule_that_was_changed_in_a_profile_of_ours_is_seen_whatever_the_digest_says(
    change: Callable[[Rule], Rule], tmp_path: Path
) -> None:
    report = example("nieuw")
    rules = tuple(change(rule) if rule.id == "/core/no-trailing-slash" else rule for rule in report.standard.rules)
    standard = catalogue.sealed(report.standard.model_copy(update={"rules": rules}))
    assert answer(tmp_path, judged_by(report, standard)) is Standing.NOT_OK


def test_a_rule_that_was_left_out_is_seen(tmp_path: Path) -> None:
    report = example("nieuw")
    standard = catalogue.sealed(report.standard.model_copy(update={"rules": report.standard.rules[1:]}))
    assert answer(tmp_path, judged_by(report, standard)) is Standing.NOT_OK
