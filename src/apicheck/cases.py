"""Does a rule judge its own examples as it says it does?

One case, three uses: the tests run every case, ``apicheck rules test`` runs those of an author, the rule's page prints them.
A case is a small difference from one API that keeps every rule: a merge patch on its document, or on the answers it gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from pydantic import Field, ValidationError

from apicheck import lint, openapi, probe
from apicheck.catalogue import lineage, read
from apicheck.errors import UnusableCatalogue
from apicheck.model import Evidence, Frozen, Rule, Source, Status, Text, Verdict
from apicheck.patch import merge_patch
from apicheck.verdict import judge


class Case(Frozen):
    """One example of a rule. Its file name starts with the status it expects."""

    rule: str
    name: str
    expect: Status
    because: Text
    editions: tuple[str, ...] = ()
    document: Any = Field(default_factory=dict)
    answers: dict[str, Any] = Field(default_factory=dict)


def collect(standard: Path, edition: str) -> Iterator[Case]:
    """Yield the cases of an edition, those of the editions it is based on included unless they name other editions.

    Args:
        standard: the folder of the standard, with its editions and its baseline.
        edition: the edition, such as ``2.2``.

    Raises:
        UnusableCatalogue: a case is not as it should be.
    """
    for folder in lineage(standard, edition):
        for file in sorted(folder.glob("**/cases/*.yaml")):
            case = _read(file, "/" + file.parent.parent.relative_to(folder).as_posix())
            if not case.editions or edition in case.editions:
                yield case


def try_case(case: Case, rule: Rule, standard: Path) -> tuple[Verdict, tuple[Evidence, ...]]:
    """Judge the rule on the API of a case, which exists on paper only: no network, no server."""
    document = openapi.parse(
        orjson.dumps(merge_patch(read(standard / "baseline.openapi.yaml"), case.document)), "openapi.json"
    )
    wanted = {source: [ref.check for _, ref in rule.bindings if ref.source is source] for source in (Source.LINT, Source.PROBE)}
    evidence = lint.run(document, wanted[Source.LINT])
    if wanted[Source.PROBE]:
        answers = merge_patch(read(standard / "baseline.answers.yaml"), {"answers": case.answers})
        evidence += probe.on_paper(document, answers, wanted[Source.PROBE])
    return judge(rule, evidence), evidence


def _read(file: Path, rule: str) -> Case:
    try:
        case = Case.model_validate({**read(file), "rule": rule, "name": file.stem})
    except ValidationError as invalid:
        error = invalid.errors()[0]
        raise UnusableCatalogue("unusable-rule", file=file, error=f"{error['loc']}: {error['msg']}") from None
    if not case.name.startswith(f"{case.expect}-"):
        raise UnusableCatalogue("misnamed-case", file=file, expect=case.expect)
    return case

