"""Does every planted fault do what its title says, and nothing when it is not planted?"""

from collections.abc import Callable
from itertools import permutations

import httpx
import pytest
import yaml_rs

from apicheck import catalogue
from apicheck.demo import PlantedFault, describe, planted_faults, twin
from apicheck.model import Role, Source

Ask = Callable[..., httpx.Response]
Says = Callable[[httpx.Response], bool]

FAULTS = planted_faults()
LIST, ONE, WRONG, NOWHERE = "GET /gebouwen", "GET /gebouwen/0363100012000001", "GET /gebouwen?page=x", "GET /gebouwen/0"
ABROAD = "GET /gebouwen?gewijzigdSinds=2025-10-30T09%3A59%3A59%2B02%3A00"


def lacks(name: str) -> Says:
    return lambda response: name not in response.headers


def holds(text: str) -> Says:
    return lambda response: text in response.text


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
}


def test_every_switch_of_the_server_is_tried() -> None:
    assert set(SAYS) == {fault.name for fault in FAULTS if fault.server}


@pytest.mark.parametrize("name", SAYS)
def test_a_switch_does_what_its_title_says(name: str, ask: Ask, ask_with: Callable[..., Ask]) -> None:
    (method, path), says = SAYS[name][0].split(), SAYS[name][1]
    assert says(ask_with(name)(method, path))
    assert not says(ask(method, path))


def test_there_is_a_fault_for_every_check_that_decides() -> None:
    deciding = {
        check
        for edition in catalogue.editions()
        for rule in catalogue.load(edition).rules
        for role, check in rule.bindings
        if role is not Role.INFORMED_BY and check.source in {Source.LINT, Source.PROBE}
    }
    # Whether there is geographical data to speak of is no fault, it only says whether a module applies.
    assert {str(check) for check in deciding} - {str(fault.found_by) for fault in FAULTS} == {"lint:geo-data-described"}


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_is_held_against_a_rule_that_its_check_decides(fault: PlantedFault) -> None:
    (rule,) = [rule for rule in catalogue.load(fault.standard).rules if rule.id == fault.rule]
    assert fault.found_by in (*rule.requires, *rule.refuted_by)


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
