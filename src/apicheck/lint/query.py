"""Are the keys in the query written as the chapter on resources asks?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from apicheck.answers import Answer, Fault, Unsure
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.lint.responses import unresolved
from apicheck.lint.schemas import Shapes
from apicheck.model import Place
from apicheck.openapi import Parameter, View

_LOWER_CAMEL_CASE = re.compile(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)*")
_FORM = "application/x-www-form-urlencoded"


@check("query-keys-camel-case")
def query_keys_camel_case(api: View) -> Iterator[Answer]:
    """Is every key that can stand in the query in lower camelCase, with letters and digits only? /core/query-keys-camel-case."""
    shapes = Shapes(api)
    for parameter in api.parameters:
        yield from _keys(parameter, shapes)
    for scheme in api.security_schemes:
        name = scheme.value.get("name")
        if scheme.value.get("type") == "apiKey" and scheme.value.get("in") == "query" and isinstance(name, str):
            yield _judged(name, scheme.place.child("name"), scheme.used_by)
    yield from unresolved(api, "parameters")


def _keys(parameter: Parameter, shapes: Shapes) -> Iterator[Answer]:
    """Judge the keys that a parameter puts in the query, each where it is named.

    An object in style form that is exploded, which is the default, gives a key for each of its properties and none for itself (OAS,
    Parameter Object, Style Examples), and so does a form in ``in: querystring`` (OAS 3.2). Of a deepObject only its own name
    counts: the brackets are not the author's choice. What its schema may hold where it was not read, cannot be told.
    """
    value, place = parameter.value, parameter.place
    in_form = value.get("style", "form") == "form" and value.get("explode", True) is not False
    whole, is_object = shapes.of(value.get("schema"), place.child("schema")), False
    if parameter.location == "querystring":
        form = mapping(mapping(value.get("content")).get(_FORM))
        whole, is_object = shapes.of(form.get("schema"), place.child("content", _FORM, "schema")), True
    elif parameter.location != "query":
        return
    elif in_form:
        is_object = whole.types - {"null"} == {"object"} or (not whole.types and bool(whole.properties or not whole.certain))
    if not is_object:
        yield _judged(parameter.name, place.child("name"), parameter.used_by)
        return
    yield from (_judged(key, at, parameter.used_by) for key, (_, at) in whole.properties.items())
    if not whole.certain:
        yield Unsure("lint.schema-elsewhere", name=parameter.name)


def _judged(key: str, place: Place, used_by: tuple[str, ...]) -> Answer:
    if _LOWER_CAMEL_CASE.fullmatch(key):
        return None
    return Fault("lint.query-key-not-camel-case", at=place, used_by=used_by, key=key)
