"""Are errors documented as the chapter on error handling asks?"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.answers import Answer, Fault, Unsure
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.lint.responses import is_error, responses, statuses, unresolved, without_parameters
from apicheck.lint.schemas import Shape, Shapes
from apicheck.openapi import MediaType, Operation, Response, View

_PROBLEM = frozenset({"application/problem+json", "application/problem+xml"})
_MEMBERS = ("status", "title", "detail")
_TYPES = {"status": {"integer", "number"}, "title": {"string"}, "detail": {"string"}, "type": {"string"}, "instance": {"string"}}


@check("problem-details-documented")
def problem_details_documented(api: View) -> Iterator[Answer]:
    """Is every error documented as problem details that always hold status, title and detail? /core/error-handling/problem-details.

    Where an operation documents no other error, ``default`` counts as one; where ``default`` is all there is, that cannot be told.
    HEAD is exempt: its responses have no body (RFC 9110, 9.3.2).
    """
    shapes = Shapes(api)
    for response in responses(api, _has_problem):
        content = mapping(response.value.get("content"))
        if not response.media_types and any("$ref" in mapping(media_type) for media_type in content.values()):
            yield Unsure("lint.error-schema-unknown", status=response.status)
        elif not response.media_types:
            yield Fault("lint.error-without-body", at=response.place, used_by=response.used_by, status=response.status)
        for media_type in response.media_types:
            if without_parameters(media_type.name) in _PROBLEM:
                yield _members(response, media_type, shapes)
            else:
                yield Fault(
                    "lint.error-not-problem-details",
                    at=media_type.place,
                    used_by=response.used_by,
                    status=response.status,
                    media_type=media_type.name,
                )
    for operation in api.operations:
        if operation.method != "head" and statuses(operation) == {"DEFAULT"}:
            yield Unsure("lint.error-perhaps-default", name=operation.name)
    yield from unresolved(api, "responses", lambda status: is_error(status) or status == "default")


@check("status-400-documented")
def status_400_documented(api: View) -> Iterator[Answer]:
    """Does every operation with query parameters or a body document status 400? /core/error-handling/invalid-input.

    The range 4XX documents it as well. ``default`` may or may not stand for it, so that cannot be told.
    """
    doubts = [*unresolved(api, "parameters")]
    for operation in api.operations:
        documented = statuses(operation) & {"400", "4XX"}
        if not _takes_input(operation):
            yield from doubts[:1] if operation.value.get("parameters") and not documented else ()
        elif documented:
            yield None
        elif "DEFAULT" in statuses(operation):
            yield Unsure("lint.status-400-perhaps-default", name=operation.name)
        else:
            yield Fault("lint.status-400-missing", at=operation.place, used_by=operation.used_by, name=operation.name)


@check("status-422-documented")
def status_422_documented(api: View) -> Iterator[Answer]:
    """Does no operation document 422 for what the standard wants to be 400? /core/error-handling/invalid-input."""
    for operation in filter(_takes_input, api.operations):
        if "422" in statuses(operation):
            at = operation.place.child("responses", "422")
            yield Fault("lint.status-422", at=at, used_by=operation.used_by, name=operation.name)
        else:
            yield None


@check("all-errors-documented")
def all_errors_documented(api: View) -> Iterator[Answer]:
    """Has the documented 400 room for more than one error: a member that is a list? /core/error-handling/all-errors."""
    shapes = Shapes(api)
    for response in responses(api, lambda _, response: response.status.upper() in {"400", "4XX"}):
        for media_type in response.media_types:
            whole = shapes.of(media_type.value.get("schema"), media_type.place.child("schema"))
            lists = [name for name, node in whole.properties.items() if "array" in shapes.of(*node).types]
            if lists:
                yield None
            elif whole.properties and whole.certain:
                yield Fault("lint.no-list-of-errors", at=media_type.place, used_by=response.used_by, status=response.status)


def _has_problem(operation: Operation, response: Response) -> bool:
    if operation.method == "head":
        return False
    others = statuses(operation) - {"DEFAULT"}
    return is_error(response.status) or (response.status == "default" and bool(others) and not any(map(is_error, others)))


def _members(response: Response, media_type: MediaType, shapes: Shapes) -> Answer:
    """Judge the schema of problem details: the three members declared, always there, and of the type RFC 9457 gives them (3.1)."""
    schema = media_type.schema
    if schema is None and mapping(media_type.value.get("schema")):
        return Unsure("lint.error-schema-unknown", status=response.status)
    whole = shapes.of(schema.value, schema.place) if schema else Shape()
    missing = [name for name in _MEMBERS if name not in whole.properties or name not in whole.required]
    if missing and not whole.certain:
        return Unsure("lint.error-schema-unknown", status=response.status)
    if missing:
        where, members = schema or media_type, ", ".join(missing)
        return Fault("lint.problem-members-missing", at=where.place, used_by=where.used_by, status=response.status, members=members)
    for name, types in _TYPES.items():
        found = shapes.of(*whole.properties[name]).types if name in whole.properties else set()
        if found and not found & types:
            return Fault(
                "lint.problem-member-type",
                at=whole.properties[name][1],
                used_by=media_type.used_by,
                member=name,
                found=" / ".join(sorted(found)),
                expected=min(types),
            )
    return None


def _takes_input(operation: Operation) -> bool:
    """Say whether an operation takes query parameters or a body."""
    in_query = any(parameter.location in {"query", "querystring"} for parameter in operation.parameters)
    return in_query or bool(mapping(operation.value.get("requestBody")))
