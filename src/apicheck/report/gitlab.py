"""How does GitLab show findings in a merge request?

As Code Quality (docs.gitlab.com/ci/testing/code_quality): one issue for each finding, at its line. What was seen live stands at
the first line of the document, for GitLab wants a file. Lost: the conclusion, every rule without a finding, what is open, the
exchanges and what was explained; the format has no room to say so.
"""

from __future__ import annotations

import hashlib
from typing import Any

from apicheck.model import Level, Report
from apicheck.report._outline import Entry, Item, Outline, State
from apicheck.report._text import Language, plain
from apicheck.report.json_ import written

FILE = "gl-code-quality-report.json"
SEVERITIES = {Level.MUST: "critical", Level.SHOULD: "minor", Level.MAY: "info"}


def render(report: Report, language: Language) -> bytes:
    """Return the issues; what only informs, and what the buyer accepted, is ``info``."""
    return written(
        [
            _issue(entry, item, severity, report.subject.document, language)
            for entry in Outline(report).entries
            for items, severity in ((entry.faults, _severity(entry)), (entry.advice, "info"))
            for item in items
        ]
    )


def _severity(entry: Entry) -> str:
    return "info" if entry.state is State.EXPLAINED else SEVERITIES[entry.rule.level]


def _issue(entry: Entry, item: Item, severity: str, document: str, language: Language) -> dict[str, Any]:
    location = item.finding.location
    seen = "" if location else f" ({item.where})" if item.where else ""
    return {
        "description": plain(f"{item.finding.message.in_(language)}{seen}"),
        "check_name": plain(entry.rule.id),
        "fingerprint": _fingerprint(entry, item),
        "severity": severity,
        "location": {
            "path": plain(location.file if location else document),
            "lines": {"begin": max(1, location.line or 1) if location else 1},
        },
    }


def _fingerprint(entry: Entry, item: Item) -> str:
    """Return what GitLab knows an issue by: other than a finding's id it differs between the rules that the finding counts for."""
    return hashlib.sha256(f"{entry.rule.id} {item.check} {item.finding.id}".encode("utf-8", "replace")).hexdigest()
