"""What was not understood of a command line, in the language spoken?

Typer says it in English only, and keeps the classes of its errors to itself: so an error is known here by the name of its class.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError
from typer.exceptions import TyperException

from apicheck.errors import first_of
from apicheck.model import Text
from apicheck.words import say

UNKNOWN_COMMAND = re.compile(r"No such command '(.*?)'")
TOO_MANY = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)")
NO_CHOICE = re.compile(r"is not one of (.+)\.$")
NO_DATE = re.compile(r"does not match the formats? ")


def explain(wrong: TyperException) -> Text | None:
    """Say what is wrong with a command line; None when nothing is and its help is all that was asked for."""
    error: Any = wrong
    match type(wrong).__name__:
        case "NoArgsIsHelpError":
            return None
        case "NoSuchOption":
            alike = ", ".join(error.possibilities or ())
            return say("cli.usage-no-option-but", option=error.option_name, alike=alike) if alike else _unknown(error)
        case "MissingParameter":
            return say("cli.usage-missing", parameter=_parameter(error))
        case "BadOptionUsage":
            return say("cli.usage-option-value", option=error.option_name)
        case "BadParameter":
            return say("cli.usage-value", flaw=_flaw(error))
        case _:
            return _otherwise(error)


def _no_command(asked: str, context: Any) -> Text:
    """Say that there is no such command, and which are written alike: also those that are not loaded yet."""
    from difflib import get_close_matches  # noqa: PLC0415  # who makes no mistake does not wait for it

    alike = ", ".join(get_close_matches(asked, context.command.list_commands(context)))
    return say("cli.usage-no-command-but", command=asked, alike=alike) if alike else say("cli.usage-no-command", command=asked)


def _unknown(error: Any) -> Text:
    return say("cli.usage-no-option", option=error.option_name)


def _parameter(error: Any) -> str:
    """Return the option or argument that an error is about, as it is written."""
    hint = error.param.get_error_hint() if error.param else error.param_hint
    return str(hint or "").partition(" (")[0].strip("'")


def _flaw(error: Any) -> Text:
    """Say what is wrong with the value of an option; pydantic reads it, and typer reads choices, dates and paths for it."""
    parameter, cause, said = _parameter(error), error.__cause__, error.message.removeprefix("Value error, ")
    if found := NO_CHOICE.search(said):
        return say("errors.flaw-choice", where=parameter, expected=found[1])
    if NO_DATE.search(said):
        return say("errors.flaw-date", where=parameter)
    if isinstance(cause, ValidationError) and cause.errors()[0]["type"] != "value_error":
        return first_of(cause, parameter)
    return say("errors.flaw-other", where=parameter, error=said)


def _otherwise(error: Any) -> Text:
    message = error.format_message()
    if found := UNKNOWN_COMMAND.search(message):
        return _no_command(found[1], error.ctx)
    if found := TOO_MANY.search(message):
        return say("cli.usage-too-many", arguments=found[1])
    return say("errors.quoted", error=message)
