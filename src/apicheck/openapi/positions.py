"""Where in the text does each node stand?

The fast loaders keep no places, so the text is read a second time, and only when something has to be pointed out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property

Token = str | int

_STRIDE = 8192
"""Characters between the places of which the line is known beforehand: to count from there is quick, to know all is not."""


class Positions(ABC):
    """The places of all nodes of one text. Offsets count characters."""

    def __init__(self, text: str) -> None:
        self._text = text

    @abstractmethod
    def offset(self, tokens: Iterable[Token]) -> int:
        """Return where a node starts: at its key, or at the value of an item; one that is missing where its nearest parent does."""

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1; lines end as in YAML 1.2 (5.4): LF, CR LF or CR."""
        before = offset // _STRIDE
        line, start = self._known_lines[before]
        line += self._lines.count("\n", before * _STRIDE, offset)
        return line, offset - (self._lines.rfind("\n", before * _STRIDE, offset) + 1 or start) + 1

    @cached_property
    def _lines(self) -> str:
        """The text with every line ended by LF, as long as it was."""
        return self._text.replace("\r\n", " \n").replace("\r", "\n")

    @cached_property
    def _known_lines(self) -> list[tuple[int, int]]:
        """The number and the start of the line at every so many characters."""
        known = [(1, 0)]
        for offset in range(0, len(self._lines), _STRIDE):
            line, start = known[-1]
            end = offset + _STRIDE
            known.append((line + self._lines.count("\n", offset, end), self._lines.rfind("\n", offset, end) + 1 or start))
        return known
