"""How does a buyer get the text with which a tender asks for a report?"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from apicheck import profile, tender
from apicheck.catalogue import DEFAULT
from apicheck.cli.options import Lang, ProfileName, StandardName, say_help
from apicheck.cli.output import write
from apicheck.errors import WrongUse
from apicheck.words import say


class Paper(StrEnum):
    """The forms of the text."""

    MARKDOWN = "markdown"
    DOCX = "docx"


Explainable = Annotated[
    list[str] | None, typer.Option("--exceptions", metavar="RULE[,RULE...]", help=say_help("option-explainable"))
]
PaperName = Annotated[Paper, typer.Option("--format", help=say_help("option-paper"))]
File = Annotated[Path | None, typer.Option("--out", metavar="FILE", dir_okay=False, help=say_help("option-tender-out"))]


def add_to(app: typer.Typer) -> None:
    """Add ``requirement`` to the command line."""
    app.command("requirement", help=say_help("requirement"))(requirement)


def requirement(
    standard: StandardName = DEFAULT,
    profile_: ProfileName = None,
    exceptions: Explainable = None,
    format_: PaperName = Paper.MARKDOWN,
    out: File = None,
    lang: Lang = "nl",
) -> None:
    """Write the text of a tender: to standard output as Markdown, or to a file."""
    if format_ is Paper.DOCX and out is None:
        raise WrongUse("docx-to-file")
    rules = [rule.strip() for given in exceptions or () for rule in given.split(",") if rule.strip()]
    content = tender.FORMATS[format_](tender.draft(profile.asked(standard, profile_), rules, lang, profile_))
    if out is None:
        sys.stdout.buffer.write(content)
        return
    write(out, content)
    sys.stderr.write(say("cli.written", format=format_, file=out).in_(lang) + "\n")
