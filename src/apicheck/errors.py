"""What can go wrong with us or with our input, and what can one do about it?

Anything about the vendor's API is Evidence and never stands here.
"""

from __future__ import annotations

import errno

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
        """Say what went wrong, where, and what to do about it; of another error, why."""
        told = {name: reason(value) if isinstance(value, Exception) else value for name, value in self.details.items()}
        return say(f"errors.{self.message}", **told)


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


class UnreadableJournal(ApicheckError):
    """The journal of a run that ended early could not be used. Exit code 4."""


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


FLAWS = {
    "missing": "missing",
    "missing_argument": "missing",
    "extra_forbidden": "extra",
    "enum": "choice",
    "literal_error": "choice",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
    "date_type": "date",
    "string_type": "text",
    "int_type": "number",
    "int_parsing": "number",
    "int_from_float": "number",
    "float_type": "number",
    "float_parsing": "number",
    "bool_type": "truth",
    "bool_parsing": "truth",
    "tuple_type": "list",
    "list_type": "list",
    "model_type": "fields",
    "dict_type": "fields",
    "greater_than_equal": "least",
    "less_than_equal": "most",
}
"""What can be wrong with data, by the name that pydantic has for it and the end of the id that our text has."""

TROUBLE = {
    errno.ENOENT: "gone",
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.EISDIR: "a-folder",
    errno.ENOTDIR: "no-folder",
    errno.EEXIST: "there-already",
    errno.EFBIG: "too-large",
    errno.ENAMETOOLONG: "name-too-long",
    errno.ENOSPC: "disk-full",
    errno.EROFS: "read-only",
}
"""What can be wrong with a file, by the number that the operating system has for it (POSIX) and the end of the id of our text."""


def first_of(invalid: ValidationError, where: str = "") -> Text:
    """Say where data is first not as it should be, and why; ``where`` is the name of all of it."""
    error = invalid.errors()[0]
    place = ".".join(map(str, error["loc"])) or where or "."
    details = error.get("ctx", {})
    expected = details.get("expected") or details.get("ge") or details.get("le") or 0
    flaw = FLAWS.get(error["type"], "other")
    return say(f"errors.flaw-{flaw}", where=place, expected=str(expected).replace(" or ", ", "), error=error["msg"])


def reason(error: Exception) -> Text:
    """Say what went wrong in what was read or written; what has no text of ours is quoted, in its first line."""
    if isinstance(error, ValidationError):
        return first_of(error)
    if isinstance(error, UnicodeError):
        return say("errors.no-text")
    if isinstance(error, OSError) and error.errno in TROUBLE:
        return say(f"errors.file-{TROUBLE[error.errno]}")
    said = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return say("errors.quoted", error=said.partition("\n")[0])
