"""Do the questions about state, input, forms and websites tell what is right, what is a fault, and what cannot be told?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import httpx
import orjson
import pytest

from apicheck.leave import Leave
from apicheck.model import Mode, Outcome
from apicheck.probe import Client, LiveApi, reach
from apicheck.probe.client import Headers
from tests.probe.conftest import BASE_URL, Bring, describe, get, parameter, put

MET, VIOLATED, VACUOUS, UNKNOWN = Outcome.MET, Outcome.VIOLATED, Outcome.VACUOUS, Outcome.UNKNOWN
Respond = Callable[[httpx.Request], tuple[int, dict[str, str], Any]]
NUMBERS = count()
LISTS = {"/gebouwen": get(), "/adressen": get()}


def running(
    paths: Mapping[str, Any],
    respond: Respond,
    *,
    mode: Mode = Mode.READ_ONLY,
    origins: tuple[str, ...] = (),
    headers: Headers = (),
    **more: Any,
) -> LiveApi:
    """Bring an API to life that answers as a function says, and may keep state."""

    def answer(request: httpx.Request) -> httpx.Response:
        status, headers, body = respond(request)
        content = b"" if body is None else orjson.dumps(body)
        return httpx.Response(status, headers={"Content-Type": "application/json"} | headers, stream=httpx.ByteStream(content))

    client = Client(BASE_URL, headers=headers, rate=math.inf, transport=httpx.MockTransport(answer), leave=Leave(BASE_URL, mode))
    return reach(describe(paths, **more), client, origins=origins)


def last(request: httpx.Request) -> str:
    return request.url.path.rpartition("/")[2]


class Remembering:
    """An API whose answer depends on what was asked before."""

    def __init__(self) -> None:
        self.before = ""

    def __call__(self, request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        before, self.before = self.before, last(request)
        return 200, {}, {"na": before}


class Counting:
    """An API that counts every request."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, _: httpx.Request) -> tuple[int, dict[str, str], Any]:
        self.asked += 1
        return 200, {}, {"aantal": self.asked}


