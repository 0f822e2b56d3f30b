"""Is a document let go of as soon as it was looked at? Nothing collects garbage while one is."""

import weakref

import orjson

from apicheck import lint
from apicheck.openapi import View, parse
from apicheck.openapi.collection import collection_paused
from apicheck.patch import merge_patch
from tests.lint.asked import BASE, OF_THE_DESIGN_RULES, with_properties


def test_nothing_holds_a_document_in_a_circle() -> None:
    said = merge_patch(BASE, with_properties(a={"type": "integer", "example": "one", "readOnly": True}))
    document = parse(orjson.dumps(said), "openapi.json")
    kept = weakref.ref(document)
    with collection_paused():
        assert any(evidence.findings for evidence in lint.run(View(document), sorted(OF_THE_DESIGN_RULES)))
        del document
        assert kept() is None
