"""Does a request, as it was sent, fit what the document asks of it?

Read back from the wire, for what counts is what the server got. Text on the wire has no type: it fits when any reading of it does.
What we cannot read (an object in a query, a multipart form) we do not judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

from apicheck.model import Exchange
from apicheck.openapi import MediaType, Operation, Parameter
from apicheck.openapi.media_types import is_json
from apicheck.openapi.validation import Validation

_DELIMITERS: Final = {"spaceDelimited": " ", "pipeDelimited": "|"}
"""What stands between the items of a list in a query (OAS 3.0.4, 4.7.12.3: Style Values); a comma in any other style."""
_NOT_PARAMETERS: Final = frozenset({"accept", "content-type", "authorization"})
"""Headers of which a description as a parameter is to be ignored (OAS 3.0.4, 4.7.12.2)."""


def fits(operation: Operation, exchange: Exchange, base_url: str, validation: Validation) -> bool | None:
    """Say whether a request fits its operation: False when any part does not, None when of a part we cannot tell."""
    in_path = _path_values(operation.path, exchange.url, base_url)
    if in_path is None:
        return None
    query = parse_qs(urlsplit(exchange.url).query, keep_blank_values=True)
    headers = {name.lower(): value for name, value in exchange.request_headers}
    answers = [_body_fits(operation, exchange, headers.get("content-type", ""), validation)]
    for parameter in operation.parameters:
        match parameter.location:
            case "path":
                values = [in_path[parameter.name]] if parameter.name in in_path else []
            case "query":
                values = query.get(parameter.name, [])
            case "header" if parameter.name.lower() in _NOT_PARAMETERS:
                continue
            case "header":
                values = [headers[parameter.name.lower()]] if parameter.name.lower() in headers else []
            case _:
                answers.append(None)
                continue
        answers.append(_parameter_fits(parameter, values, validation))
    return False if False in answers else None if None in answers else True


def media_type_of(described: Iterable[MediaType], sent: str) -> MediaType | None:
    """Return the description of a media type: the most precise that it falls under (OAS 3.0.4, 4.7.14.1)."""
    name = sent.partition(";")[0].strip().lower()
    named = {item.name.partition(";")[0].strip().lower(): item for item in described}
    return next((named[key] for key in (name, f"{name.partition('/')[0]}/*", "*/*") if key in named), None)


def json_of(body: bytes) -> Any:
    """Return what a body says.

    Raises:
        ValueError: it is no JSON.
    """
    return orjson.loads(body)


def _path_values(template: str, url: str, base_url: str) -> dict[str, str] | None:
    """Return the values in the path of a URL; None when it is not one of this operation."""
    names: list[str] = []
    pattern = ""
    for index, part in enumerate(re.split(r"\{([^{}]*)\}", template)):
        if index % 2:
            names.append(part)
            pattern += "([^/]+)"
        else:
            pattern += re.escape(part)
    path = urlsplit(url).path.removeprefix(urlsplit(base_url).path.rstrip("/"))
    found = re.fullmatch(pattern, path)
    return dict(zip(names, map(unquote, found.groups()), strict=True)) if found else None


def _parameter_fits(parameter: Parameter, values: list[str], validation: Validation) -> bool | None:
    if parameter.schema is None or parameter.value.get("style") == "deepObject":
        return None
    if not values:
        return parameter.value.get("required") is not True
    schema, place = parameter.schema.value, parameter.schema.place
    answers = {validation.fits(schema, place, reading) for reading in readings(parameter, values)}
    if True in answers:
        return True
    may_be_object = validation.fits(schema, place, {}) is not False or "properties" in schema or schema.get("type") == "object"
    return None if None in answers or may_be_object else False


def readings(parameter: Parameter, values: list[str]) -> Iterator[Any]:
    """Yield what the text of a parameter may stand for, a value or a list of values. ``values`` has at least one text."""
    if len(values) == 1:
        yield from _scalars(values[0])
    delimiter = _DELIMITERS.get(str(parameter.value.get("style")), ",")
    for parts in (values, values[0].split(delimiter)) if len(values) == 1 else (values,):
        yield parts
        yield [list(_scalars(part))[-1] for part in parts]


def _scalars(text: str) -> Iterator[Any]:
    """Yield a text, and then what it says when it is that of a number, a boolean or null."""
    yield text
    try:
        value = orjson.loads(text)
    except ValueError:
        value = None if text == "" else text
    if not isinstance(value, str | list | dict):
        yield value


def _body_fits(operation: Operation, exchange: Exchange, media_type: str, validation: Validation) -> bool | None:
    described = operation.request_body
    if described is None:
        return True
    if not exchange.request_body:
        return described.value.get("required") is not True
    item = media_type_of(described.media_types, media_type)
    if item is None:
        return False  # a media type that the document does not have
    if item.schema is None or not is_json(media_type):
        return None
    try:
        value = json_of(exchange.request_body)
    except ValueError:
        return False
    return validation.fits(item.schema.value, item.schema.place, value)
