"""Do the names in the API look like names that its users understand, as the chapter on resources asks?

These are hints for a person who judges: each rests on a closed list of words, and none of them decides a rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from apicheck.answers import Answer, Fault
from apicheck.lint.lexicon import is_command, is_singular, is_verb, tokens, words
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.lint.servers import urls
from apicheck.openapi import PathItem, View

_ENOUGH_NAMES = 10
_INTERNAL_HOST = re.compile(  # RFC 6762, RFC 1918
    r".*\.(?:local|internal|intern|lan)|10\.[0-9.]+|192\.168\.[0-9.]+|172\.(?:1[6-9]|2[0-9]|3[01])\.[0-9.]+"
)


@check("verbs-in-paths")
def verbs_in_paths(api: View) -> Iterator[Answer]:
    """Are resources named with nouns? /core/naming-resources.

    A verb at the end with only GET or POST is an operation as /core/resource-operations allows, and so is what starts with ``_``.
    """
    for item in api.path_items:
        literal = [segment for segment in item.path.split("/") if segment and "{" not in segment and segment[0] != "_"]
        if literal and is_verb(literal[-1]) and item.path.endswith(literal[-1]) and _only_reads_or_posts(item):
            literal.pop()
        verb = next(filter(is_command, literal), None)
        if verb:
            yield Fault("lint.verb-in-path", at=item.place, used_by=item.used_by, path=item.path, segment=verb)
        elif literal:
            yield None


@check("singular-collections")
def singular_collections(api: View) -> Iterator[Answer]:
    """Does every path with items below it end in a plural? /core/naming-collections. A closed list of singular nouns is tried."""
    with_items = {path.rpartition("/")[0] for item in api.path_items if (path := item.path).endswith("}")}
    for item in api.path_items:
        segment = item.path.rpartition("/")[2]
        if item.path not in with_items or "{" in segment:
            continue
        if is_singular(segment):
            yield Fault("lint.singular-collection", at=item.place, used_by=item.used_by, path=item.path, segment=segment)
        else:
            yield None


@check("english-names")
def english_names(api: View) -> Iterator[Answer]:
    """Are the names in the API more often Dutch than English, of the words that a short list knows? /core/interface-language."""
    names = {segment for item in api.path_items for segment in item.path.split("/") if "{" not in segment}
    names |= {parameter.name for parameter in api.parameters} | {schema.name for schema in api.schemas}
    spoken = Counter(token for name in names for token in tokens(name))
    english = [word for word in spoken if word in words("names-en")]
    dutch = [word for word in spoken if word in words("names-nl")]
    if len(english) + len(dutch) < _ENOUGH_NAMES:
        return
    if len(english) > len(dutch):
        examples = ", ".join(sorted(english)[:5])
        yield Fault("lint.english-names", at=api.document.place(), english=len(english), dutch=len(dutch), examples=examples)
    else:
        yield None


@check("implementation-words")
def implementation_words(api: View) -> Iterator[Answer]:
    """Does no name tell how the API was built? /core/hide-implementation."""
    technical = words("implementation-words")
    for item in api.path_items:
        word = next((part for part in re.split(r"[^a-z0-9]", item.path.lower()) if part in technical), None)
        yield Fault("lint.implementation-in-path", at=item.place, used_by=item.used_by, path=item.path, word=word) if word else None
    for name in mapping(mapping(api.document.root.get("components")).get("schemas")):
        word = next((part for part in tokens(name)[-1:] if part in technical), None)
        at = api.document.place("components", "schemas", name)
        yield Fault("lint.implementation-in-schema", at=at, name=name, word=word) if word else None
    for server in api.servers:
        host = next((url.host for url in urls(server) if _INTERNAL_HOST.fullmatch(url.host)), None)
        yield Fault("lint.internal-host", at=server.place.child("url"), host=host) if host else None


def _only_reads_or_posts(item: PathItem) -> bool:
    return not {"put", "patch", "delete"}.intersection(item.value)
