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
    return lambda request, _: request.path.endswith(f"/openapi.{extension}")


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
}
