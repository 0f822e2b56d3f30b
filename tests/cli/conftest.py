"""The real command line, as a process of its own."""

import os
import subprocess
import sys
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
