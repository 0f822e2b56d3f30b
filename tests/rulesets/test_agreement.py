"""Do rulesets find in real documents what they find in Spectral?

``python -m benchmarks.spectral_agreement`` asks the same of every document of the corpus.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from apicheck.openapi.source import read
from apicheck.rulesets import consult
from benchmarks.documents import CORPUS
from benchmarks.spectral_agreement import RULESETS, compare, documents, stored

ABSENT = f"the corpus is not at {CORPUS}; set APICHECK_SHARED to the folder that holds it"
SAMPLE = {  # small, and together of every kind: YAML and JSON, 2.0 to 3.2, with circles, companions of references, several files
    "dutch": {
        "hc-bewoning-31",
        "hc-brp-multifile-31",
        "kvk-basisprofiel",
        "vng-klanten",
        "vng-referentielijsten-api",
        "zgw-documenten-1.1.1",
    },
    "world": {"oai-tictactoe-31", "redocly-lint-32", "spectral-gh658-multifile", "swagger-parser-deep-circular-swagger2", "vampi"},
}
LINE = re.compile(r" *(\d+):(\d+) +(error|warning|information|hint) +(\S+)  +(.*?)(?:  +(\S*))?")
SEVERITIES = {"warning": "warn", "information": "info"}


def sample() -> list[tuple[str, str, Path]]:
    if not CORPUS.is_dir():
        return []
    return [each for each in documents() if each[0] == "adr-testcases" or each[1] in SAMPLE[each[0]]]


@pytest.mark.skipif(not CORPUS.is_dir(), reason=ABSENT)
@pytest.mark.parametrize("oracle", RULESETS)
@pytest.mark.parametrize(("collection", "name", "path"), sample(), ids=[f"{each[0]}.{each[1]}" for each in sample()])
def test_the_same_findings(oracle: str, collection: str, name: str, path: Path) -> None:
    theirs = stored(oracle, collection, name)
    if theirs is None:
        pytest.skip("Spectral found nothing that was kept")
    expected, actual = compare(theirs, consult(read(str(path)), [str(RULESETS[oracle])])[0])
    assert actual == expected


@pytest.mark.skipif(not CORPUS.is_dir(), reason=ABSENT)
@pytest.mark.parametrize(
    ("name", "path"),
    [each[1:] for each in sample() if each[0] == "adr-testcases"],
    ids=[each[1] for each in sample() if each[0] == "adr-testcases"],
)
def test_the_cases_of_the_official_linter_to_the_line(name: str, path: Path) -> None:
    printed = [LINE.fullmatch(line.rstrip()) for line in path.with_name("expected-output.txt").read_text("utf-8").splitlines()]
    expected = {(int(line[1]), int(line[2]), SEVERITIES.get(line[3], line[3]), line[4]) for line in printed if line}
    outcome = consult(read(str(path)), [str(RULESETS["spectral-adr22"])])[0]
    actual = {(each.location.line, each.location.column, each.severity, each.rule) for each in outcome.findings}
    assert actual == expected, name
