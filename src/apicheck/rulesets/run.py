"""What does a ruleset find in a document?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from apicheck.openapi.ranges import Range, tabs
from apicheck.rulesets.document import Inspected
from apicheck.rulesets.ecmascript import UNDEFINED, keys, member
from apicheck.rulesets.expression import Broke
from apicheck.rulesets.formats import FORMATS
from apicheck.rulesets.functions import Context, Function, Result, WrongOptions, is_known, lookup
from apicheck.rulesets.jsonpath import Query, Unreadable, parse
from apicheck.rulesets.message import dotted, filled, pointer
from apicheck.rulesets.resolving import Keys, at
from apicheck.rulesets.ruleset import Rule, Ruleset, number_of
from apicheck.rulesets.walk import Path, Walk


class Finding(NamedTuple):
    """One thing that a rule found. ``severity`` is 0 for an error, up to 3 for a hint; ``file`` is one of the document."""

    code: str
    keys: Keys
    message: str
    severity: int
    file: str
    documentation: str | None = None
    at: Range | None = None
    """Where it stands, when that is not where its keys lead."""


class NotRun(NamedTuple):
    """A rule that was not put to the document, wholly or in part; ``reason`` is an id in ``words/rulesets.yaml``."""

    rule: str
    reason: str
    details: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a ruleset found in a document, each thing once, and which of its rules could not be put to it."""

    findings: tuple[Finding, ...]
    not_run: tuple[NotRun, ...]


def run(document: Inspected, ruleset: Ruleset, relative: Callable[[str], str] = str) -> Outcome:
    """Put the rules of a ruleset to a document. ``relative`` names its files as seen from the folder of the ruleset."""
    running = _Running(document, relative)
    running.document_as_a_whole(ruleset)
    rules = [rule for rule in ruleset.rules.values() if rule.applies(document.formats)]
    for resolved, root in ((True, document.resolved), (False, document.written)):
        running.walk([rule for rule in rules if rule.resolved is resolved], root)
    return Outcome(tuple(dict.fromkeys(running.findings)), tuple(dict.fromkeys(running.not_run)))


class _Call(NamedTuple):
    """A function that a rule calls, on what its field leads to."""

    function: Function
    field: str | None
    options: Mapping[str, Any]


