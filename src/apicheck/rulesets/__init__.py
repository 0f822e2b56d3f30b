"""What do rulesets of another linter find in a document?

They are advice. A ruleset is run as it is, and what of it cannot be run is named.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal, get_args

import orjson

from apicheck.model import Location, Place, RuleNotRun, RulesetFinding, RulesetOutcome
from apicheck.openapi import Source
from apicheck.rulesets.document import Inspected
from apicheck.rulesets.loading import load
from apicheck.rulesets.ruleset import Definition, compose
from apicheck.rulesets.run import Finding, NotRun, run
from apicheck.rulesets.sorting import collated, naturally
from apicheck.words import say

Severity = Literal["error", "warn", "info", "hint"]
_SEVERITIES: tuple[Severity, ...] = get_args(Severity)


def consult(source: Source, rulesets: Iterable[str]) -> tuple[RulesetOutcome, ...]:
    """Put rulesets to a document, each a file, the folder of a package, or the name of a built-in one.

    Raises:
        UnreadableDocument: the document is no JSON and no YAML.
        UnusableRuleset: a ruleset cannot be read, or is not as it should be.
    """
    document = Inspected.of(source)
    return tuple(_consult(document, name) for name in rulesets)


def _consult(document: Inspected, name: str) -> RulesetOutcome:
    definition = load(name)
    relative = _seen_from(document.source, Path(name).resolve().parent)
    outcome = run(document, compose(definition, relative(document.files.entry)), relative)
    found = [(_shown(document, finding), finding) for finding in outcome.findings]
    return RulesetOutcome(
        name=definition.name,
        digest=hashlib.sha256(b"\0".join(_contents(definition))).hexdigest(),
        findings=tuple(shown for shown, finding in sorted(found, key=lambda pair: _order(*pair))),
        not_run=tuple(map(_not_run, outcome.not_run)),
    )


def _seen_from(source: Source, folder: Path) -> Callable[[str], str]:
    """Return what names the files of a document as seen from a folder, which is how a ruleset speaks of them."""

    def name(file: str) -> str:
        return file if source.folder is None else Path(os.path.relpath(source.folder / file, folder)).as_posix()

    return name


def _shown(document: Inspected, finding: Finding) -> RulesetFinding:
    range_ = finding.at or document.ranges(finding.file).of(finding.keys)
    return RulesetFinding(
        rule=finding.code,
        severity=_SEVERITIES[finding.severity],
        message=finding.message,
        location=Location(
            file=posixpath.join(document.source.shown_folder, finding.file),
            pointer=Place(finding.file, finding.keys).pointer,
            line=range_.start.line + 1,
            column=range_.start.character + 1,
        ),
        end_line=range_.end.line + 1,
        end_column=range_.end.character + 1,
        documentation=finding.documentation,
    )


def _order(shown: RulesetFinding, finding: Finding) -> tuple[object, ...]:
    where = shown.location
    return collated(where.file), where.line, where.column, naturally(shown.rule), collated(",".join(finding.keys))


def _not_run(rule: NotRun) -> RuleNotRun:
    return RuleNotRun(rule=rule.rule, reason=say(f"rulesets.{rule.reason}", details=rule.details))


def _contents(definition: Definition) -> Iterable[bytes]:
    """What a ruleset is made of, with all that it builds on."""
    yield orjson.dumps(definition.content, default=str)
    for extension in definition.extends:
        yield from _contents(extension.definition)
