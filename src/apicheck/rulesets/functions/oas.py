"""What do the functions ask that only the rules for OpenAPI call?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apicheck.rulesets.ecmascript import equal, member, number, text
from apicheck.rulesets.functions.core import printed, unreferenced_reusable_object
from apicheck.rulesets.functions.registry import Context, Path, Result, function
from apicheck.rulesets.resolving import at

_METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
_COMPONENTS = ("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links", "callbacks")
_TEMPLATE = re.compile(r"(\{;?\??[a-zA-Z0-9_-]+\*?\})")


def _operations(paths: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method, operation in item.items() if isinstance(item, dict) else ():
            if method in _METHODS and isinstance(operation, dict):
                yield path, method, operation


@function("oasOpIdUnique")
def unique_operation_ids(paths: Any, _options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Has every operation an id of its own?"""
    seen: list[Any] = []
    known: set[str] = set()
    for path, method, operation in _operations(paths):
        if "operationId" not in operation:
            continue
        name = operation["operationId"]
        if name in known if isinstance(name, str) else any(equal(name, each) for each in seen):
            yield Result("operationId must be unique.", ["paths", path, method, "operationId"])
        elif isinstance(name, str):
            known.add(name)
        else:
            seen.append(name)


@function("oasTagDefined")
def defined_tags(document: Any, _options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is every tag of an operation one of the document's?"""
    if not isinstance(document, dict):
        return
    tags = document.get("tags")
    known = (
        {tag["name"] for tag in tags if isinstance(tag, dict) and isinstance(tag.get("name"), str)}
        if isinstance(tags, list)
        else set()
    )
    for path, method, operation in _operations(document.get("paths")):
        used = operation.get("tags")
        for index, tag in enumerate(used) if isinstance(used, list) else ():
            if not isinstance(tag, str) or tag not in known:
                yield Result("Operation tags must be defined in global tags.", ["paths", path, method, "tags", index])


@function("uniquenessTags")
def unique_tags(tags: Any, _options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Has every tag a name of its own?"""
    if not isinstance(tags, list) or not all(isinstance(tag, dict) and isinstance(tag.get("name"), str) for tag in tags):
        return
    seen: set[str] = set()
    for index, tag in enumerate(tags):
        if tag["name"] in seen:
            yield Result(f'"tags" object contains duplicate tag name "{tag["name"]}".', [*context.path, index, "name"])
        seen.add(tag["name"])


@function("oasOpSuccessResponse")
def success_response(responses: Any, _options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Is there a response with 2xx or 3xx?"""
    if not isinstance(responses, dict):
        return
    ranges = {"2XX", "3XX"} if "oas3" in context.document.formats else set()
    if not any(code in ranges or 200 <= number(code) < 400 for code in responses):
        yield Result("Operation must define at least a single 2xx or 3xx response")


@function("oasOpFormDataConsumeCheck")
def form_data_consumed(operation: Any, _options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Does an operation with a form say that it takes one?"""
    parameters, consumes = (operation.get(key) if isinstance(operation, dict) else None for key in ("parameters", "consumes"))
    if not isinstance(parameters, list) or not isinstance(consumes, list):
        return
    has_form = any(isinstance(parameter, dict) and parameter.get("in") == "formData" for parameter in parameters)
    if has_form and not re.search(r"application/x-www-form-urlencoded|multipart/form-data", text(consumes)):
        yield Result("Consumes must include urlencoded, multipart, or form-data media type when using formData parameter.")


@function("oasOpParams")
def operation_parameters(parameters: Any, _options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Is every parameter another one, and is there one body at most?"""
    if not isinstance(parameters, list) or len(parameters) < 2:
        return
    seen: set[str] = set()
    of: dict[str, list[int]] = {"body": [], "formData": []}
    for index, parameter in enumerate(parameters):
        if not isinstance(parameter, dict | list) or "$ref" in parameter:
            continue
        where = member(parameter, "in")
        mark = f"{text(where)}-{text(member(parameter, 'name'))}"
        if mark in seen:
            message = 'A parameter in this operation already exposes the same combination of "name" and "in" values.'
            yield Result(message, [*context.path, index])
        seen.add(mark)
        if isinstance(where, str) and where in of:
            of[where].append(index)
    if of["body"] and of["formData"]:
        yield Result('Operation must not have both "in:body" and "in:formData" parameters.')
    for index in of["body"][1:]:
        yield Result('Operation must not have more than a single instance of the "in:body" parameter.', [*context.path, index])


@function("oasPathParam")
def path_parameters(paths: Any, _options: Mapping[str, Any], _context: Context) -> Iterable[Result]:
    """Is every parameter in a path defined once, required, and used?"""
    seen: dict[str, str] = {}
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if not isinstance(item, dict | list):
            continue
        shape = _TEMPLATE.sub("%", path)
        if shape in seen:
            yield Result(f'Paths "{seen[shape]}" and "{path}" must not be equivalent.', ["paths", path])
        seen.setdefault(shape, path)
        expected: list[str] = []
        for found in _TEMPLATE.findall(path):
            name = re.sub(r"[{}?*;]", "", found)
            if name in expected:
                yield Result(f'Path "{path}" must not use parameter "{{{name}}}" multiple times.', ["paths", path])
            else:
                expected.append(name)
        if isinstance(item, dict):
            yield from _parameters_of_item(path, item, expected)


def _parameters_of_item(path: str, item: dict[str, Any], expected: list[str]) -> Iterable[Result]:
    shared: dict[str, Path] = {}
    yield from _path_parameters(item.get("parameters"), ["paths", path, "parameters"], shared)
    for method, operation in item.items():
        if method not in _METHODS or not isinstance(operation, dict | list):
            continue
        own: dict[str, Path] = {}
        here: Path = ["paths", path, method]
        yield from _path_parameters(member(operation, "parameters"), [*here, "parameters"], own)
        defined = {**shared, **own}
        for name, where in defined.items():
            if name not in expected:
                yield Result(f'Parameter "{name}" must be used in path "{path}".', where)
        for name in expected:
            if name not in defined:
                yield Result(f'Operation must define parameter "{{{name}}}" as expected by path "{path}".', here)


def _path_parameters(parameters: Any, path: Path, defined: dict[str, Path]) -> Iterable[Result]:
    """Tell of path parameters that are not required or defined twice, and add the others to those defined."""
    for index, parameter in enumerate(parameters) if isinstance(parameters, list) else ():
        if not isinstance(parameter, dict) or parameter.get("in") != "path" or "name" not in parameter:
            continue
        name, here = text(parameter["name"]), [*path, index]
        if parameter.get("required") is not True:
            yield Result(f'Path parameter "{name}" must have "required" property that is set to "true".', here)
        if name in defined:
            yield Result(f'Path parameter "{name}" must not be defined multiple times.', here)
        else:
            defined[name] = here


@function("oasSecurityDefined", required=("oasVersion",))
def defined_security(requirement: Any, options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Is every scheme that is asked for defined, with the scopes that are asked of it?"""
    document = context.document.written
    if (
        not isinstance(requirement, dict)
        or not all(_are_texts(scopes) for scopes in requirement.values())
        or not isinstance(document, dict)
    ):
        return
    place = ("securityDefinitions",) if options["oasVersion"] == 2 else ("components", "securitySchemes")
    schemes = at(document, place)
    for name, scopes in requirement.items():
        if not isinstance(schemes, dict) or name not in schemes:
            who = "API" if len(context.path) == 2 else "Operation"
            message = f'{who} "security" values must match a scheme defined in the "{".".join(place)}" object.'
            yield Result(message, [*context.path, name])
            continue
        for index, scope in enumerate(scopes):
            if not _has_scope(schemes[name], scope, options["oasVersion"]):
                yield Result(f'"{scope}" must be listed among scopes.', [*context.path, name, index])


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _has_scope(scheme: Any, scope: str, version: int) -> bool:
    flows = [scheme] if version == 2 else list(flows.values()) if isinstance(flows := member(scheme, "flows"), dict) else []
    return any(isinstance(scopes := member(flow, "scopes"), dict) and scope in scopes for flow in flows)


@function("oasUnusedComponent")
def unused_component(document: Any, _options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Is every component used?"""
    for kind in _COMPONENTS:
        components = at(document, ("components", kind))
        yield from unreferenced_reusable_object(components, {"reusableObjectsLocation": f"#/components/{kind}"}, context) or ()


@function("oasDiscriminator")
def discriminator(schema: Any, _options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Is the property that discriminates defined and required?"""
    name = schema.get("discriminator") if isinstance(schema, dict) else None
    if not isinstance(name, str):
        return
    if not isinstance(schema.get("properties"), dict) or name not in schema["properties"]:
        yield Result("The discriminator property must be defined in this schema.", [*context.path, "properties"])
    if not isinstance(schema.get("required"), list) or name not in schema["required"]:
        yield Result("The discriminator property must be in the required property list.", [*context.path, "required"])


@function("refSiblings")
def reference_siblings(_value: Any, _options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Does a reference stand alone?"""
    around = tuple(map(str, context.path[:-1]))
    holder = at(context.document.written, around)
    for key in holder if isinstance(holder, dict) else ():
        if key != "$ref":
            yield Result("$ref must not be placed next to any other properties", [*around, key])


@function("typedEnum")
def typed_enum(schema: Any, _options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Is every value of an enumeration of the type that the schema has?"""
    values, kind = (schema.get(key) if isinstance(schema, dict) else None for key in ("enum", "type"))
    if not isinstance(values, list) or not (isinstance(kind, str) or _are_texts(kind)):
        return
    formats = context.document.formats
    nullable = (schema.get("nullable") is True and "oas3_0" in formats) or (schema.get("x-nullable") is True and "oas2" in formats)
    types = [*(kind if isinstance(kind, list) else [kind]), *(["null"] if nullable else [])]
    for index, value in enumerate(values):
        if _type(value, whole="integer" in types) not in types:
            yield Result(f'Enum value {printed(value)} must be "{",".join(types)}".', [*context.path, "enum", index])


def _type(value: Any, *, whole: bool) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if whole and value % 1 == 0 else "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"
