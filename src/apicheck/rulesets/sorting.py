"""In which order do findings, and names, stand?

It is the order of the Unicode Collation Algorithm for what occurs in names: marks before digits before letters, and capitals
only count between words that are otherwise the same (https://www.unicode.org/reports/tr10/).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MARKS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
"""The marks of ASCII in the order of the default table."""
_RANK = {mark: index for index, mark in enumerate(" " + _MARKS)}
_DIGITS = re.compile(r"(\d+)")

Key = tuple[tuple[tuple[int, str], ...], str, str]


@lru_cache(maxsize=4096)
def collated(text: str) -> Key:
    """Return a key that sorts texts as ECMAScript's ``localeCompare`` does."""
    if text.isascii():
        return tuple(map(_ASCII.__getitem__, text)), "", text.swapcase()
    plain = unicodedata.normalize("NFD", text)
    base = [character for character in plain if not unicodedata.combining(character)]
    primary = tuple(_primary(character) for character in base)
    return primary, "".join(character for character in plain if unicodedata.combining(character)), "".join(base).swapcase()


def naturally(text: str) -> tuple[tuple[int, int, Key], ...]:
    """Return a key that sorts texts likewise, and the numbers in them by size."""
    return tuple((0, int(part), collated("")) if part.isdigit() else (1, 0, collated(part)) for part in _DIGITS.split(text) if part)


def _primary(character: str) -> tuple[int, str]:
    if character in _RANK:
        return _RANK[character], ""
    if character.isdigit():
        return 100, character
    return 200, character.casefold()


_ASCII = {character: _primary(character) for character in map(chr, range(128))}
