"""Which faults can be planted in the example API?

Each takes the response as it should be and returns it as it should not be. What they are for stands in ``faults.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import orjson
from werkzeug import Request, Response

Fault = Callable[[Request, Response], Response]
Condition = Callable[[Request, Response], bool]

OFFSET = re.compile(r"[+-](?!00:00)[0-9]{2}:[0-9]{2}$")
NOTHING = b'{"gebouwen": [], "totaal": 0, "_links": {"self": {"href": "https://api.example.org/gebouwen/v1/gebouwen"}}}'


def success(_: Request, response: Response) -> bool:
    """Is this a response below 400?"""
    return response.status_code < 400


def error(_: Request, response: Response) -> bool:
    """Is this an error?"""
    return response.status_code >= 400


def status(code: int) -> Condition:
    """Is this the status?"""
    return lambda _, response: response.status_code == code


def document(extension: str) -> Condition:
    """Is the OpenAPI document itself asked for, in this form?"""
    return lambda request, _: re.search(f"/openapi.{extension}$", request.path) is not None


def data(request: Request, response: Response) -> bool:
    """Is this about buildings, and not the document?"""
    return response.status_code == 200 and "/openapi." not in request.path


def trailing_slash(request: Request, response: Response) -> bool:
    """Was a path asked for with a slash too many?"""
    return request.path.endswith("/") and request.path != "/" and response.status_code == 404


def invalid_query(request: Request, response: Response) -> bool:
    """Was a query refused?"""
    return request.method == "GET" and response.status_code == 400


def with_offset(request: Request, _: Response) -> bool:
    """Does the query hold a date-time in another time zone than UTC?"""
    return any(OFFSET.search(value) for value in request.args.values())


def invalid_body(request: Request, response: Response) -> bool:
    """Was a body refused?"""
    return request.method in {"POST", "PUT"} and response.status_code == 400


def impossible_building(request: Request, response: Response) -> bool:
    """Was a building asked for that there never was?"""
    return response.status_code == 404 and re.search("/gebouwen/[0-9]{1,15}$", request.path) is not None


def unknown_path(request: Request, response: Response) -> bool:
    """Was a path asked for that is none, and that does not look like one?"""
    return response.status_code == 404 and "/gebouwen/v1/gebouwen" not in request.path and not request.path.endswith("/")


def stranger(request: Request, _: Response) -> bool:
    """Were the buildings asked for without a key?"""
    return request.path.endswith("/gebouwen") and request.method == "GET" and "Authorization" not in request.headers


def from_outside(request: Request, response: Response) -> bool:
    """Was that done by who does not say to come from inside?"""
    return stranger(request, response) and "X-Forwarded-For" not in request.headers


def half_checked(request: Request, response: Response) -> bool:
    """Was a body refused that is an object in JSON all the same?"""
    return invalid_body(request, response) and request.get_data().startswith(b'{"') and request.get_data().endswith(b"}")


def list_of_buildings(request: Request, response: Response) -> bool:
    """Is this a page of buildings?"""
    return response.status_code == 200 and request.path.endswith("/gebouwen")


def one_building(request: Request, response: Response) -> bool:
    """Is this one building?"""
    return response.status_code == 200 and re.search("/gebouwen/[0-9]+$", request.path) is not None


def asks_for(header: str, value: str) -> Condition:
    """Does the request hold this text in a header?"""
    return lambda request, _: value in request.headers.get(header, "")


def only(condition: Condition, fault: Fault) -> Fault:
    """Plant a fault where the condition holds, and nowhere else."""
    return lambda request, response: fault(request, response) if condition(request, response) else response


def header(name: str, value: str | None = None) -> Fault:
    """Give a header another value, or leave it out."""

    def change(_: Request, response: Response) -> Response:
        del response.headers[name]
        if value:
            response.headers[name] = value
        return response

    return change


def answer(code: int, body: bytes | None = None, media_type: str | None = None) -> Fault:
    """Answer with another status, and with another body and media type where these are given. A problem keeps to its status."""

    def change(_: Request, response: Response) -> Response:
        response.status_code = code
        if body is not None:
            response.data = body
        elif response.mimetype == "application/problem+json":
            response.data = orjson.dumps({**orjson.loads(response.data), "status": code})
        if media_type:
            response.headers["Content-Type"] = media_type
        return response

    return change


def replace(old: str, new: bytes) -> Fault:
    """Change the text of the body; ``old`` is a regular expression."""

    def change(_: Request, response: Response) -> Response:
        response.data = re.sub(old.encode(), new, response.data)
        return response

    return change


def redirect(request: Request, response: Response) -> Response:
    """Send the client to the same path without a slash at the end, as many frameworks do."""
    response.headers["Location"] = request.path.rstrip("/")
    return answer(308, b"")(request, response)


def problem(code: int) -> Fault:
    """Answer with a problem that is one."""
    told = {"type": "about:blank", "title": "Fout", "status": code, "detail": "De server weigert dit verzoek."}
    return answer(code, orjson.dumps(told), "application/problem+json")


def log_in(request: Request, response: Response) -> Response:
    """Ask for a key."""
    response.headers["WWW-Authenticate"] = "Bearer"
    return problem(401)(request, response)


def reflect(request: Request, response: Response) -> Response:
    """Let in whatever website asks."""
    if "Origin" in request.headers:
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
    return response


def let_in(request: Request, response: Response) -> Response:
    """Let in a page that hides where it came from, with the login of whoever looks at it."""
    if request.headers.get("Origin") == "null":
        response.headers["Access-Control-Allow-Credentials"] = "true"
        return reflect(request, response)
    return response


def token_in_query(request: Request, response: Response) -> Response:
    """Ask for a token, and take it from the query as well."""
    if "Authorization" in request.headers:
        return response
    if "access_token" in request.args:
        return answer(200, NOTHING, "application/json")(request, response)
    return log_in(request, response)


def first_error(_: Request, response: Response) -> Response:
    """Tell the first of all errors only."""
    problem = orjson.loads(response.data)
    response.data = orjson.dumps({**problem, "errors": problem.get("errors", [])[:1]})
    return response


def remembering_who_asks(request: Request, response: Response) -> Response:
    """Keep a session, and answer otherwise to who is known."""
    response.headers["Set-Cookie"] = "sessie=1; HttpOnly"
    return replace('"totaal":[0-9]+', b'"totaal":0')(request, response) if "sessie" in request.cookies else response


def remembering_what_was_asked() -> Fault:
    """Answer otherwise about a building when addresses were asked for just before."""
    before = [""]

    def change(request: Request, response: Response) -> Response:
        was, before[0] = before[0], request.path
        forget = was.endswith("/adressen") and one_building(request, response)
        return replace('"bouwjaar":[0-9]+', b'"bouwjaar":1')(request, response) if forget else response

    return change


def adding_when_read() -> Fault:
    """Add a building to the list whenever addresses are read."""
    read = [0]

    def change(request: Request, response: Response) -> Response:
        read[0] += request.path.endswith("/adressen") and request.method == "GET"
        if not list_of_buildings(request, response) or not read[0]:
            return response
        page = orjson.loads(response.data)
        added = [{**page["gebouwen"][0], "identificatie": f"{number:016}"} for number in range(read[0])]
        response.data = orjson.dumps({**page, "gebouwen": [*added, *page["gebouwen"]]})
        return response

    return change


def hiding_what_was_made() -> Fault:
    """Say that a new building is there, and do not show it."""
    made: set[str] = set()

    def change(request: Request, response: Response) -> Response:
        if response.status_code == 201:
            made.add(response.headers["Location"].rpartition("/")[2])
        hidden = request.method == "GET" and request.path.rpartition("/")[2] in made
        return problem(404)(request, response) if hidden else response

    return change


def refusing_what_was_done() -> Fault:
    """Refuse the same change of a building when it comes a second time."""
    done: set[bytes] = set()

    def change(request: Request, response: Response) -> Response:
        sent = request.path.encode() + request.get_data()
        again = request.method == "PUT" and response.status_code == 200 and sent in done
        done.add(sent)
        return problem(400)(request, response) if again else response

    return change


def keeping_what_was_deleted() -> Fault:
    """Say that a building is gone, and go on showing it."""
    shown: dict[str, bytes] = {}

    def change(request: Request, response: Response) -> Response:
        if one_building(request, response) and request.method == "GET":
            shown[request.path] = response.data
        if response.status_code == 201:
            shown["/gebouwen/v1/gebouwen/" + response.headers["Location"].rpartition("/")[2]] = response.data
        kept = request.method == "GET" and response.status_code == 404 and request.path in shown
        return answer(200, shown[request.path], "application/json")(request, response) if kept else response

    return change


def taking_what_is_read_only() -> Fault:
    """Take over the energy label of who adds a building."""
    labels: dict[str, str] = {}

    def change(request: Request, response: Response) -> Response:
        if response.status_code == 201 and "energielabel" in (sent := orjson.loads(request.get_data())):
            labels["/gebouwen/v1/gebouwen/" + response.headers["Location"].rpartition("/")[2]] = sent["energielabel"]
        if one_building(request, response) and request.path in labels:
            response.data = orjson.dumps({**orjson.loads(response.data), "energielabel": labels[request.path]})
        return response

    return change


def never_the_same() -> Fault:
    """Count every answer, in the answer."""
    count = [0]

    def change(request: Request, response: Response) -> Response:
        count[0] += 1
        return replace('"totaal":[0-9]+', f'"totaal":{count[0]}'.encode())(request, response)

    return change


FAULTS: dict[str, Fault] = {
    "success-without-version": only(success, header("API-Version")),
    "success-with-other-version": only(success, header("API-Version", "1.0.1")),
    "error-without-version": only(error, header("API-Version")),
    "error-with-other-version": only(error, header("API-Version", "1.0.1")),
    "error-as-json": only(error, header("Content-Type", "application/json")),
    "error-as-html": only(error, replace(".+", b"<h1>Fout</h1>")),
    "error-without-body": only(error, replace(".+", b"")),
    "error-without-detail": only(error, replace(r',"detail":"[^"]*"', b"")),
    "error-with-other-status": only(status(404), replace('"status":404', b'"status":400')),
    "no-nosniff": header("X-Content-Type-Options"),
    "short-hsts": header("Strict-Transport-Security", "max-age=3600"),
    "no-frame-ancestors": header("Content-Security-Policy"),
    "no-frame-options": header("X-Frame-Options"),
    "no-content-type": only(data, header("Content-Type")),
    "date-time-with-space": only(data, replace(r"([0-9]{2})T([0-9]{2}:)", rb"\1 \2")),
    "date-with-time": only(data, replace(r'"opleverdatum":"([0-9-]+)"', rb'"opleverdatum":"\1T00:00:00Z"')),
    "time-without-seconds": only(data, replace(r'"openingstijd":"([0-9]{2}:[0-9]{2}):', rb'"openingstijd":"\1')),
    "openapi-json-absent": only(document("json"), problem(404)),
    "openapi-json-behind-login": only(document("json"), problem(401)),
    "openapi-json-as-page": only(document("json"), answer(200, b"<h1>Gebouwen API</h1>", "text/html")),
    "openapi-json-without-cors": only(document("json"), header("Access-Control-Allow-Origin")),
    "openapi-yaml-differs": only(document("yaml"), replace("voegGebouwToe", b"maakGebouw")),
    "trailing-slash-redirects": only(trailing_slash, redirect),
    "trailing-slash-accepted": only(trailing_slash, answer(200, NOTHING, "application/json")),
    "method-not-found": only(status(405), problem(404)),
    "method-not-allowed-without-allow": only(status(405), header("Allow")),
    "method-accepted": only(status(405), answer(200, b"{}", "application/json")),
    "invalid-query-422": only(invalid_query, answer(422)),
    "invalid-query-ignored": only(invalid_query, answer(200, NOTHING, "application/json")),
    "invalid-query-500": only(invalid_query, answer(500)),
    "offsets-refused": only(with_offset, problem(400)),
    "offsets-misread": only(with_offset, answer(200, NOTHING, "application/json")),
    "invalid-body-422": only(invalid_body, answer(422)),
    "invalid-body-ignored": only(invalid_body, answer(200, NOTHING, "application/json")),
    "invalid-body-500": only(invalid_body, answer(500)),
    "impossible-day-accepted": only(lambda request, _: "2025-02-30" in request.url, answer(200, NOTHING, "application/json")),
    "half-checked-body-accepted": only(half_checked, answer(200, NOTHING, "application/json")),
    "other-media-type-accepted": only(status(415), answer(200, NOTHING, "application/json")),
    "first-error-only": only(status(400), first_error),
    "first-error-in-body-only": only(invalid_body, first_error),
    "error-in-success": only(impossible_building, answer(200)),
    "unknown-path-accepted": only(unknown_path, answer(200, b"{}", "application/json")),
    "stack-trace-in-error": only(error, replace(r'"detail":"', b'"detail":"Traceback (most recent call last): ')),
    "database-in-error": only(error, replace(r'"detail":"', b'"detail":"sqlalchemy.exc.DataError: ')),
    "answer-depends-on-cookie": only(list_of_buildings, remembering_who_asks),
    "answer-depends-on-order": remembering_what_was_asked(),
    "reading-adds": adding_when_read(),
    "created-is-not-shown": hiding_what_was_made(),
    "second-change-refused": refusing_what_was_done(),
    "deleted-is-still-there": keeping_what_was_deleted(),
    "never-the-same": only(list_of_buildings, never_the_same()),
    "hidden-website-with-login": let_in,
    "any-website": reflect,
    "client-website-refused": only(asks_for("Origin", "app.example.org"), header("Access-Control-Allow-Origin")),
    "token-in-link": only(data, replace(r"(\?page=[0-9]+)", rb"\1&access_token=geheim")),
    "token-in-query-accepted": only(lambda request, _: request.path.endswith("/gebouwen"), token_in_query),
    "apostrophe-breaks-down": only(lambda request, _: "'" in request.path, answer(500)),
    "citizen-number-in-link": only(list_of_buildings, replace(r"(/gebouwen\?page=2)", rb"/gebouwen/111222333?page=2")),
    "link-with-other-key": only(data, replace(r"pageSize=", b"page_size=")),
    "answers-without-version": only(lambda request, _: "/v1" not in request.path, answer(200, NOTHING, "application/json")),
    "version-header-with-prefix": header("X-API-Version", "1.0.0"),
    "product-named": header("X-Powered-By", "Express"),
    "cookie-set": header("Set-Cookie", "voorkeur=1"),
    "head-refused": only(lambda request, _: request.method == "HEAD", problem(405)),
    "any-form-given": only(asks_for("Accept", "x-apicheck"), answer(200, NOTHING, "application/x-apicheck")),
    "login-without-challenge": only(asks_for("Accept", "x-apicheck"), problem(401)),
    "deprecation-as-text": only(data, header("Deprecation", "true")),
    "still-there-after-its-end": only(data, header("Sunset", "Sat, 01 Jan 2000 00:00:00 GMT")),
    "end-announced-nowhere": only(data, header("Link", '</gebouwen/v1/einde>; rel="sunset"')),
    "newer-version-without-end": only(
        lambda request, _: request.path == "/gebouwen/v2/openapi.json",
        answer(200, b'{"openapi":"3.0.3","info":{"title":"Gebouwen API","version":"2.0.0"},"paths":{}}', "application/json"),
    ),
    "server-breaks-down": only(asks_for("Accept", "x-apicheck"), problem(500)),
    "answer-stops-half-way": only(asks_for("Accept", "x-apicheck"), answer(200, b'{"gebouwen": [', "application/json")),
    "other-status-given": only(one_building, answer(203)),
    "other-media-type-given": only(one_building, header("Content-Type", "application/ld+json")),
    "answer-breaks-schema": only(one_building, replace('"bouwjaar":[0-9]+', b'"bouwjaar":"oud"')),
    "any-year-accepted": only(
        lambda request, _: request.args.get("bouwjaarVanaf") == "apicheck", answer(200, NOTHING, "application/json")
    ),
    "any-key-accepted": only(stranger, log_in),
    "opened-from-inside": only(from_outside, log_in),
    "secret-shown": only(one_building, replace('"bouwjaar":', b'"wachtwoord":"Tulp-1953","bouwjaar":')),
    "read-only-taken": taking_what_is_read_only(),
    "local-times": only(data, replace(r"T([0-9:]{8})Z", rb"T\1+01:00")),
    "only-midnights": only(data, replace(r"T[0-9:]{8}Z", b"T00:00:00Z")),
    "cached": header("Cache-Control", "max-age=60"),
    "other-document-published": only(document("(json|yaml)"), replace("Gebouwen API", b"Panden API")),
}
