"""How is a running API put to the test?"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from apicheck.catalogue import DEFAULT
from apicheck.cli.card import card
from apicheck.cli.options import (
    Config,
    ConformsTo,
    ConsentFile,
    DryRun,
    FailOnWhat,
    Format,
    Header,
    KnownParameter,
    Lang,
    MaxRequests,
    MaxTime,
    ModeName,
    Origin,
    Out,
    PathPrefix,
    ProfileName,
    Rate,
    Seed,
    StandardName,
    TestDataFile,
    Url,
    origins,
    say_help,
    secrets,
)
from apicheck.cli.output import JOURNAL, command_line, deliver, destinations, progress
from apicheck.courtesy import LONGEST_RUN, MOST_REQUESTS, introduction, pace
from apicheck.errors import WrongUse
from apicheck.model import Language, Mode, Report, Source
from apicheck.plan import Before, FailOn, Plan
from apicheck.report.json_ import content, parse
from apicheck.run import carry_out, exit_code, rehearse
from apicheck.settings import read as read_settings
from apicheck.settings import where
from apicheck.testdata import TestData
from apicheck.testdata import read as read_testdata
from apicheck.words import say

Spec = Annotated[str, typer.Argument(metavar="SPEC", help=say_help("argument-spec"))]
Attestations = Annotated[Path | None, typer.Option("--attest", metavar="FILE", dir_okay=False, help=say_help("option-attest"))]

Exceptions = Annotated[
    Path | None, typer.Option("--exceptions", metavar="FILE", dir_okay=False, help=say_help("option-exceptions"))
]
Decisions = Annotated[Path | None, typer.Option("--decisions", metavar="FILE", dir_okay=False, help=say_help("option-decisions"))]

Again = Annotated[Path | None, typer.Option("--again", metavar="REPORT", dir_okay=False, help=say_help("option-again"))]
Resume = Annotated[Path | None, typer.Option("--resume", metavar="DIR", file_okay=False, help=say_help("option-resume"))]
By = Annotated[str | None, typer.Option("--by", metavar="ORGANISATION", help=say_help("option-by"))]


def add_to(app: typer.Typer) -> None:
    """Add ``check``, ``probe`` and ``fuzz`` to the command line."""
    app.command("check", help=say_help("check"))(_live(tuple(Source)))
    app.command("probe", help=say_help("probe"))(_live((Source.PROBE,)))
    app.command("fuzz", help=say_help("fuzz"))(_live((Source.FUZZ,)))


def _live(sources: tuple[Source, ...]) -> Callable[..., None]:
    """Return the command that puts a running API to the test with these sources of evidence."""

    def command(
        context: typer.Context,
        spec: Spec,
        url: Url,
        standard: StandardName = DEFAULT,
        profile: ProfileName = None,
        out: Out = Path("apicheck-report"),
        format_: Format = None,
        conforms_to: ConformsTo = None,
        prefix: PathPrefix = None,
        attest: Attestations = None,
        exceptions: Exceptions = None,
        decisions: Decisions = None,
        header: Header = None,
        parameter: KnownParameter = None,
        testdata: TestDataFile = None,
        origin: Origin = None,
        mode: ModeName = Mode.READ_ONLY,
        consent: ConsentFile = None,
        config: Config = None,
        dry_run: DryRun = False,  # noqa: FBT002  # a flag
        seed: Seed = 1,
        max_requests: MaxRequests = MOST_REQUESTS,
        max_time: MaxTime = LONGEST_RUN,
        rate: Rate = None,
        again: Again = None,
        resume: Resume = None,
        by: By = None,
        fail_on: FailOnWhat = FailOn.MUST,
        lang: Lang = "nl",
    ) -> None:
        if decisions and not exceptions:
            raise WrongUse("decisions-alone")
        before = _read(again) if again else None
        settings = read_settings(config)
        terms: dict[str, Any] = {
            "standard": standard,
            "profile": profile,
            "seed": seed,
            "max_requests": max_requests,
            "max_time": max_time,
            "rate": rate or pace(url),
        }
        plan = Plan(
            spec=spec,
            base_url=url,
            sources=sources,
            conforms_to=conforms_to,
            prefix=prefix,
            declarations=attest,
            exceptions=exceptions,
            decisions=decisions,
            auth=settings.auth,
            ca=settings.ca,
            headers=secrets("header", header),
            data=(read_testdata(testdata) if testdata else TestData()).known(dict(secrets("parameter", parameter))),
            origins=origins(origin),
            user_agent=introduction(settings.contact),
            mode=mode,
            consent=consent or (where(config) if settings.consent else None),
            command=command_line(),
            by=by,
            again=before,
            **(terms | _as_before(before.report, context) if before else terms),
        )
        if dry_run:
            typer.echo(card(rehearse(plan), plan, lang))
            return
        out = resume if resume and not _given("out", context) else out
        journal = (resume or out) / JOURNAL
        if journal.exists() and not resume:
            sys.stderr.write(say("cli.resume-instead", folder=journal.parent).in_(lang) + "\n")
        wanted = destinations(format_, out, default=("json", "html", "evidence"))
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # who stops a job, lets it clean up as Ctrl-C does
        with progress(lang) as show:
            report = carry_out(replace(plan, journal=journal, resume=resume is not None), show)
        deliver(report, wanted, lang)
        _tidy(journal, lang)
        raise typer.Exit(exit_code(report, fail_on))

    return command


def _tidy(journal: Path, language: Language) -> None:
    """Remove the journal of a run that is over; say of one that is not how to go on."""
    from apicheck.journal import discard  # noqa: PLC0415  # whoever only asks for help does not wait for what the network needs

    discard(journal)
    if journal.exists():
        sys.stderr.write(say("cli.resume-later", folder=journal.parent).in_(language) + "\n")


def _read(file: Path) -> Before:
    """Return the report that is tested again, read once, so that the digest is that of what was read."""
    data = content(file)
    return Before(parse(data, str(file)), sha256(data).hexdigest())


def _as_before(report: Report, context: typer.Context) -> dict[str, Any]:
    """Return the terms under which a report came about, without those that the command line gives."""
    run = report.run
    terms = {"seed": run.seed, "max_requests": run.max_requests, "max_time": run.max_time, "rate": run.rate}
    known = {name: value for name, value in terms.items() if value is not None and not _given(name, context)}
    if _given("standard", context) or _given("profile", context):
        return known
    return known | ({"profile": report.standard.id} if report.standard.parts else {"standard": report.standard.name})


def _given(name: str, context: typer.Context) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"
