"""How does one see apicheck at work without an API of one's own, and see that it finds what is wrong?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apicheck.cli.options import Lang, Out, Seed, say_help
from apicheck.cli.output import deliver, destinations, progress
from apicheck.model import Language, Source, Status
from apicheck.plan import Plan
from apicheck.words import say

Seconds = Annotated[float, typer.Option("--max-time", min=1, metavar="SECONDS", help=say_help("option-max-time"))]


def add_to(app: typer.Typer) -> None:
    """Add ``demo`` and ``selftest`` to the command line."""
    app.command("demo", help=say_help("demo"))(demo)
    app.command("selftest", help=say_help("selftest"))(selftest)


def demo(out: Out = Path("apicheck-demo"), max_time: Seconds = 30, lang: Lang = "nl") -> None:
    """Check the good and the broken example. Exit code 1 when other rules fail than those with a planted fault."""
    from apicheck.demo import running_example, twin  # noqa: PLC0415  # no other command needs the examples
    from apicheck.run import carry_out  # noqa: PLC0415  # nor does help need the checks

    as_planted = True
    for name, faults in (("good", ()), ("broken", twin())):
        _say(f"demo-{name}", lang)
        with running_example(faults) as example, progress(lang) as show:
            plan = Plan(
                spec=str(example.document),
                sources=tuple(Source),
                command=f"apicheck demo --max-time {max_time:g}",
                base_url=example.base_url,
                max_time=max_time,
                rate=1000,
            )
            report = carry_out(plan, show)
        deliver(report, destinations(None, out / name, default=("json", "html", "evidence")), lang)
        failed = {verdict.rule for verdict in report.verdicts if verdict.status is Status.FAIL}
        as_planted &= failed == {fault.rule for fault in faults}
    _say("demo-as-planted" if as_planted else "demo-not-as-planted", lang)
    raise typer.Exit(0 if as_planted else 1)


def selftest(seed: Seed = 1, lang: Lang = "nl") -> None:
    """Look for every planted fault. Exit code 1 when one is missed, or something is found that was not planted."""
    from apicheck.demo.selftest import selftest as rows  # noqa: PLC0415  # no other command needs the examples

    tried = wrong = 0
    for row in rows(seed):
        tried, wrong = tried + 1, wrong + (not row.passed)
        result = "selftest-passed" if row.passed else "selftest-extra" if row.found else "selftest-missed"
        fault = row.fault
        about = f"{fault.rule or '-'}  {fault.found_by}  {fault.title.in_(lang)}" if fault else row.standard
        typer.echo("  ".join((say(f"cli.{result}").in_(lang), about, *row.extra)))
    _say("selftest-tried", lang, tried=tried, wrong=wrong)
    raise typer.Exit(1 if wrong else 0)


def _say(name: str, language: Language, **values: object) -> None:
    typer.echo(say(f"cli.{name}", **values).in_(language))
