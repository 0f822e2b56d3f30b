"""Which options do several commands share, and in which language do we speak?"""

from __future__ import annotations

import os
import re
import sys
from contextvars import ContextVar
from itertools import pairwise
from pathlib import Path
from typing import Annotated, get_args

import typer

from apicheck.courtesy import AS_A_GUEST, AT_HOME
from apicheck.errors import WrongUse
from apicheck.model import Language, Mode
from apicheck.plan import FailOn
from apicheck.report import FORMATS
from apicheck.words import say

_spoken: ContextVar[Language] = ContextVar("_spoken")


def spoken() -> Language:
    """Return the language to speak: ``--lang``, else the environment variable ``APICHECK_LANG``, else Dutch."""
    return _spoken.get(_asked_for())


def _asked_for() -> Language:
    """Help is written before options are parsed, so the command line is looked at as it stands."""
    arguments = sys.argv[1:]
    asked = [value for option, value in pairwise(arguments) if option == "--lang"]
    asked += [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    asked.append(os.environ.get("APICHECK_LANG", ""))
    return next((language for value in asked for language in get_args(Language) if value == language), "nl")


def say_help(name: str, **values: object) -> str:
    """Return the help text with this id of ``words/cli.yaml`` in the language spoken."""
    return say(f"cli.{name}", **values).in_(spoken())


def _speak(language: Language) -> Language:
    _spoken.set(language)
    return language


def secrets(option: str, pairs: list[str] | None) -> tuple[tuple[str, str], ...]:
    """Return names with values that are read from the environment or a file: no secret stands on a command line or in a report.

    Raises:
        WrongUse: a pair is not written as NAME=env:VARIABLE or NAME=file:PATH, or the variable or file is not there.
    """
    return tuple(_secret(option, pair) for pair in pairs or ())


def _secret(option: str, pair: str) -> tuple[str, str]:
    name, _, source = pair.partition("=")
    return name, secret(option, source, name)


def secret(option: str, source: str, name: str = "") -> str:
    """Return one value that is read from ``env:VARIABLE`` or ``file:PATH``, as ``secrets`` does."""
    from apicheck.credentials import sourced  # noqa: PLC0415  # who gives no secret does not wait for it

    try:
        return sourced(source)
    except LookupError as missing:
        raise WrongUse("value-missing", option=option, name=name, where=missing.args[0]) from None
    except ValueError:
        raise WrongUse("value-in-the-open", option=option, name=name) from None


_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?")


def origins(given: list[str] | None) -> tuple[str, ...]:
    """Return the origins of ``--origin``, as browsers write them (RFC 6454 §6.2).

    Raises:
        WrongUse: one is not a scheme and a host, perhaps with a port, and nothing else.
    """
    for origin in given or ():
        if not _ORIGIN.fullmatch(origin):
            raise WrongUse("origin-unusable", origin=origin)
    return tuple(given or ())


Lang = Annotated[
    Language, typer.Option("--lang", envvar="APICHECK_LANG", callback=_speak, is_eager=True, help=say_help("option-lang"))
]
StandardName = Annotated[str, typer.Option("--standard", metavar="ID@EDITION", help=say_help("option-standard"))]
ProfileName = Annotated[str | None, typer.Option("--profile", metavar="NAME|FILE.toml", help=say_help("option-profile"))]
ConformsTo = Annotated[str | None, typer.Option("--conforms-to", metavar="REFERENCE", help=say_help("option-conforms-to"))]
PathPrefix = Annotated[str | None, typer.Option("--prefix", metavar="[REFERENCE=]PREFIX", help=say_help("option-prefix"))]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", file_okay=False, help=say_help("option-out"))]
Format = Annotated[
    list[str] | None, typer.Option("--format", metavar="NAME[=PATH]", help=say_help("option-format", formats=", ".join(FORMATS)))
]
Url = Annotated[str, typer.Option("--url", metavar="BASE", help=say_help("option-url"))]
Seed = Annotated[int, typer.Option("--seed", min=0, help=say_help("option-seed"))]
MaxRequests = Annotated[int, typer.Option("--max-requests", min=1, help=say_help("option-max-requests"))]
MaxTime = Annotated[float, typer.Option("--max-time", min=1, metavar="SECONDS", help=say_help("option-max-time"))]
Rate = Annotated[
    float | None,
    typer.Option(
        "--rate", min=0.1, metavar="PER-SECOND", help=say_help("option-rate", guest=f"{AS_A_GUEST:g}", home=f"{AT_HOME:g}")
    ),
]
ModeName = Annotated[Mode, typer.Option("--mode", help=say_help("option-mode"))]
ConsentFile = Annotated[Path | None, typer.Option("--consent", metavar="FILE", dir_okay=False, help=say_help("option-consent"))]
TestDataFile = Annotated[Path | None, typer.Option("--testdata", metavar="FILE", dir_okay=False, help=say_help("option-testdata"))]
Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", dir_okay=False, help=say_help("option-config"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say_help("option-dry-run"))]
Header = Annotated[list[str] | None, typer.Option("--header", metavar="NAME=env:VAR", help=say_help("option-header"))]
KnownParameter = Annotated[list[str] | None, typer.Option("--parameter", metavar="NAME=env:VAR", help=say_help("option-parameter"))]
Origin = Annotated[list[str] | None, typer.Option("--origin", metavar="https://SITE", help=say_help("option-origin"))]
FailOnWhat = Annotated[FailOn, typer.Option("--fail-on", help=say_help("option-fail-on"))]
