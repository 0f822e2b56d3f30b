"""Where in the text does each node stand?

The fast loaders keep no places, so the text is read a second time, and only when something has to be pointed out.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

Token = str | int

_LINE_END = re.compile("\n")


class Positions(ABC):
    """The places of all nodes of one text. Offsets count characters."""

    def __init__(self, text: str) -> None:
        self._text = text

    @abstractmethod
    def offset(self, tokens: Iterable[Token]) -> int:
        """Return where a node starts: at its key, or at the value of an item; one that is missing where its nearest parent does."""

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1; lines end as in YAML 1.2 (5.4): LF, CR LF or CR."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @cached_property
    def _line_starts(self) -> array[int]:
        text = self._text.replace("\r\n", " \n").replace("\r", "\n")
        return array("Q", (0, *(end.end() for end in _LINE_END.finditer(text))))