def steady(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
    return 200, {}, [{"id": last(request)}]


def test_the_order_of_questions() -> None:
    assert put("same-answer-in-other-order", running(LISTS, steady)).outcome is MET
    assert put("same-answer-in-other-order", running(LISTS, Remembering())).outcome is VIOLATED
    assert put("same-answer-in-other-order", running(LISTS, Counting())).outcome is UNKNOWN


def with_cookie(cookie: str, answer: Callable[[bool], Any]) -> Respond:
    return lambda request: (200, {"Set-Cookie": f"{cookie}; Path=/"}, answer("cookie" in request.headers))


@pytest.mark.parametrize(
    ("respond", "outcome"),
    [
        (steady, VACUOUS),
        (with_cookie("sid=1", lambda _: "hetzelfde"), MET),
        (with_cookie("sid=1", lambda known: "dag, Jan" if known else "wie bent u?"), VIOLATED),
        (with_cookie("BIGipServerx=1", lambda known: "een" if known else "twee"), VACUOUS),
        (with_cookie("sid=1", lambda _: next(NUMBERS)), UNKNOWN),
    ],
)
def test_a_cookie_makes_no_difference(respond: Respond, outcome: Outcome) -> None:
    assert put("same-answer-without-cookie", running({"/gebouwen": get()}, respond)).outcome is outcome


def adding(path: str) -> Respond:
    """Return an API of which a GET of one path adds a building."""
    buildings = [{"id": 1}]

    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        if last(request) == path:
            buildings.append({"id": len(buildings) + 1})
        return 200, {}, list(buildings) if last(request) == "gebouwen" else {"ok": True}

    return respond


def test_reading_changes_nothing() -> None:
    assert put("reading-changes-nothing", running(LISTS, steady)).outcome is MET
    assert put("reading-changes-nothing", running({"/gebouwen": get(), "/wis": get()}, adding("niets"))).outcome is MET
    evidence = put("reading-changes-nothing", running({"/gebouwen": get(), "/wis": get()}, adding("wis")))
    assert (evidence.outcome, [found.operation for found in evidence.findings]) == (VIOLATED, ["GET /wis"])
    assert put("reading-changes-nothing", running({"/gebouwen": get(), "/wis": get()}, adding("gebouwen"))).outcome is UNKNOWN


class Renewing:
    """An API of which a GET of one path makes all books anew, as a reset does; being looked at is counted and dated."""

    def __init__(self) -> None:
        self.made = self.asked = 0

    def __call__(self, request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        self.asked += 1
        self.made += last(request) == "reset"
        seen = {"bekeken": self.asked, "laatst": f"2026-01-01T00:00:{self.asked % 60:02}Z"}
        return 200, {}, {"boeken": [{"titel": f"boek {self.made}", **seen}]} if last(request) == "boeken" else {}


def test_members_without_an_id_are_known_by_their_texts() -> None:
    evidence = put("reading-changes-nothing", running({"/boeken": get(), "/reset": get()}, Renewing()))
    assert [found.operation for found in evidence.findings] == ["GET /reset"]
    assert put("reading-changes-nothing", running({"/boeken": get(), "/ander": get()}, Renewing())).outcome is MET


@pytest.mark.parametrize("servers", [2, 3, 4])
@pytest.mark.parametrize("paths", [1, 2, 3])
def test_servers_that_take_turns_are_no_state(servers: int, paths: int) -> None:
    """Each of them answers with its own name, as a load balancer that goes round shows."""
    turns = count()

    def respond(_: httpx.Request) -> tuple[int, dict[str, str], Any]:
        return 200, {"Set-Cookie": "voorkeur=1"}, [{"titel": f"server {next(turns) % servers}"}]

    live = running({f"/{number}": get() for number in range(paths)}, respond)
    for name in ("same-answer-in-other-order", "same-answer-without-cookie", "reading-changes-nothing"):
        assert put(name, live).outcome is not VIOLATED, name


@pytest.mark.parametrize(
    ("status", "media_type", "outcome"),
    [(404, "application/json", MET), (200, "application/json", VIOLATED), (200, "text/html", MET), (503, "text/html", UNKNOWN)],
)
def test_a_path_without_the_version(status: int, media_type: str, outcome: Outcome) -> None:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        return (200, {}, {}) if "/v1/" in str(request.url) else (status, {"Content-Type": media_type}, {})

    live = running({"/gebouwen": get()}, respond)
    assert put("unversioned-path-refused", live).outcome is outcome


FILTERS = {"/gebouwen": get(None, parameter("pagina", type="integer"), parameter("vanaf", type="string", format="date"))}


def refusing(tell: Callable[[list[str], httpx.Request], Any], status: int = 400) -> Respond:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        wrong = [name for name in request.url.params if request.url.params[name] == "apicheck"]
        return (status, {}, tell(wrong, request)) if wrong else (200, {}, [])

    return respond


@pytest.mark.parametrize(
    ("respond", "outcome"),
    [
        (refusing(lambda wrong, _: {"fouten": wrong}), MET),
        (refusing(lambda wrong, _: {"fouten": wrong}, 422), MET),
        (refusing(lambda wrong, _: {"fout": wrong[0]}), VIOLATED),
        (refusing(lambda wrong, request: {"fout": wrong[0], "instance": str(request.url)}), VIOLATED),
        (refusing(lambda wrong, request: {"instance": str(request.url)}), UNKNOWN),
        (refusing(lambda wrong, _: {"fout": "pagina en vanaf zijn getallen"}), UNKNOWN),
        (refusing(lambda wrong, _: {"fouten": ["fout"] * len(wrong)}), MET),
        (refusing(lambda wrong, _: {}, 200), UNKNOWN),
        (refusing(lambda wrong, _: {}, 401), UNKNOWN),
    ],
)
def test_all_errors_together(respond: Respond, outcome: Outcome) -> None:
    assert put("all-errors-together", running(FILTERS, respond)).outcome is outcome


def test_two_faults_need_two_places() -> None:
    assert put("all-errors-together", running({"/gebouwen": get()}, steady)).outcome is VACUOUS
    writable = {"/gebouwen": get() | {"post": {"requestBody": {"content": {"application/json": {}}}, "responses": {}}}}
    assert put("all-errors-together", running(writable, steady)).outcome is UNKNOWN


def taking(schema: Any, path: str = "/gebouwen", **operation: Any) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": schema}}}
    post = {"post": {"requestBody": body, "responses": {}} | operation}
    return {"/gebouwen": get()} | {path: post | (get() if path == "/gebouwen" else {})}


def posting(status: int) -> Respond:
    return lambda request: (status if request.method == "POST" else 200, {}, {})


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(400, MET), (422, VIOLATED), (201, VIOLATED), (500, VIOLATED), (401, UNKNOWN), (404, UNKNOWN), (415, UNKNOWN), (503, UNKNOWN)],
)
def test_an_invalid_body(status: int, outcome: Outcome) -> None:
    live = running(taking({"type": "object"}), posting(status), mode=Mode.FULL)
    sent: list[bytes] = []
    live.client.listeners.append(lambda exchange: sent.append(exchange.request_body))
    assert put("invalid-body-400", live).outcome is outcome
    assert {*sent} - {b""} == {b'{"', b'"apicheck"'}


