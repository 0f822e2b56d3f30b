"""Do the hints say what they see, and keep silent about what only looks like it?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.lint.asked import (
    FOUND,
    OF_THE_DESIGN_RULES,
    PROBLEM,
    WRONG,
    answering,
    established,
    failing,
    get,
    paths,
    queried,
    said,
    with_properties,
)

OPERATION = {"responses": {"200": FOUND}}
ITEM = {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {}}], "get": OPERATION}
DUTCH = (
    "De API geeft een overzicht van alle gebouwen en de panden die daar bij horen, maar niet van wat er nog gebouwd moet worden. "
)
ENGLISH = "This API returns all buildings and the premises that belong to them, but not what has yet to be built from the plans. "


def named(*names: str) -> Any:
    return with_properties(**{name: {"type": "string"} for name in names})


def mailed(address: str) -> Any:
    return {"info": {"contact": {"email": address}}}


def told(text: str) -> Any:
    return {"info": {"description": text}}


# check, what it keeps silent about, what it speaks of
HINTS: list[tuple[str, list[Any], list[Any]]] = [
    (
        "server-urls-without-trailing-slash",
        [{"servers": [{"url": "/"}]}, {"servers": [{"url": "https://a.nl/v1"}]}],
        [{"servers": [{"url": "https://a.nl/v1/"}]}],
    ),
    ("get-without-body", [{}], [get(requestBody={"content": {}})]),
    (
        "contact-specific",
        [{"info": {"contact": {"email": "team-bag@gemeente.nl"}}}],
        [{"info": {"contact": {"email": "Info@vng.nl"}}}],
    ),
    ("openapi-location-derivable", [{}], [{"servers": [{"url": "/v1"}]}, {"servers": None}]),
    (
        "verbs-in-paths",
        [
            paths(
                "/zaken",
                "/personen/{id}/adressen",
                "/leven",
                "/aanvragen",
                "/gebouwen/_zoek",
                "/gebouwen/zoek",
                "/adressen-van-gebouwen",
            )
        ],
        [paths("/get-gebouwen"), paths("/zoeken/{id}"), {"paths": {"/zaken/verwijderen": {"delete": OPERATION}}}],
    ),
    (
        "singular-collections",
        [paths("/gebouwen", "/gebouwen/{id}"), paths("/historie", "/historie/{id}"), paths("/gebouw")],
        [paths("/gebouw", "/gebouw/{id}")],
    ),
    (
        "english-names",
        [
            named("naam", "adres", "postcode", "gemeente", "straat", "datum", "nummer", "wijk", "buurt", "user"),
            named("user", "order"),
        ],
        [named("customer", "address", "country", "order", "payment", "price", "amount", "currency", "category", "company")],
    ),
    (
        "documentation-in-dutch",
        [{"info": {"description": DUTCH * 4}}, {"info": {"description": ENGLISH}}],
        [{"info": {"description": ENGLISH * 4}}],
    ),
    (
        "implementation-words",
        [paths("/impliciete-kosten"), {"components": {"schemas": {"Entiteit": {}}}}],
        [
            paths("/index.php"),
            {"components": {"schemas": {"GebouwDto": {"type": "object"}}}},
            {"servers": [{"url": "https://api.internal/v1"}]},
            {"servers": [{"url": "https://10.0.0.1/v1"}]},
        ],
    ),
    (
        "write-verbs-on-get",
        [{}, get(operationId="getUpdates"), paths("/updates")],
        [get(operationId="verwijderGebouw"), paths("/gebouwen/delete")],
    ),
    (
        "documented-status-codes",
        [{}, {"paths": {"/gebouwen/{id}": ITEM | {"get": {"responses": {"200": FOUND, "404": WRONG}}}}}],
        [{"paths": {"/gebouwen/{id}": ITEM}}, get(responses={"299": FOUND}), {"security": [{"k": []}]}],
    ),
    (
        "session-signs",
        [paths("/processessies")],
        [
            paths("/login"),
            get(parameters=[{"name": "s", "in": "cookie", "schema": {}}]),
            get(responses={"200": {"headers": {"Set-Cookie": {"schema": {}}}}}),
            {"components": {"securitySchemes": {"c": {"type": "apiKey", "in": "cookie", "name": "sid"}}}},
        ],
    ),
    (
        "nesting-candidates",
        [paths("/zaken", "/rollen"), paths("/a/{b}/c/{d}/e/{f}")],
        [
            {"paths": {"/zaken": {}, "/rollen": {"get": {"parameters": [{"name": "zaakId", "in": "query", "required": True}]}}}},
            paths("/a/{b}/c/{d}/e/{f}/g/{h}"),
        ],
    ),
    (
        "rpc-style-operations",
        [paths("/gebouwen/_zoek", "/users/:id"), queried({"name": "functie"})],
        [paths("/rpc"), paths("/gebouwen/{id}:approve"), queried({"name": "actie"})],
    ),
    (
        "all-errors-documented",
        [failing({"application/problem+json": {"schema": {"properties": {"errors": {"type": "array"}}}}}, "400")],
        [failing({"application/problem+json": {"schema": PROBLEM}}, "400")],
    ),
    (
        "deprecations-with-date",
        [
            get(deprecated=True, description="Vervalt op 2027-01-01."),
            get(deprecated=True, externalDocs={"url": "https://a.nl/planning"}),
        ],
        [get(deprecated=True), queried({"name": "q", "deprecated": True})],
    ),
    (
        "changelog-linked",
        [{"info": {"description": "Zie de [changelog](https://a.nl)."}}, {"info": {"x-changelog": "https://a.nl"}}],
        [{}],
    ),
    (
        "sensitive-names",
        [queried({"name": "code"}, {"name": "kvkNummer"}, {"name": "tokenType"})],
        [queried({"name": "access_token"}), queried({"name": "inpA_nummer"}), queried({"name": "BSN"})],
    ),
    (
        "signing-described",
        [get(responses={"200": {"headers": {"Payload-Signature": {"schema": {}}}}})],
        [get(parameters=[{"name": "Signature-Input", "in": "header", "schema": {}}])],
    ),
    (
        "encryption-described",
        [get(requestBody={"content": {"application/jose+json": {}}})],
        [get(requestBody={"content": {"application/jose": {}}})],
    ),
    (
        "date-time-names",
        [named("datumSoort", "dateFormat", "peildatumBekend", "looptijd", "verticalDatum")],
        [
            named("peildatum"),
            named("datumVanaf"),
            named("start_date"),
            named("birthdate"),
            named("registratieTijdstip"),
            named("timestamp"),
        ],
    ),
]


@pytest.mark.parametrize(("check", "silent", "spoken"), HINTS, ids=[hint[0] for hint in HINTS])
def test_a_hint_speaks_of_what_it_sees_only(check: str, silent: list[Any], spoken: list[Any]) -> None:
    assert [said(check, patch)[1] for patch in silent] == [0] * len(silent)
    assert [said(check, patch)[0] for patch in spoken] == ["violated"] * len(spoken)


@pytest.mark.parametrize(
    "patch",
    [
        answering({"schema": {"type": "object", "properties": {"type": {"enum": ["Point"]}, "coordinates": {"type": "array"}}}}),
        with_properties(latitude={"type": "number"}, longitude={"type": "number"}),
        get(responses={"200": {"content": {"application/geo+json": {}}}}),
        queried({"name": "bbox"}),
        get(parameters=[{"name": "Accept-Crs", "in": "header", "schema": {}}]),
    ],
)
def test_a_sign_of_geographic_data_leaves_the_module_open(patch: Any) -> None:
    assert said("geo-data-described") == ("vacuous", 0)
    evidence = established("geo-data-described", patch)
    assert evidence.outcome == "unknown"
    assert evidence.reason


def test_every_hint_is_tried() -> None:
    tried = {hint[0] for hint in HINTS} | {"geo-data-described", "date-names-with-time", "status-422-documented"}
    tried |= {"examples-match-schema", "patterns-valid"}  # in test_examples.py
    deciding = {
        "no-trailing-slash", "path-segments-kebab-case", "query-keys-camel-case", "standard-methods", "openapi-version",
        "document-valid", "refs-resolve", "paths-defined", "contact-present", "major-version-in-server-url",
        "server-version-equals-info-version", "info-version-semver", "version-header-documented",
        "version-header-documented-on-errors", "problem-details-documented", "status-400-documented", "date-time-formats",
        "offsets-not-restricted", "https-servers", "api-key-not-in-query",
    }  # fmt: skip
    assert tried | deciding == OF_THE_DESIGN_RULES
    assert not tried & deciding
