"""Is the fuzzer as fast as schemathesis alone, and does it find at least as much?

``python -m benchmarks.fuzz [--seconds N] [--rounds N] [--write] [DOCUMENT BASE_URL]…`` prints a table; without APIs it takes the
example, with some faults planted, started anew for each. Of several rounds the middle one counts, by requests per second of the
processor. Both run as whole processes on the same server, one after the other, with the same seed and the same time. Both only
read, unless they may write, and then send every method. Given a time, schemathesis repeats itself until that is spent; so its plan
is done once, as ours is. Both find their modules compiled.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from unittest.mock import patch

from apicheck.demo import planted_faults, running_example
from benchmarks.plain import SENT
from benchmarks.processes import Command

SEED = 1
PYTHON = (sys.executable, "-m")
READS = ("GET", "HEAD", "OPTIONS")
SETTINGS = """
[generation]
database = "none"
[cache]
enabled = false
[checks]
use_after_free.enabled = false
ensure_resource_availability.enabled = false
"""
"""What keeps schemathesis from writing to disk; and two checks that we do not have."""
READS_ONLY = """
[phases.coverage]
unexpected-methods = []
"""
"""What keeps it from sending methods that the document does not have."""
CONSENT = """
by = "benchmark"
on-behalf-of = "benchmark"
base-url = "{url}"
from = 2020-01-01
until = 2099-12-31
environment = "test"
"""
NAMES = {
    "ServerError": "no-server-error",
    "ContentTypeServerError": "no-server-error",
    "UndefinedStatusCode": "status-documented",
    "UndefinedContentType": "media-type-documented",
    "MissingContentType": "media-type-documented",
    "MalformedMediaType": "media-type-documented",
    "JsonSchemaError": "response-matches-schema",
    "MalformedJson": "response-matches-schema",
    "ContentDeserializationError": "response-matches-schema",
    "AcceptedNegativeData": "invalid-data-rejected",
    "MissingHeaderNotRejected": "invalid-data-rejected",
    "RejectedPositiveData": "valid-data-accepted",
    "UnsupportedMethodResponse": "unsupported-method",
    "AllowHeaderMismatch": "unsupported-method",
    "MissingHeaders": "headers-documented",
    "IgnoredAuth": "authorisation-enforced",
    "ResponseTimeExceeded": "answers-in-time",
}
"""Our name for each kind of failure of schemathesis."""

PLANTED = frozenset({"invalid-query-500", "date-time-with-space", "error-as-json"})

Defect = tuple[str, str]
"""What is wrong, and at which operation."""
Started = Callable[[], AbstractContextManager[tuple[str, str]]]
"""Starts an API, if need be, and gives its document and base URL."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run brought: requests sent, seconds by the clock and of the processor, and defects."""

    requests: int
    seconds: float
    processor: float
    defects: frozenset[Defect]

    @property
    def rate(self) -> float:
        """Requests per second, the start of the process included."""
        return self.requests / self.seconds

    @property
    def pace(self) -> float:
        """Requests per second of the processor, which a busy machine disturbs least."""
        return self.requests / self.processor


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be fuzzed, for how many seconds at most, and whether it may be written to."""

    document: str
    url: str
    seconds: int
    write: bool


def main() -> None:
    """Compare on each API, and print the table as Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("apis", nargs="*", metavar="DOCUMENT BASE_URL")
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts us in the background, has us and ours ignore it
    print("| API | tool | requests | seconds | requests/s | per second of the processor | defects | the other misses |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |")
    with _compiled():
        for name, started in _apis(given.apis).items():
            runs: dict[Callable[[Task], Run], list[Run]] = {_schemathesis: [], _apicheck: []}
            for tool in [*runs] * given.rounds:
                with started() as (document, url):
                    runs[tool].append(tool(Task(document, url, given.seconds, given.write)))
            plain, ours = (sorted(found, key=lambda run: run.pace)[given.rounds // 2] for found in runs.values())
            _row(name, "schemathesis", plain, ours)
            _row(name, f"apicheck ({ours.pace / plain.pace:.0%})", ours, plain)


def _apis(given: list[str]) -> dict[str, Started]:
    if not given:
        return {"example with faults": _example}
    return {Path(name).stem: _running(name, url) for name, url in zip(given[::2], given[1::2], strict=True)}


def _running(document: str, url: str) -> Started:
    return lambda: nullcontext((document, url))


@contextmanager
def _example() -> Iterator[tuple[str, str]]:
    with running_example(fault for fault in planted_faults() if fault.name in PLANTED) as example:
        yield str(example.document), example.base_url


@contextmanager
def _compiled() -> Iterator[None]:
    """Let Python keep the modules that it compiles, and compile what both use."""
    with _folder() as folder, patch.dict(os.environ, PYTHONPYCACHEPREFIX=str(folder)):
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        used = "import apicheck.cli.check, apicheck.live, apicheck.report.json_, apicheck.report.terminal, benchmarks.plain"
        subprocess.run([sys.executable, "-c", used], check=True)
        yield


def _row(name: str, tool: str, run: Run, other: Run) -> None:
    more = ", ".join(sorted(f"{check} ({operation})" for check, operation in run.defects - other.defects))
    cells = (name, tool, run.requests, f"{run.seconds:.0f}", f"{run.rate:.0f}", f"{run.pace:.0f}", len(run.defects), more)
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def _schemathesis(task: Task) -> Run:
    with _folder() as folder:
        settings = folder / "settings.toml"
        settings.write_text(SETTINGS if task.write else SETTINGS + READS_ONLY)
        command: Command = [*PYTHON, "benchmarks.plain", "--config-file", settings, "run", task.document, "--url", task.url]
        choices = ["--continue-on-failure", "--max-response-time", "5", "--seed", str(SEED), "--max-redirects", "0"]
        methods = [] if task.write else [part for method in READS for part in ("--include-method", method)]
        report: Command = ["--report", "json", "--report-json-path", folder / "report.json"]
        said, took, processor = _timed([*command, *choices, *methods, *report], task.seconds)
        told = json.loads((folder / "report.json").read_bytes())
    defects = {
        (NAMES.get(found["type"], found["type"]), operation) for found in told["failures"] for operation in found["operations"]
    }
    return Run(int(said.rpartition(SENT)[2]), took, processor, frozenset(defects))


def _apicheck(task: Task) -> Run:
    with _folder() as folder:
        command: Command = [*PYTHON, "apicheck", "fuzz", task.document, "--url", task.url, "--format", "json", "--out", folder]
        limits = ["--rate", "100000", "--max-requests", "1000000", "--max-time", str(task.seconds), "--seed", str(SEED)]
        consent = folder / "consent.toml"
        consent.write_text(CONSENT.format(url=task.url))
        mode: Command = ["--mode", "full", "--consent", consent] if task.write else []
        _, took, processor = _timed([*command, *limits, *mode], 2 * task.seconds)
        told = json.loads((folder / "report.json").read_bytes())
    defects = {(observation["check"], observation["operation"]) for observation in told["robustness"]}
    return Run(sum(told["coverage"]["requests"].values()), took, processor, frozenset(defects))


def _timed(command: Command, seconds: int) -> tuple[str, float, float]:
    """Run a command, interrupt it when its time is up, and return its last line on standard error and what it took."""
    with tempfile.TemporaryFile("w+") as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        timer = Timer(seconds, process.send_signal, [signal.SIGINT])  # at which schemathesis still reports what it found
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - began
        said.seek(0)
        return said.read().strip().rpartition("\n")[2], took, usage.ru_utime + usage.ru_stime


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
