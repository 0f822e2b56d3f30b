"""What is told of a comparison, to who has only that?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from apicheck import __version__
from apicheck.conform.benchmark import identify
from apicheck.conform.compare import Comparison
from apicheck.conform.difference import Difference, Effect, Side
from apicheck.conform.wording import doubted
from apicheck.model import Frozen, Location, Reference, Text
from apicheck.words import say


class ToldDifference(Frozen):
    """One difference, with its places as a person finds them. The operations are those of the reference."""

    id: str
    kind: str
    effect: Effect
    side: Side
    message: Text
    operations: tuple[str, ...]
    candidate: Location
    reference: Location


class ToldPrefix(Frozen):
    """How paths of the reference start, and how the same paths start in the candidate."""

    reference: str
    candidate: str


class ToldExamined(Frozen):
    """How much was looked at: operations of the reference, how many of them the candidate has, their parameters, schemas."""

    operations: int
    matched: int
    parameters: int
    schemas: int


class ToldComparison(Frozen):
    """Everything there is to tell; ``effect`` is the worst that any difference does."""

    schema_: Literal["apicheck/comparison/1.0"] = Field("apicheck/comparison/1.0", alias="schema")
    tool: str = f"apicheck {__version__}"
    candidate: Reference
    reference: Reference
    prefix: ToldPrefix
    examined: ToldExamined
    effect: Effect
    differences: tuple[ToldDifference, ...]


def tell(comparison: Comparison) -> ToldComparison:
    """Return what can be told of a comparison. Reads both documents again, to find the lines."""
    examined = comparison.examined
    return ToldComparison(
        candidate=identify(comparison.candidate),
        reference=identify(comparison.reference),
        prefix=ToldPrefix(reference=comparison.prefix.reference, candidate=comparison.prefix.candidate),
        examined=ToldExamined(
            operations=examined.operations, matched=examined.matched, parameters=examined.parameters, schemas=examined.schemas
        ),
        effect=comparison.effect,
        differences=tuple(_told(difference, comparison) for difference in comparison.differences),
    )


def _told(difference: Difference, comparison: Comparison) -> ToldDifference:
    return ToldDifference(
        id=difference.id,
        kind=difference.kind,
        effect=difference.effect,
        side=difference.side,
        message=message(difference),
        operations=difference.operations,
        candidate=comparison.candidate.locate(difference.candidate),
        reference=comparison.reference.locate(difference.reference),
    )


def message(difference: Difference) -> Text:
    """Say in one sentence which client would break, and so when that cannot be told."""
    text = say(difference.text, **difference.values)
    return doubted(text, difference.kind) if difference.effect is Effect.UNKNOWN else text
