"""Does the document tell what changed and what will end, as the chapter on versioning asks?

Hints: a schedule or a list of changes may well be published elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from apicheck.answers import Answer, Fault
from apicheck.lint.nodes import mapping, opening
from apicheck.lint.registry import check
from apicheck.openapi import Operation, Parameter, Schema, View

_DATE_OR_LINK = re.compile(
    r"https?://\S|\b[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\b|\b[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{4}\b|\b20[0-9]{2}\b"
)
_CHANGELOG = re.compile(r"change[ -]?log|release[ -]?notes|wijziging(?:s|en)log|wijzigingsoverzicht", re.IGNORECASE)
_ANNOUNCED = frozenset({"sunset", "deprecation"})  # RFC 8594, RFC 9745


@check("deprecations-with-date")
def deprecations_with_date(api: View) -> Iterator[Answer]:
    """Does everything that is deprecated say when it ends, or where that is told? /core/deprecation-schedule."""
    for operation in api.operations:
        if operation.value.get("deprecated") is True:
            announced = any(header.name.lower() in _ANNOUNCED for response in operation.responses for header in response.headers)
            yield from _dated(operation, announced=announced)
    others: tuple[Parameter | Schema, ...] = (*api.parameters, *api.schemas)
    for item in others:
        if item.value.get("deprecated") is True:
            yield from _dated(item, announced=False)


@check("changelog-linked")
def changelog_linked(api: View) -> Iterator[Answer]:
    """Does the document point to a list of changes? /core/changelog."""
    root, about = api.document.root, api.info
    documentation = mapping(root.get("externalDocs"))
    texts = (about.get("description"), documentation.get("url"), documentation.get("description"))
    linked = about.get("x-changelog") or root.get("x-changelog")
    if linked or any(_CHANGELOG.search(opening(text)) for text in texts):
        yield None
    else:
        yield Fault("lint.no-changelog", at=api.document.place("info"))


def _dated(item: Operation | Parameter | Schema, *, announced: bool) -> Iterator[Answer]:
    """Look for a date or an address in what a deprecated thing says of itself."""
    texts = (item.value.get("description"), item.value.get("summary"), mapping(item.value.get("externalDocs")).get("url"))
    told = "x-sunset" in item.value or any(_DATE_OR_LINK.search(opening(text)) for text in texts)
    if told or announced:
        yield None
    else:
        yield Fault("lint.deprecated-without-date", at=item.place, used_by=item.used_by)
