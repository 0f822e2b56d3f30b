"""Which words does a name consist of, and which words tell something?

The lists in ``lexicon.toml`` are closed and short. A suffix alone decides nothing: in Dutch both verbs and plural nouns end in
-en.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from apicheck.model import Language

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


def is_verb(name: str) -> bool:
    """Say whether a name is a verb."""
    return name.lower() in words("verbs-nl") | words("verbs-en")


def is_command(name: str) -> bool:
    """Say whether a name is that of an action: a verb, or a name with a verb in front (English) or an infinitive behind (Dutch)."""
    found = tokens(name)
    return is_verb(name) or (len(found) > 1 and (found[0] in words("verb-prefixes") or found[-1] in words("verbs-nl")))


def is_singular(name: str) -> bool:
    """Say whether a name is that of a thing in the singular: its last word is, and it is no command."""
    return not (words("singular-nl") | words("singular-en")).isdisjoint(tokens(name)[-1:]) and not is_command(name)


def speaks(name: str, language: Language) -> bool:
    """Say whether a word in a name is of this language and not of the other one."""
    return not words(f"names-{language}").isdisjoint(tokens(name))


@cache
def _lists() -> dict[str, frozenset[str]]:
    loaded = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text("utf-8"))
    return {name: frozenset(text.split()) for name, text in loaded.items()}
