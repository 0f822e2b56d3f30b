"""Where is a ruleset, and what does it build on?

A ruleset is a file in YAML, JSON or JavaScript, or the folder of an npm package. Nothing is fetched: a ruleset that extends a URL
is refused, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from apicheck.errors import UnreadableDocument, UnusableRuleset
from apicheck.openapi.reading import content
from apicheck.rulesets.formats import format_name
from apicheck.rulesets.ruleset import Definition, Extension
from apicheck.rulesets.script import Imported, exported
from apicheck.rulesets.shape import shaped

_BUILTIN = {"spectral:oas": "oas"}
_DATA = {".yaml", ".yml", ".json"}
_SCRIPT = {".js", ".mjs", ".cjs"}
_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_RENAMED = {
    "operation-2xx-response": "operation-default-response",
    "oas3-unused-components-schema": "oas3-unused-components",
    "oas2-valid-parameter-example": "oas2-valid-schema-example",
    "oas2-valid-response-schema-example": "oas2-valid-schema-example",
    "oas2-valid-definition-example": "oas2-valid-schema-example",
    "oas2-valid-response-example": "oas2-valid-media-example",
    "oas3-valid-oas-parameter-example": "oas3-valid-media-example",
    "oas3-valid-oas-content-example": "oas3-valid-media-example",
    "oas3-valid-oas-header-example": "oas3-valid-media-example",
    "oas3-valid-header-schema-example": "oas3-valid-schema-example",
    "oas3-valid-parameter-schema-example": "oas3-valid-schema-example",
}
"""Rules by the names that they had before, which rulesets still change."""


def load(where: str) -> Definition:
    """Read a ruleset with all that it extends: a file, the folder of a package, or a built-in one such as ``spectral:oas``.

    Raises:
        UnusableRuleset: it is not there, cannot be read, or builds on what apicheck does not fetch or does not have.
    """
    return _named(where, Path.cwd(), ())


def _named(name: str, folder: Path, passed: tuple[Path, ...]) -> Definition:
    if name in _BUILTIN:
        return _builtin(_BUILTIN[name])
    if name.startswith("spectral:"):
        raise UnusableRuleset("ruleset-builtin-unknown", name=name)
    if _URL.match(name):
        raise UnusableRuleset("ruleset-url", name=name)
    return _file(_found(name, folder), passed)


@cache
def _builtin(name: str) -> Definition:
    data = files("apicheck.rulesets.builtin").joinpath(f"{name}.yaml").read_bytes()
    return Definition(f"spectral:{name}", _mapping(content(data, name).root, name))


def _found(name: str, folder: Path) -> Path:
    """The file that a name stands for, seen from a folder: a path, or else a package that was installed there or above."""
    try:
        file = _sought(name, folder)
    except OSError:  # it is longer than a name can be, or stands where nobody may look
        file = None
    if file is None:
        raise UnusableRuleset("ruleset-missing", name=name)
    return file


def _sought(name: str, folder: Path) -> Path | None:
    near = folder / name
    for path in (near, *(near.with_name(near.name + suffix) for suffix in (".yaml", ".yml", ".json", ".js"))):
        if path.is_file():
            return path.resolve()
    places = [near] if near.is_dir() else []
    if not name.startswith((".", "/")):
        places += [above / "node_modules" / name for above in (folder, *folder.parents)]
    for place in places:
        if place.is_dir() and (main := _main(place)):
            return main
        if place.is_file():
            return place.resolve()
    return None


def _main(package: Path) -> Path | None:
    """The file of a package that has its ruleset."""
    described = package / "package.json"
    names: list[str] = []
    if described.is_file():
        described_as = _read(described)
        exports = described_as.get("exports")
        root = exports.get(".", exports) if isinstance(exports, dict) else exports
        while isinstance(root, dict):
            root = next((root[key] for key in ("require", "default", "import") if key in root), None)
        names = [each for each in (root, described_as.get("main")) if isinstance(each, str)]
    for name in (*names, "index.js", ".spectral.yaml", "spectral.yaml", "ruleset.yaml", ".spectral.yml", ".spectral.json"):
        if (package / name).is_file():
            return (package / name).resolve()
    return None


def _file(path: Path, passed: tuple[Path, ...]) -> Definition:
    if path.suffix.lower() in _SCRIPT:
        raw = exported(_bytes(path), path.name)
        if isinstance(raw, Imported):  # a module that passes on what it takes from another
            return _extended(raw, path.parent, (*passed, path))
        ruleset = _mapping(raw, path.name)
        shaped(ruleset, path.name)
    elif path.suffix.lower() in _DATA:
        written = _read(path)
        shaped(written, path.name)
        ruleset = _modernised(written)
    else:
        raise UnusableRuleset("ruleset-kind", name=path.name)
    return _definition(ruleset, path, (*passed, path))


def _definition(ruleset: Mapping[str, Any], path: Path, passed: tuple[Path, ...]) -> Definition:
    extends = _extensions(ruleset.get("extends"), path.parent, passed)
    overrides = [
        {**override, "extends": _extensions(override.get("extends"), path.parent, passed)}
        for override in ruleset.get("overrides") or ()
    ]
    rest = {key: value for key, value in ruleset.items() if key not in {"extends", "overrides"}}
    return Definition(path.name, {**rest, "overrides": overrides}, extends)


def _extensions(extends: Any, folder: Path, passed: tuple[Path, ...]) -> tuple[Extension, ...]:
    found: list[Extension] = []
    for each in extends if isinstance(extends, list) else [] if extends is None else [extends]:
        what, extent = each if isinstance(each, list) and len(each) == 2 else (each, None)
        if extent not in (None, "off", "recommended", "all"):
            raise UnusableRuleset("ruleset-extent", name=folder.name, extent=extent)
        if isinstance(what, str) and not _URL.match(what) and what not in _BUILTIN and not what.startswith("spectral:"):
            path = _found(what, folder)
            if path in passed:  # it extends itself, by way of others
                continue
        found.append(Extension(_extended(what, folder, passed), extent))
    return tuple(found)


def _extended(what: Any, folder: Path, passed: tuple[Path, ...]) -> Definition:
    if isinstance(what, Imported):
        if what.module == "@stoplight/spectral-rulesets":
            return _named(f"spectral:{what.name}", folder, passed)
        return _named(what.module, folder, passed)
    if isinstance(what, dict):
        shaped(what, folder.name)
        return _definition(what, folder / "ruleset", passed)
    if not isinstance(what, str):
        raise UnusableRuleset("ruleset-extends", name=folder.name)
    return _named(what, folder, passed)


def _modernised(ruleset: dict[str, Any]) -> dict[str, Any]:
    """A ruleset in data, with formats named as in JavaScript, and what was written differently before."""
    ruleset = _formats_named(ruleset)
    rules = ruleset.get("rules")
    if isinstance(rules, dict):
        ruleset["rules"] = {
            rule if isinstance(change, dict) else _RENAMED.get(rule, rule): change for rule, change in rules.items()
        }
    overrides = [_formats_named(override) for override in ruleset.get("overrides") or ()]
    for pattern, excepted in (ruleset.pop("except", None) or {}).items():
        files_ = [f"**{pattern}" if pattern.startswith("#") else pattern]
        overrides.append({"files": files_, "rules": dict.fromkeys(excepted, "off")})
    return {**ruleset, "overrides": overrides}


def _formats_named(part: Mapping[str, Any]) -> dict[str, Any]:
    named = _with_formats(part)
    rules, aliases = named.get("rules"), named.get("aliases")
    if isinstance(rules, dict):
        named["rules"] = {name: _with_formats(rule) if isinstance(rule, dict) else rule for name, rule in rules.items()}
    if isinstance(aliases, dict):
        named["aliases"] = {
            name: {**alias, "targets": list(map(_with_formats, alias.get("targets") or ()))} if isinstance(alias, dict) else alias
            for name, alias in aliases.items()
        }
    return named


def _with_formats(part: Mapping[str, Any]) -> dict[str, Any]:
    formats = part.get("formats")
    return {**part, "formats": list(map(format_name, formats))} if isinstance(formats, list) else dict(part)


def _read(path: Path) -> dict[str, Any]:
    try:
        return _mapping(content(_bytes(path), path.name).root, path.name)
    except UnreadableDocument as error:
        raise UnusableRuleset("ruleset-unreadable", name=path.name, error=error.explain().en) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnusableRuleset("ruleset-unreadable", name=path.name, error=error.strerror or error) from error


def _mapping(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnusableRuleset("ruleset-no-mapping", name=name)
    return value
