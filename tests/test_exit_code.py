"""Does a command end with the code that the README promises, and with 1 for what the user wants to fail on?"""

import pytest

from apicheck.model import Conclusion, Evidence, Handling, Level, Outcome, Report, Source, Status, Text
from apicheck.plan import FailOn
from apicheck.run import exit_code
from tests.report import sample

WHY = Text(nl="Dat was niet te zien.", en="That could not be told.")


def lint_report(*changed: Evidence) -> Report:
    """Return the report of a document in which everything is met but what is given."""
    names = {item.check for item in changed}
    met = tuple(item.model_copy(update={"outcome": Outcome.MET, "findings": ()}) for item in sample.LINT if item.check not in names)
    return sample.make((*met, *changed), sources=(Source.LINT,), url=None)


def without_a_recommended_rule(report: Report) -> Report:
    """Return the report of an API that keeps every MUST rule and fails a SHOULD rule."""
    failed = tuple(
        verdict.model_copy(update={"status": Status.FAIL}) if verdict.level is Level.SHOULD else verdict
        for verdict in report.verdicts
    )
    return report.model_copy(update={"verdicts": failed})


@pytest.mark.parametrize("fail_on", FailOn)
def test_a_must_that_fails_always_counts_and_what_is_met_never_does(fail_on: FailOn) -> None:
    assert exit_code(sample.failing(), fail_on) == 1
    assert exit_code(sample.conforming(), fail_on) == 0
    assert exit_code(sample.explained(), fail_on) == 0


def test_an_api_about_which_nothing_was_established_could_not_be_tested() -> None:
    report = sample.conforming()
    silent = tuple(
        item.model_copy(update={"outcome": Outcome.UNKNOWN, "reason": WHY}) if item.source is Source.PROBE else item
        for item in report.evidence
    )
    assert report.coverage.answered
    assert {exit_code(report.model_copy(update={"evidence": silent}), fail_on) for fail_on in FailOn} == {4}


def test_a_recommendation_counts_when_asked_for() -> None:
    report = without_a_recommended_rule(sample.conforming())
    assert {fail_on: exit_code(report, fail_on) for fail_on in FailOn} == {"must": 0, "should": 1, "open": 0}


def test_a_recommendation_with_an_accepted_explanation_does_not_count() -> None:
    report = without_a_recommended_rule(sample.conforming())
    failed = [verdict.rule for verdict in report.verdicts if verdict.status is Status.FAIL]
    said = tuple(sample.exception(rule, Handling.EXPLAINED) for rule in failed)
    assert exit_code(report.model_copy(update={"exceptions": said}), FailOn.SHOULD) == 0
    disputed = tuple(sample.exception(rule, Handling.DISPUTED) for rule in failed)
    assert exit_code(report.model_copy(update={"exceptions": disputed}), FailOn.SHOULD) == 1


def test_what_is_open_counts_when_asked_for() -> None:
    report = sample.conforming().model_copy(update={"conclusion": Conclusion.INCOMPLETE})
    assert {fail_on: exit_code(report, fail_on) for fail_on in FailOn} == {"must": 3, "should": 3, "open": 1}


def test_lint_does_not_speak_for_what_it_was_not_asked() -> None:
    assert {exit_code(lint_report(), fail_on) for fail_on in FailOn} == {0}


def test_lint_fails_on_what_it_could_not_tell_when_asked_for() -> None:
    unknown = sample.evidence("lint:no-trailing-slash", Outcome.UNKNOWN, 0, reason=WHY)
    assert {fail_on: exit_code(lint_report(unknown), fail_on) for fail_on in FailOn} == {"must": 0, "should": 0, "open": 1}


@pytest.mark.parametrize("fail_on", FailOn)
def test_trouble_of_our_own_is_never_a_fail(fail_on: FailOn) -> None:
    crashed = sample.evidence("lint:no-trailing-slash", Outcome.UNKNOWN, 0, reason=WHY).model_copy(update={"crashed": True})
    assert exit_code(lint_report(crashed), fail_on) == 4


def test_a_request_that_was_not_agreed_is_our_own_fault_whatever_else_was_found() -> None:
    for report in (sample.conforming(), sample.failing()):
        trespassed = report.model_copy(update={"run": report.run.model_copy(update={"trespasses": ("DELETE https://a/1",)})})
        assert exit_code(trespassed) == 4
