"""Does the comparison tell what breaks a client from what does not? A sample: ``benchmarks.conform`` tries all."""

from typing import Any

import pytest

from apicheck.conform.compare import compare
from apicheck.conform.difference import Effect
from benchmarks.conform import Score, changes, examine, parsed, whole
from tests.conform.mutations import MUTATIONS
from tests.conform.vendor import STANDARD
from tests.openapi.documents import corpus

SAMPLE = ("vng-klanten.yaml", "maykin-objecttypes.yaml", "hc-brp-gezag-312.yaml")


def told_right(score: Score) -> None:
    assert score.wrong == []
    assert score.said[True, Effect.BREAKING]
    assert score.said[False, Effect.HARMLESS]


@pytest.mark.parametrize("name", SAMPLE)
def test_every_change_of_a_real_document_is_told_for_what_it_is(name: str) -> None:
    root = whole(corpus("dutch", name))
    assert root
    told_right(examine(root, name))


def test_every_change_of_our_own_standard_is_told_for_what_it_is() -> None:
    told_right(examine(STANDARD, "standaard"))


def test_there_are_as_many_ways_to_break_a_client_as_not_to() -> None:
    breaking = sum(mutation.breaks for mutation in MUTATIONS)
    assert 25 <= breaking <= 35
    assert 25 <= len(MUTATIONS) - breaking <= 35


def test_a_real_document_conforms_to_itself() -> None:
    root: Any = whole(corpus("dutch", "maykin-open-personen.yaml"))
    assert compare(parsed(root), parsed(root)).differences == ()
    assert next(changes(root, "x"))
