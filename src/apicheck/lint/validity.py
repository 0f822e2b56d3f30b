"""Is the document what the OpenAPI Specification says it must be?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from apicheck.answers import Answer, Fault
from apicheck.lint.causes import Breach
from apicheck.lint.consistency import contradictions
from apicheck.lint.meta_schema import breaches
from apicheck.lint.registry import check
from apicheck.model import Place
from apicheck.openapi import Item, View

_DIALECT = {"3.1": "https://spec.openapis.org/oas/3.1/dialect/base", "3.2": "https://spec.openapis.org/oas/3.2/dialect/2025-09-17"}


@check("document-valid")
def document_valid(api: View) -> Iterator[Answer]:
    """Does the document keep the OpenAPI Specification: its schema, and what it asks in words? /core/doc-openapi.

    What is wrong in the same way in many places is one finding, at the first of them.
    """
    first: dict[object, Place] = {}
    for place, breach in _breaches(api):
        same = (breach.message, *(value for name, value in breach.values.items() if name != "found"))
        at = first.setdefault(same, place)
        yield Fault(breach.message, at=at, **breach.values)
    if not first:
        yield None
    yield from contradictions(api)


def _breaches(api: View) -> Iterator[tuple[Place, Breach]]:
    """The breaches of the entry file, and those of what it uses in other files."""
    root, version = api.document.root, api.document.version
    own_dialect = root.get("jsonSchemaDialect", _DIALECT.get(version)) != _DIALECT.get(version)
    for breach in breaches(root, version, own_dialect=own_dialect):
        yield api.document.place(*breach.tokens), breach
    checked: set[Place] = set()
    for kind, item in sorted(_elsewhere(api), key=lambda found: len(found[1].place.tokens)):
        tokens = item.place.tokens
        if any(Place(item.place.file, tokens[:length]) in checked for length in range(len(tokens) + 1)):
            continue
        checked.add(item.place)
        for breach in breaches(item.value, version, kind, own_dialect=own_dialect):
            yield item.place.child(*breach.tokens), breach


def _elsewhere(api: View) -> Iterator[tuple[str, Item]]:
    """What the document uses of other files, with the kind of object that each is."""
    entry = api.document.place().file
    kinds: tuple[tuple[str, Iterable[Item]], ...] = (
        ("path-item", api.path_items),
        ("parameter", api.parameters),
        ("request-body", api.request_bodies),
        ("response", api.responses),
        ("header", api.headers),
        ("schema", api.schemas),
    )
    yield from ((kind, item) for kind, items in kinds for item in items if item.place.file != entry)
