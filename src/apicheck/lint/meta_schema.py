"""Where does a document break the JSON Schema of its OpenAPI version, and what is the cause?

The schemas are those of the OpenAPI Initiative, as the package openapi-spec-validator carries them. That package itself is not
imported: it takes long to load and checks far slower.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

Tokens = tuple[str | int, ...]

_DIALECT = {  # the dialect of the Schema Object, and the vocabulary it adds to JSON Schema 2020-12
    "3.1": ("oas3.1/metaschema.json", "oas3.1/vocabularies/base"),
    "3.2": ("oas3.2/dialect/2025-09-17.json", "oas3.2/meta/2025-09-17.json"),
}


class Breach(NamedTuple):
    """One cause: the tokens that lead to the node, the id of what is to be said, and what that text is filled in with."""

    tokens: Tokens
    message: str
    values: dict[str, Any]


def breaches(node: Any, version: str, kind: str = "", *, own_dialect: bool = False) -> Iterator[Breach]:
    """Yield where a node breaks the schema of an OpenAPI version: of every breach the deepest cause.

    Args:
        node: a whole document, or an object in another file.
        version: ``3.0``, ``3.1`` or ``3.2``.
        kind: which object that is, such as ``path-item``; empty for a whole document.
        own_dialect: the Schema Objects are in a dialect of the document's own, so they are passed over.
    """
    leaves = [leaf for error in _validator(version, kind, own_dialect)(node) for leaf in _causes(error)]
    for leaf in _without_aftermath(leaves):
        for tokens, message, values in _breach(leaf):
            yield Breach(_as_in(node, tokens), message, values)


@cache
def _validator(version: str, kind: str, own_dialect: bool) -> Callable[[Any], Iterator[ValidationError]]:  # noqa: FBT001  # cached
    import jsonschema_rs  # noqa: PLC0415  # only this check needs it

    def whatever(_: str) -> bool:
        return True

    # Of the formats only email is a demand: a URL may be relative or hold variables, and a pattern is for the schema's user.
    formats = dict.fromkeys(("uri", "uri-reference", "regex", "media-range"), whatever)
    schema = _resource("openapi_spec_validator", f"resources/schemas/v{version}/schema.json")
    if version == "3.0":
        if kind:
            name = "".join(part.capitalize() for part in kind.split("-"))
            schema = {"$schema": schema["$schema"], "definitions": schema["definitions"], "$ref": f"#/definitions/{name}"}
        return jsonschema_rs.Draft4Validator(schema, validate_formats=True, formats=formats, offline=True).iter_errors
    dialect, vocabulary = (_resource("openapi_schema_validator", f"schemas/{name}") for name in _DIALECT[version])
    target = dialect["$id"] if kind == "schema" and not own_dialect else schema["$id"] + (f"#/$defs/{kind}" if kind else "")
    wrapper: dict[str, Any] = {"$id": "urn:apicheck:openapi", "$ref": target}
    if not own_dialect:
        wrapper["$defs"] = {"schema": {"$dynamicAnchor": "meta", "$ref": dialect["$id"]}}
    registry = jsonschema_rs.Registry([(resource["$id"], resource) for resource in (schema, dialect, vocabulary)])
    validator = jsonschema_rs.Draft202012Validator(wrapper, registry=registry, validate_formats=True, formats=formats, offline=True)
    return validator.iter_errors


def _resource(package: str, path: str) -> Any:
    """Read a file of an installed package without importing the package."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return orjson.loads((Path(found.submodule_search_locations[0]) / path).read_bytes())


def _causes(error: ValidationError) -> Iterator[ValidationError]:
    """Follow a choice between alternatives into the one that was meant, down to what is wrong there."""
    alternatives = getattr(error.kind, "context", None)
    if not alternatives or any(not alternative for alternative in alternatives):
        yield error  # no choice, or one where more than one alternative fits
        return
    causes = [[cause for one in alternative for cause in _causes(one)] for alternative in alternatives]
    yield from min(causes, key=_strangeness(error))


