"""Does every rule of the profile Common Ground stand where it says, in the text that it says?"""

import hashlib
import os
import re
from pathlib import Path

import pytest

from apicheck import catalogue
from apicheck.model import Level, Rule, Source

STANDARD = catalogue.load("common-ground@2026-1")
SHARED = Path(os.environ.get("APICHECK_SHARED", Path(__file__).parents[2].parent / "shared"))
SEED = SHARED / "seed" / "groeipact-common-ground.txt"
SOURCE = re.compile(r"groeipact-common-ground\.txt:(\d+)(?:-(\d+))? sha256:([0-9a-f]{64})")


@pytest.fixture(scope="module")
def seed() -> bytes:
    if not SEED.is_file():
        pytest.skip(f"the text of the pact is not there: {SEED}")
    return SEED.read_bytes()


@pytest.mark.parametrize("rule", STANDARD.rules, ids=lambda rule: rule.id)
def test_a_rule_quotes_the_line_that_it_comes_from(rule: Rule, seed: bytes) -> None:
    place = SOURCE.fullmatch(rule.source)
    assert place
    assert place[3] == hashlib.sha256(seed).hexdigest()
    lines = seed.decode("utf-8").splitlines()[int(place[1]) - 1 : int(place[2] or place[1])]
    assert rule.reading
    said = rule.reading.because or rule.reading.chosen
    quote = re.search(r"regel [\d-]+: '([^']+)'", said.nl)
    assert quote
    assert " ".join(quote[1].split()) in " ".join(" ".join(lines).split())


def test_the_rule_on_the_design_rules_rests_on_every_check_of_a_compulsory_rule() -> None:
    rule = next(rule for rule in STANDARD.rules if rule.id == "/cg/2a")
    compulsory = [rule for rule in catalogue.load("nlgov-adr@2.2").rules if rule.level is Level.MUST]
    required = {ref for rule in compulsory for ref in rule.requires if ref.source is not Source.ATTEST}
    own = {ref for ref in rule.requires if ref.source is not Source.ATTEST}
    assert {str(ref) for ref in required - own} <= {"lint:geo-data-described"}, "geospatial data has a module of its own"
    assert own <= required
    assert {ref for rule in compulsory for ref in rule.refuted_by} == set(rule.refuted_by)


def test_what_no_tool_can_establish_is_told() -> None:
    assert len(STANDARD.out_of_reach) == 10
