"""Which documents of standards does the user have, and how do they come here?"""

from __future__ import annotations

from typing import Annotated

import typer

from apicheck.cli.options import Lang, say_help
from apicheck.conform import standards
from apicheck.model import Language
from apicheck.words import say, visible

StandardId = Annotated[str, typer.Argument(metavar="ID", help=say_help("argument-standard-id"))]
Where = Annotated[str | None, typer.Argument(metavar="[FILE|URL]", help=say_help("argument-standard-source"))]
Expect = Annotated[str | None, typer.Option("--expect", metavar="SHA256", help=say_help("option-expect"))]


def add_to(app: typer.Typer) -> None:
    """Add ``standards add|list`` to the command line."""
    commands = typer.Typer(help=say_help("standards"), no_args_is_help=True, rich_markup_mode=None)
    commands.command("add", help=say_help("standards-add"))(add)
    commands.command("list", help=say_help("standards-list"))(list_)
    app.add_typer(commands, name="standards")


def add(identifier: StandardId, source: Where = None, expect: Expect = None, lang: Lang = "nl") -> None:
    """Fetch the document of a standard once and keep it by its digest. The only command that reads a standard from the network."""
    record = standards.add(identifier, source, expect)
    typer.echo(say("conform.standard-added", id=record.id, digest=record.digest).in_(lang))


def list_(lang: Lang = "nl") -> None:
    """List the standards that are known, and what the user has of them."""
    kept = {record.id: record for record in standards.kept()}
    for name, standard in standards.known().items():
        typer.echo(f"{name}: {standard.title} ({standard.publisher})\n  {standard.source}")
        for edition, published in standard.editions.items():
            record = kept.pop(f"{name}@{edition}", None)
            state = _kept(record, lang) if record else say("conform.standard-absent").in_(lang)
            typer.echo(f"  {name}@{edition}  {state}\n    {published.document}")
    if kept:
        typer.echo(say("conform.standards-own").in_(lang))
    for record in kept.values():
        typer.echo(f"  {record.id}  {_kept(record, lang)}\n    {visible(record.source)}")


def _kept(record: standards.Kept, lang: Language) -> str:
    return say("conform.standard-kept", digest=record.digest[:16], added=record.added).in_(lang)
