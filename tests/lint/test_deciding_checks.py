"""Does every deciding check tell right from wrong, say so when there is nothing to look at, and point at the exact place?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.lint.asked import FOUND, PROBLEM, WRONG, established, failing, get, paths, queried, said, with_properties

EMPTY = {"paths": {"/gebouwen": None}}
ONLY_DATES = with_properties(datum={"type": "string", "format": "date"})
REQUESTED: dict[str, Any] = {"name": "sinds", "in": "query", "schema": {"type": "string", "format": "date-time"}}


def key(where: str) -> dict[str, Any]:
    return {"components": {"securitySchemes": {"s": {"type": "apiKey", "in": where, "name": "key"}}}}


# check, what meets it, what violates it, what leaves it with nothing to look at
CHECKS: list[tuple[str, Any, Any, Any]] = [
    ("no-trailing-slash", {}, paths("/a/b/"), EMPTY),
    ("path-segments-kebab-case", {}, paths("/gebouwen/bestandsNaam"), EMPTY | {"servers": None}),
    ("query-keys-camel-case", queried({"name": "typeGebouw"}), queried({"name": "9a"}), {}),
    ("standard-methods", {}, {"paths": {"/a": {"trace": {}}}}, EMPTY),
    ("openapi-version", {}, {"openapi": "3.0"}, None),
    ("document-valid", {}, {"info": {"titel": "t"}}, None),
    ("refs-resolve", get(parameters=[{"$ref": "#/info"}]), get(parameters=[{"$ref": "#/nergens"}]), {}),
    ("paths-defined", {}, EMPTY, None),
    ("contact-present", {}, {"info": {"contact": None}}, None),
    ("major-version-in-server-url", {}, {"servers": [{"url": "/"}]}, None),
    ("server-version-equals-info-version", {}, {"info": {"version": "2.0.0"}}, {"servers": [{"url": "/"}]}),
    ("info-version-semver", {}, {"info": {"version": "v1.0.0"}}, None),
    ("version-header-documented", {}, get(responses={"200": {"headers": None}}), EMPTY),
    ("version-header-documented-on-errors", get(responses={"404": WRONG}), get(responses={"404": {"description": "x"}}), {}),
    ("problem-details-documented", get(responses={"404": WRONG}), failing(None), {}),
    ("status-400-documented", queried({"name": "q"}, responses={"400": WRONG}), queried({"name": "q"}), {}),
    ("date-time-formats", ONLY_DATES, with_properties(x={"type": "string", "format": "unix-time"}), {}),
    (
        "offsets-not-restricted",
        get(parameters=[REQUESTED]),
        get(parameters=[REQUESTED | {"schema": {**REQUESTED["schema"], "pattern": "Z$"}}]),
        ONLY_DATES,
    ),
    ("https-servers", {}, {"servers": [{"url": "http://api.example.nl/v1"}]}, {"servers": [{"url": "http://localhost:8080/v1"}]}),
    ("api-key-not-in-query", key("header"), key("query"), {}),
]


@pytest.mark.parametrize(("check", "right", "wrong", "nothing"), CHECKS, ids=[case[0] for case in CHECKS])
def test_a_check_tells_right_wrong_and_nothing_apart(check: str, right: Any, wrong: Any, nothing: Any) -> None:
    assert said(check, right)[0] == "met"
    assert said(check, wrong)[0] == "violated"
    assert nothing is None or said(check, nothing) == ("vacuous", 0)


def test_a_finding_points_at_the_place_and_names_the_operations() -> None:
    patch = {
        "components": {"responses": {"fout": {"description": "x", "content": {"application/json": {}}}}},
        "paths": {
            "/a": {"get": {"responses": {"404": {"$ref": "#/components/responses/fout"}}}},
            "/b": {"get": {"responses": {"500": {"$ref": "#/components/responses/fout"}}}},
        },
    }
    (finding,) = established("problem-details-documented", patch).findings
    assert finding.location
    assert finding.location.pointer == "/components/responses/fout/content/application~1json"
    assert finding.location.used_by == ("GET /a", "GET /b")


def test_one_wrong_schema_is_one_finding_however_many_errors_use_it() -> None:
    response = {"description": "x", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/fout"}}}}
    patch = get(responses={"400": response, "404": response}) | {"components": {"schemas": {"fout": {"type": "object"}}}}
    (finding,) = established("problem-details-documented", patch).findings
    assert finding.occurrences == 2
    assert finding.location
    assert finding.location.pointer == "/components/schemas/fout"


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [PROBLEM, {"type": "null"}]},
        {"oneOf": [PROBLEM, {"allOf": [PROBLEM, {"properties": {"extra": {}}}]}]},
        {"allOf": [{"required": PROBLEM["required"]}, {"properties": PROBLEM["properties"]}]},
        {"allOf": [{"$ref": "#/components/schemas/p"}]},
    ],
)
def test_members_that_every_alternative_has_are_always_there(schema: Any) -> None:
    patch = failing({"application/problem+xml": {"schema": schema}}) | {"components": {"schemas": {"p": PROBLEM}}}
    assert said("problem-details-documented", patch) == ("met", 0)


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [PROBLEM, {"type": "object", "properties": {"foutcode": {}}}]},
        {**PROBLEM, "properties": {**PROBLEM["properties"], "status": {"type": "string"}}},
        {"allOf": [{"$ref": "#/components/schemas/self"}]},
        True,
    ],
)
def test_members_that_may_be_missing_or_are_of_another_type_are_wrong(schema: Any) -> None:
    patch = failing({"application/problem+json": {"schema": schema}})
    assert said("problem-details-documented", patch | {"components": {"schemas": {"self": schema}}})[0] == "violated"


ELSEWHERE = {"$ref": "https://example.org/common.yaml#/x"}


@pytest.mark.parametrize(
    ("check", "patch"),
    [
        ("refs-resolve", get(parameters=[ELSEWHERE])),
        ("query-keys-camel-case", get(parameters=[ELSEWHERE])),
        ("query-keys-camel-case", queried({"name": "Zoek_Op", "in": "query", "schema": ELSEWHERE})),
        ("query-keys-camel-case", queried({"name": "zoek", "in": "query", "schema": {"type": "object", "allOf": [ELSEWHERE]}})),
        ("date-time-formats", with_properties(x={"format": "date-time", "allOf": [ELSEWHERE]})),
        ("problem-details-documented", {"openapi": "3.2.0"} | failing({"application/problem+json": ELSEWHERE})),
        ("status-400-documented", get(parameters=[ELSEWHERE])),
        ("version-header-documented", get(responses={"201": ELSEWHERE})),
        ("version-header-documented-on-errors", get(responses={"404": ELSEWHERE})),
        ("problem-details-documented", get(responses={"404": ELSEWHERE})),
        ("problem-details-documented", failing({"application/problem+json": {"schema": ELSEWHERE}})),
    ],
)
def test_what_stands_behind_a_reference_that_is_not_followed_cannot_be_told(check: str, patch: Any) -> None:
    evidence = established(check, patch)
    assert evidence.outcome == "unknown"
    assert evidence.reason


def test_a_doubt_about_an_error_is_none_about_a_success() -> None:
    patch = get(responses={"404": ELSEWHERE})
    assert said("version-header-documented", patch) == ("met", 0)


def test_a_header_counts_by_its_name_wherever_its_reference_leads() -> None:
    headers = {"api-version": {"$ref": "https://example.org/common.yaml#/headers/version"}, "API-Version": None}
    assert said("version-header-documented", get(responses={"200": {"headers": headers}})) == ("met", 0)


def test_an_operation_with_only_default_does_not_tell_what_an_error_looks_like() -> None:
    patch = get(responses={"200": None, "default": FOUND})
    assert said("problem-details-documented", patch) == ("unknown", 0)


@pytest.mark.parametrize(
    ("servers", "outcome"),
    [
        (
            [{"url": "https://{host}/{pad}/v1", "variables": {"host": {"default": "a.nl"}, "pad": {"default": "Mijn_API"}}}],
            "violated",
        ),
        ([{"url": "https://{host}/api/v1", "variables": {"host": {"default": "A_b.nl"}}}], "met"),
        ([{"url": "../v1"}], "met"),
        ([{"url": "https://api.example.nl/V1"}], "violated"),
    ],
)
def test_only_the_base_path_of_a_server_is_in_kebab_case(servers: Any, outcome: str) -> None:
    assert said("path-segments-kebab-case", {"servers": servers})[0] == outcome


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("https://api.example.nl/v0", "met"),
        ("/v1", "met"),
        ("/gebouwen/v12/", "met"),
        ("https://api.example.nl/v01", "violated"),
        ("https://api.example.nl/V1", "violated"),
        ("https://api.example.nl/api?x=/v1", "violated"),
        ("https://api.example.nl/v1/v1.2", "violated"),
        ("https://[::1/v1", "met"),
    ],
)
def test_the_major_version_is_a_whole_segment_of_the_base_path(url: str, outcome: str) -> None:
    assert said("major-version-in-server-url", {"servers": [{"url": url}]})[0] == outcome


def test_servers_may_be_left_to_the_operations() -> None:
    own = get(servers=[{"url": "https://api.example.nl/v1"}])
    assert said("major-version-in-server-url", {"servers": None} | own) == ("met", 0)
    assert said("major-version-in-server-url", {"servers": []}) == ("violated", 1)


@pytest.mark.parametrize(
    ("parameter", "keys"),
    [
        ({"schema": {"type": "object", "properties": {"een-ding": {}}}}, ["een-ding"]),
        ({"schema": {"type": "object", "properties": {"een-ding": {}}}, "explode": False}, ["de-naam"]),
        ({"schema": {"type": "object", "properties": {"een-ding": {}}}, "style": "deepObject"}, ["de-naam"]),
        ({"schema": {"type": "array", "items": {"type": "object", "properties": {"een-ding": {}}}}}, ["de-naam"]),
        ({"schema": {"allOf": [{"$ref": "#/components/schemas/f"}]}}, ["in-f"]),
        ({"schema": {"type": "object"}}, []),
        (
            {"content": {"application/json": {"schema": {"type": "object", "properties": {"een-ding": {}}}}}, "schema": None},
            ["de-naam"],
        ),
    ],
)
def test_the_keys_are_those_that_stand_in_the_query(parameter: Any, keys: list[str]) -> None:
    patch = queried({"name": "de-naam", **parameter})
    components = {"components": {"schemas": {"f": {"type": "object", "properties": {"in-f": {}}}}}}
    evidence = established("query-keys-camel-case", patch | components)
    assert [finding.message.en.split()[3] for finding in evidence.findings] == keys


def test_the_keys_of_a_query_string_are_the_fields_of_its_form() -> None:
    form = {"schema": {"type": "object", "properties": {"een-ding": {}, "goed": {}}}}
    parameter = {"name": "niet-een-sleutel", "in": "querystring", "content": {"application/x-www-form-urlencoded": form}}
    assert said("query-keys-camel-case", {"openapi": "3.2.0"} | get(parameters=[parameter])) == ("violated", 1)


@pytest.mark.parametrize(
    ("schema", "outcome"),
    [
        ({"maxLength": 20}, "violated"),
        ({"maxLength": 25}, "met"),
        ({"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}, "violated"),
        ({"pattern": r"^.*(Z|[+-]\d\d:\d\d)$"}, "met"),
        ({"pattern": r"^.*([+-]\d\d:\d\d|Z)$"}, "met"),
        ({"enum": ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"]}, "violated"),
        ({"example": "2026-01-01T00:00:00"}, "met"),
    ],
)
def test_a_schema_that_lets_in_utc_only_restricts_the_offset(schema: Any, outcome: str) -> None:
    parameter = {"name": "sinds", "in": "query", "schema": {"type": "string", "format": "date-time", **schema}}
    assert said("offsets-not-restricted", get(parameters=[parameter]))[0] == outcome


@pytest.mark.parametrize(
    ("schema", "outcome"),
    [
        ({"type": ["string", "null"], "format": "date"}, "met"),
        ({"format": "date"}, "violated"),
        ({"type": "string", "allOf": [{"format": "date"}]}, "met"),
        ({"oneOf": [{"type": "string"}], "format": "date"}, "met"),
        ({"type": "string", "format": "duration"}, "vacuous"),
        ({"type": "string", "format": "uuid"}, "vacuous"),
        ({"type": "string", "format": "DateTime"}, "violated"),
        ({"type": "string", "format": "yyyy-MM-dd HH:mm:ss"}, "violated"),
        ({"type": "number", "format": "unixtime"}, "violated"),
    ],
)
def test_a_format_for_dates_needs_the_type_string(schema: Any, outcome: str) -> None:
    assert said("date-time-formats", {"openapi": "3.1.0"} | with_properties(x=schema))[0] == outcome


def test_addresses_for_authorization_use_tls_too() -> None:
    flow = {"authorizationUrl": "https://a.nl", "tokenUrl": "http://a.nl/token", "scopes": {}}
    patch = {"components": {"securitySchemes": {"o": {"type": "oauth2", "flows": {"authorizationCode": flow}}}}}
    (finding,) = established("https-servers", patch).findings
    assert finding.location
    assert finding.location.pointer == "/components/securitySchemes/o/flows/authorizationCode/tokenUrl"


def test_a_version_that_is_no_text_is_said_to_be_none() -> None:
    assert said("info-version-semver", {"info": {"version": 1.0}}) == ("violated", 1)
    (finding,) = established("info-version-semver", {"info": {"version": True}}).findings
    assert "info.version is true and no text" in finding.message.en
    assert said("info-version-semver", {"info": {"version": None}}) == ("violated", 1)
    assert said("server-version-equals-info-version", {"info": {"version": None}}) == ("unknown", 0)


def test_asking_for_a_check_that_does_not_exist_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        established("no-such-check")


def test_an_empty_server_url_is_shown_as_such() -> None:
    (finding,) = established("major-version-in-server-url", {"servers": [{"url": ""}]}).findings
    assert 'server URL "" ' in finding.message.en
