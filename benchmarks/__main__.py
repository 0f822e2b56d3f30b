"""Prints what ``make bench`` is for: how long ``apicheck lint`` takes, beside the floor, the peers that are here, and the aim.

Peers are looked for on the PATH and in the folder that APICHECK_PEERS names; the corpus in ``../shared`` or APICHECK_SHARED. What
is not here is left out, and that is said.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from apicheck import __version__
from benchmarks.documents import CORPUS, GROWTH, LARGE, SMALL, as_json, as_yaml, grown, load, tangled
from benchmarks.processes import ROUNDS, Command, Cost, side_by_side

_SCRIPT = Path(sys.executable).with_name("apicheck")
APICHECK: list[str | Path] = [_SCRIPT] if _SCRIPT.is_file() else [sys.executable, "-m", "apicheck"]
FLOOR = Path(__file__).with_name("floor.py")
RULESET = CORPUS / "rulesets" / "adr-develop-6edd13c.yaml"
AIMS = {
    "large JSON": "at most 5 x the floor; 5 x faster than Redocly, 30 x than Spectral",
    "large YAML": "at most 3 x the floor",
    "about 100 kB": "at most 0.25 s",
    "growth": "10 x the document, at most 11 x the time",
}
PEERS: dict[str, Callable[[str, Path], Command]] = {
    "redocly": lambda program, file: [program, "lint", file, "--format=json"],
    "spectral": lambda program, file: [program, "lint", "-r", RULESET, "-f", "json", file],
    "openapi-spec-validator": lambda program, file: [program, file],
}


def main() -> None:
    """Time everything and print the tables as Markdown."""
    peers = {name: found for name in PEERS if (found := _find(name))}
    for name in PEERS.keys() - peers.keys():
        _tell(f"SKIPPED: {name} is not here; put it on the PATH or in the folder APICHECK_PEERS")
    print(f"apicheck {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.")
    print(f"Whole processes, median of {ROUNDS}, taking turns: seconds of the processor, which a busy machine disturbs least.")
    print("What is written in Python has its byte code, as what is installed has; a first run that makes it is not counted.")
    print("The aim for memory is six times the file and 60 MB.\n")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _keep_byte_code(work / "byte-code")
        if CORPUS.is_dir():
            for title, files in _real(work):
                _print_speed(title, files, peers)
        else:
            _tell(f"SKIPPED: there is no corpus in {CORPUS}; name its parent in APICHECK_SHARED")
        _print_growth(work)


def _keep_byte_code(folder: Path) -> None:
    """Have every Python that is started keep its byte code, also where this process was told not to or may write nowhere else."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _real(work: Path) -> Iterator[tuple[str, list[Path]]]:
    """Yield the groups of real documents; the large ones both as JSON and as YAML, so that only the format differs."""
    large = {Path(name).stem: load(CORPUS / name) for name in LARGE}
    yield "large JSON", [as_json(document, work / f"{stem}.json") for stem, document in large.items()]
    yield "large YAML", [as_yaml(document, work / f"{stem}.yaml") for stem, document in large.items()]
    yield "about 100 kB", [CORPUS / name for name in SMALL]


def _print_speed(title: str, files: list[Path], peers: dict[str, str]) -> None:
    print(f"### {title}: {AIMS[title]}\n")
    _row("document", "MB", "floor", "apicheck", "by the clock", *peers, "peak, MB")
    _row("---", *["---:"] * (5 + len(peers)))
    for file in files:
        _tell(f"{title}: {file.name}")
        commands: dict[str, Command] = {"floor": [sys.executable, FLOOR, file], "apicheck": _lint(file)}
        commands |= {name: PEERS[name](program, file) for name, program in peers.items()}
        costs = side_by_side(commands)
        ours, floor, megabytes = costs["apicheck"], costs["floor"], file.stat().st_size / 1e6
        _row(
            file.name,
            f"{megabytes:.2f}",
            _seconds(floor),
            _seconds(ours, floor, "floor"),
            f"{ours.wall:.2f}" if isinstance(ours, Cost) else ours,
            *(_seconds(costs[name], ours, "ours") for name in peers),
            f"{ours.peak / 1e6:.0f} (aim {6 * megabytes + 60:.0f})" if isinstance(ours, Cost) else "",
        )
    print()


def _print_growth(work: Path) -> None:
    """Time documents that grow. What it takes to start is left out, or growth would look better than it is."""
    base = CORPUS / SMALL[0]
    made: dict[str, Callable[[int], dict[str, Any]]] = {"schemas in a cycle, allOf ten deep": lambda times: tangled(30 * times)}
    if base.is_file():
        document = load(base)
        made[f"copies of {base.name}"] = lambda times: grown(document, times)
    print(f"### growth: {AIMS['growth']}\n")
    _row("document", "times", "MB", "apicheck", "without the start")
    _row("---", *["---:"] * 4)
    for title, make in made.items():
        _tell(f"growth: {title}")
        files = {times: as_json(make(times), work / f"grown-{times}.json") for times in GROWTH}
        commands: dict[str, Command] = {"start": [*APICHECK, "--version"]}
        costs = side_by_side(commands | {str(times): _lint(file) for times, file in files.items()})
        for times, file in files.items():
            smallest, cost = (_net(costs[str(which)], costs["start"]) for which in (GROWTH[0], times))
            _row(
                title,
                str(times),
                f"{file.stat().st_size / 1e6:.2f}",
                _seconds(costs[str(times)]),
                _seconds(cost, smallest, "smallest"),
            )
    print()


def _lint(file: Path) -> Command:
    return [*APICHECK, "lint", file, "--format", "json=-"]


def _find(peer: str) -> str | None:
    beside = f"{os.environ.get('APICHECK_PEERS', '')}{os.pathsep}{Path(sys.executable).parent}"
    return shutil.which(peer, path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")


def _net(cost: Cost | str, start: Cost | str) -> Cost | str:
    """Return what is left of a cost when the start is taken off it."""
    if isinstance(cost, str) or isinstance(start, str):
        return "not timed"
    return Cost(cost.wall - start.wall, cost.processor - start.processor, cost.peak)


def _seconds(cost: Cost | str, beside: Cost | str = "", name: str = "") -> str:
    """Return seconds of the processor, and how many times those of another command they are."""
    if isinstance(cost, str):
        return cost
    return f"{cost.processor:.2f}" + (f" ({cost.processor / beside.processor:.1f} x {name})" if isinstance(beside, Cost) else "")


def _row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |")


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
