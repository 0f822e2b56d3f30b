"""Does every planted fault do what its title says, and nothing when it is not planted?"""

from collections.abc import Callable
from itertools import permutations

import httpx
import pytest
import yaml_rs

from apicheck import catalogue
from apicheck.beyond import TOLD
from apicheck.budget import Budget
from apicheck.demo import PlantedFault, describe, planted_faults, running_example, twin
from apicheck.model import Role, Source
from apicheck.probe import BEYOND, TlsServer

Ask = Callable[..., httpx.Response]
Says = Callable[[httpx.Response], bool]

FAULTS = planted_faults()
LIST, ONE, WRONG, NOWHERE = "GET /gebouwen", "GET /gebouwen/0363100012000001", "GET /gebouwen?page=x", "GET /gebouwen/0"
BAD_BODY = "POST /gebouwen"
ABROAD = "GET /gebouwen?gewijzigdSinds=2025-10-30T09%3A59%3A59%2B02%3A00"


def lacks(name: str) -> Says:
    return lambda response: name not in response.headers


def holds(text: str) -> Says:
    return lambda response: text in response.text


def allows(origin: str) -> Says:
    return lambda response: response.headers.get("Access-Control-Allow-Origin") == origin


def has_status(status: int) -> Says:
    return lambda response: response.status_code == status


