"""Which documents are timed?

Real ones from the corpus, each as JSON and as YAML so that only the format differs; and made ones that grow.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import orjson
import yaml
import yaml_rs

SHARED = Path(os.environ.get("APICHECK_SHARED") or Path(__file__).parents[2] / "shared")
CORPUS = SHARED / "corpus"
LARGE = ("world/stripe.json", "world/openai-31.yaml", "world/plaid.yml")
SMALL = ("dutch/vng-diwi.json", "dutch/hc-brp-resolved-31.json", "dutch/open-zaak-besluiten.yaml")
GROWTH = (10, 100)
"""Times that a document is grown: enough that what it takes to start does not drown the difference."""
_COMPONENT = re.compile(r"^#/components/\w+/[^/]+")


class _Plain(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def load(file: Path) -> Any:
    """Return what a document says."""
    data = file.read_bytes()
    return orjson.loads(data) if file.suffix == ".json" else yaml_rs.loads(data.decode("utf-8"), parse_datetime=False)


def as_json(document: Any, file: Path) -> Path:
    """Write a document as JSON."""
    file.write_text(json.dumps(document, ensure_ascii=False, indent=2), "utf-8")
    return file


def as_yaml(document: Any, file: Path) -> Path:
    """Write a document as YAML, without aliases."""
    file.write_text(yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True), "utf-8")
    return file


def grown(document: dict[str, Any], times: int) -> dict[str, Any]:
    """Return a document that holds a number of copies of another one: paths, components and the references between them."""
    kinds = document.get("components", {})
    return {
        **document,
        "paths": {
            f"/copy-{number}{path}": _numbered(item, number) for number in range(times) for path, item in document["paths"].items()
        },
        "components": {
            kind: {f"{name}_{number}": _numbered(item, number) for number in range(times) for name, item in named.items()}
            for kind, named in kinds.items()
        },
    }


def tangled(schemas: int) -> dict[str, Any]:
    """Return a document whose schemas refer to each other in one cycle, each through an ``allOf`` ten deep."""

    def deep(number: int) -> dict[str, Any]:
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {"next": {"$ref": f"#/components/schemas/s{(number + 1) % schemas}"}},
        }
        for _ in range(10):
            schema = {"allOf": [schema, {"type": "object"}]}
        return schema

    answer = {"description": "x", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/s0"}}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "x", "version": "1.0.0"},
        "paths": {f"/items-{number}": {"get": {"responses": {"200": answer}}} for number in range(schemas // 10)},
        "components": {"schemas": {f"s{number}": deep(number) for number in range(schemas)}},
    }


def _numbered(node: Any, number: int) -> Any:
    """Return a node that refers to the components of its own copy only."""
    if isinstance(node, dict):
        return {
            key: _name(key, value, number) if isinstance(value, str) else _numbered(value, number) for key, value in node.items()
        }
    return [_numbered(item, number) for item in node] if isinstance(node, list) else node


def _name(key: str, value: str, number: int) -> str:
    if key == "operationId":
        return f"{value}_{number}"
    return _COMPONENT.sub(rf"\g<0>_{number}", value) if key == "$ref" else value
