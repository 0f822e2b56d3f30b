"""Which rules does an edition of a standard have?

``rules/<standard>/<edition>/<rule id>/rule.yaml``: the path is the id. An edition that is ``based-on`` another one inherits
its rules; a ``rule.yaml`` of its own is then a merge patch that says only what changed, or that the rule was withdrawn.
The digest is over the rules as resolved, so an edition is one unit however it was written.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml_rs
from pydantic import ValidationError

from apicheck.errors import UnusableCatalogue, WrongUse, first_of
from apicheck.model import CheckRef, Rule, Source, Standard
from apicheck.patch import merge_patch
from apicheck.resources import resource

DEFAULT = "nlgov-adr@2.2"
"""The newest published edition. Which edition a tender asks for is for the tender to state."""
CASES = "cases"
"""The folder with the examples of a rule, beside its file."""


def editions(folder: Path | None = None) -> tuple[str, ...]:
    """Return every standard in the catalogue as it is asked for, such as ``nlgov-adr@2.2``, in alphabetical order."""
    root = folder or resource("rules")
    return tuple(sorted(f"{path.parent.parent.name}@{path.parent.name}" for path in root.glob("*/*/standard.yaml")))


@cache
def load(name: str = DEFAULT, folder: Path | None = None) -> Standard:
    """Return one edition of a standard.

    Raises:
        WrongUse: there is no such standard or edition.
        UnusableCatalogue: a file of the catalogue is not as it should be.
    """
    root = folder or resource("rules")
    identifier, _, edition = name.partition("@")
    if name not in editions(root):
        raise WrongUse("unknown-standard", name=name, known=", ".join(editions(root)))
    header = read(root / identifier / edition / "standard.yaml")
    rules = tuple(_rule(rule, data, edition) for rule, data in sorted(_resolve(root / identifier, edition).items()))
    header.pop("based-on", None)
    try:
        return sealed(Standard.model_validate({**header, "rules": rules, "digest": ""}))
    except ValidationError as invalid:
        raise UnusableCatalogue("unusable-rule", file=f"{identifier}/{edition}/standard.yaml", error=first_of(invalid)) from None


def sealed(standard: Standard) -> Standard:
    """Return a standard with its digest."""
    return standard.model_copy(update={"digest": digest(standard)})


def digest(standard: Standard) -> str:
    """Return the SHA-256 over everything in a standard that decides, in hexadecimal: the rules as resolved, and who may explain."""
    deciding = standard.model_dump(mode="json", include={"rules", "parts", "out_of_reach", "explainable"})
    return hashlib.sha256(orjson.dumps(deciding, option=orjson.OPT_SORT_KEYS)).hexdigest()


def lineage(standard: Path, edition: str) -> Iterator[Path]:
    """Yield the folders of an edition and of those it is based on, oldest first."""
    header = read(standard / edition / "standard.yaml")
    if "based-on" in header:
        yield from lineage(standard, header["based-on"])
    yield standard / edition


def _resolve(standard: Path, edition: str) -> dict[str, dict[str, Any]]:
    """Return the rules of an edition by id, every change of every edition before it applied in order."""
    rules: dict[str, dict[str, Any]] = {}
    for folder in lineage(standard, edition):
        for rule, file in _written(folder):
            patched = merge_patch(rules.get(rule), read(file))
            if "withdrawn" in patched:
                rules.pop(rule, None)
            else:
                rules[rule] = patched
    return rules


def _written(folder: Path | str, rule: str = "") -> Iterator[tuple[str, Path]]:
    """Yield the files of rules in a folder, each with the id of its rule; ``Path.glob`` would take five times as long."""
    for entry in os.scandir(folder):
        if entry.name == "rule.yaml":
            yield rule, Path(entry.path)
        elif entry.is_dir() and entry.name != CASES:
            yield from _written(entry.path, f"{rule}/{entry.name}")


def _rule(identifier: str, data: dict[str, Any], edition: str) -> Rule:
    bindings = {
        role: tuple(CheckRef(source=Source(source), check=check) for ref in data.get(role, ()) for source, check in ref.items())
        for role in ("requires", "refuted-by", "informed-by")
    }
    source = str(data.get("source", "")).replace("{edition}", edition)
    try:
        return Rule.model_validate({**data, **bindings, "id": identifier, "source": source})
    except ValidationError as invalid:
        raise UnusableCatalogue("unusable-rule", file=f"{identifier}/rule.yaml", error=first_of(invalid)) from None


def read(file: Path) -> dict[str, Any]:
    """Return a YAML file of the catalogue, which is always a mapping.

    Raises:
        UnusableCatalogue: the file cannot be read or is no mapping.
    """
    try:
        data = yaml_rs.loads(file.read_bytes().decode("utf-8"), parse_datetime=False)
    except (OSError, ValueError) as error:
        raise UnusableCatalogue("unusable-rule", file=file, error=error) from None
    if not isinstance(data, dict):
        raise UnusableCatalogue("unusable-rule", file=file, error="not a mapping")
    return data
