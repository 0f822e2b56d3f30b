r"""What do regular expressions mean in ECMAScript, also those and for texts that were made to take for ever?

``\\d`` means ten digits, ``$`` the very end. An engine that goes back and forth can be kept busy by a stranger, so where that could
be, another is asked that reads a text once.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import pairwise

import jsonschema_rs
import regress

_SHORT = 24
"""Characters of a text that no pattern takes long for."""
_LONG = 1_000
"""Characters of a text for which also a pattern without nested repetition can take long."""
_FLAGGED = re.compile(r"/(.+)/([a-z]*)")
"""A pattern written as a literal, with flags."""


class NoPattern(ValueError):
    """A text is no regular expression of ECMAScript."""


class TooHard(ValueError):
    """A pattern cannot be held against a text in an acceptable time."""


class Pattern:
    """A regular expression ready for use.

    Raises:
        NoPattern: it is none, in ECMAScript.
    """

    def __init__(self, source: str, flags: str = "") -> None:
        self.source = source
        self._flags = flags
        self._is_nested = _repeats_within(source)
        try:
            self._engine = regress.Regex(source, re.sub("[gyd]", "", flags))
        except (regress.RegressError, ValueError, UnicodeError) as error:
            raise NoPattern(str(error)) from error

    def found(self, text: str) -> bool:
        """Return whether it is found somewhere in a text.

        Raises:
            TooHard: that could take for ever.
        """
        if len(text) <= _SHORT or (len(text) <= _LONG and not self._is_nested):
            return self.first(text) is not None
        return self._patient.is_valid(_harmless(text))

    def first(self, text: str) -> str | None:
        """Return what it finds first in a short text; None when it finds nothing."""
        hit = self._engine.find(_harmless(text))
        where = hit.group(0) if hit else None
        return None if where is None else text[where]

    @cached_property
    def _patient(self) -> jsonschema_rs.Draft202012Validator:
        """An engine that takes time in proportion to the text; it knows no references back and no looking around."""
        kept = "".join(flag for flag in self._flags if flag in "ims")
        schema = {"pattern": f"(?{kept}){_strict(self.source)}" if kept else _strict(self.source)}
        try:
            return jsonschema_rs.Draft202012Validator(schema, pattern_options=jsonschema_rs.RegexOptions())
        except jsonschema_rs.ValidationError as error:
            raise TooHard(self.source) from error


def _repeats_within(source: str) -> bool:
    """Whether a pattern repeats something that itself repeats or has alternatives."""
    tokens = _TOKEN.findall(source)
    varies = [False]
    for part, following in pairwise([*tokens, ""]):
        repeats = part in {"*", "+"} or part.startswith("{")
        if part == "(":
            varies.append(False)
        elif part == ")" and len(varies) > 1:
            inner = varies.pop()
            if inner and (following in {"*", "+"} or following.startswith("{")):
                return True
            varies[-1] = varies[-1] or inner
        elif repeats or part == "|":
            varies[-1] = True
    return False


_TOKEN = re.compile(r"\\.|\[\^?\]|\[(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|.", re.DOTALL)
_CLASSES = {"[]": r"[^\s\S]", "[^]": r"[\s\S]"}
"""A class of nothing and a class of everything, which only ECMAScript can write in this way."""


_IN_CLASS = re.compile(r"\\.|[\[&~]", re.DOTALL)


def _strict(source: str) -> str:
    """The same pattern with its lone braces and brackets escaped, for an engine that allows none."""

    def strict(token: re.Match[str]) -> str:
        text = token[0]
        if text in _CLASSES:
            return _CLASSES[text]
        if text[0] == "[":
            return "[" + _IN_CLASS.sub(lambda each: each[0] if len(each[0]) > 1 else f"\\{each[0]}", text[1:])
        return f"\\{text}" if text in {"{", "}"} else text

    return _TOKEN.sub(strict, source)


def _harmless(text: str) -> str:
    """A text in which no half of a surrogate pair is left, which UTF-8 cannot hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@lru_cache(maxsize=4096)
def pattern(source: str, flags: str = "") -> Pattern:
    """Return a regular expression, made ready once.

    Raises:
        NoPattern: it is none, in ECMAScript.
    """
    return Pattern(source, flags)


def written(source: str) -> Pattern:
    """Return the regular expression that a ruleset writes as ``pattern`` or as ``/pattern/flags``.

    Raises:
        NoPattern: it is none, in ECMAScript.
    """
    flagged = _FLAGGED.fullmatch(source)
    return pattern(flagged[1], flagged[2]) if flagged else pattern(source)