def test_a_body_is_sent_with_leave_only_and_where_nothing_else_is_missing() -> None:
    assert put("invalid-body-400", running(taking({"type": "object"}), posting(400))).outcome is UNKNOWN
    needed = [{"name": "soort", "in": "query", "required": True, "schema": {}}]
    live = running(taking({}, parameters=needed), posting(400), mode=Mode.FULL)
    assert put("invalid-body-400", live).outcome is UNKNOWN
    assert put("invalid-body-400", running(taking({}, "/gebouwen/{id}/foto"), posting(400), mode=Mode.FULL)).outcome is UNKNOWN
    assert put("invalid-body-400", running({"/gebouwen": get()}, posting(400))).outcome is VACUOUS


def test_an_api_that_breaks_down_altogether_is_not_blamed_for_a_body() -> None:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        posted.append(request.method == "POST")
        return (500 if any(posted) else 200), {}, {}

    posted: list[bool] = []
    assert put("invalid-body-400", running(taking({"type": "object"}), respond, mode=Mode.FULL)).outcome is UNKNOWN


def test_no_body_is_sent_with_delete() -> None:
    paths = taking({"type": "object"})
    paths["/gebouwen"]["delete"] = paths["/gebouwen"].pop("post")
    assert put("invalid-body-400", running(paths, posting(200), mode=Mode.FULL)).outcome is VACUOUS


def test_a_text_may_be_a_body(bring: Bring) -> None:
    live = running(taking({"type": "string"}), posting(400), mode=Mode.FULL)
    sent: list[bytes] = []
    live.client.listeners.append(lambda exchange: sent.append(exchange.request_body))
    assert put("invalid-body-400", live).outcome is MET
    assert sent == [b'{"']


BUILDING = {
    "type": "object",
    "required": ["naam", "jaar"],
    "properties": {
        "naam": {"type": "string", "minLength": 1, "maxLength": 50},
        "jaar": {"type": "integer", "minimum": 1000, "maximum": 2100},
        "opgeleverd": {"type": "string", "format": "date"},
        "sleutel": {"type": "string", "format": "uuid"},
    },
}


def checking(
    tell: Callable[[list[str]], Any], status: int = 400, *, also: Callable[[dict[str, Any]], list[str]] | None = None
) -> Respond:
    """Return an API that checks what it is posted as the schema asks, and tells what is wrong in its own way."""

    def wrong(body: Any) -> list[str]:
        if not isinstance(body, dict):
            return ["body"]
        found = ["naam"] if not 1 <= len(str(body.get("naam", ""))) <= 50 else []
        found += ["jaar"] if not (isinstance(body.get("jaar"), int) and 1000 <= body["jaar"] <= 2100) else []
        return found + (["opgeleverd"] if body.get("opgeleverd") == "2025-02-30" else [])

    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        if request.method != "POST":
            return 200, {}, []
        try:
            found = (also or wrong)(orjson.loads(request.content))
        except orjson.JSONDecodeError:
            found = ["body"]
        return (status, {}, tell(found)) if found else (201, {}, {})

    return respond


