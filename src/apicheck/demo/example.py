"""How is the example API started, with or without faults in it, and surely stopped again?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import orjson

from apicheck.catalogue import read
from apicheck.demo.faults import PlantedFault
from apicheck.errors import TargetRefused
from apicheck.patch import merge_patch
from apicheck.resources import resource

PATIENCE = 30
"""Seconds in which the server must have started."""


@dataclass(frozen=True, slots=True)
class Example:
    """The example API while it runs: the file with its document, and where the paths of that document start."""

    document: Path
    base_url: str


def describe(faults: Iterable[PlantedFault] = ()) -> dict[str, Any]:
    """Return the example's document with these faults in it."""
    document: dict[str, Any] = read(_folder() / "openapi.yaml")
    for fault in faults:
        document = merge_patch(document, fault.document)
    return document


@contextmanager
def written_document(faults: Iterable[PlantedFault] = ()) -> Iterator[Path]:
    """Write the example's document with these faults in it to a file that is gone when the context ends.

    Without a fault in the document it is the example's own file, which stays.
    """
    planted = [fault for fault in faults if fault.document]
    if not planted:
        yield _folder() / "openapi.yaml"
        return
    with TemporaryDirectory(prefix="apicheck-") as folder:
        document = Path(folder) / "openapi.json"
        document.write_bytes(orjson.dumps(describe(planted), option=orjson.OPT_INDENT_2))
        yield document


@contextmanager
def running_example(faults: Iterable[PlantedFault] = ()) -> Iterator[Example]:
    """Run the example API with these faults in it, on a free port of this machine; it stops when the context ends.

    Raises:
        TargetRefused: the server did not start.
    """
    planted = tuple(faults)
    switches = [fault.name for fault in planted if fault.server]
    with written_document(planted) as document, _server(document, switches) as base_url:
        yield Example(document, base_url)


@contextmanager
def _server(document: Path, switches: list[str]) -> Iterator[str]:
    """Run the server as a process of its own. It ends with its standard input too, so it never outlives us."""
    command = [sys.executable, "-B", str(_folder() / "server.py"), "--document", str(document), "--stop-with-stdin"]
    command += ["--fault", *switches]
    with (
        TemporaryFile("w+") as complaints,
        subprocess.Popen(  # noqa: S603  # our own Python and our own file
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True
        ) as process,
    ):
        try:
            yield _first_line(process, complaints)
        finally:
            process.kill()


def _first_line(process: subprocess.Popen[str], complaints: IO[str]) -> str:
    """Return the base URL, which the server prints once it listens."""
    if process.stdout is None:
        raise ValueError("the server has no standard output")
    with ThreadPoolExecutor(1) as waiting:
        line = waiting.submit(process.stdout.readline)
        try:
            base_url = line.result(PATIENCE).strip()
        except TimeoutError:
            process.kill()  # which ends the wait for its output as well
            base_url = ""
    if not base_url:
        complaints.seek(0)
        told = complaints.read().strip().splitlines() or [f"{PATIENCE} s"]
        raise TargetRefused("example-not-started", error=told[-1])
    return base_url


def _folder() -> Path:
    return resource("examples") / "gebouwen"
