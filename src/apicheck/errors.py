"""What can go wrong with us or with our input, and what can one do about it?

Anything about the vendor's API is Evidence and never stands here.
"""

from __future__ import annotations

from pydantic import ValidationError

from apicheck.model import Text
from apicheck.words import say


class ApicheckError(Exception):
    """Base of every error that ends a command. The message id names a text in ``words/errors.yaml``."""

    exit_code = 4

    def __init__(self, message: str, **details: object) -> None:
        self.message = message
        self.details = details
        super().__init__(self.explain().en)

    def explain(self) -> Text:
        """Say what went wrong, where, and what to do about it."""
        return say(f"errors.{self.message}", **self.details)


class UnreadableDocument(ApicheckError):
    """The OpenAPI document could not be loaded. Exit code 4."""


class WrongUse(ApicheckError):
    """The command was given something that makes no sense. Exit code 2."""

    exit_code = 2


class UnusableCatalogue(ApicheckError):
    """A rule file or standard is not as it should be. Exit code 4."""


class UnusableProfile(ApicheckError):
    """The file of a profile is not as it should be. Exit code 4."""


class UnusableRuleset(ApicheckError):
    """A ruleset of another linter could not be used. Exit code 4."""


class TargetRefused(ApicheckError):
    """The live API cannot or may not be tested. Exit code 4."""


class UnreadableReport(ApicheckError):
    """A report could not be read back. Exit code 4."""


class UnreadableDeclarations(ApicheckError):
    """A file of declarations could not be used. Exit code 4."""


class NotWritten(ApicheckError):
    """A file of ours could not be written. Exit code 4."""


class UnusableKey(ApicheckError):
    """A key, or a file of trusted keys, could not be used. Exit code 4."""


class UnreadableList(ApicheckError):
    """A list of tested APIs could not be read. Exit code 4."""


class UnreadableExceptions(ApicheckError):
    """The form of the vendor or that of the buyer, about exceptions, could not be used. Exit code 4."""


def first_of(invalid: ValidationError) -> str:
    """Say in one line where data is first not as it should be, and why."""
    error = invalid.errors()[0]
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