class _Running:
    def __init__(self, document: Inspected, relative: Callable[[str], str]) -> None:
        self._document = document
        self._relative = relative
        self._told: set[tuple[str, int, bool]] = set()
        self.findings: list[Finding] = []
        self.not_run: list[NotRun] = []

    def document_as_a_whole(self, ruleset: Ruleset) -> None:
        """Tell of references that lead nowhere, of keys that are no text, and of a document that no rule is for."""
        entry = self._document.files.entry
        told: set[str] = set()
        for broken in self._document.followed.broken:
            message = _broken(broken.text, broken.reason)
            if message not in told:
                self.findings.append(Finding("invalid-ref", (*broken.at.keys, "$ref"), message, 0, broken.at.file))
            told.add(message)
        severity = number_of(ruleset.parser_options.get("incompatibleValues", "error"), "parserOptions", ruleset.name)
        for file, key in self._document.odd_keys() if severity >= 0 else ():
            message = f"Mapping key must be a string scalar rather than {key.kind}"
            self.findings.append(Finding("parser", key.keys, message, severity, file, at=key.range))
        for file in self._document.files.read:
            for where in tabs(self._document.files.content(file)):
                self.findings.append(Finding("parser", (), "Using tabs can lead to unpredictable results", 1, file, at=where))
        known = [FORMATS[name].title for name in ruleset.formats if name in FORMATS]
        if known and self._document.formats.isdisjoint(ruleset.formats):
            message = f"The provided document does not match any of the registered formats [{', '.join(known)}]"
            self.findings.append(Finding("unrecognized-format", (), message, 1, entry))

    def walk(self, rules: Iterable[Rule], root: Any) -> None:
        """Put rules to a document, all in one walk."""
        by_path: dict[str, list[tuple[Rule, list[_Call]]]] = {}
        queries: dict[str, Query] = {}
        for rule in rules:
            calls = self._calls(rule)
            for path in rule.paths(self._document.formats) if calls else ():
                try:
                    queries[path] = parse(path)
                except Unreadable as unreadable:
                    self.not_run.append(NotRun(rule.name, "path-unreadable", f"{path}: {unreadable}"))
                else:
                    by_path.setdefault(path, []).append((rule, calls))

        def emit(query: Query, path: Path, value: Any) -> None:
            if not self._is_new(query, path, value, walk):
                return
            for rule, calls in by_path[query.source]:
                self._look(rule, calls, path, value)

        def broke(query: Query, what: Broke) -> None:
            for rule, _ in by_path[query.source]:
                self.not_run.append(NotRun(rule.name, "filter-broke", str(what)))

        walk = Walk(list(queries.values()), emit, broke, self._document.crossings)
        walk.run(root)

    def _is_new(self, query: Query, path: Path, value: Any, walk: Walk) -> bool:
        """Whether a query leads to an object for the first time: what many references share is looked at once.

        What has something beside its reference is looked at each time, for what is found there stands there.
        """
        if not isinstance(value, dict | list) or (path and (id(walk.values[-1]), str(path[-1])) in self._document.companions):
            return True
        mark = query.source, id(value), walk.is_apart
        if mark in self._told:
            return False
        self._told.add(mark)
        return True

    def _calls(self, rule: Rule) -> list[_Call]:
        """The functions of a rule; none when one of them cannot be called: a rule that is half put would mislead."""
        calls: list[_Call] = []
        for then in rule.then:
            name, options = then["function"], then.get("functionOptions") or {}
            if not isinstance(name, str) or not is_known(name):
                self.not_run.append(NotRun(rule.name, "function-foreign", str(getattr(name, "name", name))))
                return []
            try:
                calls.append(_Call(lookup(name, options), then.get("field"), options))
            except WrongOptions as wrong:
                self.not_run.append(NotRun(rule.name, "function-options", f"{name}: {wrong}"))
                return []
        return calls

    def _look(self, rule: Rule, calls: Iterable[_Call], path: Path, value: Any) -> None:
        for call in calls:
            for way, target in _targets(value, call.field):
                context = Context(self._document, [*path, *way], rule.resolved)
                try:
                    for result in call.function(target, call.options, context) or ():
                        self._tell(rule, result, context)
                except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
                    self.not_run.append(NotRun(rule.name, "function-broke", f"{type(error).__name__}: {error}"))

    def _tell(self, rule: Rule, result: Result, context: Context) -> None:
        asked = tuple(
            str(step).replace("~1", "/").replace("~0", "~") for step in (result.path if result.path is not None else context.path)
        )
        found = self._document.associate(asked, resolved=rule.resolved)
        where = pointer(found.keys)
        severity = rule.severity_at(self._relative(found.file), where) if rule.pointers else rule.severity
        if severity < 0:
            return
        missing = found.asked
        name = found.keys[-1] if found.keys else ""
        if missing is not None and len(missing) > len(found.keys):
            name = dotted(missing[len(found.keys) - 1 :] if found.keys else missing[-1:])
        values = {
            "property": name,
            "error": result.message,
            "path": where,
            "description": rule.description if rule.description is not None else "null",
            "value": at(self._document.files.root(found.file), found.keys),
        }
        said = filled(result.message, values)
        values["error"] = said
        message = (
            filled(rule.message, values) if rule.message is not None else rule.description if rule.description is not None else said
        )
        self.findings.append(Finding(rule.name, found.keys, message.strip(), severity, found.file, rule.documentation))


def _targets(value: Any, field: str | None) -> list[tuple[Path, Any]]:
    """What a field leads to below a value; the value itself without one, or when it has no fields."""
    if field is None or not isinstance(value, dict | list):
        return [([], value)]
    if field == "@key":
        return [([key], key) for key in keys(value)] or [([], UNDEFINED)]
    if field.startswith("$"):
        found: list[tuple[Path, Any]] = []
        Walk([parse(field)], lambda _query, path, target: found.append((path, target)), lambda _query, _broke: None).run(value)
        return found or [([], UNDEFINED)]
    steps: Path = [*_steps(field)]
    if isinstance(value, dict) and field in value:
        return [(steps, value[field])]
    target = value
    for step in steps:
        target = member(target, step)
    return [(steps, target)]


_STEP = re.compile(r"""[^.\[\]]+|\[(?:(-?\d+)|(["'])(.*?)\2)\]""")


def _steps(field: str) -> Iterable[str]:
    """The keys of a path with dots and brackets."""
    for step in _STEP.finditer(field):
        yield step[3] if step[2] else step[1] or step[0]


def _broken(text: str, reason: str) -> str:
    if reason == "ref-target-missing":
        return f"'{text}' does not exist"
    if reason == "ref-file-missing":
        return f"ENOENT: no such file or directory, open '{text.partition('#')[0]}'"
    return f"{text.partition('#')[0]} is not followed ({reason})"
