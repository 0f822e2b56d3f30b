"""Does the catalogue read as a person expects, offline?"""

import pytest

from apicheck import catalogue

from .conftest import Run


@pytest.mark.parametrize("name", catalogue.editions())
def test_list_names_every_rule(run: Run, name: str) -> None:
    result = run("rules", "list", "--standard", name)
    assert result.code == 0
    assert all(rule.id in result.out for rule in catalogue.load(name).rules)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_show_explains_a_rule_with_its_examples(run: Run, language: str) -> None:
    result = run("rules", "show", "/core/version-header", "--lang", language)
    rule = next(rule for rule in catalogue.load().rules if rule.id == "/core/version-header")
    assert result.code == 0
    assert rule.title.in_("nl" if language == "nl" else "en") in result.out
    assert "API-Version" in result.out


def test_the_address_of_a_rule_stays_whole_on_a_narrow_screen(run: Run) -> None:
    rule = next(rule for rule in catalogue.load().rules if rule.id == "/core/version-header")
    *_, last = run("rules", "show", rule.id, env={"COLUMNS": "40"}).out.splitlines()
    assert last.endswith(f"<{rule.source}>")


def test_every_case_gives_the_verdict_that_it_promises(run: Run) -> None:
    result = run("rules", "test", "--lang", "en")
    assert result.code == 0, result.out


def test_explain_takes_what_a_finding_names(run: Run) -> None:
    shown = run("rules", "show", "/core/version-header").out
    assert run("explain", "/core/version-header").out == run("explain", "version-header").out == shown
    naming = run("explain", "lint:verbs-in-paths")
    assert "/core/naming-resources" in naming.out
    assert "/core/resource-operations" in naming.out
    assert naming.out == run("explain", "verbs-in-paths").out
    unknown = run("explain", "no-such-thing")
    assert (unknown.code, unknown.out, unknown.err.count("\n")) == (2, "", 1)
