"""Are operations and child resources modelled as the chapter on resources asks?

Hints for a person who judges: what depends on what is knowledge of the field, and no document tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from apicheck.answers import Answer, Fault
from apicheck.lint.lexicon import tokens, words
from apicheck.lint.registry import check
from apicheck.openapi import Parameter, View

_DEEPEST = 3
_OF_AN_IDENTIFIER = frozenset({"id", "uuid", "identificatie", "nummer"})
_LONG_VOWEL = re.compile(r"([aeou])\1(?=[^aeiou]$)")


@check("rpc-style-operations")
def rpc_style_operations(api: View) -> Iterator[Answer]:
    """Is every operation a resource of its own, and not a word in the query or behind a colon? /core/resource-operations."""
    commands, endpoints = words("command-parameters"), words("rpc-segments")
    for item in api.path_items:
        segment = next((part for part in item.path.lower().split("/") if part in endpoints or ":" in part[1:]), None)
        if segment:
            yield Fault("lint.rpc-path", at=item.place, used_by=item.used_by, path=item.path, segment=segment)
        else:
            yield None
    for parameter in api.parameters:
        if parameter.location == "query" and parameter.name.lower() in commands:
            yield Fault("lint.command-in-query", at=parameter.place, used_by=parameter.used_by, name=parameter.name)


@check("nesting-candidates")
def nesting_candidates(api: View) -> Iterator[Answer]:
    """Is there no collection that demands the id of another one, and no path of too many resources deep? /core/nested-child."""
    collections = {item.path: _last(item.path) for item in api.path_items if "{" not in item.path}
    names = frozenset(collections.values())
    for operation in api.operations:
        if operation.path not in collections or operation.method != "get":
            continue
        asked = (
            parameter for parameter in operation.parameters if names.intersection(_asked_for(parameter)) - {_last(operation.path)}
        )
        parent = next(asked, None)
        if parent:
            at, used_by = operation.place, operation.used_by
            yield Fault("lint.nesting-candidate", at=at, used_by=used_by, path=operation.path, name=parent.name)
        else:
            yield None
    for item in api.path_items:
        if item.path.count("{") > _DEEPEST:
            yield Fault("lint.nested-too-deep", at=item.place, used_by=item.used_by, path=item.path)


def _last(path: str) -> str:
    return path.rpartition("/")[2].lower()


def _asked_for(parameter: Parameter) -> set[str]:
    """The names of the collections of which a query parameter may demand an item: /zaken for ``zaakId``."""
    spoken = tokens(parameter.name)
    if parameter.location != "query" or parameter.value.get("required") is not True or not spoken:
        return set()
    if len(spoken) > 1 and spoken[-1] in _OF_AN_IDENTIFIER:
        spoken.pop()
    return _plurals(spoken[-1])


def _plurals(noun: str) -> set[str]:
    """The regular plurals of a noun in Dutch and English: gebouw-en, zaak/zaken, brief/brieven, huis/huizen, adres-sen, house-s."""
    short = _LONG_VOWEL.sub(r"\1", noun)
    softened = {stem[:-1] + soft for stem in (noun, short) for hard, soft in (("f", "v"), ("s", "z")) if stem.endswith(hard)}
    return {f"{noun}s", f"{noun}es", f"{noun}{noun[-1]}en"} | {f"{stem}en" for stem in (noun, short, *softened)}
