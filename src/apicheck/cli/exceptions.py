"""How do a vendor and a buyer explain and decide on what is not met?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from apicheck import exceptions
from apicheck.cli.options import Lang, say_help
from apicheck.cli.report import ReportFile
from apicheck.report.json_ import read

Proposals = Annotated[Path, typer.Argument(metavar="FORM", dir_okay=False, help=say_help("argument-proposals"))]


def add_to(app: typer.Typer) -> None:
    """Add ``exceptions new|decide`` to the command line."""
    commands = typer.Typer(help=say_help("exceptions"), no_args_is_help=True, rich_markup_mode=None)
    for command in (new, decide):
        commands.command(command.__name__, help=say_help(f"exceptions-{command.__name__}"))(command)
    app.add_typer(commands, name="exceptions")


def new(report: ReportFile, lang: Lang = "nl") -> None:
    """Write the vendor's form for the rules that fail in a report to standard output."""
    sys.stdout.write(exceptions.proposals_form(read(report), lang))


def decide(form: Proposals, lang: Lang = "nl") -> None:
    """Write the buyer's form about a form of the vendor to standard output."""
    sys.stdout.write(exceptions.decisions_form(exceptions.read(form), lang))
