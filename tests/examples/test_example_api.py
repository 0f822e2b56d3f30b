"""Does the example API behave as its document and the design rules say?"""

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import jsonschema_rs
import pytest
import yaml_rs

from apicheck.demo import describe, running_example
from apicheck.resources import resource

Ask = Callable[..., httpx.Response]

DOCUMENT = describe()
FIRST = "/gebouwen/0363100012000001"
BUILDING = {
    "naam": "Zwembad",
    "gebruiksdoel": "kantoor",
    "bouwjaar": 1999,
    "opleverdatum": "1999-05-01",
    "openingstijd": "07:00:00",
}
HEADERS = {
    "API-Version": "1.0.0",
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def assert_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert is_a("Foutmelding", problem)
    assert problem["status"] == status
    return problem


def is_a(schema: str, value: Any) -> bool:
    whole = {"$ref": f"#/components/schemas/{schema}", "components": DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True).is_valid(value)


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("GET", "/gebouwen", {}),
        ("HEAD", "/gebouwen", {}),
        ("OPTIONS", "/gebouwen", {}),
        ("GET", "/openapi.json", {}),
        ("GET", "/openapi.yaml", {}),
        ("GET", "/gebouwen?page=0", {}),
        ("GET", "/nergens", {}),
        ("PATCH", "/gebouwen", {}),
        ("PROPFIND", FIRST, {}),
        ("GET", FIRST, {"headers": {"Accept": "text/html"}}),
        ("POST", "/gebouwen", {"content": "naam=x", "headers": {"Content-Type": "text/plain"}}),
        ("POST", "/gebouwen", {"json": BUILDING}),
    ],
)
def test_every_response_has_the_version_and_the_security_headers(ask: Ask, method: str, path: str, options: dict[str, Any]) -> None:
    response = ask(method, path, **options)
    assert {name: response.headers.get_list(name) for name in HEADERS} == {name: [value] for name, value in HEADERS.items()}
    assert "Server" not in response.headers


def test_the_published_documents_are_the_one_on_disk(ask: Ask) -> None:
    on_disk = (resource("examples") / "gebouwen" / "openapi.yaml").read_bytes()
    assert ask("GET", "/openapi.yaml").content == on_disk
    assert ask("GET", "/openapi.json").json() == yaml_rs.loads(on_disk.decode(), parse_datetime=False) == DOCUMENT


def test_pages_lead_to_all_buildings_once(ask: Ask) -> None:
    url, seen = "/gebouwen?pageSize=5", []
    while url:
        page = ask("GET", url).json()
        assert is_a("Gebouwen", page)
        seen += [building["identificatie"] for building in page["gebouwen"]]
        url = page["_links"].get("volgende", {}).get("href")
    assert seen == sorted(set(seen))
    assert len(seen) == page["totaal"] >= 12


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("gebruiksdoel=zorg", lambda building: building["gebruiksdoel"] == "zorg"),
        ("bouwjaarVanaf=2015", lambda building: building["bouwjaar"] >= 2015),
        ("opleverdatum=1975-08-20", lambda building: building["opleverdatum"] == "1975-08-20"),
        ("gewijzigdSinds=2026-01-01T00:00:00Z", lambda building: building["gewijzigdOp"] >= "2026"),
    ],
)
def test_a_filter_gives_some_buildings_and_only_those(ask: Ask, query: str, holds: Callable[[dict[str, Any]], bool]) -> None:
    found = ask("GET", f"/gebouwen?{query}").json()
    assert 0 < found["totaal"] < ask("GET", "/gebouwen").json()["totaal"]
    assert all(map(holds, found["gebouwen"]))


@pytest.mark.parametrize("instant", ["2025-10-30T09:59:59+02:00", "2025-10-30T02:59:59-05:00", "2025-10-30T21:59:59+14:00"])
def test_the_same_instant_in_another_time_zone_finds_the_same(ask: Ask, instant: str) -> None:
    in_utc = ask("GET", "/gebouwen", params={"gewijzigdSinds": "2025-10-30T07:59:59Z"}).json()["gebouwen"]
    assert ask("GET", "/gebouwen", params={"gewijzigdSinds": instant}).json()["gebouwen"] == in_utc


@pytest.mark.parametrize(
    "instant", ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2016-12-31T23:59:60Z"]
)
def test_an_instant_at_the_edge_of_time_is_just_an_instant(ask: Ask, instant: str) -> None:
    assert ask("GET", "/gebouwen", params={"gewijzigdSinds": instant}).status_code == 200


def test_searching_takes_all_criteria_together(ask: Ask) -> None:
    criteria = {"naam": "SCHOOL", "gebruiksdoelen": ["onderwijs", "zorg"], "opgeleverdVoor": "1980-01-01"}
    found = ask("POST", "/_zoek", json=criteria).json()
    assert [building["naam"] for building in found["gebouwen"]] == ["De Regenboogschool"]


