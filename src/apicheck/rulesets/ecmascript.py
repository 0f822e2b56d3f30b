"""What do values mean in ECMAScript?

Rulesets are written for a linter in JavaScript, and lean on it: a missing property is *undefined*, an empty list is true. Values
are those of JSON, plus ``UNDEFINED``.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final


class _Undefined:
    """The type of ``UNDEFINED``."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED: Final = _Undefined()
"""What a property has that is not there; JSON has no such value, ``null`` is another."""


def truthy(value: object) -> bool:
    """Return what ``Boolean(value)`` is: every list and mapping is true, also an empty one (ECMA-262, 7.1.2)."""
    if isinstance(value, dict | list):
        return True
    return bool(value) and value == value  # noqa: PLR0124  # NaN is false


def type_of(value: object) -> str:
    """Return what ``typeof value`` is (ECMA-262, 13.5.3)."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "object"


def text(value: object) -> str:
    """Return what ``String(value)`` is (ECMA-262, 7.1.17)."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, list):
        return ",".join("" if item is None or item is UNDEFINED else text(item) for item in value)
    return "[object Object]" if isinstance(value, dict) else str(value)


def _number_text(value: float) -> str:
    if math.isinf(value) or math.isnan(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return re.sub(r"e([-+])0+", r"e\1", repr(value))


def number(value: object) -> float:
    """Return what ``Number(value)`` is; NaN when it is no number (ECMA-262, 7.1.4)."""
    if value is None:
        return 0
    if isinstance(value, int | float):
        return value
    if isinstance(value, list):
        value = text(value)
    if not isinstance(value, str):
        return math.nan
    digits = value.strip()
    if not digits:
        return 0
    try:
        return int(digits, 0) if re.fullmatch(r"0[xXoObB][0-9a-fA-F]+", digits) else float(digits.replace("_", "!"))
    except ValueError:
        return math.nan


def same(left: object, right: object) -> bool:
    """Return what ``left === right`` is: lists and mappings are the same only when they are one (ECMA-262, 7.2.14)."""
    if isinstance(left, dict | list) or isinstance(right, dict | list) or left is None or right is None:
        return left is right
    return type_of(left) == type_of(right) and left == right


def alike(left: object, right: object) -> bool:
    """Return what ``left == right`` is, which converts what it compares (ECMA-262, 7.2.13)."""
    if left is None or left is UNDEFINED or right is None or right is UNDEFINED:
        return (left is None or left is UNDEFINED) and (right is None or right is UNDEFINED)
    if type_of(left) == type_of(right):
        return same(left, right)
    if isinstance(left, dict | list) and isinstance(right, str):
        return text(left) == right
    if isinstance(right, dict | list) and isinstance(left, str):
        return left == text(right)
    return number(left) == number(right)


def equal(left: object, right: object) -> bool:
    """Return whether two values say the same, member by member; ``1`` equals ``1.0`` and never ``true``."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    return same(left, right)


def keys(value: object) -> list[str]:
    """Return what ``Object.keys(value)`` is: those that look like an index come first, in their order (ECMA-262, 10.1.11.1)."""
    if isinstance(value, dict):
        indexes = [
            key for key in value if key.isascii() and key.isdigit() and (key == "0" or key[0] != "0") and int(key) < 2**32 - 1
        ]
        if not indexes:
            return list(value)
        known = set(indexes)
        return sorted(indexes, key=int) + [key for key in value if key not in known]
    return [str(index) for index in range(len(value))] if isinstance(value, list) else []


def member(value: object, key: object) -> Any:
    """Return ``value[key]``, or ``UNDEFINED`` when there is nothing."""
    if isinstance(value, dict):
        return value.get(text(key), UNDEFINED)
    if isinstance(value, list | str):
        if key == "length":
            return len(value) if isinstance(value, list) else units(value)
        index = number(key)
        return value[int(index)] if 0 <= index < len(value) and index == int(index) else UNDEFINED
    return UNDEFINED


def units(value: str) -> int:
    """Return the length of a string in UTF-16 code units, which is how ECMAScript counts."""
    return len(value) + sum(character > "\uffff" for character in value)


def stringify(value: object) -> str:
    """Return what ``JSON.stringify(value)`` is."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, float):
        return _number_text(value) if math.isfinite(value) else "null"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
