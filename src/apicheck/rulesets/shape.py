"""Does a ruleset have the shape of one: texts where texts are read, lists where lists are?

What a rule asks, and whether its parts exist, is told where that is read; here only that it can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from apicheck.errors import UnusableRuleset

if TYPE_CHECKING:
    import jsonschema_rs

_Schema = dict[str, Any]
_TEXTS: _Schema = {"type": "array", "items": {"type": "string"}}
_TEXT_OR_TEXTS: _Schema = {"type": ["string", "array"], "items": {"type": "string"}}
_SAID: _Schema = {"type": ["string", "null"]}
_THEN: _Schema = {"type": "object", "properties": {"field": _SAID, "functionOptions": {"type": ["object", "null"]}}}
_RULE: _Schema = {
    "properties": {
        "given": _TEXT_OR_TEXTS,
        "then": {"if": {"type": "array"}, "then": {"items": _THEN}, "else": _THEN},
        "formats": _TEXTS,
        **dict.fromkeys(("message", "description", "documentationUrl"), _SAID),
    }
}
_RULES: _Schema = {"type": "object", "additionalProperties": _RULE}
_TARGET: _Schema = {"type": "object", "required": ["given"], "properties": {"given": _TEXT_OR_TEXTS, "formats": _TEXTS}}
_ALIAS: _Schema = {
    "type": ["string", "array", "object"],
    "items": {"type": "string"},
    "properties": {"targets": {"type": ["array", "null"], "items": _TARGET}},
}
_ALIASES: _Schema = {"type": ["object", "null"], "additionalProperties": _ALIAS}
_CHANGEABLE: _Schema = {"rules": _RULES, "aliases": _ALIASES, "formats": _TEXTS, "documentationUrl": _SAID}
_OVERRIDE: _Schema = {"type": "object", "properties": {"files": _TEXTS, **_CHANGEABLE}}
_SHAPE: _Schema = {
    "properties": {
        **_CHANGEABLE,
        "overrides": {"type": ["array", "null"], "items": _OVERRIDE},
        "except": {"type": ["object", "null"], "additionalProperties": _TEXTS},
        "parserOptions": {"type": ["object", "null"]},
    }
}


def shaped(ruleset: Mapping[str, Any], name: str) -> None:
    """See to it that a ruleset can be read.

    Raises:
        UnusableRuleset: something in it is not of its kind.
    """
    error = next(_validator().iter_errors(_plain(ruleset)), None)
    if error is not None:
        raise UnusableRuleset("ruleset-shape", name=name, where="".join(f"/{step}" for step in error.instance_path))


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    import jsonschema_rs  # noqa: PLC0415  # only who brings a ruleset pays for it

    return jsonschema_rs.Draft202012Validator(_SHAPE)


def _plain(value: Any) -> Any:
    """The same with texts in the place of the names that a module takes from another."""
    if isinstance(value, Mapping):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return list(map(_plain, value))
    return value if value is None or isinstance(value, str | int | float) else ""
