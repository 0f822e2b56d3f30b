"""How does a page of help say, in the language spoken, what typer says in English only?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from typer.core import TyperGroup

from apicheck.cli.options import say_help

_PLACEHOLDERS = {"[OPTIONS]": "help-any-options", "COMMAND [ARGS]...": "help-any-command"}
_HEADINGS = {"Arguments": "help-arguments", "Options": "help-options", "Commands": "help-commands"}
_HELP_OF_HELP = "Show this message and exit."
_MORE = re.compile(r"  \[((?:env var|default|required).*)]$")
"""What typer adds to the help of a parameter."""
_ADDED = {"env var: ": "help-env-var", "default: ": "help-default", "required": "help-required"}


class HelpPage(TyperGroup.context_class.formatter_class):  # type: ignore[misc, name-defined]  # typer keeps its name to itself
    """Writes help; what typer would say in other words one day, is left as it is."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is given."""
        for said, name in _PLACEHOLDERS.items():
            args = args.replace(said, say_help(name))
        super().write_usage(prog, args, prefix or say_help("help-usage"))

    def section(self, name: str) -> AbstractContextManager[None]:
        """Begin a list of arguments, options or commands."""
        kept: AbstractContextManager[None] = super().section(say_help(_HEADINGS[name]) if name in _HEADINGS else name)
        return kept

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        """Write such a list."""
        super().write_dl([(name, _spoken(told)) for name, told in rows], *args, **options)


def _spoken(told: str) -> str:
    if told == _HELP_OF_HELP:
        return say_help("help-help")
    return _MORE.sub(lambda found: f"  [{_added(found[1])}]", told)


def _added(more: str) -> str:
    for said, name in _ADDED.items():
        more = more.replace(said, say_help(name))
    return more
