"""Small documents to load, and the way to the corpus."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from apicheck import openapi
from apicheck.openapi import Document, View

SHARED = Path(os.environ.get("APICHECK_SHARED") or Path(__file__).parents[3] / "shared")
CORPUS = SHARED / "corpus"


def corpus(*parts: str) -> Path:
    """Return a path in the corpus; without the corpus the test is skipped, and says so."""
    path = CORPUS.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"there is no {path}: set APICHECK_SHARED to the folder that holds corpus/")
    return path


def described(version: str = "3.0.3", **fields: Any) -> dict[str, Any]:
    return {"openapi": version, "info": {"title": "Gebouwen", "version": "1.0.0"}, "paths": {}, **fields}


def json_of(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def document(version: str = "3.0.3", **fields: Any) -> Document:
    return openapi.parse(json.dumps(described(version, **fields)).encode(), "openapi.json")


def view(version: str = "3.0.3", **fields: Any) -> View:
    return View(document(version, **fields))


def yaml(text: str) -> Document:
    """Return a document from YAML, which follows ``openapi`` and ``info``."""
    return openapi.parse(f"openapi: 3.0.3\ninfo: {{title: Gebouwen, version: 1.0.0}}\n{text}".encode(), "openapi.yaml")
