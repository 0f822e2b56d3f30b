"""What does a document alone tell?"""

from __future__ import annotations

from typing import Annotated

import typer

from apicheck.catalogue import DEFAULT
from apicheck.cli.options import FailOnWhat, Format, Lang, Language, StandardName, say_help
from apicheck.cli.output import ON_SCREEN, command_line, deliver, destinations
from apicheck.errors import UnreadableDocument, WrongUse
from apicheck.model import Source
from apicheck.plan import Plan
from apicheck.run import FailOn, carry_out, exit_code

Specs = Annotated[list[str], typer.Argument(metavar="SPEC...", help=say_help("argument-specs"))]


def add_to(app: typer.Typer) -> None:
    """Add ``lint`` to the command line."""
    app.command("lint", help=say_help("lint"))(lint)


def lint(
    specs: Specs,
    standard: StandardName = DEFAULT,
    format_: Format = None,
    fail_on: FailOnWhat = FailOn.MUST,
    lang: Lang = Language.NL,
) -> None:
    """Check documents alone. Exit code 1 when a MUST rule fails or what ``--fail-on`` adds, 4 when a check could not be done."""
    wanted = destinations(format_)
    if len(specs) > 1 and [destination.format for destination in wanted] != [ON_SCREEN]:
        raise WrongUse("several-documents")
    codes = []
    for spec in specs:
        try:
            report = carry_out(Plan(spec=spec, standard=standard, sources=(Source.LINT,), command=command_line()))
        except UnreadableDocument as error:  # the other documents are still worth reading
            typer.echo(f"apicheck: {error.explain().in_(lang.value)}", err=True)
            codes.append(error.exit_code)
        else:
            deliver(report, wanted, lang)
            codes.append(exit_code(report, fail_on))
    raise typer.Exit(max(codes))
