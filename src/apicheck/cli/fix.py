"""Which change of the document alone would mend what is found in it?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apicheck import catalogue, mending, openapi
from apicheck.catalogue import DEFAULT
from apicheck.cli.options import Lang, StandardName, say_help
from apicheck.cli.output import write
from apicheck.errors import WrongUse
from apicheck.words import say

Spec = Annotated[str, typer.Argument(metavar="SPEC", help=say_help("argument-document-file"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say_help("option-fix-dry-run"))]


def add_to(app: typer.Typer) -> None:
    """Add ``fix`` to the command line."""
    app.command("fix", help=say_help("fix"))(fix)


def fix(
    spec: Spec,
    dry_run: DryRun = False,  # noqa: FBT002  # a flag
    standard: StandardName = DEFAULT,
    lang: Lang = "nl",
) -> None:
    """Mend a document, or print the mends as a patch. Comments and order stay as they are."""
    if not Path(spec).is_file():
        raise WrongUse("fix-needs-a-file", name=spec)
    document = openapi.load(spec)
    mended = mending.mend(document, catalogue.load(standard))
    if dry_run:
        typer.echo(mending.patch(document, mended), nl=False)
    elif mended.findings:
        write(Path(spec), mended.text.encode())
    typer.echo(say("cli.fixed", mended=mended.findings, left=mended.left).in_(lang), err=True)
