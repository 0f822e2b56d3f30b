"""Does the document let others use the data at the source, so that nobody needs a copy?

For the profile Common Ground: what can be written can be read, resources have an address of their own, clients ask only what
they need, and changes can be followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.lint.lexicon import tokens, words
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.lint.schemas import Shapes
from apicheck.model import Place
from apicheck.openapi import Operation, View

_LAST_PARAMETER = re.compile(r"/\{([^{}/]*)\}/?\Z")
_WRITES_ONE = frozenset({"put", "patch"})
_ADDED = frozenset({"201", "202"})
_DONE = frozenset({"200", *_ADDED})
_OF_ITSELF = frozenset({"url", "uri", "self", "href", "links"})
"""Members by which a resource says where it is, without punctuation: ``_links`` counts as ``links``."""
_IDS = ("id", "uuid", "identificatie", "identifier", "nummer", "number", "code", "key")
"""What the name of a member ends in that says which resource it is."""
_CONDITIONAL = frozenset({"etag", "last-modified", "if-none-match", "if-modified-since"})


@check("writable-is-readable")
def writable_is_readable(api: View) -> Iterator[Answer]:
    """Can everything that is written also be read one by one and listed? /cg/4b1.

    What is written is a resource with an id in the last segment of its path, or a collection of such resources to which is added
    (201 or 202). Another POST is an action or a search, and adds nothing. Where the same data is read by another path, whether all
    of it can be got out cannot be told.
    """
    methods = {item.path: {operation.method for operation in item.operations} for item in api.path_items}
    collections = {_collection(path): path for path in methods if _LAST_PARAMETER.search(path)}
    read = {schema.place: schema for schema in api.schemas if any(name.startswith("GET ") for name in schema.used_by)}
    for operation in api.operations:
        resource = operation.path if _LAST_PARAMETER.search(operation.path) else collections.get(operation.path, "")
        if not resource or not (operation.method in _WRITES_ONE or _adds(operation)):
            continue
        collection = _collection(resource)
        missing = [path for path in (resource, collection) if "get" not in methods.get(path, ())]
        own = {f"GET {path}" for path in (resource, collection)}
        users = {name for place in _data(operation) & read.keys() for name in read[place].used_by}
        elsewhere = {name for name in users if name.startswith("GET ")} - own
        if missing and elsewhere:
            yield Unsure("lint.read-elsewhere", request=operation.name, other=min(elsewhere))
        elif missing:
            yield _fault("written-not-read", operation, missing=", ".join(f"GET {path}" for path in missing))
        else:
            yield None


def _adds(operation: Operation) -> bool:
    return operation.method == "post" and any(response.status in _ADDED for response in operation.responses)


def _data(operation: Operation) -> set[Place]:
    """Return where the schemas are of what a writing operation takes and gives."""
    bodies = [*(operation.request_body.media_types if operation.request_body else ())]
    bodies += [body for response in operation.responses if response.status in _DONE for body in response.media_types]
    return {body.schema.place for body in bodies if body.schema}


@check("resources-name-themselves")
def resources_name_themselves(api: View) -> Iterator[Answer]:
    """Does every resource that is read one by one hold its own id or address? /cg/b2."""
    shapes = Shapes(api)
    for operation in _readers(api):
        parameter = _LAST_PARAMETER.search(operation.path)
        if not parameter:
            continue
        for response in operation.responses:
            for media_type in response.media_types if response.status == "200" else ():
                shape = shapes.of(media_type.value.get("schema"), media_type.place.child("schema"))
                inner = (shapes.of(value, place) for value, place in shape.properties.values())
                named = {_plain(name) for names in (shape.properties, *(one.properties for one in inner)) for name in names}
                if not named or not shape.certain:
                    continue
                if named & {*_OF_ITSELF, _plain(parameter[1])} or any(name.endswith(_IDS) for name in named):
                    yield None
                else:
                    yield Fault("lint.resource-nameless", at=media_type.place, used_by=media_type.used_by, path=operation.path)


@check("collections-can-be-narrowed")
def collections_can_be_narrowed(api: View) -> Iterator[Answer]:
    """Has every collection a parameter in the query to ask for less than everything? /cg/b1.

    A collection is a path of which another path gives one resource.
    """
    collections = {_collection(item.path) for item in api.path_items if _LAST_PARAMETER.search(item.path)}
    for operation in _readers(api):
        if operation.path in collections:
            in_query = any(parameter.location in {"query", "querystring"} for parameter in operation.parameters)
            yield None if in_query else _fault("collection-whole-only", operation, path=operation.path)


@check("changes-can-be-followed")
def changes_can_be_followed(api: View) -> Iterator[Answer]:
    """Is there a sign that clients learn of changes without fetching everything again? /cg/b3.

    Signs are webhooks, callbacks, headers for conditional requests (RFC 9110 §13) and resources that are called after changes.
    """
    names = {header.name.lower() for header in api.headers} | {parameter.name.lower() for parameter in api.parameters}
    segments = {token for item in api.path_items for token in tokens(item.path)}
    callbacks = any(mapping(operation.value.get("callbacks")) for operation in api.operations)
    if api.webhooks or callbacks or names & _CONDITIONAL or segments & words("change-words"):
        yield None
    elif api.operations:
        yield Fault("lint.changes-not-followed", at=api.document.place("paths"))


def _readers(api: View) -> Iterator[Operation]:
    return (operation for operation in api.operations if operation.method == "get")


def _collection(path: str) -> str:
    """Return the path of the collection that a resource is in."""
    return _LAST_PARAMETER.sub("", path) or "/"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _fault(message: str, operation: Operation, **values: Any) -> Fault:
    return Fault(f"lint.{message}", at=operation.place, used_by=operation.used_by, request=operation.name, **values)
