"""How does a stranger's text, a number or a moment become something that can be printed safely?

A report holds what a document or a server said, and may itself have been written by a stranger.
"""

from __future__ import annotations

import re
from datetime import datetime

from apicheck.model import Language as Language  # noqa: PLC0414  # so that a format asks one module for what it writes with
from apicheck.model import Resumption
from apicheck.words import say, visible

LONGEST = 2_000
"""Characters of one text that a reader is shown."""

UTC = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|\+00:00)")
WEB = re.compile(
    r"https?://[a-z0-9.-]+(:[0-9]{1,5})?([/?]([\w.~:/?@!$&'()*+,;=-]|%[0-9a-f]{2})*)?(#([\w.~:/?@!$&'()*+,;=-]|%[0-9a-f]{2})*)?",
    re.IGNORECASE | re.ASCII,
)
"""A URI (RFC 3986) of the web, without user information."""


def plain(value: object, longest: int = LONGEST) -> str:
    """Return a text as one line in which no character acts: white space is folded, the rest made visible."""
    return visible(" ".join(str(value)[: longest * 2].split()), longest)


def lines(value: str, longest: int = LONGEST) -> list[str]:
    """Return a text line by line, each harmless, cut to a length that can be read."""
    return [visible(line, longest) for line in value[:longest].split("\n")]


def web_link(url: str) -> str | None:
    """Return an address that is safe to click on; None for all else."""
    return url if len(url) <= LONGEST and WEB.fullmatch(url) else None


def number(value: int, language: Language) -> str:
    """Return a count with a mark between the thousands, as the language writes it."""
    return f"{value:,}".replace(",", "." if language == "nl" else ",")


def day(date: str, language: Language) -> str:
    """Return the day of an ISO 8601 date or instant as a person writes it; anything else as it stands."""
    try:
        when = datetime.fromisoformat(date)
    except ValueError:
        return plain(date)
    month = say(f"report.month-{when.month}").in_(language)
    return f"{when.day} {month} {when.year}"


def period(first: str, last: str, language: Language) -> str:
    """Return two ISO 8601 instants in UTC as a person writes them, to the minute; once when that is the same minute."""
    if first[:16] == last[:16]:
        return f"{day(first, language)} {_clock(first)} (UTC)"
    till = _clock(last) if first[:10] == last[:10] else f"{day(last, language)} {_clock(last)}"
    return say("report.period", first=f"{day(first, language)} {_clock(first)}", last=till).in_(language)


def resumed(pause: Resumption, language: Language) -> str:
    """Say that a run had ended early and went on, and when."""
    when = period(pause.stopped, pause.resumed, language)
    return say("report.resumed", when=when, requests=number(pause.requests, language)).in_(language)


def _clock(instant: str) -> str:
    return plain(instant[11:16])


def utc(instant: str) -> str | None:
    """Return an instant in UTC as RFC 3339 writes it, with a Z; None when it is none."""
    return instant.replace("+00:00", "Z") if UTC.fullmatch(instant) else None


def counted(key: str, count: int, language: Language, **values: object) -> str:
    """Say how many: the text ``report.<key>`` or, for exactly one, ``report.<key>-one``."""
    chosen = f"report.{key}-one" if count == 1 else f"report.{key}"
    return say(chosen, count=number(count, language), **values).in_(language)
