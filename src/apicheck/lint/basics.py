"""Are the numbers that everybody in the Netherlands knows described in their own form?

A national number is text: as a number it loses its leading zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apicheck.answers import Answer, Fault
from apicheck.lint.registry import check
from apicheck.openapi import Schema, View


@dataclass(frozen=True, slots=True)
class _Basic:
    """A national number: the names it goes by, and one that is valid."""

    names: re.Pattern[str]
    valid: str


_BASICS = (
    _Basic(re.compile(r"bsn|burgerservicenummer"), "999993653"),
    _Basic(re.compile(r"rsin"), "002564440"),
    _Basic(re.compile(r"kvknummer"), "01234567"),
    _Basic(re.compile(r"vestigingsnummer"), "000012345678"),
    _Basic(re.compile(r"gemeentecode"), "0363"),
    _Basic(re.compile(r"verblijfsobjectidentificatie"), "0363010000633987"),
    _Basic(re.compile(r"pandidentificatie"), "0363100012165490"),
    _Basic(re.compile(r"nummeraanduidingidentificatie"), "0363200000218705"),
    _Basic(re.compile(r"openbareruimteidentificatie"), "0363300000004835"),
)
_LENGTHS = ("minLength", "maxLength")


@check("national-basics-form")
def national_basics_form(api: View) -> Iterator[Answer]:
    """Does the schema of a BSN, RSIN, KvK number, establishment number, municipality code or BAG id let a valid one in? /cg/1c.

    What goes by such a name must be text, with room for the number with its leading zeros. A pattern that is not there is told
    by national-basics-pattern.
    """
    for name, basic, schema in _national(api):
        fault = _fault(basic, schema.value)
        if fault:
            message, keyword = fault
            at = schema.place.child(keyword)
            yield Fault(f"lint.{message}", at=at, used_by=schema.used_by, name=name, keyword=keyword, example=basic.valid)
        elif _is_text(schema.value):
            yield None


@check("national-basics-pattern")
def national_basics_pattern(api: View) -> Iterator[Answer]:
    """Does the schema of a national number also say how long it is? /cg/1c."""
    for name, _, schema in _national(api):
        if _is_text(schema.value):
            limited = "pattern" in schema.value or "enum" in schema.value or all(length in schema.value for length in _LENGTHS)
            yield None if limited else Fault("lint.basic-without-pattern", at=schema.place, used_by=schema.used_by, name=name)


def _national(api: View) -> Iterator[tuple[str, _Basic, Schema]]:
    """Yield the schemas that go by the name of a national number."""
    for schema in api.schemas:
        for name in schema.names:
            plain = re.sub(r"[^a-z]", "", name.lower())
            basic = next((one for one in _BASICS if one.names.fullmatch(plain)), None)
            if basic:
                yield name, basic, schema
                break


def _is_text(schema: dict[str, Any]) -> bool:
    return "string" in _types(schema)


def _types(schema: dict[str, Any]) -> list[Any]:
    stated = schema.get("type")
    return stated if isinstance(stated, list) else [stated]


def _fault(basic: _Basic, schema: dict[str, Any]) -> tuple[str, str] | None:
    """Return what is wrong and the keyword that makes it so."""
    if {"integer", "number"}.intersection(map(str, _types(schema))):
        return "basic-as-number", "type"
    shortest, longest = (schema.get(keyword) for keyword in _LENGTHS)
    if isinstance(longest, int) and longest < len(basic.valid):
        return "basic-refused", "maxLength"
    if isinstance(shortest, int) and shortest > len(basic.valid):
        return "basic-refused", "minLength"
    pattern = schema.get("pattern")
    return ("basic-refused", "pattern") if isinstance(pattern, str) and _refuses(pattern, basic.valid) else None


def _refuses(pattern: str, value: str) -> bool:
    """Say whether a pattern keeps a value out; one that cannot be used as a pattern keeps nothing out."""
    from jsonschema_rs import ValidationError, validator_for  # noqa: PLC0415  # most documents hold no such number

    try:
        return not validator_for({"pattern": pattern}).is_valid(value)
    except (ValidationError, ValueError):
        return False
