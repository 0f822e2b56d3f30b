"""Is what a re-test says of an earlier report true, and does it claim no more than both reports established?"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck.again import compare
from apicheck.model import Change, Incomparable, Outcome, Report, Retest, Source, Status
from apicheck.report import FORMATS
from apicheck.report._again import changed_rules, warnings
from apicheck.report._outline import Outline
from tests.report import sample

DIGEST = "7f3a91c2" * 8
MAKERS = [sample.failing, sample.explained, sample.conforming, sample.lint_only, sample.crowded]
OPPOSITE = {Change.IMPROVED: Change.WORSE, Change.WORSE: Change.IMPROVED}
SOME = st.sampled_from(MAKERS).map(lambda make: make())


def with_(report: Report, **changed: Any) -> Report:
    """Return a report with another part; ``subject__url`` is the URL of its subject."""
    for name, value in changed.items():
        part, _, field = name.partition("__")
        new = getattr(report, part).model_copy(update={field: value}) if field else value
        report = report.model_copy(update={part: new})
    return report


def without_findings(report: Report, check: str, outcome: Outcome) -> Report:
    evidence = tuple(
        one.model_copy(update={"findings": (), "outcome": outcome}) if one.check == check else one for one in report.evidence
    )
    return with_(report, evidence=evidence)


def of(retest: Retest) -> dict[str, Change]:
    return {finding.id: finding.change for finding in retest.findings}


@pytest.mark.parametrize("make", MAKERS)
def test_a_report_is_the_same_as_itself(make: Callable[[], Report]) -> None:
    retest = compare(make(), DIGEST, make())
    assert {rule.change for rule in retest.rules} == {Change.SAME}
    assert {finding.change for finding in retest.findings} <= {Change.SAME}
    assert (retest.incomparable, retest.contradicted, retest.earlier.digest) == ((), (), DIGEST)


@given(SOME, SOME)
def test_what_is_better_one_way_is_worse_the_other_way(one: Report, other: Report) -> None:
    there, back = compare(one, DIGEST, other), compare(other, DIGEST, one)
    assert {rule.rule: OPPOSITE.get(rule.change, rule.change) for rule in there.rules} == {
        rule.rule: rule.change for rule in back.rules
    }
    assert {id_: OPPOSITE.get(change, change) for id_, change in of(there).items()} == of(back)
    assert there.contradicted == tuple(check for check in there.contradicted if check in back.contradicted)


@given(SOME, SOME)
def test_only_what_both_established_is_better_or_worse(one: Report, other: Report) -> None:
    for rule in compare(one, DIGEST, other).rules:
        if rule.change in OPPOSITE:
            assert Status.FAIL in {rule.before, rule.now}
            assert {rule.before, rule.now} <= {Status.FAIL, Status.PASS, Status.NOT_APPLICABLE}
        if rule.change is Change.SAME:
            assert rule.before is rule.now


@given(SOME, SOME)
def test_no_rule_and_no_finding_is_left_out(one: Report, other: Report) -> None:
    retest = compare(one, DIGEST, other)
    assert {rule.rule for rule in retest.rules} == {verdict.rule for report in (one, other) for verdict in report.verdicts}
    found = {
        finding.id
        for report in (one, other)
        for evidence in report.evidence
        if evidence.source is not Source.ATTEST
        for finding in evidence.findings
    }
    assert set(of(retest)) == found


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"standard__digest": "0" * 64}, Incomparable.STANDARD),
        ({"subject__digest": "0" * 64, "subject__url": "https://elders.example/v1"}, Incomparable.SUBJECT),
        ({"subject__digest": "0" * 64, "subject__url": None}, Incomparable.SUBJECT),
        ({"tool": "apicheck 0.2.0"}, Incomparable.VERSION),
        ({"tool": "apicheck 1.0.0"}, Incomparable.VERSION),
    ],
)
def test_what_is_about_something_else_is_not_compared(changed: dict[str, Any], why: Incomparable) -> None:
    retest = compare(with_(sample.failing(), **changed), DIGEST, sample.failing())
    assert retest.incomparable == (why,)
    assert {rule.change for rule in retest.rules} == {finding.change for finding in retest.findings} == {Change.NOT_COMPARABLE}
    assert list(warnings(retest, "nl"))


@pytest.mark.parametrize(
    "changed", [{"subject__digest": "0" * 64}, {"subject__url": "https://elders.example/v1"}, {"tool": "apicheck 0.1.9"}]
)
def test_a_mended_document_or_another_server_is_still_compared(changed: dict[str, Any]) -> None:
    assert compare(with_(sample.failing(), **changed), DIGEST, sample.failing()).incomparable == ()


def test_a_finding_is_new_solved_or_not_comparable() -> None:
    failing = sample.failing()
    (slash,) = next(one for one in failing.evidence if one.check == "trailing-slash-404").findings
    clean = without_findings(failing, "trailing-slash-404", Outcome.MET)
    unseen = without_findings(failing, "trailing-slash-404", Outcome.UNKNOWN)
    assert of(compare(clean, DIGEST, failing))[slash.id] is Change.WORSE
    assert of(compare(failing, DIGEST, clean))[slash.id] is Change.IMPROVED
    assert of(compare(unseen, DIGEST, failing))[slash.id] is of(compare(failing, DIGEST, unseen))[slash.id] is Change.NOT_COMPARABLE


def test_of_the_very_same_document_the_same_is_said_or_one_report_is_wrong() -> None:
    failing = sample.failing()
    embellished = without_findings(failing, "contact-present", Outcome.MET)
    retest = compare(embellished, DIGEST, failing)
    assert [str(check) for check in retest.contradicted] == ["lint:contact-present"]
    assert "klopt een van beide rapporten niet" in " ".join(warnings(retest, "nl"))
    assert compare(with_(embellished, subject__digest="0" * 64), DIGEST, failing).contradicted == ()
    assert compare(with_(embellished, tool="apicheck 0.1.1"), DIGEST, failing).contradicted == ()


def test_a_live_check_may_say_something_else_each_time() -> None:
    failing = sample.failing()
    assert compare(without_findings(failing, "trailing-slash-404", Outcome.MET), DIGEST, failing).contradicted == ()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_form_that_people_read_says_that_it_is_a_retest_and_of_which_report(language: Any) -> None:
    word = {"nl": "Hertest van rapport 7F3A-91C2", "en": "Re-test of report 7F3A-91C2"}[language]
    for name in ("html", "markdown", "terminal"):
        told = FORMATS[name].render(sample.retested(), language)
        assert word in str(told), name
        assert "Zelftest" not in str(told), name


@given(SOME, SOME)
def test_whoever_did_the_test_is_named_by_their_own_account_only(one: Report, other: Report) -> None:
    told = str(FORMATS["html"].render(with_(other, again=compare(one, DIGEST, other), run__by="Gemeente X"), "nl"))
    assert "Volgens eigen opgave gedaan door Gemeente X." in told
    assert "Wie de toets deed, zegt alleen een handtekening." in told


def test_the_rules_that_came_out_otherwise_are_told_worst_first() -> None:
    told = [change for _, _, change, _ in changed_rules(Outline(sample.retested()), "en")]
    assert told == ["worse"] * 3 + ["cannot be compared"] * (len(told) - 3)
