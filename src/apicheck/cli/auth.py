"""How does a person find out whether credentials work, before the long run?"""

from __future__ import annotations

import typer

from apicheck.cli.check import Spec
from apicheck.cli.options import Config, Lang, Rate, Url, say_help
from apicheck.cli.output import command_line
from apicheck.courtesy import introduction, pace
from apicheck.model import Source
from apicheck.plan import Plan
from apicheck.settings import read

auth = typer.Typer(help=say_help("auth"), no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add ``auth`` to the command line."""
    app.add_typer(auth, name="auth")


@auth.command("test", help=say_help("auth-test"))
def try_out(spec: Spec, url: Url, config: Config = None, rate: Rate = None, lang: Lang = "nl") -> None:
    """Make one call for each scheme. Exit code 1 when the API refuses one, 4 when it could not be told of one."""
    from apicheck.access import receptions  # noqa: PLC0415  # only this needs the network

    settings = read(config)
    plan = Plan(
        spec=spec,
        base_url=url,
        sources=(Source.PROBE,),
        auth=settings.auth,
        ca=settings.ca,
        user_agent=introduction(settings.contact),
        rate=rate or pace(url),
        command=command_line(),
    )
    let_in = []
    for reception in receptions(plan):
        typer.echo(reception.told.in_(lang))
        if reception.scheme in settings.auth:
            let_in.append(reception.let_in)
    raise typer.Exit(1 if False in let_in else 4 if None in let_in else 0)