@pytest.mark.parametrize(
    ("respond", "outcome"),
    [
        (checking(lambda wrong: {"fouten": wrong}), MET),
        (checking(lambda wrong: {"fout": wrong[0]}), VIOLATED),
        (checking(lambda wrong: {"fout": "ongeldig"}), UNKNOWN),
        (checking(lambda wrong: {}, 415), UNKNOWN),
        (checking(lambda wrong: {}, also=lambda _: []), UNKNOWN),
    ],
)
def test_two_faults_in_one_body(respond: Respond, outcome: Outcome) -> None:
    assert put("all-errors-together", running(taking(BUILDING), respond, mode=Mode.FULL)).outcome is outcome
    assert put("all-errors-together", running(taking(BUILDING), respond)).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("also", "outcome"),
    [
        (None, MET),
        (lambda body: [] if "naam" not in body else ["naam"], VIOLATED),
        (lambda body: ["body"] if not isinstance(body, dict) or "naam" not in body else [], VIOLATED),
    ],
)
def test_a_body_of_which_one_member_is_wrong(also: Any, outcome: Outcome) -> None:
    live = running(taking(BUILDING), checking(lambda wrong: wrong, also=also), mode=Mode.FULL)
    sent: list[bytes] = []
    live.client.listeners.append(lambda exchange: sent.append(exchange.request_body))
    assert put("invalid-body-400", live).outcome is outcome
    assert [body for body in sent if body[:2] == b'{"' and body != b'{"'] == [b'{"jaar":1001}', b'{"jaar":1001,"naam":""}']


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(415, MET), (406, MET), (400, MET), (201, VIOLATED), (500, VIOLATED), (422, UNKNOWN), (404, UNKNOWN), (401, UNKNOWN)],
)
def test_a_body_of_another_media_type(status: int, outcome: Outcome) -> None:
    live = running(taking(BUILDING), posting(status), mode=Mode.FULL)
    sent: list[dict[str, str]] = []
    live.client.listeners.append(lambda exchange: sent.append({name.lower(): value for name, value in exchange.request_headers}))
    assert put("wrong-media-type-refused", live).outcome is outcome
    posted = [headers.get("content-type") for headers in sent if "content-length" in headers]
    assert posted == ["application/x-apicheck", None]
    assert put("wrong-media-type-refused", running(taking(BUILDING), posting(status))).outcome is UNKNOWN


def test_where_any_media_type_is_taken_none_is_wrong() -> None:
    paths = taking(BUILDING)
    paths["/gebouwen"]["post"]["requestBody"]["content"]["*/*"] = {}
    assert put("wrong-media-type-refused", running(paths, posting(201), mode=Mode.FULL)).outcome is VACUOUS


@pytest.mark.parametrize(("status", "outcome"), [(400, MET), (406, MET), (200, VIOLATED), (500, VIOLATED), (503, UNKNOWN)])
def test_a_header_that_cannot_be_valid(status: int, outcome: Outcome) -> None:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        return (status if request.headers.get("weergave") == "apicheck" else 200), {}, {}

    paths = {"/gebouwen": get(None, parameter("Weergave", "header", required=True, enum=["kort"]))}
    assert put("invalid-header-refused", running(paths, respond)).outcome is outcome
    http = {"/gebouwen": get(None, parameter("If-Match", "header", type="integer"), parameter("X-Naam", "header", type="string"))}
    assert put("invalid-header-refused", running(http, respond)).outcome is VACUOUS


@pytest.mark.parametrize(
    ("day", "outcome"),
    [(400, MET), (200, VIOLATED), (422, VIOLATED), (500, VIOLATED), (401, UNKNOWN)],
)
def test_a_day_that_does_not_exist(day: int, outcome: Outcome) -> None:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        asked = request.url.params.get("vanaf", "")
        return ({"2025-02-30": day, "apicheck": 400}.get(asked, 200)), {}, {}

    paths = {"/gebouwen": get(None, parameter("vanaf", type="string", format="date"))}
    assert put("invalid-query-400", running(paths, respond)).outcome is outcome


@pytest.mark.parametrize(
    ("status", "media_type", "outcome"),
    [
        (406, "application/json", MET),
        (200, "application/json", MET),
        (200, "application/x-apicheck", VIOLATED),
        (500, "application/json", VIOLATED),
        (503, "application/json", UNKNOWN),
    ],
)
def test_a_form_that_does_not_exist(status: int, media_type: str, outcome: Outcome) -> None:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        asked = request.headers["accept"] == "application/x-apicheck"
        return (status, {"Content-Type": media_type}, {}) if asked else (200, {}, {})

    assert put("unknown-form-refused", running({"/gebouwen": get()}, respond)).outcome is outcome