SAYS: dict[str, tuple[str, Says]] = {
    "success-without-version": (LIST, lacks("API-Version")),
    "success-with-other-version": (LIST, lambda response: response.headers["API-Version"] == "1.0.1"),
    "error-without-version": (NOWHERE, lacks("API-Version")),
    "error-with-other-version": (NOWHERE, lambda response: response.headers["API-Version"] == "1.0.1"),
    "error-as-json": (NOWHERE, lambda response: response.headers["Content-Type"] == "application/json"),
    "error-as-html": (NOWHERE, holds("<h1>")),
    "error-without-body": (NOWHERE, lambda response: response.content == b""),
    "error-without-detail": (WRONG, lambda response: "detail" not in response.json()),
    "error-with-other-status": (NOWHERE, lambda response: response.json()["status"] == 400),
    "no-nosniff": (LIST, lacks("X-Content-Type-Options")),
    "short-hsts": (LIST, lambda response: response.headers["Strict-Transport-Security"] == "max-age=3600"),
    "no-frame-ancestors": (LIST, lacks("Content-Security-Policy")),
    "no-frame-options": (LIST, lacks("X-Frame-Options")),
    "no-content-type": (ONE, lacks("Content-Type")),
    "date-time-with-space": (LIST, holds('"2026-03-01 09:30:00Z"')),
    "date-with-time": (LIST, holds('"2019-06-14T00:00:00Z"')),
    "time-without-seconds": (LIST, holds('"08:3000"')),
    "openapi-json-absent": ("GET /openapi.json", has_status(404)),
    "openapi-json-behind-login": ("GET /openapi.json", has_status(401)),
    "openapi-json-as-page": ("GET /openapi.json", holds("<h1>")),
    "openapi-json-without-cors": ("GET /openapi.json", lacks("Access-Control-Allow-Origin")),
    "openapi-yaml-differs": (
        "GET /openapi.yaml",
        lambda response: yaml_rs.loads(response.text, parse_datetime=False) != describe(),
    ),
    "trailing-slash-redirects": ("GET /gebouwen/", lambda response: response.headers.get("Location") == "/gebouwen/v1/gebouwen"),
    "trailing-slash-accepted": ("GET /gebouwen/", has_status(200)),
    "method-not-found": ("PATCH /gebouwen", has_status(404)),
    "method-not-allowed-without-allow": ("PATCH /gebouwen", lacks("Allow")),
    "method-accepted": ("PATCH /gebouwen", has_status(200)),
    "invalid-query-422": (WRONG, has_status(422)),
    "invalid-query-ignored": (WRONG, has_status(200)),
    "invalid-query-500": (WRONG, has_status(500)),
    "offsets-refused": (ABROAD, has_status(400)),
    "offsets-misread": (ABROAD, holds('"totaal": 0')),
    "invalid-body-422": (BAD_BODY, has_status(422)),
    "invalid-body-ignored": (BAD_BODY, has_status(200)),
    "invalid-body-500": (BAD_BODY, has_status(500)),
    "impossible-day-accepted": ("GET /gebouwen?opleverdatum=2025-02-30", has_status(200)),
    "any-year-accepted": ("GET /gebouwen?bouwjaarVanaf=apicheck", has_status(200)),
    "other-status-given": (ONE, has_status(203)),
    "other-media-type-given": (ONE, lambda response: response.headers["Content-Type"] == "application/ld+json"),
    "answer-breaks-schema": (ONE, lambda response: response.json()["bouwjaar"] == "oud"),
    "secret-shown": (ONE, lambda response: "wachtwoord" in response.json()),
    "any-key-accepted": (LIST, has_status(401)),
    "opened-from-inside": (LIST, has_status(401)),
    "still-there-after-its-end": (LIST, lambda response: response.headers.get("Sunset", "").endswith("2000 00:00:00 GMT")),
    "end-announced-nowhere": (LIST, lambda response: "sunset" in response.headers.get("Link", "")),
    "newer-version-without-end": ("GET /../v2/openapi.json", holds('"version":"2.0.0"')),
    "first-error-only": ("GET /gebouwen?page=x&bouwjaarVanaf=x", lambda response: len(response.json()["errors"]) == 1),
    "error-in-success": ("GET /gebouwen/999999999", has_status(200)),
    "unknown-path-accepted": ("GET /panden", has_status(200)),
    "stack-trace-in-error": (WRONG, holds("Traceback")),
    "database-in-error": (WRONG, holds("sqlalchemy")),
    "answer-depends-on-cookie": (LIST, lambda response: "sessie" in response.headers.get("Set-Cookie", "")),
    "never-the-same": (LIST, holds('"totaal":1,')),
    "token-in-link": (LIST, holds("access_token=")),
    "token-in-query-accepted": ("GET /gebouwen?access_token=x", has_status(200)),
    "apostrophe-breaks-down": ("GET /gebouwen/0363100012000001'", has_status(500)),
    "citizen-number-in-link": (LIST, holds("/gebouwen/111222333")),
    "link-with-other-key": (LIST, holds("page_size=")),
    "answers-without-version": ("GET /../gebouwen", has_status(200)),
    "version-header-with-prefix": (LIST, lambda response: response.headers.get("X-API-Version") == "1.0.0"),
    "product-named": (LIST, lambda response: "X-Powered-By" in response.headers),
    "cookie-set": (LIST, lambda response: "Set-Cookie" in response.headers),
    "head-refused": ("HEAD /gebouwen", has_status(405)),
    "deprecation-as-text": (LIST, lambda response: response.headers.get("Deprecation") == "true"),
    "local-times": (LIST, holds("+01:00")),
    "only-midnights": (LIST, holds("2026-03-01T00:00:00Z")),
    "cached": (LIST, lambda response: response.headers["Cache-Control"] == "max-age=60"),
    "other-document-published": ("GET /openapi.json", holds("Panden API")),
}
WITH_HEADERS: dict[str, tuple[dict[str, str], Says]] = {
    "any-website": ({"Origin": "https://x.example.org"}, allows("https://x.example.org")),
    "hidden-website-with-login": ({"Origin": "null"}, allows("null")),
    "client-website-refused": ({"Origin": "https://app.example.org"}, lacks("Access-Control-Allow-Origin")),
    "any-form-given": ({"Accept": "application/x-apicheck"}, has_status(200)),
    "server-breaks-down": ({"Accept": "application/x-apicheck"}, has_status(500)),
    "answer-stops-half-way": ({"Accept": "application/x-apicheck"}, lambda response: response.text == '{"gebouwen": ['),
    "login-without-challenge": ({"Accept": "application/x-apicheck"}, has_status(401)),
}
"""Switches that show in the answer to a request with certain headers."""
STATES = {
    "answer-depends-on-order",
    "created-is-not-shown",
    "deleted-is-still-there",
    "first-error-in-body-only",
    "half-checked-body-accepted",
    "other-media-type-accepted",
    "read-only-taken",
    "reading-adds",
    "second-change-refused",
}
"""Switches that show in more than one answer."""
TLS = {fault.name for fault in FAULTS if fault.name.startswith("tls-")}


