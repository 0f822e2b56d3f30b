"""What do the functions ask that every ruleset can call?

They are those of Spectral's reference of core functions. A function is silent about a value of a type that is not its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

from apicheck.rulesets import patterns
from apicheck.rulesets.ecmascript import UNDEFINED, keys, number, same, stringify, truthy, type_of, units
from apicheck.rulesets.functions.registry import Context, Function, Result, function
from apicheck.rulesets.sorting import collated

PROPERTY = '#{{print("property")}}'
"""Stands in a message for the name of what is looked at."""
_VALUE = '#{{print("value")}}'


def printed(value: object) -> str:
    """Return how a value is shown in a message: of a list or a mapping only what it is."""
    if isinstance(value, list):
        return "Array[]"
    return "Object{}" if isinstance(value, dict) else stringify(value)


def _on(types: tuple[type, ...]) -> Callable[[Function], Function]:
    """Have a function look at values of these types only; ``bool`` is no number."""

    def only(body: Function) -> Function:
        def guarded(value: Any, options: Mapping[str, Any], context: Context) -> Iterable[Result] | None:
            if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                return None
            return body(value, options, context)

        return guarded

    return only


@function("truthy")
def truthy_(value: Any, _options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is there something that is not empty?"""
    if not truthy(value):
        yield Result(f"{PROPERTY}must be truthy")


