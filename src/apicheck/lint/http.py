"""Are the methods and status codes of HTTP used as the chapter on HTTP asks?"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from apicheck.answers import Answer, Fault
from apicheck.lint.lexicon import tokens, words
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.lint.responses import statuses
from apicheck.openapi import Operation, View

_STANDARD = frozenset({"get", "head", "options", "post", "put", "patch", "delete"})
_OF_ONE_RESOURCE = frozenset({"get", "put", "patch", "delete"})
_BODY_WITHOUT_MEANING = frozenset({"get", "head", "delete"})
_REGISTERED = frozenset(str(int(status)) for status in HTTPStatus)


@check("standard-methods")
def standard_methods(api: View) -> Iterator[Answer]:
    """Is every operation one of GET, POST, PUT, PATCH and DELETE, or of HEAD and OPTIONS, which change nothing? /core/http-methods.

    HEAD belongs to every server (RFC 9110, 9.1) and OPTIONS to CORS. TRACE, QUERY and methods of one's own are none of them. A
    field that the OAS does not know is taken for a method where it has what an operation has.
    """
    for item in api.path_items:
        named = {operation.method: operation.place for operation in item.operations}
        unknown = [key for key, value in item.value.items() if "responses" in mapping(value) and not key.startswith("x-")]
        named |= {key: item.place.child(key) for key in unknown if key not in named}
        for method, place in named.items():
            if method in _STANDARD:
                yield None
            else:
                name = method.upper()
                yield Fault("lint.other-method", at=place, used_by=(f"{name} {item.path}",), method=name, path=item.path)


@check("get-without-body")
def get_without_body(api: View) -> Iterator[Answer]:
    """Do GET, HEAD and DELETE come without a request body, which has no meaning there? RFC 9110, 9.3.1, 9.3.2 and 9.3.5."""
    for operation in api.operations:
        if operation.method not in _BODY_WITHOUT_MEANING:
            continue
        if "requestBody" in operation.value:
            at = operation.place.child("requestBody")
            yield Fault("lint.body-without-meaning", at=at, used_by=operation.used_by, method=operation.method.upper())
        else:
            yield None


@check("write-verbs-on-get")
def write_verbs_on_get(api: View) -> Iterator[Answer]:
    """Does the name of no GET operation speak of writing? /core/http-safety. A hint: a name does not prove what is done."""
    verbs = words("write-verbs")
    for operation in api.operations:
        if operation.method != "get":
            continue
        last = next((segment for segment in reversed(operation.path.split("/")) if segment and "{" not in segment), "")
        identifier = operation.value.get("operationId")
        names = [name for name in (last.removeprefix("_"), identifier) if isinstance(name, str)]
        telling = next((name for name in names if verbs.intersection(tokens(name)[:1])), None)
        if telling:
            yield Fault("lint.get-that-writes", at=operation.place, used_by=operation.used_by, path=operation.path, name=telling)
        else:
            yield None


@check("documented-status-codes")
def documented_status_codes(api: View) -> Iterator[Answer]:
    """Are the status codes that a client may expect documented, and are they real ones? /core/http-response-code."""
    for operation in api.operations:
        unknown = sorted(status for status in statuses(operation) if status.isdecimal() and status not in _REGISTERED)
        missing = _missing(api, operation)
        if unknown:
            at = operation.place.child("responses")
            yield Fault("lint.unregistered-status", at=at, used_by=operation.used_by, statuses=", ".join(unknown))
        if missing:
            at = operation.place.child("responses")
            yield Fault("lint.status-codes-missing", at=at, used_by=operation.used_by, statuses=", ".join(missing))
        if not unknown and not missing:
            yield None


@check("session-signs")
def session_signs(api: View) -> Iterator[Answer]:
    """Is there nothing in the document that speaks of a session on the server? /core/stateless. A hint only."""
    for scheme in api.security_schemes:
        if scheme.value.get("type") == "apiKey" and scheme.value.get("in") == "cookie":
            yield Fault("lint.session-cookie", at=scheme.place, name=scheme.value.get("name", scheme.name))
        else:
            yield None
    for parameter in api.parameters:
        if parameter.location == "cookie":
            yield Fault("lint.session-cookie", at=parameter.place, used_by=parameter.used_by, name=parameter.name)
        else:
            yield None
    for header in api.headers:
        if header.name.lower() == "set-cookie":
            yield Fault("lint.session-cookie-set", at=header.place, used_by=header.used_by)
        else:
            yield None
    signs = words("session-words")
    for item in api.path_items:
        sign = next((segment for segment in item.path.split("/") if segment.removeprefix("_").lower() in signs), None)
        yield Fault("lint.session-path", at=item.place, used_by=item.used_by, path=item.path, segment=sign) if sign else None


def _missing(api: View, operation: Operation) -> list[str]:
    """The statuses that an operation will give and does not document: for what is not there, and for who is not let in."""
    documented = statuses(operation)
    if documented & {"4XX", "DEFAULT"}:
        return []
    security = operation.value.get("security", api.document.root.get("security"))
    is_secured = isinstance(security, list) and security and {} not in security
    missing = ["404"] if operation.path.endswith("}") and operation.method in _OF_ONE_RESOURCE and "404" not in documented else []
    return [*missing, "401"] if is_secured and not documented & {"401", "403"} else missing
