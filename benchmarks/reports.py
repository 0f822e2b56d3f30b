"""Prints how long a report with very many findings takes: to write in each form, and to open and filter in a browser.

Half of the findings were seen live, each in an exchange of its own. Seconds of the processor for what apicheck does, by the clock
for what the browser does. Without playwright and a Chromium the browser is left out, and that is said.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from apicheck import __version__
from apicheck.model import Evidence, Finding, Outcome, RecordedExchange, Report, Source, Text
from apicheck.report import FORMATS, har
from tests.report import sample

COUNT = 5_000
"""Findings of the report."""
ROUNDS = 5
AIMS = {"json": 1.0, "html": None, "pdf": 10.0}
"""Seconds that it may take to write a form; None where there is no aim of its own."""
FILTER = """() => {
    const text = document.querySelector("[type=search]"), started = performance.now();
    text.value = "/p7/";
    text.dispatchEvent(new Event("input", { bubbles: true }));
    document.body.getBoundingClientRect();
    return (performance.now() - started) / 1000;
}"""


def large(count: int) -> Report:
    """Return a report in which every check that found something found very much, each finding with words of its own."""
    report = sample.failing()
    violated = [one for one in report.evidence if one.outcome is Outcome.VIOLATED]
    share = -(-count // len(violated))
    evidence = {one.check: one.model_copy(update={"findings": tuple(_findings(one, share))}) for one in violated}
    exchanges = tuple(
        _exchange(report.exchanges[0], str(finding.exchange))
        for one in evidence.values()
        for finding in one.findings
        if finding.exchange
    )
    told = tuple(evidence.get(one.check, one) for one in report.evidence)
    return report.model_copy(update={"evidence": told, "exchanges": exchanges})


def _findings(evidence: Evidence, count: int) -> Iterator[Finding]:
    first = evidence.findings[0]
    for number in range(count):
        message = Text(nl=f"{first.message.nl} /p{number}/", en=f"{first.message.en} /p{number}/")
        exchange = f"{evidence.check}-{number}" if evidence.source is Source.PROBE else None
        yield first.model_copy(update={"id": f"{evidence.check}-{number}", "message": message, "exchange": exchange})


def _exchange(like: RecordedExchange, id_: str) -> RecordedExchange:
    return like.model_copy(update={"id": id_, "url": f"{like.url}?{id_}"})


def main() -> None:
    """Time everything and print the table as Markdown."""
    report = large(COUNT)
    found = sum(len(one.findings) for one in report.evidence)
    print(f"apicheck {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; ", end="")
    print(f"{found:,} findings and {len(report.exchanges):,} exchanges; median of {ROUNDS}.\n")
    print("| what | seconds | aim | MB |\n| --- | ---: | ---: | ---: |")
    for name, aim in AIMS.items():
        seconds, content = _timed(partial(FORMATS[name].render, report, "nl"))
        _row(name, seconds, aim, len(content) / 1e6)
    seconds, files = _timed(partial(har.evidence, report))
    _row(f"evidence, {len(files):,} files", seconds, None, sum(map(len, files.values())) / 1e6)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_text(str(FORMATS["html"].render(report, "nl")), "utf-8")
        for what, seconds in _in_browser(page):
            _row(what, seconds, 1.0, None)


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    """Return the median seconds of the processor, and what came out."""
    took = []
    for _ in range(ROUNDS):
        started = time.process_time()
        came_out = do()
        took.append(time.process_time() - started)
    return median(took), came_out


def _in_browser(page: Path) -> Iterator[tuple[str, float]]:
    """Yield what a browser does with the page, and the seconds by the clock."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  # who has none still gets the rest of the table
    except ImportError:
        executable = None
    if executable is None:
        print("SKIPPED: there is no playwright, or no Chromium, so no browser opened the page", file=sys.stderr)
        return
    opened, filtered = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(ROUNDS):
            tab = browser.new_page()
            started = time.perf_counter()
            tab.goto(page.as_uri())
            opened.append(time.perf_counter() - started)
            filtered.append(tab.evaluate(FILTER))
            tab.close()
        browser.close()
    yield "open in a browser", median(opened)
    yield "filter in a browser", median(filtered)


def _row(what: str, seconds: float, aim: float | None, megabytes: float | None) -> None:
    size = "" if megabytes is None else f"{megabytes:.1f}"
    print(f"| {what} | {seconds:.2f} | {'' if aim is None else f'{aim:.0f}'} | {size} |")


if __name__ == "__main__":
    main()
