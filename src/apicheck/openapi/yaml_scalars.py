"""Which plain scalars of YAML are no numbers, though they look like some?

In YAML 1.2 (10.3.2) ``1_000``, ``_1`` and ``0b1`` are texts. The fast reader takes them for numbers, so they are put in quotes
before it reads. Few documents have any: in the others nothing is looked at but the clues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

STRANGE_TO_LIBYAML = "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
"""What libyaml refuses, though JSON and YAML 1.2 allow it in strings, and what it alone takes for the end of a line."""
_CLUE = re.compile(r"\d_|_\d|0[bB][01]")
_MISREAD = re.compile(r"[-+]?(?:0[bB][01_]+|[._\d](?=[\w.+-]*_|(?<=_))[\w.+-]*)", re.ASCII)
_WORD = re.compile(r"[^\s\[\]{},:]+")
_APART = frozenset(" \t\r\n[]{},:")


def is_misread(scalar: str) -> bool:
    """Return whether a plain scalar, which is text, may be taken for a number."""
    return _MISREAD.fullmatch(scalar) is not None


def quoted(text: str) -> str:
    """Return a YAML text with quotes around the plain scalars that would be taken for numbers."""
    if not any(map(is_misread, _words(text))):
        return text
    parts, done = [], 0
    for start, end in _misread(text):
        parts += [text[done:start], f'"{text[start:end]}"']
        done = end
    return "".join([*parts, text[done:]])


def _words(text: str) -> Iterator[str]:
    """The words around the clues."""
    for clue in _CLUE.finditer(text):
        start = clue.start()
        while start and text[start - 1] not in _APART:
            start -= 1
        word = _WORD.match(text, start)
        yield word[0] if word else ""


def _misread(text: str) -> Iterator[tuple[int, int]]:
    """From where to where the scalars stand, as far as libyaml can read."""
    import yaml  # few documents need it  # noqa: PLC0415

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    events: Iterable[Any] = yaml.parse(re.sub(STRANGE_TO_LIBYAML, "\ufffd", text), Loader=loader)
    try:
        for event in events:
            if isinstance(event, yaml.ScalarEvent) and not event.style and not event.tag and is_misread(event.value):
                end: int = event.end_mark.index  # type: ignore[union-attr]  # libyaml marks every event
                yield end - len(event.value), end
    except yaml.YAMLError:
        return
