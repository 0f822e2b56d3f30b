"""How does a program that reads Spectral's JSON get the findings of rulesets?

As ``spectral lint -f json`` prints them: lines and characters from 0, severities as numbers, the keys to a place as a list. Lost:
everything that apicheck itself has to say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from apicheck.model import Report, RulesetFinding
from apicheck.report._text import Language

FILE = "spectral.json"
_NUMBERS = {"error": 0, "warn": 1, "info": 2, "hint": 3}


def render(report: Report, _language: Language) -> bytes:
    """Return the findings of all rulesets of a report; files are named as the report names them."""
    return written(entry(finding, str) for outcome in report.rulesets for finding in outcome.findings)


def written(entries: Iterable[dict[str, Any]]) -> bytes:
    """Return entries as Spectral would write them."""
    return json.dumps(list(entries), ensure_ascii=False, indent="\t").encode("utf-8", "replace") + b"\n"


def entry(finding: RulesetFinding, source: Callable[[str], str]) -> dict[str, Any]:
    """Return a finding as Spectral has it; ``source`` says how a file is called."""
    where = finding.location
    return {
        "code": finding.rule,
        "path": [part.replace("~1", "/").replace("~0", "~") for part in where.pointer.split("/")[1:]],
        "message": finding.message,
        "severity": _NUMBERS[finding.severity],
        "range": {
            "start": {"line": (where.line or 1) - 1, "character": (where.column or 1) - 1},
            "end": {"line": finding.end_line - 1, "character": finding.end_column - 1},
        },
        "source": source(where.file),
    }
