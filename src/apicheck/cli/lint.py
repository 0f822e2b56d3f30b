"""What does a document alone tell?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from apicheck.catalogue import DEFAULT
from apicheck.cli import spectral
from apicheck.cli.documents import expand
from apicheck.cli.options import ConformsTo, FailOnWhat, Format, Lang, PathPrefix, ProfileName, StandardName, say_help
from apicheck.cli.output import command_line, destinations
from apicheck.errors import ApicheckError, WrongUse
from apicheck.model import Source
from apicheck.plan import FailOn, Plan
from apicheck.words import say

Specs = Annotated[list[str], typer.Argument(metavar="SPEC", help=say_help("argument-specs"))]
StandardInputName = Annotated[str | None, typer.Option("--stdin-filename", metavar="FILE", help=say_help("option-stdin-filename"))]
KnownFindings = Annotated[Path | None, typer.Option("--baseline", metavar="FILE", dir_okay=False, help=say_help("option-baseline"))]
Rulesets = Annotated[list[str] | None, typer.Option("--ruleset", metavar="FILE", help=say_help("option-ruleset"))]
Old = Annotated[str | None, typer.Option("--diff", metavar="OLD", help=say_help("option-diff"))]
Editions = Annotated[str | None, typer.Option("--editions", metavar="EDITION,...", help=say_help("option-editions"))]
Watch = Annotated[bool, typer.Option("--watch", help=say_help("option-watch"))]


def add_to(app: typer.Typer) -> None:
    """Add ``lint`` and ``baseline`` to the command line."""
    app.command("lint", help=say_help("lint"))(lint)
    app.command("baseline", help=say_help("baseline"))(baseline)


def lint(
    specs: Specs,
    standard: StandardName = DEFAULT,
    profile: ProfileName = None,
    format_: Format = None,
    conforms_to: ConformsTo = None,
    prefix: PathPrefix = None,
    fail_on: FailOnWhat = FailOn.MUST,
    ruleset: Rulesets = None,
    baseline: KnownFindings = None,
    stdin_filename: StandardInputName = None,
    diff: Old = None,
    editions: Editions = None,
    watch: Watch = False,  # noqa: FBT002  # a flag
    lang: Lang = "nl",
) -> None:
    """Check documents alone. Exit code 1 when a MUST rule fails or what ``--fail-on`` adds, 4 when a check could not be done."""
    if (diff or editions) and (bool(diff) == bool(editions) or len(specs) > 1 or "-" in specs or format_ or watch):
        raise WrongUse("comparison-alone")
    wanted = destinations(format_)
    if [destination.format for destination in wanted] == [spectral.FORMAT] and not watch:
        raise typer.Exit(spectral.stand_in(expand(specs), ruleset or (), stdin_filename, wanted[0], lang))
    from apicheck.cli import linting  # noqa: PLC0415  # who stands in for Spectral does not wait for what judges

    plan = Plan(
        spec="",
        stdin_name=stdin_filename,
        conforms_to=conforms_to,
        prefix=prefix,
        baseline=baseline,
        rulesets=tuple(ruleset or ()),
        standard=standard,
        profile=profile,
        sources=(Source.LINT,),
        command=command_line(),
    )
    if diff:
        raise typer.Exit(linting.difference(plan, diff, specs[0], lang))
    if editions:
        raise typer.Exit(linting.side_by_side(plan, editions, specs[0], lang))
    work = linting.Work(plan, wanted, fail_on, lang)
    if not watch:
        raise typer.Exit(work.on(expand(specs)))
    from apicheck.cli.watch import changes  # noqa: PLC0415  # only who watches loads what watches

    for _ in changes(specs):
        try:
            work.on(expand(specs))
        except ApicheckError as error:  # what is being written may be unreadable for a while
            typer.echo(f"apicheck: {error.explain().in_(lang)}", err=True)
        typer.echo(say("cli.watching").in_(lang), err=True)


def baseline(
    spec: Annotated[str, typer.Argument(metavar="SPEC", help=say_help("argument-spec"))],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=say_help("option-reason"))],
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help=say_help("option-until"))],
    standard: StandardName = DEFAULT,
    lang: Lang = "nl",
) -> None:
    """Write a baseline of what is found in a document, on standard output."""
    from apicheck import tolerance  # noqa: PLC0415  # help does not wait for what judges
    from apicheck.run import carry_out  # noqa: PLC0415  # nor for the checks

    report = carry_out(Plan(spec=spec, standard=standard, sources=(Source.LINT,), command=command_line()))
    typer.echo("\n".join(tolerance.draft(report, reason, until.date())))
