"""Which examples does a rule have, of what is right and what is wrong?

One case, three uses: the tests try every case, ``apicheck rules test`` tries those of an author, the rule's page prints them.
A case is a small difference from one API that keeps every rule: a merge patch on its document, or on the answers it gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from apicheck.catalogue import CASES, lineage, read
from apicheck.errors import UnusableCatalogue, first_of
from apicheck.model import Frozen, Rule, Standard, Status, Text


class Case(Frozen):
    """One example of a rule. Its file name starts with the status it expects."""

    rule: str
    name: str
    expect: Status
    because: Text
    editions: tuple[str, ...] = ()
    document: Any = Field(default_factory=dict)
    reference: Any = None
    """What the document of the standard says otherwise than the baseline, where the API is held against one."""
    answers: dict[str, Any] = Field(default_factory=dict)


def collect(folder: Path, standard: Standard) -> Iterator[tuple[Rule, Case]]:
    """Yield the cases of an edition with their rules, those of the editions it is based on included.

    Left out are the cases that name other editions, and those of a rule that was withdrawn.

    Args:
        folder: where the editions of the standard are, and the baseline that its cases differ from.
        standard: the edition.

    Raises:
        UnusableCatalogue: a case is not as it should be.
    """
    rules = {rule.id: rule for rule in standard.rules}
    for edition in lineage(folder, standard.edition):
        for file in sorted(edition.glob(f"**/{CASES}/*.yaml")):
            case = _case(file, "/" + file.parent.parent.relative_to(edition).as_posix())
            if case.rule in rules and (not case.editions or standard.edition in case.editions):
                yield rules[case.rule], case


def _case(file: Path, rule: str) -> Case:
    try:
        case = Case.model_validate({**read(file), "rule": rule, "name": file.stem})
    except ValidationError as invalid:
        raise UnusableCatalogue("unusable-rule", file=file, error=first_of(invalid)) from None
    if not case.name.startswith(f"{case.expect}-"):
        raise UnusableCatalogue("misnamed-case", file=file, expect=case.expect)
    return case
