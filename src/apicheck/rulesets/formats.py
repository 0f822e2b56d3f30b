"""Which format is a document in, such as OpenAPI 3.1 or AsyncAPI 2?

A format has the name that rulesets in JavaScript have for it; ``format_name`` brings ``oas3.1`` and ``json-schema`` to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from apicheck.rulesets.ecmascript import number, text


class Format(NamedTuple):
    """How a format is called by people, and how it is told from the document with its references followed."""

    title: str
    is_format: Callable[[Any], bool]


def _version(key: str, pattern: str) -> Callable[[Any], bool]:
    expression = re.compile(pattern)
    return lambda root: isinstance(root, dict) and key in root and expression.fullmatch(text(root[key])) is not None


def _major(key: str, version: int) -> Callable[[Any], bool]:
    def is_major(root: Any) -> bool:
        if not isinstance(root, dict) or key not in root:
            return False
        digits = re.match(r"\s*([-+]?\d+)", text(root[key]))
        return digits is not None and number(digits[1]) == version

    return is_major


_DRAFT = re.compile(r"https?://json-schema.org/(?:draft-0([467])|draft/(20(?:19-09|20-12)))/(?:hyper-)?schema#?")
_TYPES = {"array", "boolean", "integer", "null", "number", "object", "string"}


def draft(schema: object) -> str | None:
    """Return which draft of JSON Schema a ``$schema`` names, as in ``draft7`` or ``draft2020-12``."""
    named = _DRAFT.fullmatch(schema) if isinstance(schema, str) else None
    return f"draft{named[1] or named[2]}" if named else None


def _is_schema(root: Any) -> bool:
    return isinstance(root, dict) and isinstance(root.get("$schema"), str) and "//json-schema.org/" in root["$schema"]


def _is_loosely_schema(root: Any) -> bool:
    if not isinstance(root, dict):
        return False
    kind = root.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    is_typed = "type" in root and all(isinstance(each, str) and each in _TYPES for each in kinds)
    combined = any(isinstance(root.get(key), dict | list) for key in ("allOf", "oneOf", "anyOf", "not", "if"))
    return _is_schema(root) or is_typed or isinstance(root.get("enum"), list) or combined


def _is_draft(name: str) -> Callable[[Any], bool]:
    return lambda root: _is_schema(root) and draft(root["$schema"]) == name


_ASYNC_2 = Format("AsyncAPI 2.x", _version("asyncapi", r"2\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"))

FORMATS: dict[str, Format] = {
    "oas2": Format("OpenAPI 2.0 (Swagger)", _major("swagger", 2)),
    "oas3": Format("OpenAPI 3.x", _major("openapi", 3)),
    **{f"oas3_{minor}": Format(f"OpenAPI 3.{minor}.x", _version("openapi", rf"3\.{minor}(?:\.[0-9]*)?")) for minor in range(3)},
    "aas2": _ASYNC_2,
    "asyncapi2": _ASYNC_2,
    "asyncApi2": _ASYNC_2,
    "aas3": Format("AsyncAPI 3.x", _version("asyncapi", r"3\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")),
    **{
        f"aas2_{minor}": Format(f"AsyncAPI 2.{minor}.x", _version("asyncapi", rf"2\.{minor}\.(0|[1-9][0-9]*)"))
        for minor in range(7)
    },
    **{
        f"aas3_{minor}": Format(f"AsyncAPI 3.{minor}.x", _version("asyncapi", rf"3\.{minor}\.(0|[1-9][0-9]*)"))
        for minor in range(2)
    },
    "arazzo1_0": Format("Arazzo 1.0.x", _version("arazzo", r"1\.0(?:\.[0-9]*)?")),
    "jsonSchema": Format("JSON Schema", _is_schema),
    "jsonSchemaLoose": Format("JSON Schema (loose)", _is_loosely_schema),
    "jsonSchemaDraft4": Format("JSON Schema Draft 4", _is_draft("draft4")),
    "jsonSchemaDraft6": Format("JSON Schema Draft 6", _is_draft("draft6")),
    "jsonSchemaDraft7": Format("JSON Schema Draft 7", _is_draft("draft7")),
    "jsonSchemaDraft2019_09": Format("JSON Schema Draft 2019-09", _is_draft("draft2019-09")),
    "jsonSchemaDraft2020_12": Format("JSON Schema Draft 2020-12", _is_draft("draft2020-12")),
}

_OLDER_NAMES = {"json-schema-2019-09": "json-schema-draft-2019-09", "json-schema-2020-12": "json-schema-draft-2020-12"}


def format_name(written: str) -> str:
    """Return the name of a format as ``FORMATS`` has it, from how a ruleset in YAML or JSON writes it."""
    name = re.sub(r"\.|([0-9])-(?=[0-9])", lambda found: (found[1] or "") + "_", _OLDER_NAMES.get(written, written))
    return re.sub(r"-([0-9a-z])", lambda found: found[1].upper(), name)
