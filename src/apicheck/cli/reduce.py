"""What is the smallest document that still shows a finding?"""

from __future__ import annotations

from typing import Annotated

import typer

from apicheck.catalogue import DEFAULT
from apicheck.cli.options import Lang, StandardName, say_help

Spec = Annotated[str, typer.Argument(metavar="SPEC", help=say_help("argument-spec"))]
What = Annotated[str, typer.Argument(metavar="FINDING", help=say_help("argument-finding-shown"))]


def add_to(app: typer.Typer) -> None:
    """Add ``reduce`` to the command line."""
    app.command("reduce", help=say_help("reduce"))(reduce)


def reduce(spec: Spec, finding: What, standard: StandardName = DEFAULT, lang: Lang = "nl") -> None:  # errors are said in it
    """Write the smallest document that still shows a finding, on standard output, as JSON."""
    import orjson  # noqa: PLC0415

    from apicheck import catalogue, openapi, reduction  # noqa: PLC0415  # no other command loads them

    smallest = reduction.reduce(openapi.load(spec), catalogue.load(standard), finding)
    typer.echo(orjson.dumps(smallest, option=orjson.OPT_INDENT_2).decode())