def _strangeness(choice: ValidationError) -> Callable[[list[ValidationError]], tuple[bool, bool, int, int]]:
    """Order alternatives by how little they were meant: a Reference without ``$ref``, another type, another kind of object."""
    depth = len(choice.instance_path)

    def strangeness(causes: list[ValidationError]) -> tuple[bool, bool, int, int]:
        here = [cause for cause in causes if len(cause.instance_path) == depth]
        no_reference = any(cause.kind.name == "required" and cause.kind.value == "$ref" for cause in here)
        other_type = any(cause.kind.name == "type" for cause in here)
        other_kind = any(cause.kind.name in {"enum", "const"} and len(cause.instance_path) == depth + 1 for cause in causes)
        return no_reference or other_type, other_kind, -max(len(cause.instance_path) for cause in causes), len(causes)

    return strangeness


def _without_aftermath(leaves: list[ValidationError]) -> Iterator[ValidationError]:
    """Leave out the unevaluated properties that are only so because something in them, or beside them, is wrong."""
    broken = {tuple(map(str, leaf.instance_path)) for leaf in leaves if leaf.kind.name != "unevaluatedProperties"}
    beside = broken | {path[:-1] for path in broken}
    above = {path[:length] for path in broken for length in range(1, len(path) + 1)}
    for leaf in leaves:
        if leaf.kind.name == "unevaluatedProperties":
            path = tuple(map(str, leaf.instance_path))
            if path in beside or any((*path, name) in above for name in leaf.kind.value):
                continue
        yield leaf


def _breach(leaf: ValidationError) -> Iterator[Breach]:
    """Say what is wrong in the words of the OpenAPI Specification; one keyword of the schema may name several fields."""
    at, value = tuple(leaf.instance_path), leaf.kind.value
    said = {"object": _object(leaf), "field": at[-1] if at else "", "found": _short(leaf.instance)}
    match leaf.kind.name:
        case "additionalProperties" | "unevaluatedProperties":
            for name in value:
                yield Breach((*at, name), "lint.schema-unknown-field", {**said, "field": name})
        case "required":
            yield Breach((*at, value), "lint.schema-missing-field", {**said, "field": value})
        case "type":
            yield Breach(at, "lint.schema-other-type", {**said, "expected": " / ".join(value)})
        case "enum" | "const":
            expected = ", ".join(map(_short, value)) if leaf.kind.name == "enum" else _short(value)
            yield Breach(at, "lint.schema-other-value", {**said, "expected": expected})
        case "format":
            yield Breach(at, "lint.schema-no-email", said)
        case "minProperties" | "minItems":
            yield Breach(at, "lint.schema-empty", said)
        case "propertyNames":
            yield Breach(at, "lint.schema-other-name", {**said, "found": _short(value.instance)})
        case "oneOf" | "not":
            yield Breach(at, "lint.schema-not-together", said)
        case keyword:
            yield Breach(at, "lint.schema-otherwise", {**said, "keyword": keyword})


def _object(leaf: ValidationError) -> str:
    """The name that the OpenAPI Specification gives the object at hand, as far as the schema tells."""
    if "json-schema.org" in (leaf.absolute_keyword_location or ""):
        return "Schema Object"
    tokens = [token for token in leaf.schema_path if isinstance(token, str)]
    name = tokens[1] if tokens[:1] in (["definitions"], ["$defs"]) else "OpenAPI"
    return f"{re.sub('(?<=[a-z])(?=[A-Z])|-', ' ', name.removesuffix('-or-reference')).title()} Object"


def _short(value: Any) -> str:
    """A value as JSON; of an object or array only that it is one."""
    if isinstance(value, dict | list):
        return "object" if isinstance(value, dict) else "array"
    return orjson.dumps(value, default=str).decode()


def _as_in(node: Any, path: Tokens) -> Tokens:
    """Write the tokens as the document has them: the validator takes the name ``200`` for a number."""
    tokens: list[str | int] = []
    for token in path:
        in_object = isinstance(node, dict)
        tokens.append(str(token) if in_object else token)
        node = node.get(str(token)) if in_object else node[int(token)] if isinstance(node, list) else None
    return tuple(tokens)
