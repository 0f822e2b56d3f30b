"""The real command line, as a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

INTERRUPTIBLE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from apicheck.cli import main; main()"
"""The command line, also where SIGINT is ignored, as it is for what a shell starts in the background."""


class Result(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


def cut_short(
    command: tuple[str, ...],
    folder: Path,
    reached: Callable[[], bool],
    way: signal.Signals = signal.SIGKILL,
    env: dict[str, str] | None = None,
) -> None:
    """Begin a run and end it when something is reached."""
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *command],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(env or {})},
    ) as process:
        deadline = time.monotonic() + 60
        while not reached() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.send_signal(way)
        process.wait(60)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``apicheck`` in an empty folder; no traceback may ever be seen."""

    def run(*arguments: str, stdin: str | bytes = "", env: dict[str, str] | None = None, cwd: Path = tmp_path) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "apicheck", *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=cwd,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONUTF8": "1", **(env or {})},
            timeout=120,
            check=False,
        )
        result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in result.out + result.err
        return result

    return run
