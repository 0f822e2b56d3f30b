"""Does a run that ended early go on where it was, and is its report that of one run?"""

from __future__ import annotations

import json
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import pytest

from apicheck.demo import running_example, twin
from apicheck.errors import UnreadableJournal
from apicheck.journal import Begun
from apicheck.resumption import read
from tests.auth.servers import Reply, Request, serving

from .conftest import INTERRUPTIBLE, Result, Run, cut_short
from .test_modes import CONSENT, DOCUMENT, Buildings
from .test_trouble import in_between

LIMITS = ("--rate", "1000", "--max-requests", "1000", "--max-time", "120")
QUICK = ("--rate", "1000", "--max-requests", "120", "--max-time", "60")


class Api(NamedTuple):
    """An example API with faults, how many requests it has had, and at which it takes its time, so that a kill finds it."""

    document: Path
    url: str
    seen: list[int]
    slow: set[int]


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with running_example(twin()) as example:
        seen: list[int] = []
        slow: set[int] = set()

        def count(_: object, number: int) -> bool:
            seen.append(number)
            time.sleep(2 if len(seen) in slow else 0)
            return False

        with in_between(example, count) as url:
            yield Api(example.document, url, seen, slow)


def report_in(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return told


def said(report: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a report says: its verdicts and its findings, but for what the fuzzer happens upon."""
    evidence = [each for each in report["evidence"] if each["source"] != "fuzz"]
    return (
        report["conclusion"],
        {verdict["rule"]: verdict["status"] for verdict in report["verdicts"]},
        {(each["check"], finding["id"]) for each in evidence for finding in each["findings"]},
    )


@pytest.fixture(scope="module")
def whole(api: Api, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    """The report of a run that nobody interrupts, and how many requests it takes."""
    folder, before = tmp_path_factory.mktemp("whole"), len(api.seen)
    command = ("check", str(api.document), "--url", api.url, "--out", str(folder), *LIMITS)
    subprocess.run([sys.executable, "-m", "apicheck", *command], capture_output=True, timeout=120, check=False)
    return report_in(folder), len(api.seen) - before


@pytest.mark.parametrize(("way", "after"), [(signal.SIGKILL, 250), (signal.SIGINT, 70)])
def test_two_parts_say_what_one_run_says(
    run: Run, tmp_path: Path, api: Api, whole: tuple[dict[str, Any], int], way: signal.Signals, after: int
) -> None:
    told, requests = whole
    begun = len(api.seen)
    api.slow.add(begun + after)
    command = ("check", str(api.document), "--url", api.url, *LIMITS)
    cut_short((*command, "--out", "rapport"), tmp_path, lambda: len(api.seen) - begun >= after, way)
    journal = tmp_path / "rapport" / "journal.jsonl"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    result = run(*command, "--resume", "rapport")
    report = report_in(tmp_path / "rapport")
    assert said(report) == said(told)
    assert not journal.exists()
    (pause,) = report["run"]["resumed"]
    assert report["run"]["started"] <= pause["stopped"] <= pause["resumed"] <= report["run"]["finished"]
    assert sum(report["coverage"]["requests"].values()) >= len(api.seen) - begun - 1  # the last answer may not have come in
    assert len(api.seen) - begun < requests * 1.5
    assert report["coverage"]["answered"] == told["coverage"]["answered"]
    assert "te vroeg en is hervat" in " ".join(result.out.split())
    shown = {exchange["id"] for exchange in report["exchanges"]}
    assert {finding["exchange"] for evidence in report["evidence"] for finding in evidence["findings"]} <= shown | {None}


class Killed(NamedTuple):
    """A run that was allowed to write and was killed after it made something: its folder, and the API."""

    folder: Path
    url: str
    buildings: Buildings


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    folder, buildings = tmp_path_factory.mktemp("killed"), Buildings()
    (folder / "openapi.json").write_text(json.dumps(DOCUMENT))
    journal, done = folder / "rapport" / "journal.jsonl", Event()

    def slowly(request: Request) -> Reply:
        if buildings.next > 3 and not done.is_set():
            time.sleep(0.1)  # so that there is something left to do when it is killed
        return buildings.answer(request)

    with serving(slowly) as url:
        (folder / "apicheck.toml").write_text(CONSENT.format(url=url))
        command = ("fuzz", "openapi.json", "--url", url, "--mode", "safe-write", "--out", "rapport", *QUICK)
        cut_short(command, folder, lambda: journal.exists() and b'"made"' in journal.read_bytes())
        done.set()
        time.sleep(1)  # what was on its way when it was killed, comes in
        yield Killed(folder, url, buildings)


@pytest.fixture
def killed(once: Killed, tmp_path: Path) -> Killed:
    """The same, in a folder of its own."""
    shutil.copytree(once.folder, tmp_path, dirs_exist_ok=True)
    return once._replace(folder=tmp_path)


def resume(run: Run, killed: Killed, *more: str, spec: str = "openapi.json", mode: str = "safe-write") -> Result:
    url = () if "--url" in more else ("--url", killed.url)
    return run("fuzz", spec, *url, "--mode", mode, "--resume", "rapport", *QUICK, *more)


def test_what_the_killed_run_made_is_removed_first(run: Run, killed: Killed) -> None:
    journal = killed.folder / "rapport" / "journal.jsonl"
    made = {json.loads(line)["made"] for line in journal.read_text().splitlines() if '"made"' in line}
    writes = len(killed.buildings.writes)
    with journal.open("a") as lines:
        lines.write('{"exchange": {"id": "f0')  # what a run was writing the moment that it was killed
    result = resume(run, killed)
    assert result.code in {0, 1, 3}, result.err
    left = {key for key in killed.buildings.buildings if key not in killed.buildings.before}
    assert made
    assert {f"{killed.url}/gebouwen/{key}" for key in left}.isdisjoint(made)
    assert len(left) <= 1  # one may have been made the moment that it was killed, and nobody was told where
    since = killed.buildings.writes[writes:]
    removed = next(number for number, write in enumerate(since) if write.startswith("DELETE "))
    assert f"{killed.url}{since[removed].removeprefix('DELETE ')}" in made
    assert since[:removed] in ([], ["POST /gebouwen"])  # at most what was on its way when it was killed
    report = report_in(killed.folder / "rapport")
    assert (report["run"]["left-over"], report["run"]["trespasses"]) == ([], [])
    assert killed.buildings.before.items() <= killed.buildings.buildings.items()


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (("--url", "http://127.0.0.1:9"), "de basis-URL is anders"),
        (("--standard", "nlgov-adr@2.0"), "de standaard of editie is anders"),
        (("--mode", "read-only"), "de modus is anders"),
    ],
)
def test_only_the_same_command_goes_on_and_what_is_left_is_told(run: Run, killed: Killed, more: tuple[str, ...], what: str) -> None:
    (killed.folder / "apicheck.toml").write_text(CONSENT.format(url=more[1] if more[0] == "--url" else killed.url))
    asked = len(killed.buildings.writes)
    result = resume(run, killed, *more)
    assert (result.code, what in result.err) == (2, True), result.err
    assert f"{killed.url}/gebouwen/" in result.err
    assert len(killed.buildings.writes) == asked


def test_another_document_does_not_go_on(run: Run, killed: Killed) -> None:
    (killed.folder / "ander.json").write_text(json.dumps({**DOCUMENT, "info": {"title": "Anders", "version": "1.0.0"}}))
    result = resume(run, killed, spec="ander.json")
    assert (result.code, "het document is anders" in result.err) == (2, True), result.err


def test_nothing_is_removed_without_consent(run: Run, killed: Killed) -> None:
    (killed.folder / "apicheck.toml").unlink()
    asked = len(killed.buildings.writes)
    result = resume(run, killed)
    assert (result.code, "toestemming" in result.err) == (4, True), result.err
    assert len(killed.buildings.writes) == asked


def test_without_a_journal_there_is_nothing_to_resume(run: Run, killed: Killed) -> None:
    (killed.folder / "rapport" / "journal.jsonl").unlink()
    result = resume(run, killed)
    assert (result.code, "niets om te hervatten" in result.err) == (2, True), result.err


HOSTILE = {
    "empty": b"",
    "no-lines": b"\x00\xff" * 50,
    "two-things": b'{"over": "x", "made": "https://elders.example/1"}',
    "deep": b"[" * 100_000,
    "unknown": b'{"begun": {"at": "2026-99-99T00:00:00+00:00"}}',
    "local-time": b'{"begun": {"at": "2026-01-01T00:00:00"}}',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("after", [0, 1])
def test_a_hostile_journal_is_refused(killed: Killed, name: str, after: int) -> None:
    journal = killed.folder / "rapport" / "journal.jsonl"
    lines = journal.read_bytes().split(b"\n")
    terms = Begun.model_validate(json.loads(lines[0])["begun"]).terms
    assert read(journal, terms).parts
    journal.write_bytes(b"\n".join([*lines[:after], HOSTILE[name], b""]))
    with pytest.raises(UnreadableJournal) as refused:
        read(journal, terms)
    assert f"regel {after + 1}" in refused.value.explain().nl


def test_a_hostile_journal_ends_the_command_with_a_sentence(run: Run, killed: Killed) -> None:
    (killed.folder / "rapport" / "journal.jsonl").write_bytes(HOSTILE["deep"] + b"\n")
    result = resume(run, killed)
    assert (result.code, "geen logboek van apicheck" in result.err) == (4, True), result.err


def test_a_journal_that_others_could_write_is_refused(run: Run, killed: Killed) -> None:
    (killed.folder / "rapport" / "journal.jsonl").chmod(0o666)
    result = resume(run, killed)
    assert (result.code, "Ook anderen" in result.err) == (4, True), result.err


def test_the_folder_of_a_killed_run_says_what_to_do(run: Run, killed: Killed) -> None:
    result = run("report", "rapport")
    assert (result.code, "--resume rapport" in result.err) == (4, True), result.err


BROKEN = {  # the code that breaks something of ours
    "check": "import apicheck.probe.questions as q; q.question._checks['trailing-slash-404'] = crash",
    "disk": "import apicheck.journal as j; good = j._written; j._written = lambda line: crash() if line.question else good(line)",
    "preflight": "import apicheck.probe as p; p.reach = crash",
}
CRASH = "def crash(*_):\n    raise {error}\n{where}\n"


@pytest.mark.parametrize(
    ("where", "error"), [("check", "MemoryError()"), ("disk", "OSError(28, 'vol')"), ("preflight", "KeyError(1)")]
)
def test_a_fault_of_ours_leaves_a_report(tmp_path: Path, api: Api, where: str, error: str) -> None:
    code = CRASH.format(error=error, where=BROKEN[where]) + INTERRUPTIBLE
    command = ("probe", str(api.document), "--url", api.url, "--out", "rapport", *QUICK)
    done = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert "Traceback" not in done.stderr
    report = report_in(tmp_path / "rapport")
    crashed = [evidence["check"] for evidence in report["evidence"] if evidence["crashed"]]
    assert crashed == {"check": ["trailing-slash-404"], "disk": [], "preflight": ["run"]}[where]
    assert done.returncode == (1 if where == "disk" else 4)
    if where == "disk":
        assert any("logboek" in note["nl"] for note in report["notes"])
