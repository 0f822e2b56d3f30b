"""Does the example API start when asked, and is it surely gone afterwards?"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from apicheck.demo import describe, example, running_example, twin
from apicheck.errors import TargetRefused


def is_gone(base_url: str) -> bool:
    try:
        httpx.get(base_url)
    except httpx.ConnectError:
        return True
    except httpx.TransportError:  # on its way out
        return False
    return False


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[str]]:
    """Every process that is started from now on."""
    processes: list[subprocess.Popen[str]] = []
    popen = subprocess.Popen

    def start(*arguments: Any, **options: Any) -> subprocess.Popen[str]:
        processes.append(popen(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return processes


def test_it_answers_while_the_context_lasts_and_not_after(started: list[subprocess.Popen[str]]) -> None:
    with running_example() as running:
        assert httpx.get(f"{running.base_url}/gebouwen").status_code == 200
    assert is_gone(running.base_url)
    assert [process.returncode is not None for process in started] == [True]


def test_it_is_gone_after_an_exception_as_well(started: list[subprocess.Popen[str]]) -> None:
    with pytest.raises(KeyboardInterrupt), running_example():
        raise KeyboardInterrupt
    assert [process.returncode is not None for process in started] == [True]


def test_it_is_gone_when_its_caller_was_killed() -> None:
    told = "from apicheck.demo import running_example\nwith running_example() as e: print(e.base_url, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", told], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout
        base_url = caller.stdout.readline().strip()
        assert not is_gone(base_url)
        os.kill(caller.pid, signal.SIGKILL)
    for _ in range(400):
        if is_gone(base_url):
            return
        time.sleep(0.05)
    pytest.fail("the server outlived its caller")


def test_the_good_example_is_described_by_the_file_itself() -> None:
    with running_example() as running:
        assert running.document.name == "openapi.yaml"


def test_the_twin_is_described_by_a_file_that_is_gone_afterwards() -> None:
    with running_example(twin()) as running:
        assert orjson.loads(running.document.read_bytes()) == describe(twin()) != describe()
        assert httpx.get(f"{running.base_url}/openapi.json").json() == describe(twin())
    assert not running.document.exists()


@pytest.mark.parametrize(
    ("server", "told"),
    [("raise SystemExit('de poort is bezet')", "de poort is bezet"), ("import time; time.sleep(60)", "0.5 s"), ("", "0.5 s")],
)
def test_a_server_that_does_not_start_is_told_clearly(
    server: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[str]]
) -> None:
    (tmp_path / "gebouwen").mkdir()
    (tmp_path / "gebouwen" / "server.py").write_text(server, "utf-8")
    monkeypatch.setattr(example, "resource", lambda _: tmp_path)
    monkeypatch.setattr(example, "PATIENCE", 0.5)
    with pytest.raises(TargetRefused) as refused, running_example():
        pytest.fail("it cannot have started")
    assert told in refused.value.explain().nl
    assert [process.returncode is not None for process in started] == [True]
