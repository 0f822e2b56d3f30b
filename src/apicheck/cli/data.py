"""How does a person find values that an API answers to?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apicheck import openapi
from apicheck.cli.check import Spec
from apicheck.cli.options import Config, Lang, Rate, say_help
from apicheck.cli.output import command_line, write
from apicheck.courtesy import introduction, pace
from apicheck.model import Source
from apicheck.plan import Plan
from apicheck.settings import read

data = typer.Typer(help=say_help("data"), no_args_is_help=True)

MaybeUrl = Annotated[str | None, typer.Option("--url", metavar="BASE", help=say_help("option-data-url"))]
DataOut = Annotated[Path | None, typer.Option("--out", metavar="FILE", dir_okay=False, help=say_help("option-data-out"))]


def add_to(app: typer.Typer) -> None:
    """Add ``data`` to the command line."""
    app.add_typer(data, name="data")


@data.command("suggest", help=say_help("data-suggest"))
def suggest(
    spec: Spec, url: MaybeUrl = None, out: DataOut = None, config: Config = None, rate: Rate = None, lang: Lang = "nl"
) -> None:
    """Draft a file of test data."""
    from apicheck.scope import agree  # noqa: PLC0415  # only this needs the network
    from apicheck.suggestion import draft, look  # noqa: PLC0415

    settings = read(config)
    document = openapi.load(spec)
    plan = Plan(
        spec=spec,
        base_url=url,
        sources=(Source.PROBE,),
        auth=settings.auth,
        ca=settings.ca,
        user_agent=introduction(settings.contact),
        rate=rate or pace(url or ""),
        command=command_line(),
    )
    agreed = agree(plan, openapi.View(document))
    text = draft(document, lang, look(plan, document, agreed) if agreed else None)
    if out:
        write(out, text.encode())
    else:
        typer.echo(text, nl=False)
