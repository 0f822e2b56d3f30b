"""Do responses tell that an operation will go, as RFC 9745 (Deprecation) and RFC 8594 (Sunset) have it?

For /core/deprecation-schedule and /core/transition-period. The rules ask for a published schedule and a fixed period, and name no
header, so no check here decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from apicheck.answers import Answer, Fault
from apicheck.model import Exchange
from apicheck.probe.live import LiveApi, named
from apicheck.probe.registry import response_check

_DATE_ITEM = re.compile(r"@(-?\d{1,15})(?:;.*)?", re.ASCII)
"""A Date of RFC 9651 §3.3.7, with parameters or without: seconds since 1970."""
_IMF_FIXDATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT", re.ASCII)
"""The form of an HTTP date that is sent (RFC 9110 §5.6.7)."""


@response_check("deprecation-announced")
def deprecation_announced(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Does what the document calls deprecated say so in a header Deprecation (RFC 9745 §2) when it answers 2xx?"""
    operation = api.operations.get(exchange.operation or "")
    if operation is None or operation.value.get("deprecated") is not True or not 200 <= (exchange.status or 0) < 300:
        return
    announced = exchange.header("deprecation") is not None
    yield None if announced else Fault("probe.deprecation-missing", exchange=exchange, request=named(exchange))


@response_check("deprecation-dates")
def deprecation_dates(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Are Deprecation and Sunset written as a machine can read, and is the end not before the deprecation (RFC 9745 §4)?"""
    deprecation, sunset = exchange.header("deprecation"), exchange.header("sunset")
    since = _DATE_ITEM.fullmatch(deprecation.strip()) if deprecation is not None else None
    until = _http_date(sunset) if sunset is not None else None
    if deprecation is not None and since is None:
        yield Fault("probe.deprecation-malformed", exchange=exchange, request=named(exchange), value=deprecation)
    if sunset is not None and until is None:
        yield Fault("probe.sunset-malformed", exchange=exchange, request=named(exchange), value=sunset)
    if since and until and until.timestamp() < int(since[1]):
        yield Fault("probe.sunset-before-deprecation", exchange=exchange, request=named(exchange), value=sunset)
    elif since or until:
        yield None


@response_check("sunset-kept")
def sunset_kept(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Does nothing answer 2xx any more after the day that Sunset names? RFC 8594 §3; for /core/transition-period.

    The clock is that of the server, where it has one (RFC 9110 §6.6.1): what it announced, it did by that.
    """
    sunset = exchange.header("sunset")
    until = _http_date(sunset) if sunset is not None else None
    now = _http_date(exchange.header("date") or "") or datetime.fromisoformat(exchange.started)
    if until is not None and 200 <= (exchange.status or 0) < 300:
        yield None if until >= now else Fault("probe.sunset-passed", exchange=exchange, request=named(exchange), value=sunset)


def _http_date(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value) if _IMF_FIXDATE.fullmatch(value.strip()) else None
    except ValueError:  # no such day
        return None
