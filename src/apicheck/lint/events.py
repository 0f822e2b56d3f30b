"""Are events described as the NL GOV profile for CloudEvents asks?

An event is a schema with the member specversion. Where there is none, there is nothing to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from apicheck.answers import Answer, Fault, Unsure
from apicheck.lint.nodes import mapping, sequence
from apicheck.lint.registry import check
from apicheck.lint.schemas import Shape, Shapes
from apicheck.openapi import Schema, View

_REQUIRED = ("id", "source", "specversion", "type")
_ATTRIBUTE = re.compile(r"[a-z0-9]+")
_ENCODED_DATA = "data_base64"
"""The member of the JSON format for data that is no text; it is no attribute."""
_LONGEST = 20
_SOURCE = re.compile(r"urn:nld:[a-z0-9]+:\S+")
_REVERSE_DOMAIN = re.compile(r"[a-z]{2,}(?:\.[A-Za-z0-9_-]+){2,}")
_CITIZEN = re.compile(r"\b\d{9}\b")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


class _Event(NamedTuple):
    schema: Schema
    shape: Shape

    @property
    def name(self) -> str:
        return self.schema.name or str(self.schema.place.tokens[-1])


@check("event-attributes-required")
def event_attributes_required(api: View) -> Iterator[Answer]:
    """Are id, source, specversion and type required, and is specversion 1.0? /cloudevents/required."""
    for event in _events(api):
        missing = [name for name in _REQUIRED if name not in event.shape.required]
        versions = _values(event, "specversion")
        if missing and event.shape.certain:
            yield _fault("event-attributes", event, missing=", ".join(missing))
        elif versions and "1.0" not in versions:
            yield _fault("event-version", event, found=", ".join(versions))
        else:
            yield None if event.shape.certain else Unsure("lint.schema-elsewhere", name=event.name)


@check("event-source-urn")
def event_source_urn(api: View) -> Iterator[Answer]:
    """Is the source that the document gives as an example a URN of the profile? /cloudevents/source."""
    yield from _written(api, "source", _SOURCE, "event-source")


@check("event-type-reverse-domain")
def event_type_reverse_domain(api: View) -> Iterator[Answer]:
    """Is the type that the document gives in reverse domain notation? /cloudevents/type."""
    yield from _written(api, "type", _REVERSE_DOMAIN, "event-type")


@check("event-attribute-names")
def event_attribute_names(api: View) -> Iterator[Answer]:
    """Have all attributes a name of lower-case letters and digits? /cloudevents/attribute-names."""
    for event in _events(api):
        wrong = [name for name in event.shape.properties if name != _ENCODED_DATA and not _ATTRIBUTE.fullmatch(name)]
        yield _fault("event-names", event, names=", ".join(wrong)) if wrong else None


@check("event-attribute-names-short")
def event_attribute_names_short(api: View) -> Iterator[Answer]:
    """Are the names of attributes no longer than twenty characters? CloudEvents asks it as a recommendation."""
    for event in _events(api):
        long = [name for name in event.shape.properties if len(name) > _LONGEST]
        yield _fault("event-names-long", event, names=", ".join(long)) if long else None


@check("event-subject-impersonal")
def event_subject_impersonal(api: View) -> Iterator[Answer]:
    """Does no example of the subject hold a number that is a valid BSN? /cloudevents/privacy."""
    for event in _events(api):
        for text in _values(event, "subject"):
            citizen = any(_is_citizen(number) for number in _CITIZEN.findall(text))
            yield _fault("event-subject", event) if citizen else None


def _events(api: View) -> Iterator[_Event]:
    """Yield what is described as an event: it has a specversion, and data or an attribute that must be there.

    Without these it may be a filter on attributes of events.
    """
    shapes = Shapes(api)
    for schema in api.schemas:
        if "specversion" in mapping(schema.value.get("properties")):
            shape = shapes.of(schema.value, schema.place)
            if "data" in shape.properties or shape.required.intersection(_REQUIRED):
                yield _Event(schema, shape)


def _values(event: _Event, attribute: str) -> list[str]:
    """Return the values that the document gives for an attribute, as a rule or as an example."""
    value: dict[str, Any] = event.shape.properties.get(attribute, ({}, event.schema.place))[0]
    found = [value.get(key) for key in ("const", "default", "example")]
    found += [*sequence(value.get("enum")), *sequence(value.get("examples"))]
    found.append(mapping(event.schema.value.get("example")).get(attribute))
    return list(dict.fromkeys(text for text in found if isinstance(text, str)))


def _written(api: View, attribute: str, form: re.Pattern[str], message: str) -> Iterator[Answer]:
    for event in _events(api):
        values = _values(event, attribute)
        wrong = [text for text in values if not form.fullmatch(text)]
        if wrong:
            yield _fault(message, event, found=wrong[0])
        else:
            yield None if values else Unsure("lint.event-without-example", name=attribute)


def _is_citizen(number: str) -> bool:
    """Say whether nine digits pass the test that a BSN passes."""
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=True)) % 11 == 0 and int(number) > 0


def _fault(message: str, event: _Event, **values: Any) -> Fault:
    return Fault(f"lint.{message}", at=event.schema.place, used_by=event.schema.used_by, event=event.name, **values)
