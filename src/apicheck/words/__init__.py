"""How is a thing said, in Dutch and in English?

One catalogue, a file for each package: ``say("lint.version-header-missing", status="200")`` takes the entry
``version-header-missing`` of ``lint.yaml``. Whatever is put into a text comes from a stranger, so it is made visible first.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import yaml_rs

from apicheck.model import Language, Text

LONGEST = 200
"""Characters of a stranger's value that a text may hold."""


@cache
def _file(name: str) -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml_rs.loads(Path(__file__).with_name(f"{name}.yaml").read_text("utf-8"))  # type: ignore[assignment]  # a catalogue file is a mapping
    return loaded


def visible(value: object, longest: int = LONGEST) -> str:
    r"""Return a value as one line that cannot act: no control, format or surrogate character survives, and no great length.

    Categories Cc, Cf, Cs, Co, Zl and Zp of Unicode are written as ``\uXXXX``.
    """
    text = str(value)
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{ord(character):04x}" if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} else character
        for character in text
    )


def say(key: str, /, **values: object) -> Text:
    """Return the text with this id, its ``{placeholders}`` filled in; a value that is a text itself in the same language.

    Raises:
        KeyError: the catalogue has no such id, or a placeholder got no value.
    """
    area, _, name = key.partition(".")
    entry = _file(area)[name]
    return Text(nl=entry["nl"].format_map(_shown(values, "nl")), en=entry["en"].format_map(_shown(values, "en")))


def _shown(values: dict[str, object], language: Language) -> dict[str, str]:
    return {name: visible(value.in_(language) if isinstance(value, Text) else value) for name, value in values.items()}
