"""How does a vendor answer the questions that no check can settle?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from apicheck import attest, catalogue, openapi
from apicheck.catalogue import DEFAULT
from apicheck.cli.check import Spec
from apicheck.cli.options import Lang, Language, StandardName, say_help
from apicheck.model import Outcome
from apicheck.words import say

Form = Annotated[Path, typer.Argument(metavar="FORM", dir_okay=False, help=say_help("argument-form"))]


def add_to(app: typer.Typer) -> None:
    """Add ``attest new|check`` to the command line."""
    commands = typer.Typer(help=say_help("attest"), no_args_is_help=True, rich_markup_mode=None)
    for command in (new, check):
        commands.command(command.__name__, help=say_help(f"attest-{command.__name__}"))(command)
    app.add_typer(commands, name="attest")


def new(spec: Spec, standard: StandardName = DEFAULT, lang: Lang = Language.NL) -> None:
    """Write an empty form for a document to standard output: every question of the edition."""
    loaded = catalogue.load(standard)
    sys.stdout.write(attest.form(loaded, openapi.load(spec).digest, lang.value))


def check(form: Form, spec: Spec, standard: StandardName = DEFAULT, lang: Lang = Language.NL) -> None:
    """Say of every declaration whether it counts. Exit code 3 when one does not."""
    evidence = attest.weigh(attest.read(form), catalogue.load(standard), openapi.load(spec).digest)
    for item in evidence:
        said = item.reason or item.findings[0].message
        typer.echo(f"{item.check}: {said.in_(lang.value)}")
    doubtful = sum(item.outcome is Outcome.UNKNOWN for item in evidence)
    typer.echo(say("cli.declarations-weighed", total=len(evidence), doubtful=doubtful).in_(lang.value))
    raise typer.Exit(3 if doubtful or not evidence else 0)
