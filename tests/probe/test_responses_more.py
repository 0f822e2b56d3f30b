"""Do the checks on statuses, links and the end of life of an operation tell right from wrong?"""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from apicheck.model import Exchange, Outcome, Source
from apicheck.probe import Watcher
from tests.probe.conftest import BASE_URL, Bring, get, put, reply

MET, VIOLATED, VACUOUS, UNKNOWN = Outcome.MET, Outcome.VIOLATED, Outcome.VACUOUS, Outcome.UNKNOWN
JSON = "application/json"
BSN, NO_BSN = "111222333", "111222334"
BEFORE, PAST, AFTER = (f"Wed, 01 Jan {year} 00:00:00 GMT" for year in (2014, 2020, 2025))
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0x.c2lnbmF0dXJl"  # noqa: S105  # made up


def exchange(status: int, body: Any = b"", operation: str = "GET /g", /, **headers: str) -> Exchange:
    named = {name.replace("_", "-"): value for name, value in ({"Content_Type": JSON} | headers).items()}
    return Exchange(
        id="x0001",
        sender=Source.PROBE,
        purpose="test",
        method="GET",
        url=f"{BASE_URL}/g",
        operation=operation,
        status=status,
        headers=tuple(named.items()),
        body=body if isinstance(body, bytes) else orjson.dumps(body),
    )


def link(address: str) -> Exchange:
    return exchange(200, {"_links": {"next": {"href": address}}})


@pytest.mark.parametrize(
    ("name", "seen", "outcome"),
    [
        ("no-error-in-success", exchange(200, {"a": 1}), MET),
        ("no-error-in-success", exchange(200, {"status": 404, "title": "Niet gevonden"}), VIOLATED),
        ("no-error-in-success", exchange(200, {"status": 404, "titel": "huisnummer"}), MET),
        ("no-error-in-success", exchange(200, {"status": "ok", "title": "Stadhuis"}), MET),
        ("no-error-in-success", exchange(200, {"status": 200, "title": "Stadhuis"}), MET),
        ("no-error-in-success", exchange(200, b"{}", Content_Type="application/problem+json"), VIOLATED),
        ("no-error-in-success", exchange(204), VACUOUS),
        ("no-error-in-success", exchange(404, {"status": 404, "title": "Niet gevonden"}), VACUOUS),
        ("challenge-with-401", exchange(401, WWW_Authenticate="Bearer"), MET),
        ("challenge-with-401", exchange(401), VIOLATED),
        ("challenge-with-401", exchange(403), VACUOUS),
        ("deprecation-announced", exchange(200, {}, "GET /oud", Deprecation="@1735689600"), MET),
        ("deprecation-announced", exchange(200, {}, "GET /oud"), VIOLATED),
        ("deprecation-announced", exchange(404, {}, "GET /oud"), VACUOUS),
        ("deprecation-announced", exchange(200, {}, "GET /g"), VACUOUS),
        ("deprecation-dates", exchange(200, Deprecation="@1735689600"), MET),
        ("deprecation-dates", exchange(200, Deprecation="@-1"), MET),
        ("deprecation-dates", exchange(200, Deprecation="@1735689600;why=old"), MET),
        ("deprecation-dates", exchange(200, Deprecation="true"), VIOLATED),
        ("deprecation-dates", exchange(200, Deprecation="Wed, 01 Jan 2025 00:00:00 GMT"), VIOLATED),
        ("deprecation-dates", exchange(200, Sunset="Wed, 01 Jan 2025 00:00:00 GMT"), MET),
        ("deprecation-dates", exchange(200, Sunset="2025-01-01"), VIOLATED),
        ("deprecation-dates", exchange(200, Sunset="Wed, 99 Jan 2025 00:00:00 GMT"), VIOLATED),
        ("deprecation-dates", exchange(200, Deprecation="@1735689600", Sunset="Wed, 01 Jan 2025 00:00:00 GMT"), MET),
        ("deprecation-dates", exchange(200, Deprecation="@1735689601", Sunset="Wed, 01 Jan 2025 00:00:00 GMT"), VIOLATED),
        ("deprecation-dates", exchange(200), VACUOUS),
        ("sunset-kept", exchange(200, Sunset=PAST, Date=BEFORE), MET),
        ("sunset-kept", exchange(200, Sunset=PAST, Date=AFTER), VIOLATED),
        ("sunset-kept", exchange(410, Sunset=PAST, Date=AFTER), VACUOUS),
        ("sunset-kept", exchange(200, Sunset="2025-01-01", Date=AFTER), VACUOUS),
        ("sunset-kept", exchange(200, Date=AFTER), VACUOUS),
        ("no-secrets-in-answers", exchange(200, [{"naam": "x", "wachtwoord": "Tulp-1953"}]), VIOLATED),
        ("no-secrets-in-answers", exchange(200, {"gebruikers": [{"passwordHash": "$2b$12$e0"}]}), VIOLATED),
        ("no-secrets-in-answers", exchange(200, {"client_secret": "a1b2c3"}), VIOLATED),
        ("no-secrets-in-answers", exchange(200, {"accessToken": TOKEN}), VIOLATED),
        ("no-secrets-in-answers", exchange(200, {"password": "Wachtwoord"}), MET),
        ("no-secrets-in-answers", exchange(200, {"password": "********"}), MET),
        ("no-secrets-in-answers", exchange(200, {"password": "Vul hier uw wachtwoord in."}), MET),
        ("no-secrets-in-answers", exchange(200, {"password": None, "apiKey": "", "secret": True}), MET),
        ("no-secrets-in-answers", exchange(200, {"secret": "https://kluis.example.org/1"}), MET),
        ("no-secrets-in-answers", exchange(200, {"nextToken": "abc123", "tokens": "12 stuks", "secretaris": "J2"}), MET),
        ("no-secrets-in-answers", exchange(200, {"openapi": "3.0.3", "x": {"password": "a1b2c3"}}), MET),
        ("no-secrets-in-answers", exchange(200, {"access_token": TOKEN}, "GET /oauth/token"), VACUOUS),
        ("no-secrets-in-answers", exchange(401, {"password": "a1b2c3"}), VACUOUS),
        ("no-tokens-in-links", link(f"{BASE_URL}/g?page=2"), MET),
        ("no-tokens-in-links", link("/v1/g?access_token=x"), VIOLATED),
        ("no-tokens-in-links", link(f"{BASE_URL}/g/{TOKEN}"), VIOLATED),
        ("no-tokens-in-links", link("https://elders.example.org/?access_token=x"), VACUOUS),
        ("no-tokens-in-links", exchange(201, {}, Location=f"/v1/g?sleutel={TOKEN}"), VIOLATED),
        ("no-tokens-in-links", exchange(200, {}, Link='</v1/g?access_token=x>; rel="next"'), VIOLATED),
        ("no-tokens-in-links", exchange(200, {"tekst": "een regel"}), VACUOUS),
        ("no-citizen-numbers-in-links", link(f"/v1/personen/{BSN}"), VIOLATED),
        ("no-citizen-numbers-in-links", link(f"/v1/personen?bsn={BSN}"), VIOLATED),
        ("no-citizen-numbers-in-links", link(f"/v1/personen/{NO_BSN}"), MET),
        ("no-citizen-numbers-in-links", link(f"/v1/personen/9{BSN}"), MET),
        ("query-keys-in-links", link("/v1/g?pageSize=2&page=1"), MET),
        ("query-keys-in-links", link("/v1/g?page_size=2"), VIOLATED),
        ("query-keys-in-links", link("/v1/g"), VACUOUS),
        ("query-keys-in-links", link("https://[onzin"), VACUOUS),
    ],
)
def test_what_a_response_tells(bring: Bring, name: str, seen: Exchange, outcome: Outcome) -> None:
    old = get()
    old["get"]["deprecated"] = True
    live = bring({"/g": get(), "/oud": old}, {"GET /g": reply(200, {}), "GET /oud": reply(200, {})})
    live.preflight = (seen,)
    assert put(name, live).outcome is outcome
    assert [found.occurrences for found in put(name, live).findings] == [1] * (outcome is VIOLATED)