@function("falsy")
def falsy(value: Any, _options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is there nothing, or something empty?"""
    if truthy(value):
        yield Result(f"{PROPERTY}must be falsy")


@function("defined")
def defined(value: Any, _options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is it there?"""
    if value is UNDEFINED:
        yield Result(f"{PROPERTY}must be defined")


@function("undefined")
def undefined(value: Any, _options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is it not there?"""
    if value is not UNDEFINED:
        yield Result(f"{PROPERTY}must be undefined")


@function("pattern", known=("match", "notMatch"))
@_on((str,))
def pattern(value: str, options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Does a text match a regular expression, or not match one?"""
    if "match" in options and not patterns.written(options["match"]).found(value):
        yield Result(f"{_VALUE} must match the pattern {printed(options['match'])}")
    if "notMatch" in options and patterns.written(options["notMatch"]).found(value):
        yield Result(f"{_VALUE} must not match the pattern {printed(options['notMatch'])}")


@function("enumeration", required=("values",))
@_on((str, int, float, bool, type(None)))
def enumeration(value: Any, options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is it one of the values?"""
    if not any(same(value, each) for each in options["values"]):
        yield Result(f"{_VALUE} must be equal to one of the allowed values: {', '.join(map(printed, options['values']))}")


@function("length", known=("min", "max"))
@_on((str, list, dict, int, float))
def length(value: Any, options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is it long enough, and not too long? A number is its own length."""
    size = value if isinstance(value, int | float) else units(value) if isinstance(value, str) else len(value)
    if "min" in options and size < options["min"]:
        yield Result(f"{PROPERTY}must be longer than {printed(options['min'])}")
    if "max" in options and size > options["max"]:
        yield Result(f"{PROPERTY}must be shorter than {printed(options['max'])}")


_SPECIAL = re.compile(r"[\\^$.*+?()\[\]{}|]")
_DIGITS = "{digits}"
_CASES = {
    "flat": "[a-z][a-z{digits}]*",
    "camel": "[a-z][a-z{digits}]*(?:[A-Z{digits}](?:[a-z{digits}]+|$))*",
    "pascal": "[A-Z][a-z{digits}]*(?:[A-Z{digits}](?:[a-z{digits}]+|$))*",
    "kebab": "[a-z][a-z{digits}]*(?:-[a-z{digits}]+)*",
    "cobol": "[A-Z][A-Z{digits}]*(?:-[A-Z{digits}]+)*",
    "snake": "[a-z][a-z{digits}]*(?:_[a-z{digits}]+)*",
    "macro": "[A-Z][A-Z{digits}]*(?:_[A-Z{digits}]+)*",
}


@function("casing", known=("disallowDigits", "separator"), required=("type",))
@_on((str,))
def casing(value: str, options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is a name written in camel case, kebab case, or another?"""
    separator = options.get("separator")
    leads = separator is not None and separator.get("allowLeading") is True
    if not value or (separator is not None and leads and value == separator["char"]):
        return
    case = _CASES[options["type"]].replace(_DIGITS, "" if options.get("disallowDigits") is True else "0-9")
    if separator is not None:
        between = "[" + _SPECIAL.sub(r"\\\g<0>", separator["char"]) + "]"
        case = f"{between + '?' if leads else ''}{case}(?:{between}{case})*"
    if not patterns.pattern(f"^{case}$").found(value):
        yield Result(f"must be {options['type']} case")


@function("alphabetical", known=("keyedBy",))
@_on((list, dict))
def alphabetical(value: Any, options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Do the items, or the keys, stand in the order of the alphabet?"""
    items: list[Any] = list(value)
    if len(items) < 2:
        return
    keyed_by = options.get("keyedBy")
    if keyed_by is not None:
        if not all(isinstance(item, dict | list) for item in items):
            yield Result(f"{PROPERTY}must be an object")
            return
        items = [item.get(keyed_by, UNDEFINED) if isinstance(item, dict) else UNDEFINED for item in items]
    if not all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in items):
        yield Result(f"{PROPERTY}must be one of the allowed types: number, string")
        return
    for index, (left, right) in enumerate(pairwise(items)):
        if _order(left, right) >= 1:
            if keyed_by is not None:
                yield Result("properties must follow the alphabetical order")
            else:
                at = index if isinstance(value, list) else left
                yield Result(f"{printed(left)} must be placed after {printed(right)}", [*context.path, at])
            return


def _order(left: Any, right: Any) -> float:
    """More than 0 when the left one comes after the right one; numbers among each other by size."""
    left_number, right_number = number(left), number(right)
    if (type_of(left) == "number" or math.isnan(left_number)) and (type_of(right) == "number" or not math.isnan(right_number)):
        return 0 if math.isnan(left_number) else min(1.0, max(-1.0, left_number - right_number))
    if not isinstance(left, str) or not isinstance(right, str):
        return 0
    first, second = collated(left), collated(right)
    return (first > second) - (first < second)


@function("or", required=("properties",))
@_on((dict,))
def or_(value: dict[str, Any], options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is at least one of these keys there?"""
    names = options["properties"]
    if len(names) >= 2 and not any(key in names for key in value):
        yield _none_of(names)


@function("xor", required=("properties",))
@_on((dict,))
def xor(value: dict[str, Any], options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is exactly one of these keys there?"""
    names = options["properties"]
    present = [key for key in keys(value) if key in names]
    if len(names) >= 2 and not present:
        yield _none_of(names)
    if len(names) >= 2 and len(present) > 1:
        yield Result('Just one of "' + '" and "'.join(present) + '" must be defined')


def _none_of(names: list[str]) -> Result:
    shown, others = ('" or "'.join(names[:3]), len(names) - 3) if len(names) > 4 else ('" or "'.join(names), 0)
    return Result(
        f'At least one of "{shown}" or {others} other properties must be defined'
        if others
        else f'At least one of "{shown}" must be defined'
    )


@function("unreferencedReusableObject", required=("reusableObjectsLocation",))
@_on((dict,))
def unreferenced_reusable_object(value: dict[str, Any], options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Does any reference point at it?"""
    location = tuple(part for part in options["reusableObjectsLocation"].removeprefix("#").split("/") if part)
    entry = context.document.files.entry
    named = {spot.keys for spot in context.document.followed.named if spot.file == entry}
    for name in value:
        if (*location, name) not in named:
            yield Result("Potential orphaned reusable object has been detected", [*location, name])
