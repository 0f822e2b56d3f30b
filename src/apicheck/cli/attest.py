"""How does a vendor answer the questions that no check can settle?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from apicheck import attest, openapi, profile
from apicheck.catalogue import DEFAULT
from apicheck.cli.check import Spec
from apicheck.cli.options import Lang, ProfileName, StandardName, say_help
from apicheck.errors import WrongUse
from apicheck.model import Outcome, Status
from apicheck.report.json_ import read
from apicheck.words import say

Asked = Annotated[str | None, typer.Argument(metavar="SPEC", help=say_help("argument-spec"))]
OpenOf = Annotated[Path | None, typer.Option("--report", metavar="FILE", dir_okay=False, help=say_help("option-open-of"))]
Form = Annotated[Path, typer.Argument(metavar="FORM", dir_okay=False, help=say_help("argument-form"))]


def add_to(app: typer.Typer) -> None:
    """Add ``attest new|check`` to the command line."""
    commands = typer.Typer(help=say_help("attest"), no_args_is_help=True, rich_markup_mode=None)
    for command in (new, check):
        commands.command(command.__name__, help=say_help(f"attest-{command.__name__}"))(command)
    app.add_typer(commands, name="attest")


def new(
    spec: Asked = None,
    report: OpenOf = None,
    standard: StandardName = DEFAULT,
    profile_: ProfileName = None,
    lang: Lang = "nl",
) -> None:
    """Write an empty form to standard output: every question of the edition for a document, or the open ones of a report."""
    if (spec is None) == (report is None):
        raise WrongUse("spec-or-report")
    if report:
        told = read(report)
        unsettled = {verdict.rule for verdict in told.verdicts if verdict.status is Status.OPEN}
        rules = [rule for rule in told.standard.rules if rule.id in unsettled]
        sys.stdout.write(attest.form(told.standard.name, told.subject.digest, rules, lang))
    elif spec:
        loaded = profile.asked(standard, profile_)
        sys.stdout.write(attest.form(loaded.name, openapi.load(spec).digest, loaded.rules, lang))


def check(form: Form, spec: Spec, standard: StandardName = DEFAULT, profile_: ProfileName = None, lang: Lang = "nl") -> None:
    """Say of every declaration whether it counts. Exit code 3 when one does not."""
    loaded = profile.asked(standard, profile_)
    evidence = attest.weigh(attest.read(form), loaded, openapi.load(spec).digest)
    asked = {rule.declaration.check: rule.id for rule in loaded.rules if rule.declaration}
    for item in evidence:
        said = item.reason or item.findings[0].message
        typer.echo(f"{asked[item.check]}: {said.in_(lang)}")
    doubtful = sum(item.outcome is Outcome.UNKNOWN for item in evidence)
    typer.echo(say("cli.declarations-weighed", total=len(evidence), doubtful=doubtful).in_(lang))
    raise typer.Exit(3 if doubtful or not evidence else 0)
