"""Does every check get through every document there is, always to the same result?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apicheck import lint
from apicheck.errors import UnreadableDocument
from apicheck.openapi import View, load, parse
from apicheck.words import say
from tests.lint.asked import BASE
from tests.lint.corpus import ABSENT, CORPUS, documents

NAMES = tuple(lint.check)
CRASH = say("errors.check-crashed", check="lint:", error="").en.partition("lint:")[0]
COLLECTIONS = ("adr-testcases", "dutch", "world", "hostile")
DOCUMENTS = [(collection, *document) for collection in COLLECTIONS if CORPUS.exists() for document in documents(collection)]
needs_corpus = pytest.mark.skipif(not DOCUMENTS, reason=ABSENT)


def crashed(view: View) -> list[str]:
    """Return what the checks say that broke down themselves."""
    return [evidence.reason.en for evidence in lint.run(view, NAMES) if evidence.reason and evidence.reason.en.startswith(CRASH)]


@needs_corpus
@pytest.mark.parametrize("path", [path for *_, path in DOCUMENTS], ids=[f"{where}/{name}" for where, name, _ in DOCUMENTS])
def test_no_check_breaks_down(path: Path) -> None:
    try:
        view = View(load(str(path)))
    except UnreadableDocument:
        return  # that such a document is refused, and with which words, is tested with the loader
    assert crashed(view) == []


PRINT = """
import sys
from apicheck import lint
from apicheck.openapi import View, load
for evidence in lint.run(View(load(sys.argv[1])), lint.check):
    print(evidence.model_dump_json(by_alias=True))
"""


@needs_corpus
@pytest.mark.parametrize(("name", "times"), [("pdok-gokoala-features.json", 18), ("zgw-zaken-1.0.yaml", 2), ("vng-diwi.json", 2)])
def test_the_result_is_the_same_to_the_byte_every_time(name: str, times: int) -> None:
    path = str(CORPUS / "dutch" / name)

    def once() -> str:
        return "".join(f"{evidence.model_dump_json(by_alias=True)}\n" for evidence in lint.run(View(load(path)), NAMES))

    def elsewhere(seed: int) -> str:
        command, environment = [sys.executable, "-c", PRINT, path], os.environ | {"PYTHONHASHSEED": str(seed)}
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout  # our own

    assert len({once() for _ in range(times)} | {elsewhere(seed) for seed in (1, 2)}) == 1


KEYS = st.sampled_from(
    [
        *("$ref", "openapi", "info", "paths", "webhooks", "callbacks", "servers", "url", "variables", "enum", "security", "tags"),
        *("get", "parameters", "name", "in", "query", "path", "requestBody", "responses", "200", "404", "default", "headers"),
        *("content", "application/problem+json", "schema", "properties", "type", "format", "pattern", "maxLength", "required"),
        *("allOf", "oneOf", "anyOf", "items", "components", "schemas", "securitySchemes", "flows", "deprecated", "externalDocs"),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
TREES = st.recursive(
    SCALARS | st.sampled_from(["#/components/schemas/a", "#", "string", "date-time", "query", "object", "/v1/{x}/"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(KEYS | st.text(max_size=6), children, max_size=4),
    max_leaves=20,
)
WHOLE = BASE | {"components": {"schemas": {"a": {"type": "object"}}}, "tags": [{"name": "t"}]}


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Draw a document of which some nodes are replaced by anything at all."""
    document = json.loads(json.dumps(WHOLE))
    for _ in range(draw(st.integers(1, 4))):
        holder, key = document, "paths"
        for _ in range(draw(st.integers(0, 7))):
            if not isinstance(holder.get(key), dict) or not holder[key]:
                break
            holder, key = holder[key], draw(st.sampled_from(sorted(holder[key])))
        holder[draw(st.just(key) | KEYS)] = draw(TREES)
    return json.dumps(document | {"openapi": draw(st.sampled_from(["3.0.3", "3.1.0", "3.2.0"]))}).encode("utf-8", "surrogatepass")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_no_check_breaks_down_on_a_document_with_anything_in_it(data: bytes) -> None:
    try:
        view = View(parse(data, "openapi.json"))
    except UnreadableDocument:
        return
    assert crashed(view) == []
