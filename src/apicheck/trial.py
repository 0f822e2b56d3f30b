"""Does a rule judge its own examples as it says it does?"""

from __future__ import annotations

from pathlib import Path

import orjson

from apicheck import lint, openapi, probe
from apicheck.cases import Case
from apicheck.catalogue import read
from apicheck.conform import Benchmark
from apicheck.model import Evidence, Rule, Source, Verdict
from apicheck.patch import merge_patch
from apicheck.verdict import judge


def try_case(case: Case, rule: Rule, standard: Path) -> tuple[Verdict, tuple[Evidence, ...]]:
    """Judge the rule on the API of a case, which exists on paper only: no network, no server."""
    described = merge_patch(read(standard / "baseline.openapi.yaml"), case.document)
    document = openapi.parse(orjson.dumps(described), "openapi.json")
    wanted = {source: [ref.check for _, ref in rule.bindings if ref.source is source] for source in (Source.LINT, Source.PROBE)}
    benchmark = None
    if case.reference is not None:
        standing = merge_patch(read(standard / "baseline.openapi.yaml"), case.reference)
        benchmark = Benchmark(openapi.parse(orjson.dumps(standing), "reference.json"))
    evidence = lint.run(openapi.View(document), wanted[Source.LINT], benchmark)
    if wanted[Source.PROBE]:
        answers = merge_patch(read(standard / "baseline.answers.yaml"), {"answers": case.answers})
        evidence += probe.on_paper(document, answers, wanted[Source.PROBE], benchmark=benchmark)
    return judge(rule, evidence), evidence
