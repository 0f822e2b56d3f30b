"""Do the documents that people really publish load, whole, or say in one sentence why not?"""

import csv

import pytest

from apicheck import openapi
from apicheck.errors import UnreadableDocument
from apicheck.openapi import View
from tests.openapi.documents import CORPUS, corpus

INDEX = CORPUS / "index.tsv"
ROWS = list(csv.DictReader(INDEX.open(encoding="utf-8"), delimiter="\t")) if INDEX.exists() else []
REAL = {row["name"]: row for row in ROWS if row["set"] in {"dutch", "world"}}
REFUSED = {
    "swagger": "document-swagger",
    "apitestplatform-version-1.22": "document-version-unknown",
    "conduction-woo-register": "document-duplicate-key",
    "kadaster-bag-adressen-multifile": "document-syntax",
    "logius-logboek-lezen": "document-syntax",
    "oai-moonwalk-petstore-40": "document-version-unknown",
    "pdok-gokoala-go-template": "document-syntax",
    "vacuum-circular": "document-version-no-text",
    "zgw-testcase-discriminators": "document-several",
}
"""What is wrong with them: no OpenAPI 3, a key twice, a comma missing, a template, a number for a version, two in one file."""
COUNTED_OTHERWISE = {"ooapi-multifile-311", "redocly-lint-32", "mermade-extensions-everywhere"}
"""The index counts no operations behind a reference, no ``query`` of 3.2, and takes an extension for a path."""


@pytest.mark.parametrize("name", REAL or [""])
def test_a_published_document_loads_or_says_why_not(name: str) -> None:
    corpus("index.tsv")
    row = REAL[name]
    file = corpus(row["set"], *row["entry"].split("/"))
    refused = REFUSED.get("swagger" if row["oas_version"].startswith("swagger") else name)
    if refused:
        with pytest.raises(UnreadableDocument) as caught:
            openapi.load(str(file))
        assert caught.value.message == refused
        return
    document = openapi.load(str(file))
    view = View(document)
    assert row["oas_version"].startswith(document.version)
    if name not in COUNTED_OTHERWISE:
        assert len(view.operations) == int(row["operations"])
    assert len({schema.place for schema in view.schemas}) == len(view.schemas)
    for item in (*view.operations, *view.responses[:20], *view.schemas[:: max(1, len(view.schemas) // 20)]):
        location = document.locate(item.place)
        assert location.line
        assert location.column