def test_every_switch_of_the_server_is_tried() -> None:
    assert SAYS.keys() | WITH_HEADERS.keys() | STATES | TLS == {fault.name for fault in FAULTS if fault.server}
    assert sum(fault.found_by.source is Source.PROBE for fault in FAULTS) >= 40


@pytest.mark.parametrize("name", WITH_HEADERS)
def test_a_switch_does_what_its_title_says_to_who_asks_so(name: str, ask: Ask, ask_with: Callable[..., Ask]) -> None:
    headers, says = WITH_HEADERS[name]
    assert says(ask_with(name)("GET", "/gebouwen", headers=headers))
    assert not says(ask("GET", "/gebouwen", headers=headers))


def test_an_answer_depends_on_what_was_asked_first(ask_with: Callable[..., Ask]) -> None:
    ask, one = ask_with("answer-depends-on-order"), ONE.split()
    first = ask(*one).json()
    ask("GET", f"{one[1]}/adressen")
    assert ask(*one).json() != first
    assert ask(*one).json() == first


BUILDING = {"naam": "Toren", "gebruiksdoel": "kantoor", "bouwjaar": 2020}


def test_a_new_building_is_not_shown(ask: Ask, ask_with: Callable[..., Ask]) -> None:
    for asks, status in ((ask, 200), (ask_with("created-is-not-shown"), 404)):
        where = asks("POST", "/gebouwen", json=BUILDING).headers["Location"]
        assert asks("GET", where).status_code == status
        asks("DELETE", where)


def test_what_is_read_only_is_taken_over(ask: Ask, ask_with: Callable[..., Ask]) -> None:
    for asks, label in ((ask, None), (ask_with("read-only-taken"), "A")):
        where = asks("POST", "/gebouwen", json={**BUILDING, "energielabel": "A"}).headers["Location"]
        assert asks("GET", where).json().get("energielabel") == label
        asks("DELETE", where)


def test_a_body_is_half_checked_and_of_two_faults_in_it_one_is_told(ask: Ask, ask_with: Callable[..., Ask]) -> None:
    wrong = {"naam": "", "bouwjaar": "oud"}
    assert len(ask("POST", "/gebouwen", json=wrong).json()["errors"]) == 3
    assert len(ask_with("first-error-in-body-only")("POST", "/gebouwen", json=wrong).json()["errors"]) == 1
    asks = ask_with("half-checked-body-accepted")
    assert asks("POST", "/gebouwen", json=wrong).status_code == 200
    assert asks("POST", "/gebouwen", content=b"{", headers={"Content-Type": "application/json"}).status_code == 400


def test_a_body_of_another_media_type_is_accepted(ask: Ask, ask_with: Callable[..., Ask]) -> None:
    for asks, status in ((ask, 415), (ask_with("other-media-type-accepted"), 200)):
        answer = asks("POST", "/gebouwen", content=b"apicheck", headers={"Content-Type": "application/x-apicheck"})
        assert answer.status_code == status


