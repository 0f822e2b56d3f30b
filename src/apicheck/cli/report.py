"""How is a report made into another format later, offline?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apicheck.cli.options import Format, Lang, Language, say_help
from apicheck.cli.output import deliver, destinations
from apicheck.report.json_ import read

ReportFile = Annotated[Path, typer.Argument(metavar="REPORT", dir_okay=False, help=say_help("argument-report"))]


def add_to(app: typer.Typer) -> None:
    """Add ``report`` to the command line."""
    app.command("report", help=say_help("report"))(report)


def report(file: ReportFile, format_: Format = None, lang: Lang = Language.NL) -> None:
    """Render a report again from its ``report.json`` alone."""
    deliver(read(file), destinations(format_), lang)
