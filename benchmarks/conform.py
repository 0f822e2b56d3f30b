"""Prints how well ``apicheck conform`` tells what breaks a client from what does not: 25 changes of every document.

Half of the changes break, half do not (``tests/conform/mutations.py``). Missed is a change that breaks and was called harmless; a
false alarm is a harmless one that was called breaking; undecided is what was called unknown.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from apicheck import openapi
from apicheck.conform.compare import compare
from apicheck.conform.difference import Effect
from apicheck.errors import ApicheckError
from apicheck.openapi import Document, View
from apicheck.openapi.copying import BROUGHT_IN, Copy
from tests.conform.mutations import MUTATIONS, Mutation, NoPlace, mutate
from tests.lint.corpus import documents

EACH = 25
"""Changes of one document."""


@dataclass
class Score:
    """What was said of changes that break (label True) and that do not."""

    said: Counter[tuple[bool, Effect]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, mutation: Mutation, seed: int, effect: Effect) -> None:
        """Take in what was said of one change."""
        self.said[mutation.breaks, effect] += 1
        if effect is not (Effect.BREAKING if mutation.breaks else Effect.HARMLESS):
            self.wrong.append(f"{mutation.name} #{seed}: {effect}")


def main() -> None:
    """Print the table as Markdown, and what was told wrong on standard error."""
    total = Score()
    print("| document | breaking: told | undecided | missed | harmless: told | undecided | false alarm |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, path in documents(sys.argv[1] if len(sys.argv) > 1 else "dutch"):
        document = whole(path)
        if document is None:
            continue
        score = examine(document, name)
        if score.said:
            row(name, score.said)
            total.said += score.said
        for wrong in score.wrong:
            print(f"{name}: {wrong}", file=sys.stderr)
    row("**all**", total.said)
    found, missed, alarms = (
        total.said[key] for key in ((True, Effect.BREAKING), (True, Effect.HARMLESS), (False, Effect.BREAKING))
    )
    undecided = total.said[True, Effect.UNKNOWN]
    print(f"\nPrecision {found / (found + alarms):.4f}, recall {found / (found + missed + undecided):.4f}.")


def row(name: str, said: Counter[tuple[bool, Effect]]) -> None:
    """Print one row."""
    order = (
        (True, Effect.BREAKING),
        (True, Effect.UNKNOWN),
        (True, Effect.HARMLESS),
        (False, Effect.HARMLESS),
        (False, Effect.UNKNOWN),
        (False, Effect.BREAKING),
    )
    print("| " + " | ".join([name, *(str(said[key]) for key in order)]) + " |")


def whole(path: Path) -> dict[str, Any] | None:
    """Return a document in one piece, what stands in other files brought in; None when it cannot be read."""
    try:
        document = openapi.load(str(path))
    except ApicheckError:
        return None
    copy = Copy(document)
    root: dict[str, Any] = copy.of(document.root, document.place())
    root[BROUGHT_IN] = copy.brought_in()
    return root if View(document).operations else None


def parsed(root: dict[str, Any]) -> Document:
    """Return a document from what it says."""
    return openapi.parse(orjson.dumps(root), "openapi.json")


def changes(root: dict[str, Any], name: str) -> Iterator[tuple[Mutation, int, dict[str, Any]]]:
    """Yield the changes of a document: as many kinds as have a place in it, again with another seed when they run out."""
    for breaks, wanted in ((True, (EACH + 1) // 2), (False, EACH // 2)):
        kinds = [mutation for mutation in MUTATIONS if mutation.breaks is breaks]
        random.Random(name).shuffle(kinds)  # noqa: S311  # chance that can be repeated
        made = 0
        for seed in range(5):
            for kind in kinds:
                if made == wanted:
                    break
                try:
                    changed = mutate(root, kind, seed)
                except NoPlace:
                    continue
                made += 1
                yield kind, seed, changed


def examine(root: dict[str, Any], name: str) -> Score:
    """Return what is said of the changes of one document."""
    score, reference = Score(), parsed(root)
    for mutation, seed, changed in changes(root, name):
        score.add(mutation, seed, compare(parsed(changed), reference).effect)
    return score


if __name__ == "__main__":
    main()
