"""How is a small document put to a small ruleset?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from apicheck.openapi import Source
from apicheck.rulesets.document import Inspected
from apicheck.rulesets.loading import load
from apicheck.rulesets.ruleset import compose
from apicheck.rulesets.run import Outcome, run

OPENAPI: dict[str, Any] = {"openapi": "3.0.3", "info": {"title": "t", "version": "1.0.0"}, "paths": {}}


def inspected(document: Any, name: str = "openapi.json") -> Inspected:
    return Inspected.of(Source(name, json.dumps(document).encode()))


def outcome(folder: Path, ruleset: dict[str, Any], document: Any) -> Outcome:
    file = folder / "ruleset.json"
    file.write_text(json.dumps(ruleset), "utf-8")
    return run(inspected(document), compose(load(str(file)), "openapi.json"))


def told(folder: Path, rule: dict[str, Any], document: Any) -> list[tuple[str, str]]:
    """What one rule finds: where, as keys with slashes between, and in which words."""
    found = outcome(folder, {"rules": {"the-rule": rule}}, document)
    assert not found.not_run
    return [("/".join(finding.keys), finding.message) for finding in found.findings]


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every member and item, as what holds it and its key."""
    pairs = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    return [(node, key) for key, _ in pairs] + [place for _, child in pairs for place in places(child)]
