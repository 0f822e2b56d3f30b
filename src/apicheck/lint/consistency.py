"""Does a document hold together where the OpenAPI Specification asks so in words, and no schema can?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, Fault
from apicheck.lint.nodes import mapping, sequence
from apicheck.lint.responses import unresolved
from apicheck.model import Place
from apicheck.openapi import Operation, View

_EXPRESSION = re.compile(r"\{([^{}]*)\}")


def contradictions(api: View) -> Iterator[Answer]:
    """Yield an answer for each operation, path, server and tag of which the OpenAPI Specification says in words what it must be."""
    yield from _operation_ids(api)
    yield from _paths(api)
    if not any(unresolved(api, "parameters")):
        for operation in api.operations:
            yield from _path_parameters(operation)
    yield from _security(api)
    yield from _servers(api)
    yield from _tags(api)


def _operation_ids(api: View) -> Iterator[Answer]:
    """Operation Object: the operationId MUST be unique among all operations described in the API."""
    first: dict[str, str] = {}
    for operation in api.operations:
        identifier = operation.value.get("operationId")
        if isinstance(identifier, str):
            other, at = first.setdefault(identifier, operation.name), operation.place.child("operationId")
            same = other == operation.name
            yield None if same else Fault("lint.operation-id-twice", at=at, used_by=operation.used_by, name=identifier, other=other)


def _paths(api: View) -> Iterator[Answer]:
    """Paths Object: paths with the same hierarchy but different parameter names MUST NOT exist, for they are identical."""
    first: dict[str, str] = {}
    for item in api.path_items:
        other = first.setdefault(_EXPRESSION.sub("{}", item.path), item.path)
        same = other == item.path
        yield None if same else Fault("lint.same-path", at=item.place, used_by=item.used_by, path=item.path, other=other)


def _path_parameters(operation: Operation) -> Iterator[Answer]:
    """Path Templating and Parameter Object: each expression in a path has its parameter, each path parameter its expression."""
    if "$ref" in operation.value:
        return  # no field of an operation, as the schema tells; the parameters stand where it was meant to lead
    path, used_by = operation.path, operation.used_by
    expressions = dict.fromkeys(_EXPRESSION.findall(path))
    parameters = {parameter.name: parameter for parameter in operation.parameters if parameter.location == "path"}
    for name in expressions:
        known = name in parameters
        yield None if known else Fault("lint.path-parameter-undeclared", at=operation.place, used_by=used_by, path=path, name=name)
    for name, parameter in parameters.items():
        known, at = name in expressions, parameter.place.child("name")
        yield None if known else Fault("lint.path-parameter-unused", at=at, used_by=used_by, path=path, name=name)


def _security(api: View) -> Iterator[Answer]:
    """Security Requirement Object: each name MUST correspond to a security scheme that is declared (OAS 3.2: or be a URI)."""
    root = api.document.root
    declared = mapping(mapping(root.get("components")).get("securitySchemes"))
    demanded: list[tuple[Place, Any, tuple[str, ...]]] = [(api.document.place("security"), root.get("security"), ())]
    demanded += [(item.place.child("security"), item.value.get("security"), item.used_by) for item in api.operations]
    for place, requirements, used_by in demanded:
        for index, requirement in enumerate(sequence(requirements)):
            for name in mapping(requirement):
                known = name in declared or (api.document.version == "3.2" and re.search("[/#:]", name))
                at = place.child(index, name)
                yield None if known else Fault("lint.security-scheme-undeclared", at=at, used_by=used_by, name=name)


def _servers(api: View) -> Iterator[Answer]:
    """Server Variable Object: every variable in a URL is defined; from 3.1 on its default MUST be in its enum."""
    for server in api.servers:
        variables = mapping(server.value.get("variables"))
        undefined = [name for name in _EXPRESSION.findall(server.url) if name not in variables]
        if undefined:
            yield Fault("lint.server-variable-undefined", at=server.place.child("url"), url=server.url, name=undefined[0])
        for name, variable in variables.items():
            values, default = mapping(variable).get("enum"), mapping(variable).get("default")
            if isinstance(values, list) and default not in values and api.document.version != "3.0":
                yield Fault("lint.server-default-not-in-enum", at=server.place.child("variables", name), name=name, default=default)
        if not undefined:
            yield None


def _tags(api: View) -> Iterator[Answer]:
    """OpenAPI Object: each tag name in the list MUST be unique. However often a name comes back, that is one cause."""
    second: dict[str, Place | None] = {}
    for index, tag in enumerate(sequence(api.document.root.get("tags"))):
        name = mapping(tag).get("name")
        if isinstance(name, str) and name not in second:
            second[name] = None
            yield None
        elif isinstance(name, str):
            second[name] = second[name] or api.document.place("tags", index, "name")
            yield Fault("lint.tag-twice", at=second[name], name=name)
