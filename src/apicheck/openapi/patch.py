"""How is what is put into a text written as a patch?

Comparing two texts of megabytes takes long, and here nothing has to be compared: it is known what was put in, and where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from apicheck.openapi.insertion import Piece, with_pieces

CONTEXT = 3
"""Lines that are shown before and after a change."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NO_LINE_END = "\n\\ No newline at end of file\n"


class _Change(NamedTuple):
    """Lines of the old text, by index up to but not including ``end``, and what comes in their place."""

    start: int
    end: int
    new: Sequence[str]


def unified(name: str, text: str, put_in: Sequence[Piece]) -> str:
    """Return a patch in the unified format that puts pieces, in the order of the text, into a file."""
    old = _LINE.findall(text)
    shift = 0
    written = [f"--- {name}\n+++ {name}\n"] if put_in else []
    for hunk in _hunks(list(_changes(old, put_in))):
        written += _hunk(old, hunk, shift)
        shift += sum(len(change.new) - (change.end - change.start) for change in hunk)
    return "".join(written)


def _changes(old: Sequence[str], put_in: Sequence[Piece]) -> Iterator[_Change]:
    """The lines that change. A line that is still there, before or after what was put in, does not."""
    offset = index = 0

    def line_of(piece: Piece) -> int:
        nonlocal offset, index
        while index < len(old) and (piece.offset >= offset + len(old[index])) and not _is_open_end(old, index):
            offset += len(old[index])
            index += 1
        return index

    for line, pieces in groupby(put_in, line_of):
        before = old[line : line + 1]
        new = _LINE.findall(with_pieces("".join(before), (Piece(piece.offset - offset, piece.text) for piece in pieces)))
        if new[-1:] == before:
            yield _Change(line, line, new[:-1])
        elif new[:1] == before:
            yield _Change(line + 1, line + 1, new[1:])
        else:
            yield _Change(line, line + len(before), new)


def _is_open_end(old: Sequence[str], index: int) -> bool:
    """Whether a line is the last one and has no end: what is put behind it goes on in it."""
    return index + 1 == len(old) and not old[index].endswith("\n")


def _hunks(changes: Iterable[_Change]) -> Iterator[list[_Change]]:
    """The changes that share their context."""
    together: list[_Change] = []
    for change in changes:
        if together and change.start - together[-1].end > 2 * CONTEXT:
            yield together
            together = []
        together.append(change)
    if together:
        yield together


def _hunk(old: Sequence[str], changes: Sequence[_Change], shift: int) -> Iterator[str]:
    """One hunk of a patch; ``shift`` is how many lines were put in before it."""
    start, end = max(0, changes[0].start - CONTEXT), min(len(old), changes[-1].end + CONTEXT)
    added = sum(len(change.new) - (change.end - change.start) for change in changes)
    yield f"@@ -{_range(start, end - start)} +{_range(start + shift, end - start + added)} @@\n"
    done = start
    for change in changes:
        yield from _marked(" ", old[done : change.start])
        yield from _marked("-", old[change.start : change.end])
        yield from _marked("+", change.new)
        done = change.end
    yield from _marked(" ", old[done:end])


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"{mark}{line}" if line.endswith("\n") else f"{mark}{line}{_NO_LINE_END}"


def _range(start: int, length: int) -> str:
    """The lines of a hunk, counted from 1; of none, the line before them; the length 1 is left out."""
    return f"{start + (length > 0)}" + ("" if length == 1 else f",{length}")
