"""Where does a document break the JSON Schema of its OpenAPI version?

The schemas are those of the OpenAPI Initiative, as the package openapi-spec-validator carries them. That package itself is not
imported: it takes long to load and checks far slower.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from apicheck.lint.causes import Breach, Tokens, causes, told

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_DIALECT = {  # the dialect of the Schema Object, and the vocabulary it adds to JSON Schema 2020-12
    "3.1": ("oas3.1/metaschema.json", "oas3.1/vocabularies/base"),
    "3.2": ("oas3.2/dialect/2025-09-17.json", "oas3.2/meta/2025-09-17.json"),
}


def breaches(node: Any, version: str, kind: str = "", *, own_dialect: bool = False) -> Iterator[Breach]:
    """Yield where a node breaks the schema of an OpenAPI version: of every breach the deepest cause.

    Args:
        node: a whole document, or an object in another file.
        version: ``3.0``, ``3.1`` or ``3.2``.
        kind: which object that is, such as ``path-item``; empty for a whole document.
        own_dialect: the Schema Objects are in a dialect of the document's own, so they are passed over.
    """
    for leaf in causes(_validator(version, kind, own_dialect)(node)):
        yield from told(leaf, _as_in(node, tuple(leaf.instance_path)))


@cache
def _validator(version: str, kind: str, own_dialect: bool) -> Callable[[Any], Iterator[ValidationError]]:  # noqa: FBT001  # cached
    import jsonschema_rs  # noqa: PLC0415  # only this check needs it

    def whatever(_: str) -> bool:
        return True

    # Of the formats only email is a demand: a URL may be relative or hold variables, and a pattern is for the schema's user.
    formats = dict.fromkeys(("uri", "uri-reference", "regex", "media-range"), whatever)
    schema = _schema(version)
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


def _schema(version: str) -> Any:
    """The schema of an OpenAPI version, where it contradicts the specification put right."""
    schema = _resource("openapi_spec_validator", f"resources/schemas/v{version}/schema.json")
    if version == "3.0":
        del schema["properties"]["tags"]["uniqueItems"]  # it is their names that must be unique, which is asked elsewhere
    if version == "3.1":  # what later releases of this schema put right as well
        del schema["$defs"]["reference"]["unevaluatedProperties"]  # Reference Object: other fields SHALL be ignored
        link = schema["$defs"]["link"]["properties"]
        link["server"] = link.pop("body")
    return schema


def _resource(package: str, path: str) -> Any:
    """Read a file of an installed package without importing the package."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return orjson.loads((Path(found.submodule_search_locations[0]) / path).read_bytes())


def _as_in(node: Any, path: Tokens) -> Tokens:
    """Write the tokens as the document has them: the validator takes the name ``200`` for a number."""
    tokens: list[str | int] = []
    for token in path:
        in_object = isinstance(node, dict)
        tokens.append(str(token) if in_object else token)
        node = node.get(str(token)) if in_object else node[int(token)] if isinstance(node, list) else None
    return tuple(tokens)
