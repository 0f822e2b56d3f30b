"""Does the document of an API conform to that of a standard?"""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from apicheck import openapi
from apicheck.cli.options import Lang, PathPrefix, say_help
from apicheck.conform import find
from apicheck.conform.compare import compare
from apicheck.conform.difference import Effect
from apicheck.conform.told import tell
from apicheck.report import _comparison as comparison

Spec = Annotated[str, typer.Argument(metavar="SPEC", help=say_help("argument-spec"))]
To = Annotated[str, typer.Option("--to", metavar="REFERENCE", help=say_help("option-to"))]


class Told(StrEnum):
    """How a comparison is told."""

    TEXT = "text"
    JSON = "json"


How = Annotated[Told, typer.Option("--format", help=say_help("option-comparison-format"))]

_EXIT_CODES = {Effect.HARMLESS: 0, Effect.BREAKING: 1, Effect.UNKNOWN: 3}


def add_to(app: typer.Typer) -> None:
    """Add ``conform`` to the command line."""
    app.command("conform", help=say_help("conform"))(conform)


def conform(spec: Spec, to: To, prefix: PathPrefix = None, format_: How = Told.TEXT, lang: Lang = "nl") -> None:
    """Compare two documents. Exit code 0 when the first conforms, 1 when a client breaks, 3 when that cannot be told."""
    benchmark = find(to, prefix)
    told = tell(compare(openapi.load(spec), benchmark.document, benchmark.prefix))
    if format_ is Told.JSON:
        sys.stdout.buffer.write(comparison.as_json(told))
    elif sys.stdout.isatty():
        comparison.show(told, lang, Console(highlight=False, markup=False, emoji=False))
    else:
        sys.stdout.buffer.write(comparison.as_text(told, lang).encode())
    raise typer.Exit(_EXIT_CODES[told.effect])
