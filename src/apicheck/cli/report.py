"""How is a report made into another format later, offline?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apicheck.cli.options import Format, Lang, say_help
from apicheck.cli.output import deliver, destinations
from apicheck.report.json_ import read
from apicheck.run import FailOn, exit_code

ReportFile = Annotated[Path, typer.Argument(metavar="REPORT", dir_okay=False, help=say_help("argument-report"))]
FailOnRead = Annotated[FailOn | None, typer.Option("--fail-on", help=say_help("option-fail-on-read"))]


def add_to(app: typer.Typer) -> None:
    """Add ``report`` to the command line."""
    app.command("report", help=say_help("report"))(report)


def report(file: ReportFile, format_: Format = None, fail_on: FailOnRead = None, lang: Lang = "nl") -> None:
    """Render a report again from its ``report.json`` alone. Exit code 0, unless ``--fail-on`` asks for that of the run."""
    told = read(file)
    deliver(told, destinations(format_), lang)
    if fail_on:
        raise typer.Exit(exit_code(told, fail_on))
