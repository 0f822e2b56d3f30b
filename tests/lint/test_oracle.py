"""Does apicheck find what the official linter finds, except where that contradicts the text of the standard?"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apicheck import lint
from apicheck.errors import UnreadableDocument
from apicheck.openapi import View, load
from tests.lint.corpus import ABSENT, CORPUS, documents, official

# digitalocean has a $ref for an operation, which Spectral follows and OpenAPI does not know; openai explodes an object
NOT_COMPARED = {"digitalocean-multifile"}
NO_KEYS = {"effective_at"}
COMPARED = (
    "no-trailing-slash",
    "query-keys-camel-case",
    "path-segments-kebab-case",
    "info-version-semver",
    "major-version-in-server-url",
    "contact-present",
    "version-header-documented",
    "problem-details-documented",
    "status-400-documented",
    "date-time-formats",
    "document-valid",
)
CASES = [
    (collection, name, path)
    for collection in ("adr-testcases", "dutch", "world")
    if CORPUS.exists()
    for name, path in documents(collection)
    if name not in NOT_COMPARED and official(collection, name)
]

pytestmark = pytest.mark.skipif(not CASES, reason=ABSENT)


class Compared:
    """What apicheck found in a document, to be asked about one thing that the official linter found."""

    def __init__(self, view: View) -> None:
        self._evidence = {evidence.check: evidence for evidence in lint.run(view, COMPARED)}
        self._operations = {operation.place.pointer: operation for operation in view.operations}
        self._broken = bool(view.document.broken)

    def violated(self, check: str) -> bool:
        return self._evidence[check].outcome == "violated"

    def at(self, check: str, pointer: str) -> bool:
        return any(finding.location and finding.location.pointer == pointer for finding in self._evidence[check].findings)

    def key(self, message: str) -> bool:
        key = message.removesuffix(" is not lower camelCase.")
        return key in NO_KEYS or any(f" {key} " in one.message.en for one in self._evidence["query-keys-camel-case"].findings)

    def path(self, pointer: str) -> bool:
        path = pointer.removeprefix("/paths/").replace("~1", "/")
        right_by_the_text = not path.startswith("/") or re.search(r"[^/]\{|\}[^/]|/_[^/]*$", path)  # G14
        return bool(right_by_the_text) or self.at("path-segments-kebab-case", pointer)

    def header(self, pointer: str) -> bool:
        of_another = not pointer.startswith("/paths/") or "/callbacks/" in pointer  # not a response of this API
        return of_another or self._broken or self.at("version-header-documented", pointer)

    def invalid_input(self, pointer: str) -> bool:
        operation = self._operations.get(pointer.removesuffix("/responses"))
        if operation is None or "callbacks" in pointer:  # G27
            return True
        no_input = not operation.request_body and all(parameter.location != "query" for parameter in operation.parameters)  # G28
        told_otherwise = {"4XX", "default"} & operation.value["responses"].keys()  # G29
        return no_input or bool(told_otherwise) or self.at("status-400-documented", operation.place.pointer)

    def valid(self) -> bool:
        return self._broken or self.violated("document-valid")


FOUND_TOO: dict[str, Callable[[Compared, str, str], bool]] = {
    "path-keys-no-trailing-slash": lambda ours, at, _: ours.at("no-trailing-slash", at),
    "nlgov:query-keys-camel-case": lambda ours, _, message: ours.key(message),
    "nlgov:paths-kebab-case": lambda ours, at, _: ours.path(at),
    "nlgov:semver": lambda ours, *_: ours.violated("info-version-semver"),
    "nlgov:include-major-version-in-uri": lambda ours, *_: ours.violated("major-version-in-server-url"),
    "oas3-api-servers": lambda ours, *_: ours.violated("major-version-in-server-url"),
    "info-contact": lambda ours, *_: ours.violated("contact-present"),
    "nlgov:missing-header": lambda ours, at, _: ours.header(at),
    "nlgov:use-problem-schema": lambda ours, *_: ours.violated("problem-details-documented"),
    "nlgov:problem-schema-members": lambda ours, *_: ours.violated("problem-details-documented"),
    "nlgov:problem-invalid-input": lambda ours, at, _: ours.invalid_input(at),
    "nlgov:time-without-timezone": lambda ours, at, _: ours.at("date-time-formats", at),
    "nlgov:date-time-ensure-timezone": lambda ours, at, _: ours.at("date-time-formats", at),
    "oas3-schema": lambda ours, *_: ours.valid(),
    "operation-operationId-unique": lambda ours, *_: ours.valid(),
    "path-params": lambda ours, *_: ours.valid(),
    "openapi-tags-uniqueness": lambda ours, *_: ours.valid(),
}


def pointer(tokens: list[Any]) -> str:
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


@pytest.mark.parametrize("case", CASES, ids=[name for _, name, _ in CASES])
def test_what_the_official_linter_finds_rightly_is_found(case: tuple[str, str, Path]) -> None:
    collection, name, path = case
    try:
        ours = Compared(View(load(str(path))))
    except UnreadableDocument:
        return
    missed = [
        (one["code"], pointer(one["path"]), one["message"])
        for one in official(collection, name)
        if one["code"] in FOUND_TOO and not FOUND_TOO[one["code"]](ours, pointer(one["path"]), one["message"])
    ]
    assert missed == []
