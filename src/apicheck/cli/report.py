"""How is a report made into another format later, offline?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apicheck.cli.options import Format, Lang, say_help
from apicheck.cli.output import JOURNAL, deliver, destinations
from apicheck.errors import UnreadableReport
from apicheck.plan import FailOn
from apicheck.report.json_ import FILE, read
from apicheck.run import exit_code

ReportFile = Annotated[Path, typer.Argument(metavar="REPORT", help=say_help("argument-report-or-folder"))]
FailOnRead = Annotated[FailOn | None, typer.Option("--fail-on", help=say_help("option-fail-on-read"))]


def add_to(app: typer.Typer) -> None:
    """Add ``report`` to the command line."""
    app.command("report", help=say_help("report"))(report)


def report(file: ReportFile, format_: Format = None, fail_on: FailOnRead = None, lang: Lang = "nl") -> None:
    """Render a report again from its ``report.json`` alone. Exit code 0, unless ``--fail-on`` asks for that of the run."""
    told = read(_in_folder(file) if file.is_dir() else file)
    deliver(told, destinations(format_), lang)
    if fail_on:
        raise typer.Exit(exit_code(told, fail_on))


def _in_folder(folder: Path) -> Path:
    """Return the report in a folder, which is not that of an earlier run than the one that ended early there."""
    file, journal = folder / FILE, folder / JOURNAL
    if journal.exists() and not (file.exists() and file.stat().st_mtime >= journal.stat().st_mtime):
        raise UnreadableReport("journal-instead", folder=folder)
    return file
