"""Which path items and operations does a document hold, and what do they use?

The walk goes where OpenAPI has its objects and nowhere else, so an example or a property with a telling name is never
mistaken for one. What is not of the right kind is passed over: whether the document is valid is another question.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterator
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from apicheck.model import Place
from apicheck.openapi.document import Document
from apicheck.openapi.entries import Mapping, entries, listed
from apicheck.openapi.items import Item, Operation, Parameter, PathItem, SecurityScheme, Server
from apicheck.openapi.parts import Parts
from apicheck.openapi.uses import RECEIVED, SENT, Uses

Kind = TypeVar("Kind", bound=Item)

_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


class _Group(NamedTuple, Generic[Kind]):
    """Items that are used together, as one node: a thousand operations with a hundred servers are 1,100 uses."""

    items: tuple[Kind, ...]
    node: int


class _Surroundings(NamedTuple):
    """What the path item of an operation says about it.

    ``turned``: the API sends the requests, as in webhooks and callbacks. ``counts``: it is an operation by its own name.
    """

    item: PathItem
    parameters: list[Parameter]
    servers: _Group[Server]
    turned: bool
    counts: bool


class Walk:
    """One walk through a document: first what the paths use, then the components that nothing uses."""

    def __init__(self, document: Document) -> None:
        self.uses = Uses()
        self.parts = Parts(document, self.uses)
        self.servers: dict[int, Server] = {}
        self._document = document
        self._callbacks_waiting: deque[Callable[[], None]] = deque()
        self._callback_operations: dict[tuple[int, bool], tuple[Operation, ...]] = {}
        self._path_items_met: set[int] = set()
        components = document.root.get("components")
        self._components: Mapping = components if isinstance(components, dict) else {}
        self.security_schemes = self._security_schemes()
        self.document_servers = self._servers(document.root.get("servers"), document.place("servers"))
        self._security = self._secured_by(document.root.get("security"))
        self.path_items = self._path_items("paths", turned=False)
        self.webhooks = () if document.version == "3.0" else self._path_items("webhooks", turned=True)
        self._finish()
        self._take_unused_components()
        self._finish()

    def _finish(self) -> None:
        """Take in what waits: callbacks have operations, which have callbacks, and that is no recursion here."""
        while self._callbacks_waiting:
            self._callbacks_waiting.popleft()()
        self.parts.finish()

    def _path_items(self, field: str, *, turned: bool) -> tuple[PathItem, ...]:
        found = entries(self._document.root.get(field), self._document.place(field), extensible=field == "paths")
        return tuple(self._path_item(path, value, place, turned=turned, counts=True) for path, value, place in found)

    def _path_item(self, path: str, value: Mapping, place: Place, *, turned: bool, counts: bool) -> PathItem:
        """A path item with its operations. A field beside a ``$ref`` wins; OAS 3.0.4 (4.7.9) leaves that undefined."""
        fields = {key: (child, place.child(key)) for key, child in value.items() if key != "$ref"}
        self._path_items_met.add(id(value))
        if "$ref" in value and (target := self.parts.resolve(value, place)):
            self._path_items_met.add(id(target[0]))
            fields = {key: (child, target[1].child(key)) for key, child in target[0].items()} | fields
        item = PathItem({key: child for key, (child, _) in fields.items()}, place, self.uses.node(), self.uses, path, ())
        servers = self._servers(*fields.get("servers", (None, place)))
        surroundings = _Surroundings(
            item,
            self.parts.take_parameters(*fields.get("parameters", (None, place))),
            servers if servers.items else self.document_servers,
            turned,
            counts,
        )
        item.operations = tuple(self._operations(fields, surroundings))
        return item

    def _operations(self, fields: dict[str, tuple[object, Place]], surroundings: _Surroundings) -> Iterator[Operation]:
        newest = self._document.version == "3.2"
        for field, (value, place) in fields.items():
            if isinstance(value, dict) and (field in _METHODS or (newest and field == "query")):
                yield self._operation(field, value, place, surroundings)
        if newest and "additionalOperations" in fields:
            for method, value, place in entries(*fields["additionalOperations"]):
                yield self._operation(method, value, place, surroundings)

    def _operation(self, method: str, value: Mapping, place: Place, surroundings: _Surroundings) -> Operation:
        item, node = surroundings.item, self.uses.node()
        name = f"{method.upper()} {item.path}"
        own = self.parts.take_parameters(value.get("parameters"), place.child("parameters"))
        parameters = {(parameter.name, parameter.location): parameter for parameter in (*surroundings.parameters, *own)}
        body = self.parts.take_request_body(value["requestBody"], place.child("requestBody")) if "requestBody" in value else None
        statuses = entries(value.get("responses"), place.child("responses"), extensible=True)
        responses = [found for status, child, at in statuses if (found := self.parts.take_response(status, child, at))]
        servers = self._servers(value.get("servers"), place.child("servers"))
        servers = servers if servers.items else surroundings.servers
        security = self._secured_by(value["security"]) if "security" in value else self._security

        request, response = (SENT, RECEIVED) if surroundings.turned else (RECEIVED, SENT)
        for part in (*parameters.values(), *([body] if body else [])):
            self.uses.use(node, part.node)
            self.uses.give(part.node, request)
        for part in responses:
            self.uses.use(node, part.node)
            self.uses.give(part.node, response)
        for other in (item.node, servers.node, security.node):
            self.uses.use(node, other)
        if surroundings.counts:
            self.uses.operation(node, name)
        if "callbacks" in value:
            callbacks = entries(value["callbacks"], place.child("callbacks"))
            self._callbacks_waiting.append(partial(self._take_callbacks, callbacks, node, turned=not surroundings.turned))
        return Operation(
            value,
            place,
            node,
            self.uses,
            method.lower(),
            item.path,
            name,
            tuple(parameters.values()),
            body,
            tuple(responses),
            servers.items,
        )

    def _take_callbacks(self, callbacks: Iterator[tuple[str, Mapping, Place]], user: int, *, turned: bool) -> None:
        """The operations that the other side must offer; they belong to the operation that announces them."""
        for _, value, place in callbacks:
            if callback := self.parts.resolve(value, place):
                for expression, path_item, at in entries(*callback, extensible=True):
                    key = (id(path_item), turned)
                    if key not in self._callback_operations:
                        item = self._path_item(expression, path_item, at, turned=turned, counts=False)
                        self._callback_operations[key] = item.operations
                    for operation in self._callback_operations[key]:
                        self.uses.use(user, operation.node)

    def _group(self, items: tuple[Kind, ...]) -> _Group[Kind]:
        group = _Group(items, self.uses.node())
        for item in items:
            self.uses.use(group.node, item.node)
        return group

    def _servers(self, value: object, place: Place) -> _Group[Server]:
        found = []
        for server, at in listed(value, place):
            if isinstance(server.get("url"), str):
                item = self.servers.get(id(server)) or Server(server, at, self.uses.node(), self.uses, server["url"])
                self.servers[id(server)] = item
                found.append(item)
        return self._group(tuple(found))

    def _security_schemes(self) -> dict[str, SecurityScheme]:
        place = self._document.place("components", "securitySchemes")
        return {
            name: SecurityScheme(*found, self.uses.node(), self.uses, name)
            for name, child, at in entries(self._components.get("securitySchemes"), place)
            if (found := self.parts.resolve(child, at))
        }

    def _secured_by(self, requirements: object) -> _Group[SecurityScheme]:
        named = (
            [requirement for requirement in requirements if isinstance(requirement, dict)] if isinstance(requirements, list) else []
        )
        names = dict.fromkeys(name for requirement in named for name in requirement)
        return self._group(tuple(self.security_schemes[name] for name in names if name in self.security_schemes))

    def _take_unused_components(self) -> None:
        """What nothing refers to is part of the document all the same. Its direction is what it is made for."""
        for _, value, place in self._unused("parameters", self.parts.parameters):
            self._give(self.parts.take_parameter(value, place), RECEIVED)
        for _, value, place in self._unused("requestBodies", self.parts.request_bodies):
            self._give(self.parts.take_request_body(value, place), RECEIVED)
        for _, value, place in self._unused("responses", self.parts.responses):
            self._give(self.parts.take_response("", value, place), SENT)
        for name, value, place in self._unused("headers", self.parts.headers):
            self._give(self.parts.take_header(name, value, place), SENT)
        for name, value, place in self._unused("mediaTypes", self.parts.media_types):
            self.parts.take_media_type(name, value, place)
        self._take_unused_path_items()
        at_components = self._document.place("components")
        for kind in ("examples", "links"):
            self.parts.follow(self._components, at_components, kind)
        self.parts.schemas.take_components(self.uses.node(), at_components.child("schemas"))

    def _take_unused_path_items(self) -> None:
        for name, value, place in self._unused("pathItems", self._path_items_met):
            self._path_item(name, value, place, turned=False, counts=False)
        for _, value, place in self._unused("callbacks", ()):
            for expression, path_item, at in entries(value, place, extensible=True):
                if id(path_item) not in self._path_items_met:
                    self._path_item(expression, path_item, at, turned=True, counts=False)

    def _unused(self, kind: str, met: Container[int]) -> Iterator[tuple[str, Mapping, Place]]:
        """The components of a kind, references followed, that are not among those met before."""
        for name, child, at in entries(self._components.get(kind), self._document.place("components", kind)):
            found = self.parts.resolve(child, at)
            if found and id(found[0]) not in met:
                yield name, *found

    def _give(self, item: Item | None, direction: int) -> None:
        if item:
            self.uses.give(item.node, direction)
