"""Does a check end in time, with an honest report and in little memory, whatever the network does to the answers?"""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from apicheck.demo import running_example
from tests.wire.proxy import FAULTS, OVER_TLS, Strikes, between, none

SECONDS = 6
"""What each run is given; reading the document and writing the report come on top."""
PATIENCE = 10
"""Seconds that a request may take when nothing cuts it short: so much shorter is a run, that a busy machine does not matter."""
MOST_MEMORY = 500_000
"""Kilobytes."""
GIVEN = {"apicheck.toml", "ca.pem"}
"""Files that a run may find, by which it trusts a server."""
WHEN: Mapping[str, Strikes] = {
    "always": lambda count: True,
    "now-and-then": lambda count: count > 10 and count % 4 == 0,
}
NEVER = ("none", "always")
NOTHING_ARRIVES = ("half-a-body", "stall", "tls-cut", "redirect-loop", *OVER_TLS)
CASES = [
    *((fault, "always") for fault in NOTHING_ARRIVES),
    *((fault, "now-and-then") for fault in FAULTS if fault not in {"half-a-body", "tls-cut"}),
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to. ``seconds`` are those of its longest request."""

    code: int
    seconds: float
    memory: int
    report: dict[str, Any]
    files: set[str]

    def rules(self, status: str) -> set[str]:
        """Return the rules with this verdict."""
        return {verdict["rule"] for verdict in self.report["verdicts"] if verdict["status"] == status}


MEASURED = """
import pathlib, resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
pathlib.Path(sys.argv[1]).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""
"""Runs a command from a small process: Linux counts the memory of the process that starts it as that of the command."""


def checked(document: Path, url: str, folder: Path, seconds: int) -> Outcome:
    """Run the real command on an API, and measure it."""
    command = [sys.executable, "-m", "apicheck", "check", str(document), "--url", url, "--format", "json"]
    limits = ["--max-time", str(seconds), "--max-requests", "120", "--rate", "1000"]
    memory = folder.parent / f"memory-of-{folder.name}"
    with (folder / "output").open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, str(memory), *command, *limits], cwd=folder, stdout=output, stderr=output, check=False
        )
    assert b"Traceback" not in (folder / "output").read_bytes()
    report = json.loads((folder / "apicheck-report" / "report.json").read_bytes())
    sent = [exchange["elapsed"] for exchange in report["exchanges"]]
    return Outcome(
        done.returncode, max(sent, default=0.0), int(memory.read_text()), report, {entry.name for entry in folder.iterdir()} - GIVEN
    )


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[tuple[str, str], Outcome]]:
    """Run all cases, a few at a time: most of them wait."""

    def run(case: tuple[str, str]) -> Outcome:
        (fault, when), folder = case, tmp_path_factory.mktemp("run")
        tls = _trusted(folder) if fault in OVER_TLS else None
        with between(good.base_url, {"none": none, **FAULTS}[fault], WHEN[when], tls) as url:
            secure = url.replace("http:", "https:") if fault == "tls-cut" else url
            return checked(good.document, secure, folder, 60 if case == NEVER else SECONDS)

    with ExitStack() as stack:
        good = stack.enter_context(running_example())
        pool = stack.enter_context(ThreadPoolExecutor(6))
        cases = [NEVER, *CASES]
        yield dict(zip(cases, pool.map(run, cases), strict=True))


def _trusted(folder: Path) -> ssl.SSLContext:
    """Return the TLS of a server that a run in this folder trusts."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    (folder / "apicheck.toml").write_text('ca = "file:ca.pem"')
    return context


@pytest.fixture
def undisturbed(outcomes: Mapping[tuple[str, str], Outcome]) -> Outcome:
    return outcomes[NEVER]


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_nobody_is_blamed_or_praised_for_what_the_network_did(
    outcomes: Mapping[tuple[str, str], Outcome], undisturbed: Outcome, case: tuple[str, str]
) -> None:
    outcome = outcomes[case]
    assert outcome.code in {3, 4}
    assert outcome.report["conclusion"] == "incomplete"
    assert outcome.rules("fail") == undisturbed.rules("fail") == set()
    assert outcome.rules("pass") <= undisturbed.rules("pass")
    unknown = [evidence for evidence in outcome.report["evidence"] if evidence["outcome"] == "unknown"]
    assert unknown
    assert all(evidence["reason"] and not evidence["crashed"] for evidence in unknown)


@pytest.mark.parametrize("fault", NOTHING_ARRIVES)
def test_where_no_answer_arrives_nothing_rests_on_one(outcomes: Mapping[tuple[str, str], Outcome], fault: str) -> None:
    outcome = outcomes[fault, "always"]
    assert outcome.code == 4
    assert outcome.report["run"]["stopped"]
    assert outcome.report["coverage"]["answered"] == 0
    assert {evidence["outcome"] for evidence in outcome.report["evidence"] if evidence["source"] in {"probe", "fuzz"}} == {
        "unknown"
    }


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_no_request_outlasts_the_run_and_memory_stays_small(
    outcomes: Mapping[tuple[str, str], Outcome], case: tuple[str, str]
) -> None:
    outcome = outcomes[case]
    assert outcome.seconds < PATIENCE
    assert outcome.memory < MOST_MEMORY
    assert outcome.files == {"output", "apicheck-report"}
