"""What is the cause behind the errors of a JSON Schema validator, and how is it told?

A validator says that a node fits none of some alternatives; people want to know what is wrong with the one they meant.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

Tokens = tuple[str | int, ...]

_OBJECTS = {"ParameterLocation": "Parameter", "oauth-flows": "OAuth Flow"}
_TEXTS = {
    "format": "lint.schema-no-email",
    "minItems": "lint.schema-empty",
    "minProperties": "lint.schema-empty",
    "uniqueItems": "lint.schema-item-twice",
}
_IN_PARTS = frozenset({"parameter", "header", "media-type", "encoding", "security-scheme"})
"""Objects whose fields the schemas of 3.1 and 3.2 allow in several places; if one of those fails, the fields of it seem unknown."""


class Breach(NamedTuple):
    """One cause: the tokens that lead to the node, the id of what is to be said, and what that text is filled in with."""

    tokens: Tokens
    message: str
    values: dict[str, Any]


def causes(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Yield what is behind the errors, without what is only so because something deeper is wrong."""
    leaves = [leaf for error in errors for leaf in _causes(error)]
    at_or_below = Counter(
        path[:length] for leaf in leaves for path in [tuple(leaf.instance_path)] for length in range(len(path) + 1)
    )
    of_other_type = {tuple(leaf.instance_path) for leaf in leaves if leaf.kind.name == "type"}
    for leaf in leaves:
        path, keyword = tuple(leaf.instance_path), leaf.kind.name
        aftermath = keyword == "unevaluatedProperties" and _IN_PARTS.intersection(leaf.schema_path[1:2]) and at_or_below[path] > 1
        if not aftermath and (keyword == "type" or path not in of_other_type):
            yield leaf


def told(leaf: ValidationError, at: Tokens) -> Iterator[Breach]:
    """Say what is wrong in the words of the OpenAPI Specification; one keyword of the schema may name several fields."""
    kind, keyword, value = _object(leaf), leaf.kind.name, leaf.kind.value
    field = f"{at[-2]}[{at[-1]}]" if len(at) > 1 and isinstance(at[-1], int) else at[-1] if at else ""
    said = {"object": kind, "field": field, "found": _short(leaf.instance)}
    match keyword:
        case "additionalProperties" | "unevaluatedProperties":
            for name in value:
                yield Breach((*at, name), "lint.schema-unknown-field", {"object": kind, "field": name})
        case "required":
            yield Breach((*at, value), "lint.schema-missing-field", {"object": kind, "field": value})
        case "oneOf" | "anyOf" | "not":
            yield _choice_told(leaf, at, kind)
        case "type":
            yield Breach(at, "lint.schema-other-type", {**said, "expected": " / ".join(value)})
        case "enum" | "const":
            options = value if keyword == "enum" else [value]
            yield Breach(at, "lint.schema-other-value", {**said, "expected": ", ".join(map(_short, options))})
        case "propertyNames":
            name = str(value.instance)
            yield Breach((*at, name), "lint.schema-other-name", {"field": field, "found": name})
        case _:
            yield Breach(at, _TEXTS.get(keyword, "lint.schema-otherwise"), {**said, "keyword": keyword})


def _choice_told(leaf: ValidationError, at: Tokens, kind: str) -> Breach:
    """Say what is wrong where no alternative was taken, or more than one."""
    alternatives = _alternatives(leaf)
    if fields := _one_field_each(leaf, alternatives):
        return Breach(at, "lint.schema-missing-one-of", {"object": kind, "fields": ", ".join(fields)})
    if values := _one_value_each(leaf, alternatives):
        name, found = values[0].instance_path[-1], _short(values[0].instance)
        expected = ", ".join(_short(option) for one in values for option in one.kind.value)
        said = {"object": kind, "field": name, "found": found, "expected": expected}
        return Breach((*at, name), "lint.schema-other-value", said)
    return Breach(at, "lint.schema-not-together", {"object": kind})


