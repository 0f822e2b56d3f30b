"""What does the engine get to read of a document?

A copy, for it writes into what it reads, in which nothing is left to fetch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from apicheck.openapi import Document, Operation
from apicheck.openapi.copying import BROUGHT_IN, Copy

Values = Mapping[str, Mapping[str, Any]]
"""By the name of an operation: values that it is known to answer to, by the name of the parameter."""


def for_engine(document: Document, operations: Iterable[Operation], values: Values) -> dict[str, Any]:
    """Return a document as the engine may read it, with the known values as examples of the parameters."""
    copy = Copy(document)
    root: dict[str, Any] = copy.of(document.root, document.place())
    for operation in operations:
        known = values.get(operation.name)
        item = root["paths"].get(operation.path)
        if known and isinstance(item, dict) and isinstance(item.get(operation.method), dict):
            item[operation.method]["parameters"] = [
                _with_example(copy.of(parameter.value, parameter.place), known) for parameter in operation.parameters
            ]
    root[BROUGHT_IN] = copy.brought_in()
    return root


def _with_example(parameter: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    schema = parameter.get("schema")
    if parameter["name"] not in known or not isinstance(schema, dict):
        return parameter
    value = known[parameter["name"]]
    if isinstance(value, str) and schema.get("type") in {"integer", "number", "boolean"}:
        try:
            value = json.loads(value)
        except ValueError:
            return parameter
    return {**{key: child for key, child in parameter.items() if key != "examples"}, "example": value}