@pytest.mark.parametrize(
    ("times", "outcome"),
    [
        (["T00:00:00Z"] * 5, VIOLATED),
        (["T22:00:00Z", "T23:00:00Z", "T23:00:00Z", "T22:00:00Z", "T22:00:00Z"], VIOLATED),
        (["T00:00:00Z"] * 4, VACUOUS),
        (["T00:00:00Z"] * 4 + ["T00:00:01Z"], MET),
    ],
)
def test_instants_that_are_days(bring: Bring, times: list[str], outcome: Outcome) -> None:
    schema = {"type": "array", "items": {"type": "string", "format": "date-time"}}
    values = [f"2026-01-0{day}{time}" for day, time in enumerate(times, start=1)]
    live = bring({"/g": get(schema)}, {"GET /g": reply(200, values)})
    assert put("times-of-day", live).outcome is outcome


def test_a_cookie_that_a_product_is_known_by_is_told(bring: Bring) -> None:
    live = bring({"/g": get()}, {"GET /g": reply(200, {}, Set_Cookie="JSESSIONID=1")})
    assert put("no-product-headers", live).outcome is VIOLATED
    assert put("no-cookies", live).outcome is VIOLATED


@pytest.mark.parametrize(
    "told",
    [
        "(sqlalchemy.exc.ProgrammingError) relation does not exist",
        "django.db.utils.OperationalError: no such table",
        "ActiveRecord::RecordNotFound",
        "Illuminate\\Database\\QueryException",
        "SequelizeDatabaseError: column does not exist",
        "PrismaClientKnownRequestError",
        "You have an error in your SQL syntax; check the manual",
        "<title>KeyError // Werkzeug Debugger</title>",
    ],
)
def test_words_of_what_is_behind_an_api(bring: Bring, told: str) -> None:
    live = bring({"/g": get()}, {"GET /g": reply(200, {})})
    live.preflight = (exchange(500, {"fout": told}),)
    assert put("no-stack-traces", live).outcome is VIOLATED
    live.preflight = (exchange(200, {"fout": told}),)
    (evidence,) = Watcher(["no-stack-traces"], live).evidence()
    assert evidence.outcome is VACUOUS
