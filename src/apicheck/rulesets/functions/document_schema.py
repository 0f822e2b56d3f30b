"""Does a whole OpenAPI document satisfy the JSON Schema of its version?

The schemas are those of the OpenAPI Initiative, as the package openapi-spec-validator carries them. Where those offer a choice,
rulesets know which of the alternatives is meant by a look at the value: an object with ``$ref`` is a reference, so it is held
against that alone. The few other places where rulesets ask more, or less, are changed one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from apicheck.rulesets.ecmascript import stringify
from apicheck.rulesets.functions.registry import Context, Result, function
from apicheck.rulesets.resolving import at
from apicheck.rulesets.validation import Evaluation, Schemas, Scope, Suspicion
from apicheck.rulesets.validation.errors import Error
from apicheck.rulesets.validation.tell import clean, nearest, pointer_of

Schema = dict[str, Any]

_HAS_REFERENCE: Schema = {"type": "object", "required": ["$ref"]}
_WRONG_SCHEMA = '"{{property}}" property must be a valid Schema Object'


@function("oasDocumentSchema")
def document_schema(document: Any, _options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Does a whole document satisfy the schema of its version?"""
    formats = context.document.formats
    version = next((name for name in ("oas2", "oas3_2", "oas3_1") if name in formats), "oas3_0")
    schemas, suspects = _schemas(version), _suspicion(version).of(document)
    errors = Evaluation(schemas, every=True, suspects=suspects).errors(schemas.root, document, (), Scope())
    return (_told(error, document) for error in errors if error.keyword != "if")


def _told(error: Error, document: Any) -> Result:
    steps = pointer_of(error)[1:].split("/") if error.way else []
    name = f'"{steps[-1]}" property ' if steps else ""
    match error.keyword:
        case "additionalProperties":
            extra = error.params["additionalProperty"]
            return Result(f'Property "{extra}" is not expected to be here', [*steps, extra])
        case "enum":
            allowed = error.params["allowedValues"]
            meant = nearest(at(document, tuple(map(str, error.way))), allowed)
            hint = f'. Did you mean "{meant}"?' if meant is not None else ""
            return Result(f"{name}{clean(error.message)}: {', '.join(map(stringify, allowed))}{hint}", [*steps])
        case "errorMessage":
            return Result(error.message, [*steps])
    return Result(f"{name}{clean(error.message)}", [*steps])


@cache
def _suspicion(version: str) -> Suspicion:
    return Suspicion(_schemas(version))


@cache
def _schemas(version: str) -> Schemas:
    if version == "oas2":
        draft_4 = {
            "$id": "http://json-schema.org/draft-04/schema",
            **_official("jsonschema_specifications", "schemas/draft4/metaschema.json"),
        }
        return Schemas(_swagger(), "draft2020-12", others=[draft_4], own_messages=True)
    if version == "oas3_0":
        return Schemas(_openapi_3_0(), "draft2020-12", own_messages=True)
    root, *others = _openapi_3_1() if version == "oas3_1" else _openapi_3_2()
    return Schemas(root, "draft2020-12", others=[root, *others], own_messages=True)


def _official(package: str, path: str) -> Any:
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return orjson.loads((Path(found.submodule_search_locations[0]) / path).read_bytes())


def _openapi(version: str) -> Any:
    return _official("openapi_spec_validator", f"resources/schemas/v{version}/schema.json")


def _changed(schema: Any, change: Callable[[Schema], Schema]) -> Any:
    """A schema with a change made to every mapping in it, the inner ones first."""
    if isinstance(schema, dict):
        return change({key: _changed(child, change) for key, child in schema.items()})
    return [_changed(child, change) for child in schema] if isinstance(schema, list) else schema


def _without(schema: Schema, *names: str) -> Schema:
    return {key: value for key, value in schema.items() if key not in names}


def _if_typed(kind: str, then: Any, otherwise: Any) -> Schema:
    return {"if": {"type": kind}, "then": then, "else": otherwise}


def _if_property(name: str, value: str, then: Any, otherwise: Any) -> Schema:
    return {"if": {"type": "object", "properties": {name: {"const": value}}, "required": [name]}, "then": then, "else": otherwise}


def _never(message: Any) -> Schema:
    return {"not": True, "errorMessage": message}


