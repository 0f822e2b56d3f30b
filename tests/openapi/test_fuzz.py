"""Does nothing but an error of ours come out, whatever goes in?"""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apicheck import openapi
from apicheck.errors import ApicheckError
from apicheck.openapi import Document, View

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "x", "version": "1.0.0"},
    "servers": [{"url": "https://example.nl/v1"}],
    "paths": {
        "/a/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/A"}, "encoding": {"x": {"headers": {}}}}
                    }
                },
                "responses": {
                    "200": {"headers": {"API-Version": {"schema": {}}}, "links": {"l": {}}},
                    "default": {"$ref": "#/components/responses/E"},
                },
                "callbacks": {"c": {"{$url}": {"get": {}}}},
                "security": [{"key": []}],
            },
        }
    },
    "webhooks": {"w": {"post": {}}},
    "components": {
        "parameters": {"Id": {"name": "id", "in": "path", "content": {"text/plain": {"schema": {"type": "string"}}}}},
        "responses": {
            "E": {"description": "e", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/A"}}}}
        },
        "schemas": {
            "A": {
                "properties": {"a": {"$ref": "#/components/schemas/A"}},
                "allOf": [{"$anchor": "x"}],
                "discriminator": {"mapping": {}},
            }
        },
        "securitySchemes": {"key": {"type": "apiKey"}},
    },
}
YAML = b"""\
openapi: 3.0.3
info: &i {title: x, version: '1'}
paths:
  /a: &a
    get:
      responses:
        200: {description: >-
  x}
  /b: *a
  <<: {}
"""

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["#/paths", "#/components/schemas/A", "x.yaml", "#x"]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(st.text() | st.sampled_from(["$ref", "get", "schema", "x-a"]), children, max_size=3)
    ),
    max_leaves=8,
)


def holders(value: object) -> list[Any]:
    """Every object and list of a document."""
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return ([value] if isinstance(value, dict | list) and value else []) + [
        holder for child in children for holder in holders(child)
    ]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A document in which some things are other things, from elsewhere in it or from nowhere."""
    document = copy.deepcopy(DOCUMENT)
    for _ in range(draw(st.integers(1, 4))):
        holder = draw(st.sampled_from(holders(document)))
        key = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else list(range(len(holder)))))
        holder[key] = copy.deepcopy(draw(anything | st.sampled_from(holders(DOCUMENT))))
    return json.dumps(document).encode("utf-8", "replace")


@st.composite
def scrambled(draw: st.DrawFn) -> bytes:
    """The text of a document with pieces cut out and put in."""
    text = bytearray(draw(st.sampled_from([YAML, json.dumps(DOCUMENT).encode()])))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        piece = draw(
            st.binary(max_size=6)
            | st.sampled_from([b"&a ", b"*a", b"<<: *a", b"? ", b": ", b"- ", b"{", b"]", b'"', b"---\n", b"!!set ", b"\r", b"\0"])
        )
        text[start : start + draw(st.integers(0, 8))] = piece
    return bytes(text)


def outcome(data: bytes, name: str) -> Document | ApicheckError:
    try:
        return openapi.parse(data, name)
    except ApicheckError as error:
        return error


def everything(data: bytes, name: str) -> None:
    """Read a document, look at all there is, and ask where it stands; or else explain."""
    document = outcome(data, name)
    if isinstance(document, ApicheckError):
        assert document.explain().nl.isprintable()
        return
    view = View(document)
    for items in (
        view.servers,
        view.path_items,
        view.operations,
        view.parameters,
        view.responses,
        view.headers,
        view.media_types,
        view.schemas,
    ):
        for item in items:
            assert isinstance(item.value, dict)
            assert document.locate(item.place, item.used_by).line
    for broken in document.broken:
        assert document.locate(broken.place).line


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["x.json", "x.yaml", ""]))
def test_any_bytes(data: bytes, name: str) -> None:
    everything(data, name)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "utf-32-be", "latin-1"]))
def test_any_text(text: str, encoding: str) -> None:
    everything(b"openapi: 3.0.3\nx: " + text.encode(encoding, "replace"), "openapi.yaml")


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_any_document_gone_wrong(data: bytes) -> None:
    everything(data, "openapi.json")


@settings(max_examples=400, deadline=None)
@given(scrambled(), st.sampled_from(["x.json", "x.yaml"]))
def test_any_text_gone_wrong(data: bytes, name: str) -> None:
    everything(data, name)
