"""How long does a whole process take, and how much memory?

Run as a script it starts one command and prints what that took. A process of its own, because Linux counts the memory of
whoever starts a program as that program's: so what starts it must be small.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

ROUNDS = 5
PATIENCE = 120
"""Seconds of the processor after which a process is ended and called too slow."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds by the clock and of the processor, and bytes of memory at its peak."""

    wall: float
    processor: float
    peak: int


Command = Sequence[str | os.PathLike[str]]


def side_by_side(commands: Mapping[str, Command], rounds: int = ROUNDS) -> dict[str, Cost | str]:
    """Return the median cost of each command, or why there is none.

    The commands take turns, so that what else the machine does weighs on all of them alike. The first run of each is not counted:
    it leaves what only a first run has to do, such as byte code, and tells which commands fail.
    """
    first = {name: once(command) for name, command in commands.items()}
    costs: dict[str, list[Cost | str]] = {name: [] for name, outcome in first.items() if isinstance(outcome, Cost)}
    for _ in range(rounds):
        for name, outcomes in costs.items():
            outcomes.append(once(commands[name]))
    return first | {name: _middle(outcomes) for name, outcomes in costs.items()}


def once(command: Command) -> Cost | str:
    """Run a command and return its cost, or why there is none. Linters exit with 1 when they find something: that is no failure."""
    done = subprocess.run([sys.executable, "-I", "-S", __file__, *command], stdout=subprocess.PIPE, check=True)
    exit_code, *cost = json.loads(done.stdout)
    if exit_code == -signal.SIGXCPU:
        return f"> {PATIENCE} s"
    return Cost(*cost) if exit_code in {0, 1} else f"exit {exit_code}"


def _start(command: Command) -> tuple[int, float, float, int]:
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE + 1))  # what is started inherits it
    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024  # Linux counts in KiB


def _middle(outcomes: Sequence[Cost | str]) -> Cost | str:
    """The median of the costs, or why one of the runs has none."""
    costs = [outcome for outcome in outcomes if isinstance(outcome, Cost)]
    if len(costs) < len(outcomes):
        return next(outcome for outcome in outcomes if isinstance(outcome, str))
    return Cost(median(cost.wall for cost in costs), median(cost.processor for cost in costs), max(cost.peak for cost in costs))


if __name__ == "__main__":
    print(json.dumps(_start(sys.argv[1:])))
