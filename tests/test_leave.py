"""Is nothing written that was not agreed, whatever a server answers?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck.leave import HARMLESS, MOST, Leave, created, removable
from apicheck.model import Exchange, Mode, Source

BASE = "https://api.example.nl/v1"
LIST = f"{BASE}/gebouwen"
CREATES = ("/gebouwen", "/gebouwen/{id}/kamers")


def made(url: str = LIST, status: int = 201, location: str | None = None, body: object = None, method: str = "POST") -> Exchange:
    headers = (("Location", location),) if location else ()
    content = b"" if body is None else json.dumps(body).encode()
    return Exchange("x1", Source.PROBE, "test", method, url, status=status, headers=headers, body=content)


def writing(*exchanges: Exchange) -> Leave:
    leave = Leave(BASE, Mode.SAFE_WRITE, CREATES)
    for exchange in exchanges:
        leave.see(exchange)
    return leave


@given(st.text(), st.text())
def test_a_run_that_reads_sends_nothing_but_what_is_harmless(method: str, url: str) -> None:
    assert (Leave(BASE).refusal(method, url) is None) == (method in HARMLESS)


@pytest.mark.parametrize("mode", [Mode.READ_ONLY, Mode.SAFE_WRITE])
@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "x-method-override", "X-HTTP-Method"])
def test_no_request_asks_the_server_to_take_another_method(mode: Mode, header: str) -> None:
    assert Leave(BASE, mode, CREATES).refusal("GET", LIST, [header])


def test_an_object_is_made_only_where_it_can_be_removed_again() -> None:
    operations = {
        ("POST", "/gebouwen"),
        ("DELETE", "/gebouwen/{id}"),
        ("POST", "/onderhoud"),
        ("POST", "/a/{x}"),
        ("DELETE", "/a/{x}"),
    }
    assert removable(operations) == ("/gebouwen",)
    assert writing().refusal("POST", LIST) is None
    assert writing().refusal("POST", f"{BASE}/onderhoud")
    assert writing().refusal("POST", f"{LIST}/7/kamers")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_only_what_the_run_made_itself_is_changed_or_deleted(method: str) -> None:
    leave = writing(made(location="/v1/gebouwen/7"))
    assert leave.refusal(method, f"{LIST}/7") is None
    assert leave.refusal(method, f"{LIST}/7/kamers/1") is None
    assert leave.refusal("POST", f"{LIST}/7/kamers") is None
    for other in (
        LIST,
        f"{LIST}/8",
        f"{LIST}/77",
        f"{LIST}/7/../8",
        f"{LIST}/7/%2e%2e/8",
        f"{LIST}/7//8",
        f"{LIST}/7%2f..%2f8",
        BASE,
    ):
        assert leave.refusal(method, other), other


@pytest.mark.parametrize(
    ("answer", "url"),
    [
        (made(location="/v1/gebouwen/7"), f"{LIST}/7"),
        (made(location="7", url=f"{LIST}/"), f"{LIST}/7"),
        (made(location="https://elders.example.org/v1/gebouwen/7"), f"{LIST}/7"),
        (made(body={"id": 7}), f"{LIST}/7"),
        (made(body={"url": f"{LIST}/een%20huis"}), f"{LIST}/een%20huis"),
        (made(body={"_links": {"self": {"href": f"{LIST}/7"}}}), f"{LIST}/7"),
        (made(location="/v1/gebruikers/1", body={"id": 8}), f"{LIST}/8"),
        (made(body={"id": "7/8"}), None),
        (made(location="/v1/gebruikers/1"), None),
        (made(location="/v1/gebouwen"), None),
        (made(location="/v1/gebouwen/7%2f..%2f8"), None),
        (made(body={"id": ".."}), None),
        (made(body={"id": True}), None),
        (made(body=["id"]), None),
        (made(status=200, location="/v1/gebouwen/7"), None),
        (made(method="PUT", location="/v1/gebouwen/7"), None),
    ],
)
def test_an_object_is_ours_when_the_answer_to_our_own_post_says_where_it_is(answer: Exchange, url: str | None) -> None:
    assert created(answer) == url


@given(
    st.text(alphabet="/.%27ef\\abc:?#[]@", max_size=20),
    st.one_of(
        st.none(), st.text(max_size=8), st.integers(), st.dictionaries(st.sampled_from(["id", "url", "self"]), st.text(max_size=8))
    ),
)
def test_whatever_a_server_answers_what_is_ours_lies_one_segment_below_where_we_posted(location: str, body: object) -> None:
    leave = writing(made(location=location, body=body))
    for own in leave.own:
        parent, _, segment = own.rpartition("/")
        assert parent == LIST
        assert segment not in {"", ".", ".."}
    assert leave.refusal("DELETE", LIST)
    assert leave.refusal("DELETE", f"{BASE}/gebruikers/1")


def test_what_was_there_before_is_not_ours_whatever_a_server_says_later() -> None:
    for shown in (
        made(f"{LIST}/7", 200, method="GET"),
        made(status=200, method="GET", body={"gebouwen": [{"id": 7}]}),
        made(f"{BASE}/alles", 200, method="GET", body=[{"url": f"{LIST}/7?x"}]),
    ):
        leave = writing(shown, made(location="/v1/gebouwen/7"))
        assert leave.refusal("DELETE", f"{LIST}/7")
        assert leave.unplaced == [f"POST {LIST}"]


def test_an_id_that_is_used_again_is_still_ours_and_removed_again() -> None:
    deleted = made(f"{LIST}/7", 204, method="DELETE")
    listed = made(status=200, method="GET", body=[{"id": 7}])
    leave = writing(made(body={"id": 7}), listed, deleted, made(body={"id": 7}))
    assert leave.left == (f"{LIST}/7",)


def test_where_an_answer_does_not_say_what_was_made_no_more_is_made() -> None:
    leave = writing(made(status=200, body={"id": 7}))
    assert leave.unplaced == [f"POST {LIST}"]
    assert leave.refusal("POST", LIST)
    assert leave.refusal("DELETE", f"{LIST}/7")


def test_what_is_left_is_to_be_deleted_in_reverse_order() -> None:
    leave = writing(*(made(body={"id": number}) for number in (1, 2, 3)), made(f"{LIST}/2", 204, method="DELETE"))
    assert leave.left == (f"{LIST}/3", f"{LIST}/1")


def test_a_write_that_got_past_the_guard_is_noted() -> None:
    leave = writing(made(body={"id": 1}), made(f"{LIST}/1", 204, method="DELETE"), made(f"{LIST}/9", 204, method="DELETE"))
    assert leave.trespasses == [f"DELETE {LIST}/9"]
    reading = Leave(BASE)
    reading.see(made())
    assert reading.trespasses == [f"POST {LIST}"]


def test_a_run_makes_no_more_than_it_can_remove() -> None:
    leave = writing(*(made(body={"id": number}) for number in range(MOST)))
    assert leave.refusal("POST", LIST)
    leave.see(made(f"{LIST}/7", 204, method="DELETE"))
    assert leave.refusal("POST", LIST) is None


def test_of_what_a_journal_names_only_what_a_post_can_have_made_is_taken_for_ours() -> None:
    leave = Leave("https://api.example/v1", Mode.SAFE_WRITE, ["/gebouwen"])
    ours = "https://api.example/v1/gebouwen/7"
    planted = ("/onderhoud/1", "/gebouwen/1/../2", "/gebouwen/[masked: 9]", "/gebouwen/", "/gebouwen/1?x=2", "/gebouwen/%2e%2e")
    leave.adopt([*(f"https://api.example/v1{path}" for path in planted), "https://elders.example/v1/gebouwen/1", ours])
    assert leave.left == (ours,)
    assert leave.refusal("DELETE", ours) is None
