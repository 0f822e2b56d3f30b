"""Is an answer that was cut short or sent round in circles seen for what it is, and no other?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck.arrival import arrived, trouble
from apicheck.model import Exchange, Source

URL = "http://127.0.0.1/v1/gebouwen?page=1"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


def answer(status: int, body: bytes = b"", **headers: str) -> Exchange:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange("x0001", Source.PROBE, "test", "GET", URL, status=status, headers=named, body=body)


@given(st.lists(VALUES, min_size=1) | st.dictionaries(st.text(), VALUES, min_size=1), st.booleans(), st.data())
def test_json_that_stops_half_way_did_not_arrive(value: object, ascii_only: bool, data: st.DataObject) -> None:  # noqa: FBT001  # any
    body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    length = data.draw(st.integers(1, len(body) - 1))
    assert trouble(answer(200, body[:length], content_type="application/problem+json; charset=utf-8")) in {"malformed", None}
    if ascii_only:
        assert trouble(answer(200, body[:length], content_type="application/json")) == "malformed"
        assert trouble(answer(200, body, content_type="application/json")) is None
    assert trouble(answer(200, body[:length], content_type="text/plain")) is None


@pytest.mark.parametrize("body", [b"", b"[1,]", b"{'a': 1}", b"<html>", b"{} {}", b"nul!"])
def test_json_that_is_wrong_is_the_doing_of_the_api(body: bytes) -> None:
    assert trouble(answer(200, body, content_type="application/json")) is None


def test_a_character_that_is_cut_in_two_is_one_that_did_not_arrive() -> None:
    assert trouble(answer(200, '["é'.encode()[:-1], content_type="application/json")) == "malformed"


@pytest.mark.parametrize(
    ("status", "location", "expected"),
    [
        (302, URL, "redirect-loop"),
        (307, "/v1/gebouwen?page=1#top", "redirect-loop"),
        (308, "?page=1", "redirect-loop"),
        (302, "/v1/gebouwen?page=2", None),
        (302, "https://example.nl/", None),
        (302, "", None),
        (201, URL, None),
    ],
)
def test_an_answer_that_leads_to_where_it_came_from_says_nothing(status: int, location: str, expected: str | None) -> None:
    assert trouble(answer(status, location=location)) == expected


def test_what_we_do_not_read_to_the_end_did_arrive() -> None:
    errors = (None, "too-large", "encoding", "malformed", "reset")
    exchanges = [Exchange("x0001", Source.PROBE, "test", "GET", URL, status=200, error=error) for error in errors]
    assert [arrived(exchange) for exchange in exchanges] == [True, True, True, False, False]
    assert not arrived(Exchange("x0001", Source.PROBE, "test", "GET", URL))
