"""How is an API put to the test: by its document, live, or both?"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from apicheck.catalogue import DEFAULT
from apicheck.cli.options import (
    ConsentFile,
    FailOnWhat,
    Format,
    Header,
    KnownParameter,
    Lang,
    Language,
    MaxRequests,
    MaxTime,
    ModeName,
    Out,
    Rate,
    Seed,
    StandardName,
    Url,
    say_help,
    secrets,
)
from apicheck.cli.output import ON_SCREEN, deliver, destinations, progress
from apicheck.errors import UnreadableDocument, WrongUse
from apicheck.model import Mode, Source
from apicheck.plan import Plan
from apicheck.run import FailOn, carry_out, exit_code

Spec = Annotated[str, typer.Argument(metavar="SPEC", help=say_help("argument-spec"))]
Specs = Annotated[list[str], typer.Argument(metavar="SPEC...", help=say_help("argument-specs"))]
Attestations = Annotated[Path | None, typer.Option("--attest", metavar="FILE", dir_okay=False, help=say_help("option-attest"))]

Exceptions = Annotated[
    Path | None, typer.Option("--exceptions", metavar="FILE", dir_okay=False, help=say_help("option-exceptions"))
]
Decisions = Annotated[Path | None, typer.Option("--decisions", metavar="FILE", dir_okay=False, help=say_help("option-decisions"))]

_FOLDERS = re.compile(r"(?:^|(?<=[=:]))/(?:.*/)?")
"""The folders of an absolute path, alone or behind ``NAME=`` or ``file:``."""


def add_to(app: typer.Typer) -> None:
    """Add ``check``, ``lint``, ``probe`` and ``fuzz`` to the command line."""
    app.command("check", help=say_help("check"))(_live(tuple(Source)))
    app.command("lint", help=say_help("lint"))(lint)
    app.command("probe", help=say_help("probe"))(_live((Source.PROBE,)))
    app.command("fuzz", help=say_help("fuzz"))(_live((Source.FUZZ,)))


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
            report = carry_out(Plan(spec=spec, standard=standard, sources=(Source.LINT,), command=_command()))
        except UnreadableDocument as error:  # the other documents are still worth reading
            typer.echo(f"apicheck: {error.explain().in_(lang.value)}", err=True)
            codes.append(error.exit_code)
        else:
            deliver(report, wanted, lang)
            codes.append(exit_code(report, fail_on))
    raise typer.Exit(max(codes))


def _live(sources: tuple[Source, ...]) -> Callable[..., None]:
    """Return the command that puts a running API to the test with these sources of evidence."""

    def command(
        spec: Spec,
        url: Url,
        standard: StandardName = DEFAULT,
        out: Out = Path("apicheck-report"),
        format_: Format = None,
        attest: Attestations = None,
        exceptions: Exceptions = None,
        decisions: Decisions = None,
        header: Header = None,
        parameter: KnownParameter = None,
        mode: ModeName = Mode.READ_ONLY,
        consent: ConsentFile = None,
        seed: Seed = 1,
        max_requests: MaxRequests = 5000,
        max_time: MaxTime = 300,
        rate: Rate = 20,
        fail_on: FailOnWhat = FailOn.MUST,
        lang: Lang = Language.NL,
    ) -> None:
        if decisions and not exceptions:
            raise WrongUse("decisions-alone")
        plan = Plan(
            spec=spec,
            base_url=url,
            standard=standard,
            sources=sources,
            declarations=attest,
            exceptions=exceptions,
            decisions=decisions,
            headers=secrets("header", header),
            parameters=secrets("parameter", parameter),
            mode=mode,
            consent=consent,
            seed=seed,
            max_requests=max_requests,
            max_time=max_time,
            rate=rate,
            command=_command(),
        )
        wanted = destinations(format_, out, default=("json", "html"))
        with progress(lang) as show:
            report = carry_out(plan, show)
        deliver(report, wanted, lang)
        raise typer.Exit(exit_code(report, fail_on))

    return command


def _command() -> str:
    """Return the command line that repeats this run; values of credentials never stand on it, nor the folders of this machine."""
    return shlex.join(["apicheck", *(argument if "://" in argument else _FOLDERS.sub("", argument) for argument in sys.argv[1:])])
