"""Which rules does a ruleset come to, once all that it extends, changes and turns off is taken together?

The order of things is that of Spectral, whose rulesets these are: later extensions win, a severity turns a rule on, and ``off``
turns it off.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Literal

from apicheck.errors import UnusableRuleset

Extent = Literal["off", "recommended", "all"]
"""How much of an extended ruleset is wanted."""

SEVERITIES = {"error": 0, "warn": 1, "info": 2, "hint": 3, "off": -1}
"""The severities by name. A finding has the number."""
_WARNING = 1
_ALIAS = re.compile(r"#([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Extension:
    """A ruleset that another builds on; ``extent`` is None when it is not said how much of it is wanted."""

    definition: Definition
    extent: Extent | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A ruleset as it is written, with what it extends read. ``content`` is plain data."""

    name: str
    content: Mapping[str, Any]
    extends: tuple[Extension, ...] = ()

    @property
    def rules(self) -> Mapping[str, Any]:
        """The rules, and the changes to rules, by name."""
        return self.content.get("rules") or {}

    @property
    def formats(self) -> tuple[str, ...] | None:
        """The formats that the rules are for; None when they are for all."""
        formats = self.content.get("formats")
        return None if formats is None else tuple(formats)


@dataclass(slots=True)
class Rule:
    """A rule ready to be put to a document. ``severity`` is a number of ``SEVERITIES``; None as ``formats`` is every format."""

    name: str
    owner: Definition
    given: tuple[str, ...]
    then: tuple[Mapping[str, Any], ...]
    severity: int
    recommended: bool
    enabled: bool
    resolved: bool
    aliases: Mapping[str, Any]
    message: str | None = None
    description: str | None = None
    documentation: str | None = None
    formats: tuple[str, ...] | None = None
    pointers: dict[str, dict[str, int]] = field(default_factory=dict)
    """Severities by glob of files and by JSON pointer, from overrides."""

    def applies(self, formats: frozenset[str]) -> bool:
        """Return whether the rule is on, and for a document in these formats."""
        return (self.enabled or bool(self.pointers)) and (self.formats is None or not formats.isdisjoint(self.formats))

    def paths(self, formats: frozenset[str]) -> list[str]:
        """Return the JSONPaths of what the rule looks at, with aliases replaced.

        Raises:
            UnusableRuleset: an alias does not exist, or leads back to itself.
        """
        return [path for given in self.given for path in _expanded(given, self.aliases, formats, self.owner.name, ())]

    def severity_at(self, file: str, pointer: str) -> int:
        """Return the severity of a finding at a JSON pointer of a file, named relative to the ruleset; -1 is no finding."""
        severity, nearest = self.severity, ""
        for glob, pointers in self.pointers.items():
            if not matches(file, glob):
                continue
            for overridden, its_severity in pointers.items():
                if len(overridden) >= len(nearest) and (pointer == overridden or pointer.startswith(f"{overridden}/")):
                    severity, nearest = its_severity, overridden
        return severity


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rules that a ruleset comes to, by name, and the formats that it knows of, in its order."""

    name: str
    rules: dict[str, Rule]
    formats: tuple[str, ...]
    parser_options: Mapping[str, Any]


def compose(definition: Definition, file: str | None = None) -> Ruleset:
    """Return what a ruleset comes to for a document, given as file relative to the folder of the ruleset.

    Raises:
        UnusableRuleset: it changes a rule that is not there, or a rule is not as it should be.
    """
    overrides = definition.content.get("overrides") or ()
    pointers: dict[str, dict[str, dict[str, int]]] = {}
    merged: Definition | None = None
    for override in overrides if file is not None else ():
        fitting = False
        for pattern in override.get("files", ()):
            glob, _, pointer = pattern.partition("#")
            if not matches(file or "", glob or "**"):
                continue
            if "#" not in pattern:
                fitting = True
                continue
            for name, severity in (override.get("rules") or {}).items():
                pointers.setdefault(name, {}).setdefault(glob or "**", {})[f"#{pointer}"] = number_of(
                    severity, name, definition.name
                )
        if fitting:
            merged = _overridden(merged, override, definition)
    if merged is not None:
        definition = merged
    rules, formats = _composed(definition, extent="recommended", explicit=False)
    for name, its_pointers in pointers.items():
        if name in rules:
            rules[name].pointers = its_pointers
    return Ruleset(definition.name, rules, formats, definition.content.get("parserOptions") or {})


def matches(file: str, glob: str) -> bool:
    """Return whether a file fits a glob: a glob without a slash looks at the name alone, ``**`` at any number of folders."""
    glob = posixpath.normpath(glob)
    path = PurePosixPath(file)
    for each in _alternatives(glob):
        if "/" not in each and "**" not in each:
            if fnmatch.fnmatchcase(path.name, each):
                return True
        elif _glob(each).fullmatch(file):
            return True
    return False


def _alternatives(glob: str) -> list[str]:
    """The globs that one with ``{a,b}`` stands for."""
    found = re.search(r"\{([^{}]*,[^{}]*)\}", glob)
    if not found:
        return [glob]
    return [each for part in found[1].split(",") for each in _alternatives(glob[: found.start()] + part + glob[found.end() :])]


def _glob(glob: str) -> re.Pattern[str]:
    pattern = ""
    for token in re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|.", glob, re.DOTALL):
        pattern += {"**/": r"(?:[^/]+/)*", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}.get(token) or (
            token if token.startswith("[") and len(token) > 1 else re.escape(token)
        )
    return re.compile(pattern, re.DOTALL)


def _overridden(earlier: Definition | None, override: Mapping[str, Any], definition: Definition) -> Definition:
    """A ruleset that holds what the overrides say, and extends what they override."""
    before = earlier.content if earlier else {}
    content = {**definition.content, **before, **{key: value for key, value in override.items() if key != "files"}}
    content["rules"] = {**(before.get("rules") or {}), **(override.get("rules") or {})}
    content["aliases"] = {**(definition.content.get("aliases") or {}), **(content.get("aliases") or {})}
    content.pop("overrides", None)
    base = Definition(
        definition.name, {key: value for key, value in definition.content.items() if key != "overrides"}, definition.extends
    )
    extends = (*override.get("extends", ()), Extension(base))
    return Definition(definition.name, content, extends)


def _composed(definition: Definition, *, extent: Extent, explicit: bool) -> tuple[dict[str, Rule], tuple[str, ...]]:
    rules: dict[str, Rule] = {}
    formats = dict.fromkeys(definition.formats or ())
    for extension in definition.extends:
        theirs, their_formats = _composed(
            extension.definition, extent=extension.extent or "recommended", explicit=extension.extent is not None
        )
        formats |= dict.fromkeys(their_formats)
        for name, rule in theirs.items():
            rules[name] = rule
            if explicit:
                rule.enabled = _wanted(rule, extent)
    for name, change in definition.rules.items():
        rule = rules[name] = _changed(rules.get(name), name, change, definition)
        if rule.owner is definition or explicit:
            rule.enabled = _wanted(rule, extent)
        if rule.formats is not None:
            formats |= dict.fromkeys(rule.formats)
        else:
            rule.formats = rule.owner.formats
        documentation = definition.content.get("documentationUrl")
        if documentation is not None and rule.documentation is None:
            rule.documentation = f"{documentation}#{name}"
    return rules, tuple(formats)


def _wanted(rule: Rule, extent: Extent) -> bool:
    return extent == "all" or (extent == "recommended" and rule.recommended)


def _changed(rule: Rule | None, name: str, change: Any, definition: Definition) -> Rule:
    if isinstance(change, Mapping) and rule is None:
        return _new(name, change, definition)
    if rule is None:
        raise UnusableRuleset("ruleset-rule-missing", name=definition.name, rule=name)
    if isinstance(change, bool):
        rule.enabled = change
    elif isinstance(change, Mapping):
        rule = replace(_merged(rule, change, definition), enabled=True)
    else:
        rule.severity = number_of(change, name, definition.name)
        rule.enabled = rule.severity >= 0
    return rule


def _new(name: str, content: Mapping[str, Any], definition: Definition) -> Rule:
    if "given" not in content or "then" not in content:
        raise UnusableRuleset("ruleset-rule-incomplete", name=definition.name, rule=name)
    recommended = content.get("recommended") is not False
    blank = Rule(
        name=name,
        owner=definition,
        given=(),
        then=(),
        severity=_WARNING,
        recommended=recommended,
        enabled=recommended,
        resolved=True,
        aliases=definition.content.get("aliases") or {},
    )
    return _merged(blank, content, definition)


_FIELDS = {"message": "message", "description": "description", "documentationUrl": "documentation", "recommended": "recommended"}


def _merged(rule: Rule, content: Mapping[str, Any], definition: Definition) -> Rule:
    """The rule with what a definition says of it."""
    changes: dict[str, Any] = {_FIELDS[key]: value for key, value in content.items() if key in _FIELDS}
    if "given" in content:
        changes |= {"given": _several(content["given"]), "aliases": definition.content.get("aliases") or {}}
    if "then" in content:
        changes["then"] = _several(content["then"])
        if not all(isinstance(then, Mapping) and "function" in then for then in changes["then"]):
            raise UnusableRuleset("ruleset-rule-incomplete", name=definition.name, rule=rule.name)
    if "severity" in content:
        changes["severity"] = number_of(content["severity"], rule.name, definition.name)
    if "resolved" in content:
        changes["resolved"] = content["resolved"] is not False
    if "formats" in content:
        changes["formats"] = tuple(content["formats"])
    return replace(rule, **changes)


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else (value,)


def number_of(severity: object, rule: str, ruleset: str) -> int:
    """Return the number of a severity.

    Raises:
        UnusableRuleset: there is no such severity.
    """
    if isinstance(severity, int) and not isinstance(severity, bool) and -1 <= severity <= 3:
        return severity
    if isinstance(severity, str) and severity in SEVERITIES:
        return SEVERITIES[severity]
    raise UnusableRuleset("ruleset-severity", name=ruleset, rule=rule, severity=severity)


def _expanded(
    given: str, aliases: Mapping[str, Any], formats: frozenset[str], ruleset: str, passed: tuple[str, ...]
) -> Iterable[str]:
    if not given.startswith("#"):
        yield given
        return
    named = _ALIAS.match(given)
    if named is None or named[1] not in aliases:
        raise UnusableRuleset("ruleset-alias-missing", name=ruleset, alias=given)
    if named[1] in passed:
        raise UnusableRuleset("ruleset-alias-circular", name=ruleset, alias=given)
    for path in _meaning(aliases[named[1]], formats):
        yield from _expanded(path + given[named.end() :], aliases, formats, ruleset, (*passed, named[1]))


def _meaning(alias: Any, formats: frozenset[str]) -> Sequence[str]:
    """The paths of an alias; of one that has them by format, those of the last format that fits."""
    if isinstance(alias, Mapping):
        fitting = [target["given"] for target in alias.get("targets", ()) if not formats.isdisjoint(target.get("formats", ()))]
        return fitting[-1] if fitting else ()
    return _several(alias)