def _chosen(reference: str) -> Callable[[Schema], Schema]:
    """Write a choice between a reference and something else, or between a schema and a boolean, as a condition."""

    def change(schema: Schema) -> Schema:
        for key in ("oneOf", "anyOf"):
            options = schema.get(key)
            if not isinstance(options, list):
                continue
            others = [option for option in options if option not in ({"$ref": reference}, {"type": "boolean"})]
            if len(others) != 1 or len(options) == 1:
                continue
            rest = others[0]
            if {"type": "boolean"} in options:
                wrong = _never('"additionalProperties" property must be a valid schema')
                rest = _if_typed("object", rest, _if_typed("boolean", {}, wrong))
            if {"$ref": reference} in options:
                rest = {"if": _HAS_REFERENCE, "then": {"$ref": reference}, "else": rest}
            return {**_without(schema, key), **rest}
        return _without(schema, "type") if "enum" in schema and schema.get("type") == "string" else schema

    return change


def _constant(schema: Schema) -> Schema:
    """An enumeration of one value is a constant."""
    enum = schema.get("enum")
    return {**_without(schema, "enum"), "const": enum[0]} if isinstance(enum, list) and len(enum) == 1 else schema


def _swagger() -> Schema:
    """Swagger 2.0, in which rulesets let schemas have anyOf and oneOf, and want the scopes of OAuth."""
    schema: Schema = _changed(_openapi("2.0"), _chosen("#/definitions/jsonReference"))
    definitions = schema["definitions"]
    some_schemas = {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/schema"}}
    definitions["schema"]["properties"] |= {"oneOf": some_schemas, "anyOf": some_schemas}
    definitions["multipleOf"] = {"type": "number", "exclusiveMinimum": 0}
    kinds = {"basic": "basic", "apiKey": "apiKey", "oauth2": "oauth2"}
    definitions["securityDefinitions"]["errorMessage"] = {
        "properties": {name: f"Invalid {kind} authentication security definition" for name, kind in kinds.items()},
        "_": "Invalid security securityDefinitions",
    }
    for flow in ("Implicit", "Password", "Application", "AccessCode"):
        definitions[f"oauth2{flow}Security"]["required"].append("scopes")
    return schema


def _openapi_3_0() -> Schema:
    schema: Schema = _changed(_changed(_openapi("3.0"), _chosen("#/definitions/Reference")), _constant)
    definitions = schema["definitions"]
    definitions["Schema"]["properties"]["multipleOf"] = {"type": "number", "exclusiveMinimum": 0}
    definitions["Parameter"]["required"] = ["name"]  # where it is, is asked with its location
    definitions["Encoding"] = _without(definitions["Encoding"], "patternProperties")
    definitions["Encoding"]["properties"]["headers"]["additionalProperties"] = {"$ref": "#/definitions/Header"}
    _exclusive_content(definitions)
    _locations(definitions)
    _security_schemes(definitions)
    return schema


def _exclusive_content(definitions: Schema) -> None:
    choice = definitions["SchemaXORContent"]
    content = _without(next(option for option in choice.pop("oneOf") if "allOf" in option), "required")
    absent = _never({"not": '"schema" or "content" must be present'})
    with_content = {"if": {"type": "object", "required": ["content"]}, "then": content, "else": absent}
    choice |= {"if": {"type": "object", "required": ["schema"]}, "then": True, "else": with_content}
    choice["errorMessage"] = {"not": choice["description"]}


def _locations(definitions: Schema) -> None:
    location = definitions["ParameterLocation"]
    styles = {option["properties"].pop("in")["const"]: option for option in location.pop("oneOf")}
    known: Schema = {
        "type": "object",
        "properties": {"in": {"enum": list(styles)}},
        "required": ["in"],
        "errorMessage": {"required": 'Parameter must have a valid "in" property'},
    }
    for name, style in reversed(styles.items()):
        known = _if_property("in", name, style, known)
    location |= {"type": "object", **known}


def _security_schemes(definitions: Schema) -> None:
    """Of a scheme of type http nothing is asked: rulesets never did, by an oversight that they have come to live with."""
    kinds = {"apiKey": "APIKeySecurityScheme", "oauth2": "OAuth2SecurityScheme", "openIdConnect": "OpenIdConnectSecurityScheme"}
    known: Schema = {
        "type": "object",
        "properties": {"type": {"enum": ["apiKey", "http", "oauth2", "openIdConnect"]}},
        "required": ["type"],
        "errorMessage": {"required": "Security scheme must have a valid type", "type": "Invalid security scheme"},
    }
    for name, definition in reversed(kinds.items()):
        known = _if_property("type", name, {"$ref": f"#/definitions/{definition}"}, known)
    definitions["SecurityScheme"] = known


_MISSING_PART = 'The document must have either "paths", "webhooks" or "components"'


def _openapi_3_x(version: str, dialect: str, meta: str) -> tuple[Schema, Schema, Schema]:
    """The schema of OpenAPI 3.1 or later with its dialect and that of its Schema Object, which is referred to directly."""
    base, vocabulary = _official("openapi_schema_validator", dialect), _official("openapi_schema_validator", meta)

    def change(schema: Schema) -> Schema:
        return {"$ref": base["$id"]} if schema == {"$dynamicRef": "#meta"} else schema

    schema: Schema = _changed(_openapi(version), change)
    for option in schema["anyOf"]:
        option["errorMessage"] = _MISSING_PART
    schema["errorMessage"] = {"anyOf": _MISSING_PART}
    return schema, base, vocabulary


def _openapi_3_1() -> Iterator[Schema]:
    schema, base, vocabulary = _openapi_3_x("3.1", "schemas/oas3.1/metaschema.json", "schemas/oas3.1/vocabularies/base")
    definitions = schema["$defs"]
    definitions["schema"] = {"$ref": base["$id"]}
    definitions["reference"] = _without(definitions["reference"], "unevaluatedProperties")
    definitions["paths"]["patternProperties"]["^/"] = {"$ref": "#/$defs/path-item"}
    del definitions["server"]["properties"]["url"]["format"]
    del definitions["parameter"]["dependentSchemas"]["schema"]["$defs"]["styles-for-path"]["then"]["properties"]["name"]
    definitions["example"]["properties"]["externalValue"]["format"] = "uri-reference"
    definitions["security-scheme"]["$defs"]["type-oidc"]["then"]["properties"]["openIdConnectUrl"]["format"] = "uri-reference"
    for flow in definitions["oauth-flows"]["$defs"].values():
        for name in {"authorizationUrl", "tokenUrl", "refreshUrl"} & flow["properties"].keys():
            flow["properties"][name]["format"] = "uri-reference"
    yield schema
    core, *vocabularies = _core()
    validation = next(each for each in vocabularies if each["$id"].endswith("/validation"))
    kinds = validation["properties"]["type"]
    one, several = kinds.pop("anyOf")
    wrong = _never('"type" property must be either a string or an array of strings')
    kinds |= _if_typed("string", one, _if_typed("array", several, wrong))
    yield {
        **_without(base, "allOf", "$dynamicAnchor"),
        **_an_object({"allOf": [{"$ref": core["$id"]}, {"$ref": vocabulary["$id"]}]}),
    }
    yield {
        **_without(vocabulary, "type", "properties", "$dynamicAnchor"),
        **_an_object({"type": "object", "properties": vocabulary["properties"]}),
    }
    yield {
        **_without(core, "type", "allOf", "properties"),
        **_an_object({"allOf": core["allOf"], "properties": core["properties"]}),
    }
    yield from vocabularies


def _an_object(then: Schema) -> Schema:
    return _if_typed("object", then, _if_typed("boolean", {}, _never(_WRONG_SCHEMA)))


def _openapi_3_2() -> Iterator[Schema]:
    schema, *others = _openapi_3_x("3.2", "schemas/oas3.2/dialect/2025-09-17.json", "schemas/oas3.2/meta/2025-09-17.json")
    del schema["$defs"]["schema"]["$dynamicAnchor"]  # what refers to it dynamically refers to the dialect here
    yield from (schema, *others)
    yield from _core()


def _core() -> Iterator[Schema]:
    """The meta-schema of JSON Schema 2020-12 with its vocabularies."""
    yield _official("jsonschema_specifications", "schemas/draft202012/metaschema.json")
    for name in ("core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content"):
        yield _official("jsonschema_specifications", f"schemas/draft202012/vocabularies/{name}")
