"""How does a rule say what it found?

Messages are templates: ``{{error}}`` is what the function said, ``#{{print("property")}}`` calls something on the values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from apicheck.rulesets.ecmascript import text
from apicheck.rulesets.functions.core import printed
from apicheck.rulesets.resolving import Keys

_SLOT = re.compile(r"(#?)\{\{([^}\n]+)\}\}")
_PRINT = re.compile(r"""print\(\s*["'](\w+)["']\s*\)""")
_LITERAL = re.compile(r"""["'](.*)["']""")


def filled(template: str, values: Mapping[str, Any]) -> str:
    """Return a template with its slots filled; a slot that means nothing is left empty."""

    def fill(slot: re.Match[str]) -> str:
        if slot[1]:
            return "".join(_term(term.strip(), values) for term in slot[2].split("+"))
        return text(values[slot[2]]) if slot[2] in values else ""

    return _SLOT.sub(fill, template)


def _term(term: str, values: Mapping[str, Any]) -> str:
    if term.endswith(".toUpperCase()"):
        return _term(term.removesuffix(".toUpperCase()"), values).upper()
    if called := _PRINT.fullmatch(term):
        return _printed(called[1], values)
    if literal := _LITERAL.fullmatch(term):
        return literal[1]
    return text(values[term]) if term in values else ""


def _printed(name: str, values: Mapping[str, Any]) -> str:
    if name == "property":
        return f'"{values["property"]}" property ' if values["property"] != "" else "The document "
    if name == "value":
        return printed(values["value"])
    return text(values[name]) if values.get(name) is not None else ""


def pointer(keys: Keys) -> str:
    """Return the JSON pointer to a node as a URI fragment (RFC 6901, 6)."""
    return "#" + "".join("/" + quote(key.replace("~", "~0").replace("/", "~1"), safe="/!*'()") for key in keys)


def dotted(keys: Keys) -> str:
    """Return keys as a path with dots, and with brackets for what is an index or has a space."""
    shown = ""
    for index, key in enumerate(keys):
        if not key or re.search(r"\s", key):
            shown += f"['{key}']"
        elif re.fullmatch(r"[-+]?\d+(\.\d+)?", key):
            shown += f"[{key}]"
        else:
            shown += ("." if index else "") + key
    return shown.replace("~1", "/").replace("~0", "~")