def _causes(error: ValidationError) -> Iterator[ValidationError]:
    """Follow a choice between alternatives into the one that was meant, down to what is wrong there."""
    alternatives = _alternatives(error)
    if not alternatives or not all(alternatives) or _one_field_each(error, alternatives) or _one_value_each(error, alternatives):
        yield error  # no choice, more than one alternative fits, or the choice itself was not made
        return
    found = [[cause for one in alternative for cause in _causes(one)] for alternative in alternatives]
    yield from min(found, key=_strangeness(len(error.instance_path)))


def _alternatives(error: ValidationError) -> list[list[ValidationError]]:
    """What is wrong with each of the alternatives. Every look at it makes it all anew, so look once."""
    return getattr(error.kind, "context", [])


def _strangeness(depth: int) -> Callable[[list[ValidationError]], tuple[bool, bool, int, int]]:
    """Order alternatives by how little they were meant: a Reference, another type, another kind of object come last."""

    def strangeness(found: list[ValidationError]) -> tuple[bool, bool, int, int]:
        here = [cause for cause in found if len(cause.instance_path) == depth]
        reference = any("Reference" in cause.schema_path or "reference" in cause.schema_path for cause in here)
        other_type = any(cause.kind.name == "type" for cause in here)
        other_kind = any(cause.kind.name in {"enum", "const"} and len(cause.instance_path) == depth + 1 for cause in found)
        return reference, other_type or other_kind, -max(len(cause.instance_path) for cause in found), len(found)

    return strangeness


def _one_field_each(choice: ValidationError, alternatives: list[list[ValidationError]]) -> list[str]:
    """The fields of which every alternative demands one, when that is all that is wrong: schema or content."""
    fields, at = [], choice.instance_path
    for alternative in alternatives:
        here = [one for one in alternative if one.kind.name == "required" and one.instance_path == at]
        if len(here) != 1 or any(one.kind.name not in {"required", "not"} for one in alternative):
            return []
        fields += [one.kind.value for one in here]
    return fields if "$ref" not in fields else []


def _one_value_each(choice: ValidationError, alternatives: list[list[ValidationError]]) -> list[ValidationError]:
    """The errors that tell which value one field should have had, when every alternative wants another: query, header, ..."""
    depth = len(choice.instance_path) + 1
    found = [[one for one in part if one.kind.name == "enum" and len(one.instance_path) == depth] for part in alternatives]
    paths = {tuple(one.instance_path) for alternative in found for one in alternative}
    return [alternative[0] for alternative in found] if len(paths) == 1 and all(found) else []


def _object(leaf: ValidationError) -> str:
    """The name that the OpenAPI Specification gives the object at hand, as far as the schema tells."""
    if "json-schema.org" in (leaf.absolute_keyword_location or ""):
        return "Schema Object"
    tokens = [token for token in leaf.schema_path if isinstance(token, str)]
    if tokens[:1] not in (["definitions"], ["$defs"]):
        return "OpenAPI Object"
    if "XOR" in tokens[1]:  # a rule that the schema of 3.0 lets several objects share
        return "Media Type Object" if "content" in leaf.instance_path[-2:-1] else "Parameter Object"
    name = _OBJECTS.get(tokens[1], tokens[1]).removesuffix("-or-reference")
    name = next((shared for shared in ("OAuth Flow", "Security Scheme") if name.endswith(shared.replace(" ", ""))), name)
    words = re.sub("(?<=[a-z0-9])(?=[A-Z][a-z])|-", " ", name).split()
    return " ".join([*(word[0].upper() + word[1:] for word in words), "Object"])


def _short(value: Any) -> str:
    """A value as JSON; of an object or array only that it is one."""
    if isinstance(value, dict | list):
        return "object" if isinstance(value, dict) else "array"
    return json.dumps(value, ensure_ascii=False)  # which, unlike orjson, writes a number of any size
