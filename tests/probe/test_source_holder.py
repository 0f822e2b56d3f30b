"""Is a collection read to its end whatever way it goes on, and is a filter that does nothing told from one that works?"""

from typing import Any

import pytest

from apicheck.probe.collections import MOST_PAGES

from .conftest import BASE_URL, Bring, get, parameter, put, reply

A, B, C = ({"id": name, "kleur": colour} for name, colour in (("a", "rood"), ("b", "blauw"), ("c", "rood")))
PATHS = {"/dingen": get(), "/dingen/{id}": get(None, parameter("id", "path", type="string"))}
NUMBERED = {"/dingen": get(None, parameter("page", type="integer"))}
COLOURED = {"/dingen": get(None, parameter("kleur", type="string"))}


def said(bring: Bring, check: str, paths: Any, answers: Any) -> tuple[str, str]:
    """Return the outcome of a question and the id of the first thing that it found."""
    evidence = put(check, bring(paths, answers))
    told = evidence.findings[0].message.en if evidence.findings else evidence.reason.en if evidence.reason else ""
    return evidence.outcome.value, told


WAYS: dict[str, tuple[Any, Any]] = {
    "a link in the body": ({"results": [A], "next": "?page=2"}, {"results": [B], "next": None}),
    "a link from the root": ({"results": [A], "next": "/v1/dingen?page=2"}, {"results": [B]}),
    "a link of HAL": (
        {"_embedded": {"dingen": [A]}, "_links": {"next": {"href": f"{BASE_URL}/dingen?page=2"}}},
        {"_embedded": {"dingen": [B]}, "_links": {}},
    ),
    "a list of links": (
        {"dingen": [A], "links": [{"rel": "next", "href": f"{BASE_URL}/dingen?page=2"}]},
        {"dingen": [B], "links": [{"rel": "self", "href": f"{BASE_URL}/dingen?page=2"}]},
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("total", "outcome"), [(None, "met"), (2, "met"), (3, "violated")])
def test_pages_are_followed_and_counted_whatever_way_they_go_on(bring: Bring, way: str, total: int | None, outcome: str) -> None:
    first, second = ({**page, **({"count": total} if total else {})} for page in WAYS[way])
    answers = {"GET /dingen": reply(200, first), "GET /dingen?page=2": reply(200, second)}
    if way == "a link in the body":
        first["next"] = "/v1/dingen?page=2"
    assert said(bring, "pages-reach-end", PATHS, answers)[0] == outcome


def test_a_link_in_a_header_is_followed(bring: Bring) -> None:
    link = f'<{BASE_URL}/dingen>; rel="first", <{BASE_URL}/dingen?page=2>; rel="next"'
    answers = {"GET /dingen": reply(200, [A], Link=link), "GET /dingen?page=2": reply(500, {})}
    outcome, told = said(bring, "pages-reach-end", PATHS, answers)
    assert outcome == "violated"
    assert "500" in told


@pytest.mark.parametrize("end", [reply(200, []), reply(404, {}), reply(400, {})])
def test_pages_by_number_end_where_there_is_nothing_more(bring: Bring, end: Any) -> None:
    answers = {"GET /dingen": reply(200, [A]), "GET /dingen?page=2": reply(200, [B]), "GET /dingen?page=3": end}
    assert said(bring, "pages-reach-end", NUMBERED, answers) == ("met", "")


def test_a_page_number_that_is_ignored_is_seen(bring: Bring) -> None:
    outcome, told = said(bring, "pages-reach-end", NUMBERED, {"GET /dingen": reply(200, [A])})
    assert outcome == "violated"
    assert "equal to the one before" in told


def test_more_pages_than_a_guest_may_fetch_are_a_doubt_and_so_are_pages_elsewhere(bring: Bring) -> None:
    many = {
        f"GET /dingen?page={number}": reply(200, {"results": [{"id": number}], "next": f"{BASE_URL}/dingen?page={number + 1}"})
        for number in range(2, MOST_PAGES + 10)
    }
    first = {"GET /dingen": reply(200, {"results": [A], "next": f"{BASE_URL}/dingen?page=2"})}
    assert said(bring, "pages-reach-end", PATHS, first | many)[0] == "unknown"
    elsewhere = {"GET /dingen": reply(200, {"results": [A], "next": "https://elders.example.nl/dingen?page=2"})}
    assert said(bring, "pages-reach-end", PATHS, elsewhere)[0] == "unknown"


@pytest.mark.parametrize(
    ("listed", "filtered", "outcome"),
    [
        ([A, B, C], [A, C], "met"),
        ([A, B, C], [A, B, C], "violated"),
        ([A, C], [A, C], "unknown"),
        ([A, B], [], "unknown"),
        ([{"id": "x"}], [], "vacuous"),
    ],
)
def test_a_filter_that_does_nothing_is_told_from_one_that_works(bring: Bring, listed: Any, filtered: Any, outcome: str) -> None:
    answers = {"GET /dingen": reply(200, listed), "GET /dingen?kleur=rood": reply(200, filtered)}
    assert said(bring, "filters-filter", COLOURED, answers)[0] == outcome


@pytest.mark.parametrize(
    ("link", "one", "outcome"),
    [
        (f"{BASE_URL}/dingen/a", A, "met"),
        ("/v1/dingen/a", A, "met"),
        (f"{BASE_URL}/dingen/b", B, "violated"),
        (f"{BASE_URL}/dingen/weg", None, "violated"),
        ("https://elders.example.nl/v1/dingen/a", A, "unknown"),
        (f"{BASE_URL}/handleiding", A, "vacuous"),
        ("http://[", A, "vacuous"),
    ],
)
def test_the_address_of_a_resource_leads_back_to_it(bring: Bring, link: str, one: Any, outcome: str) -> None:
    answers = {"GET /dingen": reply(200, [{**A, "url": link}])}
    if one:
        answers[f"GET /dingen/{one['id']}"] = reply(200, one)
    assert said(bring, "self-links-lead-back", PATHS, answers)[0] == outcome
