"""What are all other nouns made of?"""

from __future__ import annotations

import os
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

Language = Literal["nl", "en"]
"""The languages of everything that people read."""


os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""No package beside ours looks on when something is validated; to look for one takes as long as to lint a small document."""


class Frozen(BaseModel):
    """Base of everything that is written to or read from disk. What validates a class is made when it is first needed."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
        defer_build=True,
    )


class Text(Frozen):
    """One thing said in both languages. Ids are never translated and never stand here."""

    nl: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the text in the language asked for."""
        return self.nl if language == "nl" else self.en


class Place(NamedTuple):
    """A node of the document: the file it stands in and the JSON pointer tokens that lead to it."""

    file: str
    tokens: tuple[str | int, ...]

    def child(self, *tokens: str | int) -> Place:
        """Return the place below this one."""
        return Place(self.file, self.tokens + tokens)

    @property
    def pointer(self) -> str:
        """The JSON pointer (RFC 6901)."""
        return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in self.tokens)


class Location(Frozen):
    """A place as a person finds it: file, line and column (from 1, in characters), and the operations that reach it."""

    file: str
    pointer: str
    line: int | None = None
    column: int | None = None
    used_by: tuple[str, ...] = ()
