"""Do rulesets build on each other, change and refuse as they say?"""

from __future__ import annotations

import json
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck.errors import UnusableRuleset
from apicheck.rulesets.loading import load
from apicheck.rulesets.ruleset import compose, matches
from apicheck.rulesets.run import run
from tests.rulesets.documents import OPENAPI, inspected, outcome, places

TITLE: dict[str, Any] = {"given": "$.info", "then": {"field": "zzz", "function": "truthy"}}


def written(path: Path, ruleset: Any) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ruleset if isinstance(ruleset, str) else json.dumps(ruleset), "utf-8")
    return str(path)


def codes(ruleset: str, document: Any = OPENAPI, file: str = "openapi.json") -> dict[str, int]:
    return {finding.code: finding.severity for finding in run(inspected(document), compose(load(ruleset), file)).findings}


def test_what_is_extended_can_be_off_recommended_or_all(tmp_path: Path) -> None:
    everything = set(compose(load("spectral:oas")).rules)
    on = {
        extent: {
            name for name, rule in compose(load(written(tmp_path / "r.json", {"extends": extends}))).rules.items() if rule.enabled
        }
        for extent, extends in {
            "off": [["spectral:oas", "off"]],
            "recommended": ["spectral:oas"],
            "all": [["spectral:oas", "all"]],
        }.items()
    }
    assert on["off"] == set()
    assert on["all"] == everything
    assert "contact-properties" in everything - on["recommended"]


def test_severities_turn_rules_on_off_and_over(tmp_path: Path) -> None:
    base = {"rules": {"a": TITLE, "b": TITLE, "c": {**TITLE, "recommended": False}, "d": TITLE}}
    written(tmp_path / "base.json", base)
    rules = {
        "a": "error",
        "b": "off",
        "c": "hint",
        "d": {"given": "$.info", "severity": "info", "then": {"field": "y", "function": "truthy"}},
    }
    assert codes(written(tmp_path / "r.yaml", {"extends": "./base.json", "rules": rules})) == {"a": 0, "c": 3, "d": 2}


def test_overrides_are_by_file_and_by_pointer(tmp_path: Path) -> None:
    rules = {"a": TITLE, "b": TITLE, "c": TITLE}
    overrides = [
        {"files": ["open*.json"], "rules": {"a": "hint"}},
        {"files": ["**/*.json#/info"], "rules": {"b": "off"}},
        {"files": ["elsewhere/**"], "rules": {"c": "error"}},
    ]
    ruleset = written(tmp_path / "r.json", {"rules": rules, "overrides": overrides})
    assert codes(ruleset) == {"a": 3, "c": 1}
    assert codes(ruleset, file="elsewhere/x.yaml") == {"a": 1, "b": 1, "c": 0}


@pytest.mark.parametrize(
    ("file", "glob", "fits"),
    [
        ("a/b/c.yaml", "*.yaml", True),
        ("a/b/c.yaml", "a/*.yaml", False),
        ("a/b/c.yaml", "a/**/*.yaml", True),
        ("a/c.yaml", "a/**/*.yaml", True),
        ("a/c.yml", "**/*.{yaml,yml}", True),
        ("c.json", "[a-c].json", True),
        ("../c.json", "../*.json", True),
    ],
)
def test_globs(file: str, glob: str, fits: bool) -> None:  # noqa: FBT001  # a parameter of the test
    assert matches(file, glob) is fits


def test_aliases_may_depend_on_the_format(tmp_path: Path) -> None:
    aliases = {
        "Info": ["$.info"],
        "Inner": ["#Info.title"],
        "Host": {"targets": [{"formats": ["oas2"], "given": ["$.host"]}, {"formats": ["oas3.0"], "given": ["$.paths"]}]},
    }
    falsy = {"function": "falsy"}
    ruleset = {"aliases": aliases, "rules": {"a": {"given": "#Inner", "then": falsy}, "b": {"given": "#Host", "then": falsy}}}
    found = outcome(tmp_path, ruleset, OPENAPI)
    assert [(each.code, each.keys) for each in found.findings] == [("a", ("info", "title")), ("b", ("paths",))]


