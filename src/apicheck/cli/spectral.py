"""How does apicheck stand in for ``spectral lint -f json``?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import typer

from apicheck.cli.output import Destination, write
from apicheck.errors import WrongUse
from apicheck.model import Language
from apicheck.openapi import Source
from apicheck.openapi.source import read
from apicheck.report import spectral_json
from apicheck.words import say

FORMAT = "spectral-json"


def stand_in(specs: Sequence[str], rulesets: Sequence[str], stdin_name: str | None, wanted: Destination, language: Language) -> int:
    """Write what rulesets find in documents of any kind. Exit code 1 for an error, 4 when a rule could not be put to them.

    Raises:
        ApicheckError: a document or a ruleset cannot be read.
        WrongUse: there is no ruleset.
    """
    if not rulesets:
        raise WrongUse("ruleset-needed")
    from apicheck.rulesets import consult  # noqa: PLC0415  # nobody else waits for what reads rulesets

    entries: list[dict[str, Any]] = []
    has_error = has_gap = False
    for spec in specs:
        source = read(spec, stdin_name)
        for outcome in consult(source, rulesets):
            entries += [spectral_json.entry(finding, partial(_called, source)) for finding in outcome.findings]
            has_error = has_error or any(finding.severity == "error" for finding in outcome.findings)
            has_gap = has_gap or bool(outcome.not_run)
            for rule in outcome.not_run:
                said = say("cli.ruleset-not-run", rule=rule.rule, name=outcome.name, reason=rule.reason.in_(language))
                typer.echo(f"apicheck: {said.in_(language)}", err=True)
    content = spectral_json.written(entries)
    if wanted.file is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        write(wanted.file, content)
    return 1 if has_error else 4 if has_gap else 0


def _called(source: Source, file: str) -> str:
    """The absolute path of a file of a document, which is how Spectral names it."""
    if source.folder is None:
        return file
    name = PurePosixPath(file)
    shown = source.shown_folder
    return (source.folder / (name.relative_to(shown) if shown else name)).as_posix()
