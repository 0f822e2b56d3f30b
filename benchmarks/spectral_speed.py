"""Prints how long rulesets take here and in Spectral, on the documents of the corpus for which it is known what Spectral finds.

``python -m benchmarks.spectral_speed [NAME…]`` takes the documents that are named, or else all, which takes an hour.
Whole processes, in seconds of the processor. Spectral is looked for in the folder that APICHECK_PEERS names. What a process
takes to start is told apart: with a small document there is little else.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.processes import Command, Cost, side_by_side
from benchmarks.spectral_agreement import COLLECTIONS, RULESETS, documents, stored

_CLASSES = ((0, "up to 20 kB"), (20_000, "20 to 100 kB"), (100_000, "100 kB to 1 MB"), (1_000_000, "over 1 MB"))
_APICHECK = (sys.executable, "-m", "apicheck")


@dataclass(frozen=True, slots=True)
class Times:
    """What one document takes here and in Spectral, in seconds of the processor; ``size`` is that of its entry file in bytes."""

    name: str
    size: int
    ours: float
    theirs: float


def measure(oracle: str, spectral: str, names: Sequence[str]) -> Iterator[Times]:
    """Put a ruleset to every document that is named and that both can read, once, taking turns."""
    ruleset = RULESETS[oracle]
    for collection, name, path in documents(COLLECTIONS):
        if (names and name not in names) or stored(oracle, collection, name) is None:
            continue
        commands: dict[str, Command] = {
            "apicheck": [*_APICHECK, "lint", path, "--ruleset", ruleset, "--format", "spectral-json"],
            "spectral": [spectral, "lint", "-r", ruleset, "-f", "json", path],
        }
        ours, theirs = side_by_side(commands, rounds=1).values()
        if isinstance(ours, Cost) and isinstance(theirs, Cost):
            yield Times(f"{collection}/{name}", path.stat().st_size, ours.processor, theirs.processor)


def table(times: list[Times], start: Times) -> Iterator[str]:
    """Yield the lines of a table by size, in Markdown."""
    yield "| documents | number | apicheck | Spectral | times as fast | at least | without the start |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for (least, title), (most, _) in zip(_CLASSES, (*_CLASSES[1:], (sys.maxsize, "")), strict=True):
        of_size = [each for each in times if least <= each.size < most]
        if of_size:
            ours, theirs = sum(each.ours for each in of_size), sum(each.theirs for each in of_size)
            net_ours, net_theirs = ours - start.ours * len(of_size), theirs - start.theirs * len(of_size)
            yield (
                f"| {title} | {len(of_size)} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.1f} "
                f"| {min(each.theirs / each.ours for each in of_size):.1f} | {net_theirs / net_ours:.1f} |"
            )


def main() -> int:
    """Print every document as it is measured, and a table for each ruleset. Exit code 2 when there is no Spectral."""
    spectral = shutil.which("spectral", path=os.environ.get("APICHECK_PEERS", ""))
    if spectral is None:
        print("SKIPPED: Spectral is not here; name the folder that it is in as APICHECK_PEERS", file=sys.stderr)
        return 2
    starts = side_by_side({"apicheck": [*_APICHECK, "--version"], "spectral": [spectral, "--version"]})
    ours, theirs = starts["apicheck"], starts["spectral"]
    if isinstance(ours, str) or isinstance(theirs, str):
        print(f"one of them does not start: {ours}, {theirs}", file=sys.stderr)
        return 2
    start = Times("start", 0, ours.processor, theirs.processor)
    print(f"To start takes {start.ours:.2f} s here and {start.theirs:.2f} s in Spectral.")
    for oracle in RULESETS:
        print(f"\n## {oracle}\n")
        times = []
        for each in measure(oracle, spectral, sys.argv[1:]):
            ratio = each.theirs / each.ours
            print(
                f"- {each.name}, {each.size / 1e6:.2f} MB: {each.ours:.2f} s and {each.theirs:.2f} s, {ratio:.1f} times as fast",
                flush=True,
            )
            times.append(each)
        print("", *table(times, start), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
