"""Are the keys in the query written as the chapter on resources asks?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from apicheck.answers import Answer, Fault
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
        for key, place in _keys(parameter, shapes):
            yield _judged(key, place, parameter.used_by)
    for scheme in api.security_schemes:
        name = scheme.value.get("name")
        if scheme.value.get("type") == "apiKey" and scheme.value.get("in") == "query" and isinstance(name, str):
            yield _judged(name, scheme.place.child("name"), scheme.used_by)
    yield from unresolved(api, "parameters")


def _keys(parameter: Parameter, shapes: Shapes) -> Iterator[tuple[str, Place]]:
    """The keys that a parameter puts in the query, and where each is named.

    An object in style form that is exploded, which is the default, gives a key for each of its properties and none for itself (OAS,
    Parameter Object, Style Examples), and so does a form in ``in: querystring`` (OAS 3.2). Of a deepObject only its own name
    counts: the brackets are not the author's choice.
    """
    schema, at = parameter.value.get("schema"), parameter.place.child("schema")
    if parameter.location == "querystring":
        form = mapping(mapping(parameter.value.get("content")).get(_FORM))
        whole = shapes.of(form.get("schema"), parameter.place.child("content", _FORM, "schema"))
        yield from ((key, place) for key, (_, place) in whole.properties.items())
    elif parameter.location == "query":
        whole = shapes.of(schema, at)
        in_form = parameter.value.get("style", "form") == "form" and parameter.value.get("explode", True) is not False
        if in_form and (whole.types - {"null"} == {"object"} or (whole.properties and not whole.types)):
            yield from ((key, place) for key, (_, place) in whole.properties.items())
        else:
            yield parameter.name, parameter.place.child("name")


def _judged(key: str, place: Place, used_by: tuple[str, ...]) -> Answer:
    if _LOWER_CAMEL_CASE.fullmatch(key):
        return None
    return Fault("lint.query-key-not-camel-case", at=place, used_by=used_by, key=key)
