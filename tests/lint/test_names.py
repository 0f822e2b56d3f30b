"""How often are the hints about names right, measured on names of real Dutch documents that were labelled by hand?

A hint speaks only when it is right in more than nineteen cases out of twenty; how much it misses is measured too, and may be much.
The lists of words grew with these names, so on others they will miss more; they claim nothing of a word that they do not hold.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from apicheck.lint.lexicon import is_command, is_singular, speaks


class Name(NamedTuple):
    """A name, and what a person says of it."""

    name: str
    where: str
    kind: str
    number: str
    language: str


NAMES = [
    Name(*line.split("\t"))
    for line in Path(__file__).with_name("names.tsv").read_text("utf-8").splitlines()
    if not line.startswith(("#", "name\t"))
]
MEASURED: list[tuple[str, Callable[[Name], bool], Callable[[Name], bool], float]] = [
    ("verb", lambda name: is_command(name.name.removeprefix("_")), lambda name: name.kind == "verb", 0.7),
    ("singular", lambda name: is_singular(name.name), lambda name: name.kind == "noun" and name.number == "singular", 0.3),
    ("english", lambda name: speaks(name.name, "en"), lambda name: name.language in {"en", "both"}, 0.15),
    ("dutch", lambda name: speaks(name.name, "nl"), lambda name: name.language in {"nl", "both"}, 0.2),
]
"""What is claimed of a name, when that is right, and the recall that must not get lost."""


def test_the_labels_are_enough_and_each_name_has_one() -> None:
    assert len(NAMES) >= 300
    assert len({(name.name, name.where) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize(("what", "claims", "right", "least"), MEASURED, ids=[what for what, *_ in MEASURED])
def test_a_claim_is_right_in_more_than_nineteen_of_twenty_cases(
    what: str, claims: Callable[[Name], bool], right: Callable[[Name], bool], least: float
) -> None:
    names = [name for name in NAMES if what in {"english", "dutch"} or name.where == "path"]
    claimed = {name for name in names if claims(name)}
    true = {name for name in names if right(name)}
    assert claimed
    assert len(claimed & true) / len(claimed) > 0.95, sorted(name.name for name in claimed - true)
    assert len(claimed & true) / len(true) >= least, sorted(name.name for name in true - claimed)
