"""What does a document alone tell?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from apicheck import tolerance
from apicheck.catalogue import DEFAULT
from apicheck.cli import spectral
from apicheck.cli.documents import each, expand, slug
from apicheck.cli.options import ConformsTo, FailOnWhat, Format, Lang, PathPrefix, ProfileName, StandardName, say_help
from apicheck.cli.output import ON_SCREEN, Destination, command_line, deliver, destinations, rendered, write
from apicheck.errors import ApicheckError, UnreadableDocument, WrongUse
from apicheck.model import Language, Report, Source
from apicheck.openapi.collection import collection_paused
from apicheck.plan import FailOn, Plan
from apicheck.run import carry_out, exit_code
from apicheck.words import say

Specs = Annotated[list[str], typer.Argument(metavar="SPEC...", help=say_help("argument-specs"))]
StandardInputName = Annotated[str | None, typer.Option("--stdin-filename", metavar="FILE", help=say_help("option-stdin-filename"))]
KnownFindings = Annotated[Path | None, typer.Option("--baseline", metavar="FILE", dir_okay=False, help=say_help("option-baseline"))]
Rulesets = Annotated[list[str] | None, typer.Option("--ruleset", metavar="FILE", help=say_help("option-ruleset"))]
Old = Annotated[str | None, typer.Option("--diff", metavar="OLD", help=say_help("option-diff"))]
Editions = Annotated[str | None, typer.Option("--editions", metavar="EDITION,...", help=say_help("option-editions"))]
Watch = Annotated[bool, typer.Option("--watch", help=say_help("option-watch"))]

_NAME = "{name}"
"""Stands in the path of a format for the name of the document."""


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
    if diff or editions:
        if bool(diff) == bool(editions) or len(specs) > 1 or "-" in specs or format_ or watch:
            raise WrongUse("comparison-alone")
        raise typer.Exit(_difference(plan, diff, specs[0], lang) if diff else _editions(plan, editions or "", specs[0], lang))
    wanted = destinations(format_)
    if [destination.format for destination in wanted] == [spectral.FORMAT] and not watch:
        raise typer.Exit(spectral.stand_in(expand(specs), plan.rulesets, stdin_filename, wanted[0], lang))
    work = _Work(plan, wanted, fail_on, lang)
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
    report = carry_out(Plan(spec=spec, standard=standard, sources=(Source.LINT,), command=command_line()))
    typer.echo("\n".join(tolerance.draft(report, reason, until.date())))


def _difference(plan: Plan, old: str, new: str, language: Language) -> int:
    """Show what is found in one of two documents only. Exit code 1 when a MUST rule has something new."""
    from apicheck.cli.beside import show_difference  # noqa: PLC0415  # nothing else lays two reports side by side

    before, now = (carry_out(replace(plan, spec=spec)) for spec in (old, new))
    return 4 if 4 in {exit_code(before), exit_code(now)} else int(show_difference(before, now, language))


def _editions(plan: Plan, editions: str, spec: str, language: Language) -> int:
    """Show the verdicts of several editions on one document. Exit code that of the strictest."""
    from apicheck.cli.beside import show_editions  # noqa: PLC0415  # nothing else lays two reports side by side

    standard, _, _ = plan.standard.partition("@")
    reports = [carry_out(replace(plan, spec=spec, standard=f"{standard}@{edition.strip()}")) for edition in editions.split(",")]
    show_editions(reports, language)
    return max(map(exit_code, reports))


@dataclass(frozen=True, slots=True)
class _Done:
    """What one of many documents came to: exit code, what goes to standard output, and what is said on standard error."""

    code: int
    output: bytes = b""
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done with each document."""

    plan: Plan
    wanted: tuple[Destination, ...]
    fail_on: FailOn
    language: Language

    def on(self, specs: Sequence[str]) -> int:
        """Do it and return the exit code of the whole.

        Raises:
            ApicheckError: the only document cannot be read, or many documents would be written over each other.
        """
        if len(specs) == 1:
            with collection_paused():
                report = self._report(specs[0])
                deliver(report, self.wanted, self.language)
                return exit_code(report, self.fail_on)
        self._keep_apart(specs)
        code = 0
        for done in each(specs, self.on_one_of_many):
            sys.stdout.buffer.write(done.output)
            sys.stderr.write(done.said)
            code = max(code, done.code)
        sys.stdout.buffer.flush()
        return code

    @collection_paused()
    def on_one_of_many(self, spec: str) -> _Done:
        """Do it for one document, in whichever process."""
        try:
            report = self._report(spec)
        except UnreadableDocument as error:  # the other documents are still worth reading
            return _Done(error.exit_code, said=f"apicheck: {error.explain().in_(self.language)}\n")
        output = b""
        for destination in self.wanted:
            content = rendered(report, destination.format, self.language)
            if destination.file is None:
                output = content
            else:
                write(Path(str(destination.file).replace(_NAME, slug(spec))), content)
        return _Done(exit_code(report, self.fail_on), output)

    def _report(self, spec: str) -> Report:
        return carry_out(replace(self.plan, spec=spec))

    def _keep_apart(self, specs: Sequence[str]) -> None:
        if any(destination != Destination(ON_SCREEN, None) and _NAME not in str(destination.file) for destination in self.wanted):
            raise WrongUse("several-documents", name=_NAME)
        if any(destination.file for destination in self.wanted) and len(set(map(slug, specs))) < len(specs):
            raise WrongUse("documents-with-one-name")
