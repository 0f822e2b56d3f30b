"""Which words does a name consist of, and which words tell something?

The lists in ``lexicon.toml`` are closed and short. A suffix alone decides nothing: in Dutch both verbs and plural nouns end in
-en.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_TOKEN = re.compile(r"[A-Z]+(?![a-zà-ÿ])|[A-Z]?[a-zà-ÿ]+")


def tokens(name: str) -> list[str]:
    """Return the words of a name in lower case, whether it is in camelCase, kebab-case or snake_case."""
    return [token.lower() for token in _TOKEN.findall(name)]


def words(name: str) -> frozenset[str]:
    """Return one of the lists.

    Raises:
        KeyError: there is no list of that name.
    """
    return _lists()[name]


@cache
def _lists() -> dict[str, frozenset[str]]:
    loaded = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8"))
    return {name: frozenset(text.split()) for name, text in loaded.items()}
