"""Is a date or time judged as RFC 3339 and the rules on dates and times write it?"""

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apicheck.probe.temporal import form, is_well_formed, offset

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(deadline=None)
@given(st.datetimes(timezones=zones), st.dates(min_value=date(1000, 1, 1)), st.times())
def test_what_python_writes_is_well_formed(moment: datetime, day: date, clock: time) -> None:
    assert is_well_formed("date-time", moment.isoformat())
    assert is_well_formed("date", day.isoformat())
    assert is_well_formed("time-local", clock.isoformat())
    assert offset(moment.isoformat()) == f"{moment:%z}"[:3] + ":" + f"{moment:%z}"[3:]


@pytest.mark.parametrize(
    "value", ["2026-02-28T23:59:60Z", "2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00+02:00[Europe/Amsterdam]"]
)
def test_what_is_let_pass(value: str) -> None:
    assert is_well_formed("date-time", value)


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-01T00:00:00",
        "2026-01-01t00:00:00Z",
        "2026-01-01T00:00:00z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00-00:00",
        "2026-01-01T00:00:00+0200",
        "2026-01-01T00:00:00+25:00",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z",
        "2026-02-30T00:00:00Z",
        "2026-1-1T00:00:00Z",
        "2026-01-01T00:00Z",
        "2026-01-01",
        "\uff12026-01-01T00:00:00Z",
        "",
    ],
)
def test_what_is_no_date_time(value: str) -> None:
    assert not is_well_formed("date-time", value)


@pytest.mark.parametrize(
    ("format_", "value"),
    [
        ("date", "2026-02-29"),
        ("date", "20260101"),
        ("date", "2026-W01-1"),
        ("date", "2026-01-01T00:00:00Z"),
        ("time-local", "10:00"),
        ("time-local", "10:00:00Z"),
        ("time-local", "10:00:00+02:00"),
        ("time-local", "24:00:00"),
    ],
)
def test_what_is_no_date_or_time(format_: str, value: str) -> None:
    assert not is_well_formed(format_, value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1980-12-31 10:00", "9999-99-99 99:99"), ("2026-01-01T00:00:00z", "9999-99-99T99:99:99z"), ("Jan é", "aaa a")],
)
def test_the_form_of_a_value_tells_nothing_of_anybody(value: str, shown: str) -> None:
    assert form(value) == shown
