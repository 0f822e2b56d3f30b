"""Does one shape take in every string, number or size that another allows?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from apicheck.conform.difference import Effect, Failure
from apicheck.conform.shapes import Bound, Shape, canonical, takes, type_of

_BOUNDS = {
    "string": ("minLength", "maxLength"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
}
_WITHIN = {
    "int32": {"int64"},
    "float": {"double"},
    "uri": {"uri-reference", "iri", "iri-reference", "url"},
    "url": {"uri", "uri-reference", "iri", "iri-reference"},
    "iri": {"iri-reference"},
    "uri-reference": {"iri-reference"},
    "email": {"idn-email"},
    "hostname": {"idn-hostname"},
}
"""Formats whose values all fit others (JSON Schema 2020-12, 7.3; the OpenAPI Format Registry)."""
_TOLD_APART = frozenset({"date", "date-time", "time", "duration", "uuid", "ipv4", "ipv6", "binary", "byte", "int32", "float"}) | {
    *_WITHIN,
    *(wider for wide in _WITHIN.values() for wider in wide),
}
_HINTS = frozenset({"", "password", "int64", "double", "string", "number", "integer", "decimal"})
"""Formats that refuse nothing: a hint for a screen, or the numbers that JSON can carry at all (RFC 8259, 6)."""
_LENGTHS = {"uuid": (36, 36), "date": (10, 10), "date-time": (20, math.inf), "uri": (2, math.inf), "email": (3, math.inf)}
"""Characters that a value of a format has at least and at most (RFC 3339, RFC 3986, RFC 5321, RFC 9562)."""
_INT32 = 2**31
_LONGEST = 10_000
"""Characters of a pattern, or of a string to try it on."""


def scalar_failures(wide: Shape, narrow: Shape, kind: str) -> Iterator[Failure]:
    """Yield where values of one type that fit the narrow shape do not fit the wide one, as far as limits and formats tell."""
    for keyword in _BOUNDS.get(kind, ()):
        yield from _bound(wide, narrow, keyword, kind)
    if kind in {"integer", "number"}:
        yield from _multiples(wide, narrow, kind)
    if kind == "string":
        yield from _patterns(wide, narrow)
    if kind in {"string", "integer", "number"}:
        yield from _formats(wide, narrow)
    if kind == "array" and wide.unique and not narrow.unique:
        most = narrow.bounds.get("maxItems")
        if most is None or most.value > 1:
            yield Failure("unique", Effect.BREAKING, wide.unique, narrow.place)


def _bound(wide: Shape, narrow: Shape, keyword: str, kind: str) -> Iterator[Failure]:
    asked = wide.bounds.get(keyword)
    if asked is None:
        return
    lower = keyword.startswith("min")
    given = narrow.bounds.get(keyword) or _implied(narrow, keyword, kind)
    limit, own = _limit(asked, lower=lower, whole=kind != "number"), given and _limit(given, lower=lower, whole=kind != "number")
    if own is not None and (own >= limit if lower else own <= limit):
        return
    if lower and given is None and kind in {"string", "array", "object"} and asked.value <= 0:
        return
    # A pattern or a format of the narrow side may keep within the limit all the same.
    effect = Effect.UNKNOWN if kind == "string" and (narrow.patterns or narrow.formats.keys() - _HINTS) else Effect.BREAKING
    values = {"keyword": keyword, "wide": _number(asked)}
    if given:
        yield Failure("bound", effect, asked.place, given.place, {**values, "narrow": _number(given)})
    else:
        yield Failure("bound-missing", effect, asked.place, narrow.place, values)


def _implied(shape: Shape, keyword: str, kind: str) -> Bound | None:
    """The limit that follows from something else that the shape says."""
    if kind == "string":
        lengths = [_LENGTHS[form][keyword == "maxLength"] for form in shape.formats if form in _LENGTHS]
        return Bound(lengths[0], exclusive=False, place=shape.place) if lengths and math.isfinite(lengths[0]) else None
    if kind == "integer" and "int32" in shape.formats:
        return Bound(-_INT32 if keyword == "minimum" else _INT32 - 1, exclusive=False, place=shape.place)
    if keyword == "minProperties":
        return Bound(len(shape.required), exclusive=False, place=shape.place)
    return None


def _limit(bound: Bound, *, lower: bool, whole: bool) -> tuple[float, bool]:
    """A limit in a form that can be compared: of whole numbers the last one that is still inside."""
    if whole and math.isfinite(bound.value):
        if lower:
            return (math.floor(bound.value) + 1 if bound.exclusive else math.ceil(bound.value)), False
        return (math.ceil(bound.value) - 1 if bound.exclusive else math.floor(bound.value)), True
    return bound.value, bound.exclusive if lower else not bound.exclusive


def _number(bound: Bound) -> str:
    return canonical(bound.value) + (" (exclusive)" if bound.exclusive else "")


def _multiples(wide: Shape, narrow: Shape, kind: str) -> Iterator[Failure]:
    for multiple, place in wide.multiples.items():
        known = [*narrow.multiples, *([1] if kind == "integer" else [])]
        if not any(_divides(multiple, own) for own in known):
            yield Failure("multiple", Effect.BREAKING, place, narrow.place, {"wide": canonical(multiple)})


def _divides(divisor: float, number: float) -> bool:
    quotient = number / divisor
    return abs(quotient - round(quotient)) < 1e-9


def _formats(wide: Shape, narrow: Shape) -> Iterator[Failure]:
    for form, place in wide.formats.items():
        if form in _HINTS or form in narrow.formats or any(form in _WITHIN.get(own, ()) for own in narrow.formats):
            continue
        own = sorted(narrow.formats.keys() - _HINTS)
        certain = form in _TOLD_APART and not narrow.patterns and _TOLD_APART.issuperset(own)
        effect = Effect.BREAKING if certain else Effect.UNKNOWN
        if own:
            yield Failure("format", effect, place, narrow.formats[own[0]], {"wide": form, "narrow": ", ".join(own)})
        else:
            yield Failure("format-missing", effect, place, narrow.place, {"wide": form})


def _patterns(wide: Shape, narrow: Shape) -> Iterator[Failure]:
    """A pattern that the narrow side has too holds; else a string that shows the difference is looked for."""
    for pattern, place in wide.patterns.items():
        if pattern in narrow.patterns or pattern in {"", ".*", "^.*$"}:
            continue
        effect = Effect.BREAKING if _refuses_one(pattern, narrow) else Effect.UNKNOWN
        for own, at in narrow.patterns.items():
            yield Failure("pattern", effect, place, at, {"wide": pattern, "narrow": own})
        if not narrow.patterns:
            yield Failure("pattern-missing", effect, place, narrow.place, {"wide": pattern})


def _refuses_one(pattern: str, narrow: Shape) -> bool:
    """Say whether a string that certainly fits the narrow side does not match."""
    if narrow.patterns or narrow.formats.keys() - _HINTS:
        return False
    least = int(narrow.bounds["minLength"].value) if "minLength" in narrow.bounds else 0
    most = int(narrow.bounds["maxLength"].value) if "maxLength" in narrow.bounds else least + 40
    if least > _LONGEST:
        return False
    lengths = {least, min(least + 1, most), min(most, least + 40)}
    return any(matches(pattern, letter * length) is False for letter in ("a", "0", "Z", " ", "-") for length in sorted(lengths))


@cache
def _matcher(pattern: str) -> Callable[[Any], bool] | None:
    """Return what matches a pattern as JSON Schema means it, without backtracking where that can be; None when it is none."""
    import jsonschema_rs  # noqa: PLC0415  # documents without patterns do not pay for it

    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid
    except (jsonschema_rs.ValidationError, ValueError):
        return None


def matches(pattern: str, text: str) -> bool | None:
    """Say whether a text matches; None when this cannot be told."""
    if len(pattern) > _LONGEST or len(text) > _LONGEST:
        return None
    matcher = _matcher(pattern)
    return matcher(text) if matcher else None


def admits(shape: Shape, value: Any) -> bool | None:
    """Say whether a shape takes one value in; None when this cannot be told. An object or array only when it is listed."""
    kind = type_of(value)
    if not takes(shape.types, kind):
        return False
    if shape.values is not None:
        return canonical(value) in shape.values
    return fits(shape, value)


def fits(shape: Shape, value: Any) -> bool | None:
    """Say whether a value is within everything that a shape says but its list of values; None when this cannot be told."""
    kind = type_of(value)
    if kind in {"object", "array"} or shape.undecided:
        return None
    if kind == "string":
        return _admits_text(shape, value)
    if kind in {"integer", "number"}:
        return _within(shape, "minimum", "maximum", value) and all(_divides(multiple, value) for multiple in shape.multiples)
    return True


def _admits_text(shape: Shape, value: str) -> bool | None:
    if not _within(shape, "minLength", "maxLength", len(value)):
        return False
    told = [matches(pattern, value) for pattern in shape.patterns]
    if False in told:
        return False
    return None if None in told or shape.formats.keys() - _HINTS else True


def _within(shape: Shape, least: str, most: str, size: float) -> bool:
    low, high = shape.bounds.get(least), shape.bounds.get(most)
    if low and (size < low.value or (low.exclusive and size == low.value)):
        return False
    return not (high and (size > high.value or (high.exclusive and size == high.value)))
