"""How does a person, or a machine, read a comparison of two documents?

Differences that reach the same operations stand together, those that break a client first.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text as Line

from apicheck.conform.difference import Effect
from apicheck.conform.told import ToldComparison, ToldDifference
from apicheck.model import Location, Reference
from apicheck.report._text import Language, number, plain
from apicheck.report.json_ import written
from apicheck.words import say

WIDTH = 100
"""Columns when no terminal says how many it has."""
MOST_OPERATIONS = 4
"""Operations that a heading names."""
_STYLES = {Effect.BREAKING: "bold red", Effect.UNKNOWN: "bold yellow", Effect.HARMLESS: "bold green"}
_MARKS = {Effect.BREAKING: "✗", Effect.UNKNOWN: "?", Effect.HARMLESS: "+"}


def as_json(comparison: ToldComparison) -> bytes:
    """Return the comparison for machines, in both languages."""
    return written(comparison.model_dump(mode="json", by_alias=True))


def schema() -> bytes:
    """Return the JSON Schema (2020-12) of a comparison, as it is published in ``docs/schema``."""
    described = ToldComparison.model_json_schema(by_alias=True, mode="serialization")
    return written({"$schema": "https://json-schema.org/draft/2020-12/schema", **described})


def as_text(comparison: ToldComparison, language: Language) -> str:
    """Return what a terminal would show, without colours."""
    buffer = StringIO()
    show(comparison, language, Console(file=buffer, width=WIDTH, color_system=None, highlight=False, markup=False, emoji=False))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def show(comparison: ToldComparison, language: Language, console: Console) -> None:
    """Print a comparison on a console that takes nothing for markup."""
    console.print(*_lines(comparison, language), sep="\n")


def _lines(comparison: ToldComparison, language: Language) -> Iterator[RenderableType]:
    yield _document("comparison-candidate", comparison.candidate, language)
    yield _document("comparison-reference", comparison.reference, language)
    examined, prefix = comparison.examined, comparison.prefix
    counts = {name: number(count, language) for name, count in examined.model_dump().items()}
    yield Line(_say("comparison-examined", language, **counts))
    if prefix.reference or prefix.candidate:
        yield Line(_say("comparison-prefix", language, reference=prefix.reference or "/", candidate=prefix.candidate or "/"))
    for effect in Effect:
        found = [difference for difference in comparison.differences if difference.effect is effect]
        if found:
            yield Line()
            yield Line(f"{_heading(effect, language)} ({number(len(found), language)})", _STYLES[effect])
            yield from _groups(found, language)
    yield Line()
    yield Line(_conclusion(comparison.effect, language), _STYLES[comparison.effect])


def _document(key: str, document: Reference, language: Language) -> Line:
    name = plain(f"{document.title} {document.version}")
    return Line(_say(key, language, name=name, document=plain(document.document), digest=document.digest[:16]))


def _heading(effect: Effect, language: Language) -> str:
    return _say(f"comparison-heading-{effect}", language)


def _conclusion(effect: Effect, language: Language) -> str:
    return _say(f"comparison-conclusion-{effect}", language)


def _groups(found: list[ToldDifference], language: Language) -> Iterator[RenderableType]:
    """Differences by the operations that they reach; those that reach most go first."""
    groups: dict[tuple[str, ...], list[ToldDifference]] = {}
    for difference in found:
        groups.setdefault(difference.operations, []).append(difference)
    for operations, differences in sorted(groups.items(), key=lambda group: -len(group[0])):
        yield Line()
        yield _indent(Line(_operations(operations, language), "bold"))
        for difference in differences:
            yield _indent(Line(f"{_MARKS[difference.effect]} {plain(difference.message.in_(language))}"), 4)
            places = (
                f"{_place(difference.candidate)}  ·  {_say('comparison-at-reference', language)} {_place(difference.reference)}"
            )
            yield _indent(Line(places, "dim"), 6)


def _operations(operations: tuple[str, ...], language: Language) -> str:
    if not operations:
        return _say("comparison-whole", language)
    named = ", ".join(map(plain, operations[:MOST_OPERATIONS]))
    left = len(operations) - MOST_OPERATIONS
    return named + (f" {_say('comparison-more', language, count=number(left, language))}" if left > 0 else "")


def _place(location: Location) -> str:
    return plain(f"{location.file}:{location.line}" if location.line else f"{location.file}#{location.pointer}")


def _indent(line: Line, columns: int = 2) -> Padding:
    return Padding(line, (0, 0, 0, columns))


def _say(key: str, language: Language, **values: object) -> str:
    return say(f"conform.{key}", **values).in_(language)
