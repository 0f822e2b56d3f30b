"""What does a comparison establish about an API, as evidence for a rule?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from apicheck.answers import Answer, Fault, Unsure
from apicheck.conform.benchmark import Benchmark
from apicheck.model import Evidence, Source, Text
from apicheck.openapi import Document
from apicheck.words import say

LINT_CHECK = "conforms-to-reference"
PROBE_CHECK = "answers-as-reference-documents"


def answers(candidate: Document, benchmark: Benchmark | None) -> Iterator[Answer]:
    """Yield a fault for each difference that breaks a client, a doubt for each that cannot be told, and None for all else.

    What is examined are the operations of the reference. Without a reference nothing can be told.
    """
    if benchmark is None:
        yield Unsure("conform.no-reference")
        return
    from apicheck.conform.compare import compare  # noqa: PLC0415  # most runs have no reference
    from apicheck.conform.difference import Effect  # noqa: PLC0415

    comparison = compare(candidate, benchmark.document, benchmark.prefix)
    broken: set[str] = set()
    for difference in comparison.having(Effect.BREAKING):
        broken.update(difference.operations)
        used_by = [comparison.names.get(operation, operation) for operation in difference.operations]
        yield Fault(difference.text, at=difference.candidate, used_by=used_by, **difference.values)
    if doubts := comparison.having(Effect.UNKNOWN):
        yield Unsure("conform.doubts", count=len(doubts))
    if not comparison.examined.operations:
        yield Unsure("conform.reference-empty")
    yield from [None] * (comparison.examined.operations - len(broken))


def notes(benchmark: Benchmark, evidence: Iterable[Evidence]) -> tuple[Text, ...]:
    """Say in one sentence what came of the comparison with a reference, and name that; () when documents were not compared."""
    reference = benchmark.identity
    about = {"title": reference.title, "version": reference.version, "digest": reference.digest[:16]}
    return tuple(
        say(f"conform.note-{item.outcome}", **about, count=len(item.findings))
        for item in evidence
        if item.source is Source.LINT and item.check == LINT_CHECK
    )