def test_a_building_is_added_changed_and_removed(ask: Ask) -> None:
    added = ask("POST", "/gebouwen", json=BUILDING)
    assert added.status_code == 201
    assert is_a("Gebouw", added.json())
    where = added.headers["Location"]
    assert ask("GET", where).json() == added.json()

    changed = ask("PUT", where, json={**added.json(), "naam": "Sporthal"})
    assert changed.status_code == 200
    assert ask("GET", where).json() == changed.json()
    assert (changed.json()["naam"], changed.json()["identificatie"]) == ("Sporthal", added.json()["identificatie"])
    assert changed.json()["gewijzigdOp"].endswith("Z")

    removed = ask("DELETE", where)
    assert (removed.status_code, removed.content) == (204, b"")
    assert "Content-Type" not in removed.headers
    for method in ("GET", "DELETE"):
        assert_problem(ask(method, where), 404)


def test_the_addresses_of_a_building_are_linked_from_it(ask: Ask) -> None:
    addresses = ask("GET", ask("GET", FIRST).json()["_links"]["adressen"]["href"])
    assert addresses.status_code == 200
    assert is_a("Adressen", addresses.json())


def test_all_errors_in_a_query_come_together(ask: Ask) -> None:
    problem = assert_problem(
        ask("GET", "/gebouwen?page=0&gewijzigdSinds=gisteren&gebruiksdoel=slapen&gebruiksdoel=wonen&kleur=rood"), 400
    )
    assert [error["location"] for error in problem["errors"]] == ["page", "gewijzigdSinds", "gebruiksdoel", "kleur"]
    assert {error["in"] for error in problem["errors"]} == {"query"}


def test_all_errors_in_a_query_and_a_body_come_together(ask: Ask) -> None:
    problem = assert_problem(ask("POST", "/_zoek?page=x", json={"naam": "", "gebruiksdoelen": ["zorg", "slapen"]}), 400)
    places = [(error["in"], error["location"]) for error in problem["errors"]]
    assert places == [("query", "page"), ("body", "/naam"), ("body", "/gebruiksdoelen/1")]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"\\ud800"', b'{"naam": NaN}', b"\xff", b"[" * 5000, b'{"bouwjaar": 1e999}']
)
def test_a_body_that_is_none_gets_400(ask: Ask, body: bytes) -> None:
    assert_problem(ask("POST", "/gebouwen", content=body, headers={"Content-Type": "application/json"}), 400)


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "json"])
def test_a_body_of_another_media_type_gets_415(ask: Ask, media_type: str) -> None:
    assert_problem(ask("POST", "/gebouwen", content=b"{}", headers={"Content-Type": media_type}), 415)


@pytest.mark.parametrize(
    ("accept", "status"), [("*/*", 200), ("application/*", 200), ("text/html", 406), ("application/json;q=0", 406), ("?", 406)]
)
def test_what_cannot_be_given_gets_406(ask: Ask, accept: str, status: int) -> None:
    assert ask("GET", FIRST, headers={"Accept": accept}).status_code == status


def test_an_unsupported_method_gets_405_and_the_methods_that_are(ask: Ask) -> None:
    response = ask("PATCH", "/gebouwen")
    assert_problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    "path", ["/gebouwen/", f"{FIRST}/", "//gebouwen", "/gebouwen/0", "/gebouwen/%2f", "/gebouwen/..", "/Gebouwen", "/"]
)
def test_a_path_that_is_none_gets_404(ask: Ask, path: str) -> None:
    assert_problem(ask("GET", path), 404)


def test_a_body_that_is_too_large_gets_413(ask: Ask) -> None:
    assert_problem(ask("POST", "/gebouwen", content=b" " * 1_000_001, headers={"Content-Type": "application/json"}), 413)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
    ],
)
def test_what_is_hardly_http_gets_a_problem_too(sent: bytes, status: int) -> None:
    with running_example() as example:
        at = urlsplit(example.base_url)
        with socket.create_connection((at.hostname, at.port), timeout=10) as connection, connection.makefile("rb") as answer:
            connection.sendall(sent)
            head, _, body = answer.read().partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    assert {f"{name}: {value}" for name, value in HEADERS.items()} <= set(head.decode().split("\r\n"))
    assert f'"status":{status}'.encode() in body


def test_the_server_listens_on_this_machine_only() -> None:
    with running_example() as example:
        assert urlsplit(example.base_url).hostname == "127.0.0.1"


def test_a_restart_forgets_every_change() -> None:
    with running_example() as example:
        assert httpx.delete(example.base_url + FIRST).status_code == 204
    with running_example() as example:
        assert httpx.get(example.base_url + FIRST).status_code == 200