def test_a_rule_is_for_its_formats(tmp_path: Path) -> None:
    rules = {"a": {**TITLE, "formats": ["oas3.1"]}, "b": {**TITLE, "formats": ["oas3.0"]}, "c": TITLE}
    assert codes(written(tmp_path / "r.json", {"rules": rules})) == {"b": 1, "c": 1}
    only_2 = written(tmp_path / "r.json", {"formats": ["oas2"], "rules": {"c": TITLE}})
    assert codes(only_2) == {"unrecognized-format": 1}


def test_javascript_is_read_and_never_run(tmp_path: Path) -> None:
    script = """
        import { oas } from "@stoplight/spectral-rulesets";
        import { truthy, pattern as matching } from "@stoplight/spectral-functions";
        import own from "./functions/own.js";
        const given = ["$.info"];
        export default {
          extends: [[oas, "off"]],
          rules: {
            a: { given, severity: 0, then: { field: "zzz", function: truthy } },
            ...{ b: { given: "$.info.title", then: { function: matching, functionOptions: { match: /^Q/u } } } },
            c: { given, then: { function: own } },
          },
        };
    """
    found = run(inspected(OPENAPI), compose(load(written(tmp_path / "r.js", script)), "openapi.json"))
    assert {each.code: each.severity for each in found.findings} == {"a": 0, "b": 1}
    assert [(each.rule, each.reason) for each in found.not_run] == [("c", "function-foreign")]
    assert codes(
        written(tmp_path / "c.cjs", 'module.exports = { rules: { a: { given: "$", then: { function: "falsy" } } } };')
    ) == {"a": 1}


def test_what_a_bundler_made_of_a_ruleset_is_read(tmp_path: Path) -> None:
    script = """
        "use strict";
        var __export = (target, all) => { for (var name in all) target[name] = all[name]; };
        var __toCommonJS = (mod) => mod;
        var rules_exports = {};
        __export(rules_exports, { default: () => rules_default });
        module.exports = __toCommonJS(rules_exports);
        var import_functions = require("@stoplight/spectral-functions");
        var Severity;
        (function(Severity2) {
          Severity2[Severity2["Error"] = 0] = "Error";
          Severity2[Severity2["Hint"] = 3] = "Hint";
        })(Severity || (Severity = {}));
        var own_default = (0, import_core.createRulesetFunction)({ input: null }, function own() {});
        var rules_default = { rules: {
          a: { given: "$.info", severity: Severity.Hint, then: { field: "zzz", function: import_functions.truthy } },
          b: { given: "$.info", then: { function: own_default } },
        } };
        0 && (module.exports = {});
        module.exports = module.exports.default;
    """
    found = run(inspected(OPENAPI), compose(load(written(tmp_path / "r.js", script)), "openapi.json"))
    assert {each.code: each.severity for each in found.findings} == {"a": 3}
    assert [(each.rule, each.details) for each in found.not_run] == [("b", "own_default")]


