"""When is a date or time written as the rules on dates and times ask?

RFC 3339 within ISO 8601-1, with upper-case T and Z and without the offset -00:00 (/core/date-time/format). A suffix in brackets
(RFC 9557) is let pass: the rule names that standard.
"""

from __future__ import annotations

import re
from datetime import date, time

FORMATS = frozenset({"date", "date-time", "time-local"})

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"(\d{2}:\d{2}):(\d{2})(?:\.\d+)?", re.ASCII)
_DATE_TIME = re.compile(r"([^T]+)T([\d:.]+)(Z|[+-]\d{2}:\d{2})(?:\[[^\]]+\])*", re.ASCII)


def is_well_formed(format_: str, value: str) -> bool:
    """Say whether a value is what its format (one of ``FORMATS``) promises: a day and a time that exist, rightly written."""
    if format_ == "date":
        return _is_date(value)
    if format_ == "time-local":
        return _is_time(value)
    found = _DATE_TIME.fullmatch(value)
    return found is not None and _is_date(found[1]) and _is_time(found[2]) and (found[3] == "Z" or _is_offset(found[3]))


def offset(value: str) -> str:
    """Return the offset of a well-formed date-time: ``Z`` or ``+01:00``."""
    plain = value.partition("[")[0]
    return "Z" if plain.endswith("Z") else plain[-6:]


def form(value: str) -> str:
    """Return what a value looks like without what it says, which may be somebody's birthday: ``9999-99-99 99:99``."""
    return re.sub(r"[^\W\d_TtZz]", "a", re.sub(r"\d", "9", value))


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:  # no such day
        return False


def _is_time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    return found is not None and _is_clock(found[1]) and found[2] <= "60"  # a leap second is a second


def _is_offset(text: str) -> bool:
    return text != "-00:00" and _is_clock(text[1:])


def _is_clock(text: str) -> bool:
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True
