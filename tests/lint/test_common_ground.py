"""Do the checks for source holders, events and maps see what they should, and keep silent about what only looks like it?"""

from typing import Any

import pytest

from tests.lint.asked import FOUND, answering, get, paths, queried, said, with_properties

POINT = {"type": "object", "properties": {"type": {"type": "string"}, "coordinates": {"type": "array", "items": {}}}}
BODY = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ding"}}}}
ADDED = {"responses": {"201": {"description": "ok", **BODY}}, "requestBody": BODY}
DING = {"components": {"schemas": {"Ding": {"type": "object", "properties": {"id": {"type": "string"}}}}}}
READ_ELSEWHERE = {"/alles": {"get": {"responses": {"200": {"description": "ok", **BODY}}}}}


def writing(**more: Any) -> Any:
    return {"paths": {"/gebouwen": None, "/dingen": {"post": ADDED}, "/dingen/{id}": {"put": ADDED}, **more}, **DING}


def national(**properties: Any) -> Any:
    return with_properties(**properties)


def event(**changes: Any) -> Any:
    schema = {
        "type": "object",
        "required": ["id", "source", "specversion", "type"],
        "properties": {"id": {}, "source": {}, "type": {}, "specversion": {"const": "1.0"}, "data_base64": {}},
    }
    return answering({"schema": schema | changes})


# check, what it is silent about, what it speaks of
ASKED: list[tuple[str, list[Any], list[Any]]] = [
    (
        "national-basics-form",
        [
            {},
            national(bsn={"type": "string"}, kvkNummer={"type": "string", "pattern": "^[0-9]{8}$"}),
            national(nummeraanduidingIdentificatie={"type": "string", "pattern": "^[0-9]{4}20[0-9]{10}$"}),
            national(rsin={"type": "string", "pattern": "["}),
            national(aantalBsn={"type": "integer"}),
        ],
        [
            national(bsn={"type": "integer"}),
            national(burgerservicenummer={"type": ["integer", "null"]}),
            national(gemeentecode={"type": "string", "maxLength": 3}),
            national(vestigingsnummer={"type": "string", "minLength": 13}),
            national(pandIdentificatie={"type": "string", "pattern": "^[0-9]{15}$"}),
        ],
    ),
    (
        "national-basics-pattern",
        [{}, national(bsn={"type": "string", "minLength": 9, "maxLength": 9}), national(bsn={"type": "integer"})],
        [national(bsn={"type": "string"}), national(bsn={"type": "string", "maxLength": 9})],
    ),
    (
        "writable-is-readable",
        [
            {},
            {"paths": {"/dingen": {"post": {"responses": {"200": FOUND}}}, "/dingen/{id}": {"get": {"responses": {"200": FOUND}}}}},
            {"paths": {"/dingen/_zoek": {"post": ADDED}}, **DING},
            {"paths": {"/dingen/{id}": {"delete": {"responses": {"204": {"description": "weg"}}}}}},
        ],
        [writing(), writing(**{"/dingen": {"post": ADDED, "get": {"responses": {"200": FOUND}}}})],
    ),
    (
        "resources-name-themselves",
        [paths("/dingen/{id}"), {"paths": {"/dingen/{id}": get()["paths"]["/gebouwen"]}}],
        [{"paths": {"/dingen/{id}": answering({"schema": {"properties": {"kleur": {}}}})["paths"]["/gebouwen"]}}],
    ),
    ("changes-can-be-followed", [paths("/wijzigingen"), queried({"name": "If-None-Match", "in": "header"})], [{}]),
    ("license-stated", [{"info": {"license": {"name": "EUPL-1.2"}}}, {"info": {"termsOfService": "https://a.nl"}}], [{}]),
    ("fields-described", [{}, national(naam={"description": "De naam."})], [national(naam={})]),
    ("screens-in-paths", [{}, paths("/schermutselingen")], [paths("/wizard"), paths("/zaken/{id}/next-step")]),
    ("trace-context-described", [queried({"name": "traceparent", "in": "header"})], [{}]),
    ("event-attribute-names-short", [{}, event()], [event(properties={"specversion": {}, "eennaamvanmeerdantwintigtekens": {}})]),
    (
        "event-attributes-required",
        [{}, event(), answering({"schema": {"properties": {"specversion": {}, "source": {}}}})],
        [event(required=["id"]), event(properties={"specversion": {"enum": ["0.3"]}})],
    ),
    ("event-attribute-names", [event()], [event(properties={"specversion": {}, "subscriberReference": {}})]),
    (
        "geo-geometry-in-response",
        [
            {},
            national(geometrie=POINT),
            national(geometrie={"type": "object", "properties": {"punt": POINT, "vlak": POINT}}),
            national(naam={"type": "object", "properties": {"lengte": {}}}),
        ],
        [national(locatie=POINT, geometrie={"type": "array", "items": {"type": "number"}})],
    ),
    (
        "data-at-port-443",
        [
            {},
            {"servers": [{"url": "https://localhost:8443/v1"}]},
            {"servers": [{"url": "https://a.nl:443/v1"}]},
            {"servers": [{"url": "/"}]},
        ],
        [{"servers": [{"url": "https://a.nl:8443/v1"}]}, {"servers": [{"url": "https://[::2]:99/v1"}]}],
    ),
]
SILENT = [
    pytest.param(check, document, id=f"{check}-{number}") for check, silent, _ in ASKED for number, document in enumerate(silent)
]
LOUD = [pytest.param(check, document, id=f"{check}-{number}") for check, _, loud in ASKED for number, document in enumerate(loud)]


@pytest.mark.parametrize(("check", "document"), SILENT)
def test_what_is_right_or_something_else_is_no_fault(check: str, document: Any) -> None:
    assert said(check, document)[1] == 0


@pytest.mark.parametrize(("check", "document"), LOUD)
def test_what_is_wrong_is_seen(check: str, document: Any) -> None:
    outcome, found = said(check, document)
    assert outcome == "violated"
    assert found


def test_whether_all_of_it_can_be_got_out_is_a_doubt_where_it_is_read_by_another_path() -> None:
    assert said("writable-is-readable", writing(**READ_ELSEWHERE)) == ("unknown", 0)


@pytest.mark.parametrize(
    "sign", ["signatures-used", "encryption-used", "tokens-used", "fsc-used", "digikoppeling-used", "events-used"]
)
def test_a_document_without_signs_of_a_module_is_not_about_it(sign: str) -> None:
    assert said(sign) == ("vacuous", 0)


@pytest.mark.parametrize(
    ("sign", "document"),
    [
        ("signatures-used", queried({"name": "Payload-Signature", "in": "header"})),
        ("encryption-used", get(responses={"200": {"description": "ok", "content": {"application/jose+json": {}}}})),
        ("tokens-used", {"components": {"securitySchemes": {"a": {"type": "openIdConnect"}}}}),
        ("fsc-used", queried({"name": "Fsc-Authorization", "in": "header"})),
        ("fsc-used", {"servers": [{"url": "https://a.nl:8443/v1"}]}),
        ("digikoppeling-used", {"components": {"securitySchemes": {"a": {"type": "mutualTLS"}}}}),
        ("digikoppeling-used", {"info": {"description": "Te bereiken via Digikoppeling."}}),
        ("events-used", event()),
    ],
)
def test_a_sign_of_a_module_is_a_doubt_and_never_a_fault(sign: str, document: Any) -> None:
    assert said(sign, document) == ("unknown", 0)