def test_a_package_is_a_folder(tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "@who" / "rules"
    written(package / "package.json", {"main": "lib/rules.yaml"})
    written(package / "lib" / "rules.yaml", {"rules": {"a": TITLE}})
    assert codes(str(package)) == {"a": 1}
    assert codes(written(tmp_path / "deep" / "r.yaml", {"extends": "@who/rules"})) == {"a": 1}


def test_what_leads_back_to_itself_ends(tmp_path: Path) -> None:
    written(tmp_path / "b.json", {"extends": "./a.json", "rules": {"b": TITLE}})
    assert codes(written(tmp_path / "a.json", {"extends": "./b.json", "rules": {"a": TITLE}})) == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("ruleset", "message"),
    [
        ({"extends": "https://example.nl/rules.yaml"}, "ruleset-url"),
        ({"extends": "spectral:asyncapi"}, "ruleset-builtin-unknown"),
        ({"extends": "./nowhere.yaml"}, "ruleset-missing"),
        ({"extends": "x" * 300}, "ruleset-missing"),
        ({"extends": [["spectral:oas", "some"]]}, "ruleset-extent"),
        ({"rules": {"a": "error"}}, "ruleset-rule-missing"),
        ({"rules": {"a": {"given": "$"}}}, "ruleset-rule-incomplete"),
        ({"rules": {"a": {**TITLE, "severity": "grave"}}}, "ruleset-severity"),
        ({"rules": {"a": {**TITLE, "given": "#None"}}}, "ruleset-alias-missing"),
        ({"aliases": {"A": ["#A"]}, "rules": {"a": {**TITLE, "given": "#A"}}}, "ruleset-alias-circular"),
        ([], "ruleset-no-mapping"),
        ({"rules": {"a": {**TITLE, "formats": [{}]}}}, "ruleset-shape"),
        ({"rules": [], "extends": "spectral:oas"}, "ruleset-shape"),
        ({"overrides": [{"files": [{}]}]}, "ruleset-shape"),
        ({"extends": [[{"rules": {"a": {**TITLE, "given": 3}}}, "all"]]}, "ruleset-shape"),
        ("rules: [", "ruleset-unreadable"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, ruleset: Any, message: str) -> None:
    with pytest.raises(UnusableRuleset) as refused:
        codes(written(tmp_path / "r.yaml", ruleset))
    assert refused.value.message == message


WHOLE: dict[str, Any] = {
    "extends": [["spectral:oas", "off"]],
    "aliases": {"A": ["$.info"], "B": {"targets": [{"formats": ["oas3"], "given": "$.paths"}]}},
    "formats": ["oas3"],
    "parserOptions": {"incompatibleValues": "warn"},
    "rules": {
        "a": {"given": ["#A", "#B"], "then": [{"field": "x", "function": "casing", "functionOptions": {"type": "kebab"}}]},
        "b": {"given": "$..[?(@.in)]", "message": "{{error}}", "then": {"function": "length", "functionOptions": {"max": 1}}},
        "info-contact": "error",
        "c": {"given": "$", "severity": 1, "then": {"function": "schema", "functionOptions": {"schema": {"required": ["x"]}}}},
    },
    "overrides": [{"files": ["*.json#/info"], "rules": {"a": "off"}}, {"files": ["**"], "rules": {"b": 1}, "aliases": {}}],
    "except": {"x.json#/paths": ["b"]},
}


@given(st.data())
def test_whatever_a_ruleset_says_it_is_run_or_refused(data: st.DataObject) -> None:
    ruleset = deepcopy(WHOLE)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places(ruleset)))
        wrong: Any = data.draw(st.sampled_from((None, 3, True, "", "#A", "$..*", [], {}, [{}], [3], {"x": {}}, {"type": 3})))
        if data.draw(st.booleans()):
            holder[key] = wrong
        else:
            del holder[key]
    with TemporaryDirectory() as folder, suppress(UnusableRuleset):
        outcome(Path(folder), ruleset, {**OPENAPI, "tags": [{"in": "xx"}]})


@pytest.mark.parametrize(
    "script", ["export default make();", "module.exports = { rules: rules() };", "const x = 1;", "export default {"]
)
def test_a_script_that_computes_its_rules_is_refused(tmp_path: Path, script: str) -> None:
    with pytest.raises(UnusableRuleset, match=r"JavaScript|computes"):
        load(written(tmp_path / "r.mjs", script))


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"given": "$.a[?(fetch())]", "then": {"function": "truthy"}}, "path-unreadable"),
        ({"given": "$.info", "then": {"function": "ourOwn"}}, "function-foreign"),
        ({"given": "$.info", "then": {"function": "length", "functionOptions": {"most": 1}}}, "function-options"),
        ({"given": "$.info[?(@property.no.more)]", "then": {"function": "truthy"}}, "filter-broke"),
    ],
)
def test_a_rule_that_is_not_run_is_named(tmp_path: Path, rule: dict[str, Any], reason: str) -> None:
    found = outcome(tmp_path, {"rules": {"r": rule}}, OPENAPI)
    assert not found.findings
    assert {(each.rule, each.reason) for each in found.not_run} == {("r", reason)}
