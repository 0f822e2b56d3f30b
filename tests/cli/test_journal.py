"""Does a run that is ended by force leave what was known by then, and above all what is to be cleaned up?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.auth.servers import serving

from .conftest import INTERRUPTIBLE, Run
from .test_modes import CONSENT, DOCUMENT, Buildings


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_run_that_is_killed_leaves_its_journal_and_the_next_keeps_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT))
    journal = tmp_path / "rapport" / "journal.jsonl"
    buildings = Buildings()
    with serving(buildings.answer) as url:
        (tmp_path / "apicheck.toml").write_text(CONSENT.format(url=url))
        command = ("fuzz", "openapi.json", "--url", url, "--out", "rapport", "--mode", "safe-write", "--rate", "50")
        with subprocess.Popen([sys.executable, "-m", "apicheck", *command], cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 60
            while not (journal.exists() and '"made"' in journal.read_text()) and time.monotonic() < deadline:
                time.sleep(0.05)
            os.kill(process.pid, signal.SIGKILL)
        told = lines(journal)
        assert [list(line) for line in told[:1]] == [["begun"]]
        made = {str(line["made"]) for line in told if "made" in line}
        left = {f"{url}/gebouwen/{key}" for key in buildings.buildings if key not in buildings.before}
        assert made
        assert len(left - made) <= 1  # one may have been made the moment that it was killed
        assert any(line["exchange"]["status"] == 200 for line in told if "exchange" in line)
        after = run("probe", "openapi.json", "--url", url, "--out", "rapport", "--rate", "1000")
    assert after.code != 4, after.err
    assert "logboek van toen" in after.err
    assert not journal.exists()
    (kept,) = (tmp_path / "rapport").glob("journal-*.jsonl")
    assert lines(kept) == told


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_removes_what_it_made_and_reports(tmp_path: Path, way: signal.Signals) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT))
    buildings = Buildings()
    with serving(buildings.answer) as url:
        (tmp_path / "apicheck.toml").write_text(CONSENT.format(url=url))
        command = ("fuzz", "openapi.json", "--url", url, "--out", "rapport", "--mode", "safe-write", "--rate", "50")
        with subprocess.Popen(
            [sys.executable, "-c", INTERRUPTIBLE, *command], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            deadline = time.monotonic() + 60
            while buildings.next < 6 and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(way)
            process.wait(60)
    assert buildings.next >= 6
    assert buildings.buildings == buildings.before
    report = json.loads((tmp_path / "rapport" / "report.json").read_text())
    assert report["run"]["stopped"]
    assert (report["run"]["left-over"], report["run"]["trespasses"]) == ([], [])