@pytest.mark.parametrize(
    ("without", "in_query", "outcome"),
    [(401, 200, VIOLATED), (403, 204, VIOLATED), (401, 401, MET), (401, 400, MET), (401, 500, UNKNOWN), (200, 200, VACUOUS)],
)
def test_a_token_in_the_query(without: int, in_query: int, outcome: Outcome) -> None:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        if "authorization" in request.headers:
            return 200, {}, {}
        return (in_query if "access_token" in request.url.params else without), {}, {}

    live = running({"/gebouwen": get()}, respond, headers=[("Authorization", "Bearer geheim")])
    assert put("token-in-query-refused", live).outcome is outcome
    assert put("token-in-query-refused", running({"/gebouwen": get()}, steady)).outcome is VACUOUS


@pytest.mark.parametrize(("status", "outcome"), [(404, MET), (200, MET), (400, MET), (500, VIOLATED), (503, UNKNOWN)])
def test_an_id_with_an_apostrophe(status: int, outcome: Outcome) -> None:
    paths = {"/gebouwen/{id}": get(None, parameter("id", "path", example="7"))}
    live = running(paths, lambda request: (status if "%27" in str(request.url) else 200, {}, {}))
    assert put("odd-id-no-server-error", live).outcome is outcome


CLIENT = "https://app.example.nl"


def allowing(allow: Callable[[str], str | None], **more: str) -> Respond:
    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        allowed = allow(request.headers.get("origin", ""))
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        return 200, headers | ({"Access-Control-Allow-Origin": allowed} if allowed else {}), {}

    return respond


def listed(origin: str) -> str | None:
    return origin if origin == CLIENT else None


@pytest.mark.parametrize(
    ("respond", "origins", "outcome"),
    [
        (allowing(listed), (CLIENT,), MET),
        (allowing(lambda _: "*"), (CLIENT,), MET),
        (allowing(lambda origin: origin), (CLIENT,), VIOLATED),
        (allowing(lambda origin: origin if origin.startswith(CLIENT) else None), (CLIENT,), VIOLATED),
        (allowing(lambda _: None), (CLIENT,), VIOLATED),
        (allowing(listed), (CLIENT, "https://elders.example.nl"), VIOLATED),
        (allowing(listed), (), UNKNOWN),
        (lambda request: (401 if "origin" in request.headers else 200, {}, {}), (CLIENT,), UNKNOWN),
    ],
)
def test_declared_websites(respond: Respond, origins: tuple[str, ...], outcome: Outcome) -> None:
    assert put("cors-for-declared-origins", running({"/gebouwen": get()}, respond, origins=origins)).outcome is outcome


def test_leave_is_asked_first_where_one_logs_in() -> None:
    schemes = {"securitySchemes": {"sleutel": {"type": "http", "scheme": "bearer"}}}

    def respond(request: httpx.Request) -> tuple[int, dict[str, str], Any]:
        return (405 if request.method == "OPTIONS" else 200), {"Access-Control-Allow-Origin": "*"}, {}

    live = running({"/gebouwen": get()}, respond, origins=(CLIENT,), components=schemes)
    assert put("cors-for-declared-origins", live).outcome is VIOLATED
    assert put("cors-for-declared-origins", running({"/gebouwen": get()}, respond, origins=(CLIENT,))).outcome is MET


@pytest.mark.parametrize(
    ("respond", "outcome"),
    [
        (allowing(lambda _: None), MET),
        (allowing(lambda origin: origin), MET),
        (allowing(lambda _: "*", Access_Control_Allow_Credentials="true"), MET),
        (allowing(listed, Access_Control_Allow_Credentials="true"), MET),
        (allowing(lambda origin: origin, Access_Control_Allow_Credentials="true"), VIOLATED),
        (allowing(lambda origin: origin if origin == "null" else None, Access_Control_Allow_Credentials="true"), VIOLATED),
        (lambda request: (503 if "origin" in request.headers else 200, {}, {}), UNKNOWN),
    ],
)
def test_credentials_for_any_website(respond: Respond, outcome: Outcome) -> None:
    assert put("cors-with-credentials", running({"/gebouwen": get()}, respond)).outcome is outcome