def test_who_says_to_come_from_inside_is_let_in(ask_with: Callable[..., Ask]) -> None:
    assert ask_with("opened-from-inside")("GET", "/gebouwen", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 200


def test_the_same_change_is_refused(ask: Ask, ask_with: Callable[..., Ask]) -> None:
    for asks, statuses in ((ask, [200, 200]), (ask_with("second-change-refused"), [200, 400])):
        where = asks("POST", "/gebouwen", json=BUILDING).headers["Location"]
        assert [asks("PUT", where, json=BUILDING).status_code for _ in range(2)] == statuses
        asks("DELETE", where)


def test_what_was_deleted_is_still_there(ask: Ask, ask_with: Callable[..., Ask]) -> None:
    for asks, status in ((ask, 404), (ask_with("deleted-is-still-there"), 200)):
        where = asks("POST", "/gebouwen", json=BUILDING).headers["Location"]
        assert asks("DELETE", where).status_code == 204
        assert asks("GET", where).status_code == status


def test_reading_adds_a_building(ask_with: Callable[..., Ask]) -> None:
    ask = ask_with("reading-adds")
    before = ask(*LIST.split()).json()["gebouwen"]
    ask("GET", f"{ONE.split()[1]}/adressen")
    assert len(ask(*LIST.split()).json()["gebouwen"]) == len(before) + 1


@pytest.mark.parametrize("name", sorted(TLS))
def test_a_server_with_a_fault_in_its_tls_speaks_tls(name: str) -> None:
    (fault,) = [fault for fault in FAULTS if fault.name == name]
    with running_example([fault]) as example:
        assert example.base_url.startswith("https://127.0.0.1:")
        assert TlsServer(example.base_url, Budget()).negotiated[0] in {"TLSv1.2", "TLSv1.3"}


@pytest.mark.parametrize("name", SAYS)
def test_a_switch_does_what_its_title_says(name: str, ask: Ask, ask_with: Callable[..., Ask]) -> None:
    (method, path), says = SAYS[name][0].split(), SAYS[name][1]
    assert says(ask_with(name)(method, path))
    assert not says(ask(method, path))


def test_there_is_a_fault_for_every_check_of_the_server_and_every_other_that_decides() -> None:
    deciding = {
        check
        for edition in catalogue.editions()
        if edition.startswith("nlgov-adr@")
        for rule in catalogue.load(edition).rules
        for role, check in rule.bindings
        if check.source is Source.PROBE or (role is not Role.INFORMED_BY and check.source is Source.LINT)
    }
    # Whether there is geographical data to speak of is no fault, it only says whether a module applies.
    assert {str(check) for check in deciding} - {str(fault.found_by) for fault in FAULTS} == {"lint:geo-data-described"}


def test_there_is_a_fault_for_everything_that_is_told_beside_the_standard() -> None:
    told = {fault.found_by.check for fault in FAULTS if fault.rule is None}
    by_itself = {name for name, is_told in BEYOND.items() if is_told}
    assert told == (TOLD | by_itself) - {"answers-in-time"}  # nobody waits for that


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.rule], ids=lambda fault: fault.name)
def test_a_fault_is_held_against_a_rule_that_its_check_says_something_about(fault: PlantedFault) -> None:
    (rule,) = [rule for rule in catalogue.load(fault.standard).rules if rule.id == fault.rule]
    assert fault.found_by in {check for _, check in rule.bindings}


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.document], ids=lambda fault: fault.name)
def test_a_fault_in_the_document_changes_it(fault: PlantedFault) -> None:
    assert describe([fault]) != describe()


def test_the_faults_of_the_twin_stay_out_of_each_others_way(ask_with: Callable[..., Ask]) -> None:
    assert len({fault.rule for fault in twin()}) == len(twin())
    patched = [fault for fault in twin() if fault.document]
    assert all(describe(order) == describe(patched) for order in permutations(patched))
    ask = ask_with(*(fault.name for fault in twin()))
    for fault in twin():
        if fault.server:
            request, says = SAYS[fault.name]
            assert says(ask(*request.split())) or fault.name == "error-without-detail"  # the twin's answer to a bad query is 422
