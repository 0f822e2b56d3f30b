"""Which parameters, bodies, responses, headers and media types does a document hold?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from apicheck.model import Place
from apicheck.openapi.document import Document
from apicheck.openapi.entries import Mapping, entries, listed
from apicheck.openapi.items import Header, MediaType, Parameter, RequestBody, Response, Schema
from apicheck.openapi.schemas import Schemas
from apicheck.openapi.uses import Uses

T = TypeVar("T")


class Parts:
    """Collects what operations consist of, by definition, and by name or status where one definition can have several."""

    def __init__(self, document: Document, uses: Uses) -> None:
        self.schemas = Schemas(document, uses)
        self.parameters: dict[int, Parameter] = {}
        self.request_bodies: dict[int, RequestBody] = {}
        self.responses: dict[int, dict[str, Response]] = {}
        self.headers: dict[int, dict[str, Header]] = {}
        self.media_types: dict[int, dict[str, MediaType]] = {}
        self._document = document
        self._uses = uses
        self._encodings: deque[Callable[[], object]] = deque()

    def finish(self) -> None:
        """Take in what waits. Headers have media types, which have encodings, which have headers: that is no recursion here."""
        while self._encodings:
            self._encodings.popleft()()
        self.schemas.finish()

    def resolve(self, value: object, place: Place) -> tuple[Mapping, Place] | None:
        """Return the mapping that is meant, and its place; None when there is none."""
        found, at = self._document.resolve(value, place)
        return (found, at) if isinstance(found, dict) else None

    def follow(self, holder: Mapping, place: Place, field: str) -> None:
        """Follow the references in a map of which nothing else is looked at, so that broken ones come to light."""
        for _, child, at in entries(holder.get(field), place.child(field)) if field in holder else ():
            self._document.resolve(child, at)

    def take_parameters(self, value: object, place: Place) -> list[Parameter]:
        """Take the parameters in a list."""
        return [found for child, at in listed(value, place) if (found := self.take_parameter(child, at))]

    def take_parameter(self, value: Mapping, place: Place) -> Parameter | None:
        """Take a parameter, which must have a name and an ``in``."""
        found = self.resolve(value, place)
        if found is None:
            return None
        value, place = found
        if id(value) not in self.parameters:
            name, location = value.get("name"), value.get("in")
            if not isinstance(name, str) or not isinstance(location, str):
                return None
            node = self._uses.node()
            schema, media_types = self._described(value, place, node, name)
            self.parameters[id(value)] = Parameter(value, place, node, self._uses, name, location, schema, media_types)
        return self.parameters[id(value)]

    def take_request_body(self, value: object, place: Place) -> RequestBody | None:
        """Take a request body."""
        found = self.resolve(value, place)
        if found is None:
            return None
        value, place = found
        if id(value) not in self.request_bodies:
            node = self._uses.node()
            self.request_bodies[id(value)] = RequestBody(value, place, node, self._uses, self._content(value, place, node, ""))
        return self.request_bodies[id(value)]

    def take_response(self, status: str, value: Mapping, place: Place) -> Response | None:
        """Take a response by its status."""
        found = self.resolve(value, place)
        if found is None:
            return None
        value, place = found
        by_status = self.responses.setdefault(id(value), {})
        if status not in by_status and by_status:
            by_status[status] = replace(_any(by_status), status=status)
        elif not by_status:
            node = self._uses.node()
            headers, media_types = self._take_headers(value, place, node), self._content(value, place, node, "")
            self.follow(value, place, "links")
            by_status[status] = Response(value, place, node, self._uses, status, headers, media_types)
        return by_status[status]

    def take_header(self, name: str, value: Mapping, place: Place) -> Header | None:
        """Take a header by its name."""
        found = self.resolve(value, place)
        if found is None:
            return None
        value, place = found
        by_name = self.headers.setdefault(id(value), {})
        if name not in by_name and by_name:
            by_name[name] = header = replace(_any(by_name), name=name)
            if header.schema:
                header.schema.other_names.append(name)
        elif not by_name:
            node = self._uses.node()
            schema, _ = self._described(value, place, node, name)
            by_name[name] = Header(value, place, node, self._uses, name, schema)
        return by_name[name]

    def take_media_type(self, media_type: str, value: Mapping, place: Place, name: str = "") -> MediaType | None:
        """Take a media type object by its media type; ``name`` is that of the parameter or header that it describes."""
        found = self.resolve(value, place)
        if found is None:
            return None
        value, place = found
        by_name = self.media_types.setdefault(id(value), {})
        if media_type not in by_name and by_name:
            by_name[media_type] = replace(_any(by_name), name=media_type)
        elif not by_name:
            node = self._uses.node()
            schema = self.schemas.take_in(value, place, "schema", node, name)
            self.schemas.take_in(value, place, "itemSchema", node, "")
            self.follow(value, place, "examples")
            for _, encoding, at in entries(value.get("encoding"), place.child("encoding")):
                self._encodings.append(partial(self._take_headers, encoding, at, node))
            by_name[media_type] = MediaType(value, place, node, self._uses, media_type, schema)
        return by_name[media_type]

    def _take_headers(self, holder: Mapping, place: Place, user: int) -> tuple[Header, ...]:
        found = []
        for name, child, at in entries(holder["headers"], place.child("headers")) if "headers" in holder else ():
            if header := self.take_header(name, child, at):
                self._uses.use(user, header.node)
                found.append(header)
        return tuple(found)

    def _described(self, value: Mapping, place: Place, node: int, name: str) -> tuple[Schema | None, tuple[MediaType, ...]]:
        """How the value of a parameter or header is described: by a schema, or by a media type (OAS 3.0.4, 4.7.12.2)."""
        self.follow(value, place, "examples")
        return self.schemas.take_in(value, place, "schema", node, name), self._content(value, place, node, name)

    def _content(self, holder: Mapping, place: Place, user: int, name: str) -> tuple[MediaType, ...]:
        found = []
        for media_type, child, at in entries(holder["content"], place.child("content")) if "content" in holder else ():
            if item := self.take_media_type(media_type, child, at, name):
                self._uses.use(user, item.node)
                found.append(item)
        return tuple(found)


def _any(items: dict[str, T]) -> T:
    return next(iter(items.values()))
