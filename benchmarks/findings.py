"""Are the findings that decide a rule right? ``python -m benchmarks.findings`` draws a hundred for a person to judge.

Of the Dutch documents of the corpus, the same hundred every time: of each check about as many, of each document what it says in the
same way once.
"""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

from apicheck import catalogue, lint
from apicheck.errors import UnreadableDocument
from apicheck.model import Finding, Role, Source
from apicheck.openapi import View, load
from tests.lint.corpus import documents

SEED = 20261124
COUNT = 100


def main() -> None:
    """Print the sample, a line for each finding: check, place, message, and the line of the document that it points at."""
    for check, file, finding in sorted(_sample(), key=lambda drawn: (drawn[0], drawn[1])):
        where = finding.location
        lines = file.read_text("utf-8", "replace").splitlines()
        line = lines[where.line - 1].strip()[:100] if where and where.line and where.line <= len(lines) else ""
        place = f"{file.name}:{where.line}{where.pointer}" if where else file.name
        print("  ".join((check, place, finding.message.en, line)))


def _sample() -> list[tuple[str, Path, Finding]]:
    drawn = _by_check()
    order = random.Random(SEED)  # noqa: S311  # a sample, no secret
    for findings in drawn.values():
        order.shuffle(findings)
    sample: list[tuple[str, Path, Finding]] = []
    while len(sample) < COUNT and any(drawn.values()):
        sample += [findings.pop() for findings in drawn.values() if findings]
    return sample[:COUNT]


def _by_check() -> dict[str, list[tuple[str, Path, Finding]]]:
    standard = catalogue.load()
    deciding = sorted(
        {
            ref.check
            for rule in standard.rules
            for role, ref in rule.bindings
            if role is not Role.INFORMED_BY and ref.source is Source.LINT
        }
    )
    found: dict[str, list[tuple[str, Path, Finding]]] = defaultdict(list)
    for _, file in documents("dutch"):
        try:
            view = View(load(str(file)))
        except UnreadableDocument:
            continue
        for evidence in lint.run(view, deciding):
            once = {finding.message.en[:60]: finding for finding in reversed(evidence.findings)}
            found[evidence.check] += [(evidence.check, file, finding) for finding in once.values()]
    return dict(sorted(found.items()))


if __name__ == "__main__":
    main()
