"""Prints how far rulesets come to the same here as in Spectral, rule by rule, on the documents of the corpus.

What Spectral printed is stored beside the documents, in the folder ``shared`` next to the repository or where APICHECK_SHARED
says. Compared are code, path and severity of every finding; a finding that came of a fetch which failed is left out on both sides.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apicheck.errors import UnreadableDocument
from apicheck.model import RulesetOutcome
from apicheck.openapi.source import read
from apicheck.rulesets import consult
from benchmarks.documents import CORPUS

RULESETS = {
    "spectral-adr22": CORPUS / "rulesets" / "adr-develop-6edd13c.yaml",
    "spectral-oas": CORPUS / "rulesets" / "spectral-oas.yaml",
}
"""The rulesets by the name of the folder that holds what Spectral found with them."""
COLLECTIONS = ("adr-testcases", "dutch", "world")
_FETCHED = ("FetchError", "ReadError", "ENOENT")
_NUMBERS = {"error": 0, "warn": 1, "info": 2, "hint": 3}

Found = tuple[str, tuple[str, ...], int]
"""Code, path and severity of a finding."""


@dataclass(slots=True)
class Agreement:
    """How often both found the same, and what only one of them found. ``unread`` are documents that apicheck refuses."""

    same: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    theirs: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    alike: int = 0
    unread: list[str] = field(default_factory=list)
    differences: list[tuple[str, str, Found]] = field(default_factory=list)


def documents(collections: tuple[str, ...] = COLLECTIONS) -> Iterator[tuple[str, str, Path]]:
    """Yield collection, name and entry file of every document."""
    for collection in collections:
        with (CORPUS / collection / "index.tsv").open(encoding="utf-8") as index:
            for row in csv.reader(index, delimiter="\t"):
                path = CORPUS / collection / row[1]
                if path.is_file():
                    yield collection, row[0], path


def stored(oracle: str, collection: str, name: str) -> list[dict[str, Any]] | None:
    """Return what Spectral found; None when it broke down or was not asked."""
    path = CORPUS / "oracle" / oracle / f"{collection}.{name}.json"
    packed = path.with_name(path.name + ".gz")
    if not path.exists() and not packed.exists():
        return None
    text = gzip.decompress(packed.read_bytes()).decode() if packed.exists() else path.read_text("utf-8")
    if text.startswith("[]"):
        return []
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, list) and (found or _finished(oracle, collection, name)) else None


def _finished(oracle: str, collection: str, name: str) -> bool:
    with (CORPUS / "oracle" / "summary.tsv").open(encoding="utf-8") as summary:
        return any(row[:4] == [collection, name, oracle, "ok"] for row in csv.reader(summary, delimiter="\t"))


def compare(theirs: list[dict[str, Any]], outcome: RulesetOutcome) -> tuple[set[Found], set[Found]]:
    """Return the findings of Spectral and of apicheck that can be compared."""
    expected: set[Found] = set()
    unfetched: set[Found] = set()
    for each in theirs:
        found = each["code"], tuple(map(str, each["path"])), each["severity"]
        (unfetched if each["code"] == "invalid-ref" and each["message"].startswith(_FETCHED) else expected).add(found)
    actual = {
        (each.rule, tuple(_keys(each.location.pointer)), _NUMBERS[each.severity])
        for each in outcome.findings
        if not (each.rule == "invalid-ref" and (each.message.startswith(_FETCHED) or "is not followed" in each.message))
    }
    return expected - unfetched, actual - unfetched


def _keys(pointer: str) -> Iterator[str]:
    for part in pointer.split("/")[1:]:
        yield part.replace("~1", "/").replace("~0", "~")


def measure(oracle: str, collections: tuple[str, ...] = COLLECTIONS) -> Agreement:
    """Put a ruleset to every document for which it is known what Spectral found."""
    agreement = Agreement()
    for collection, name, path in documents(collections):
        theirs = stored(oracle, collection, name)
        if theirs is None:
            continue
        try:
            outcome = consult(read(str(path)), [str(RULESETS[oracle])])[0]
        except UnreadableDocument:
            agreement.unread.append(f"{collection}/{name}")
            continue
        expected, actual = compare(theirs, outcome)
        agreement.documents += 1
        agreement.alike += expected == actual
        agreement.same.update(code for code, _, _ in expected & actual)
        agreement.ours.update(code for code, _, _ in actual - expected)
        agreement.theirs.update(code for code, _, _ in expected - actual)
        agreement.differences += [(f"{collection}/{name}", "here only", found) for found in sorted(actual - expected)]
        agreement.differences += [(f"{collection}/{name}", "Spectral only", found) for found in sorted(expected - actual)]
    return agreement


def table(agreement: Agreement) -> Iterator[str]:
    """Yield the lines of a table of rules, in Markdown."""
    yield "| Rule | Both | Here only | Spectral only |"
    yield "|---|---:|---:|---:|"
    for code in sorted(agreement.same | agreement.ours | agreement.theirs):
        yield f"| `{code}` | {agreement.same[code]:,} | {agreement.ours[code]} | {agreement.theirs[code]} |"
    both, ours, theirs = (sum(each.values()) for each in (agreement.same, agreement.ours, agreement.theirs))
    yield f"| **all** | **{both:,}** | **{ours}** | **{theirs}** |"


def main() -> int:
    """Print the tables. Exit code 1 when something differs."""
    differs = False
    for oracle in RULESETS:
        agreement = measure(oracle)
        both, others = sum(agreement.same.values()), sum((agreement.ours + agreement.theirs).values())
        print(f"\n## {oracle}: {agreement.alike} of {agreement.documents} documents, {both / (both + others):.3%} of findings\n")
        print(*table(agreement), sep="\n")
        print(*(f"\nnot read: {name}" for name in agreement.unread), sep="")
        for name, side, found in agreement.differences:
            print(f"{side}: {name} {found[0]} at {'/'.join(found[1])}")
        differs = differs or bool(agreement.differences)
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
