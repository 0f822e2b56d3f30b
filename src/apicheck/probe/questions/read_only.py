"""Does the API keep to itself what its document calls readOnly?

Only with consent to write, on an object that this run makes itself. What is made here is removed when the run ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson

from apicheck.answers import Answer, Fault, Unsure
from apicheck.leave import created
from apicheck.model import Exchange, Mode
from apicheck.openapi import Operation
from apicheck.openapi.validation import Validation
from apicheck.probe.live import LiveApi, doubt, json_body
from apicheck.probe.registry import question
from apicheck.probe.samples import json_type, sample

_PURPOSE: Final = "read-only-kept"
_VALUES: Final = ("apicheck-read-only", "2001-01-01T01:01:01Z", "2001-01-01", 987_654_321, 1, True, False)
"""Values that an API hardly gives an object by itself; the first that the schema allows is sent."""
_TIMES: Final = 3


@question("read-only-kept")
def read_only_kept(api: LiveApi) -> Iterator[Answer]:
    """Is a property that the document calls readOnly left alone when a new object brings one? OAS 3.0.4, 4.7.24.1.

    To refuse the request and to pass the property over are both right. A fault is that the new object shows the value that was
    sent, three times, where one that is made without it shows another.
    """
    for create in api.view.operations:
        path, media_type = create.path, json_type(create)
        if create.method != "post" or "{" in path or media_type is None or media_type.schema is None:
            continue
        body = sample(api.document, create, api.data)
        found = _read_only(api, media_type.schema.value, media_type.schema.place)
        if not found or not isinstance(body, dict):
            continue
        if api.client.leave.mode is Mode.READ_ONLY or not api.client.leave.offers("POST", path):
            yield Unsure("probe.writes-not-tried", request=create.name)
            continue
        for name, value in found.items():
            yield _kept(api, create, body, name, value)


def _read_only(api: LiveApi, schema: Any, place: Any) -> dict[str, Any]:
    """Return the readOnly properties at the top of a schema that a value can be sent for, with that value."""
    validation = Validation(api.document, "response")
    properties = schema.get("properties") if isinstance(schema, dict) else None
    found = {}
    for name, held in properties.items() if isinstance(properties, dict) else ():
        described, where = api.document.resolve(held, place.child("properties", name))
        if isinstance(described, dict) and described.get("readOnly") is True:
            value = next((value for value in _VALUES if validation.fits(described, where, value)), None)
            found.update({} if value is None else {name: value})
    return found


def _kept(api: LiveApi, create: Operation, body: dict[str, Any], name: str, value: Any) -> Answer:
    plain = _made(api, create, {key: held for key, held in body.items() if key != name})
    for _ in range(_TIMES):
        answer = _made(api, create, {**body, name: value})
        if 400 <= (answer.status or 0) < 500:
            return doubt(answer)
        if created(plain) is None or created(answer) is None:
            return doubt(answer) or Unsure("probe.not-created", request=create.name, status=answer.status)
        if _shown(api, answer, name) != value or _shown(api, plain, name) == value:
            return None
    return Fault("probe.read-only-taken", exchange=answer, operation=create.name, request=create.name, member=name)


def _made(api: LiveApi, create: Operation, body: dict[str, Any]) -> Exchange:
    media_type = json_type(create)
    return api.client.send(
        "POST",
        create.path,
        headers=[("Content-Type", media_type.name if media_type else "application/json")],
        content=orjson.dumps(body),
        operation=create.name,
        purpose=_PURPOSE,
    )


def _shown(api: LiveApi, answer: Exchange, name: str) -> Any:
    """Return what a new object shows for a property: when it is read, else in the answer that made it."""
    url = created(answer)
    read = api.client.send("GET", url, purpose=_PURPOSE) if url else answer
    shown = json_body(read if 200 <= (read.status or 0) < 300 else answer)
    return shown.get(name) if isinstance(shown, dict) else None
