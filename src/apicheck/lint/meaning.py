"""Does the document say what its data means, and on which terms it may be used?

For the profile Common Ground; none of these decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from apicheck.answers import Answer, Fault
from apicheck.lint.lexicon import tokens, words
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.openapi import View


@check("license-stated")
def license_stated(api: View) -> Iterator[Answer]:
    """Does the document say under which terms the API may be used? /cg/doel-open."""
    stated = mapping(api.info.get("license")) or api.info.get("termsOfService")
    yield None if stated else Fault("lint.license-missing", at=api.document.place("info"))


@check("fields-described")
def fields_described(api: View) -> Iterator[Answer]:
    """Has every field of the data a description? /cg/1b. One finding for the whole, since a document may lack thousands."""
    fields = [schema for schema in api.schemas if schema.place.tokens[-2:-1] == ("properties",)]
    bare = [schema for schema in fields if not str(schema.value.get("description") or "").strip()]
    if bare:
        yield Fault("lint.fields-undescribed", at=bare[0].place, missing=len(bare), total=len(fields))
    elif fields:
        yield None


@check("screens-in-paths")
def screens_in_paths(api: View) -> Iterator[Answer]:
    """Does no path speak of screens or of steps in a dialogue, so that it gives data for many applications? /cg/a1."""
    for item in api.path_items:
        found = sorted(words("screen-words").intersection(tokens(urlsplit(item.path).path)))
        if found:
            yield Fault("lint.screen-in-path", at=item.place, used_by=item.used_by, path=item.path, words=", ".join(found))
        else:
            yield None


@check("trace-context-described")
def trace_context_described(api: View) -> Iterator[Answer]:
    """Does the document mention the header by which a request can be traced (W3C Trace Context)? /cg/3c4."""
    if any(parameter.name.lower() == "traceparent" for parameter in api.parameters):
        yield None
    elif api.operations:
        yield Fault("lint.trace-context-missing", at=api.document.place("paths"))
