"""Which definitions does a document hold, and which of them uses which?

The walk goes where OpenAPI has its objects and nowhere else, so an example or a property with a telling name is never
mistaken for one. What is not of the right kind is passed over: whether the document is valid is another question.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from apicheck.model import Place
from apicheck.openapi.document import Document
from apicheck.openapi.items import (
    Header,
    Item,
    MediaType,
    Operation,
    Parameter,
    PathItem,
    RequestBody,
    Response,
    Schema,
    SecurityScheme,
    Server,
)
from apicheck.openapi.schemas import KEYWORDS_30, KEYWORDS_31, Bond, subschemas
from apicheck.openapi.uses import RECEIVED, SENT, Uses

Mapping = dict[str, Any]

_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def mappings(value: object, place: Place) -> Iterator[tuple[str, Mapping, Place]]:
    """Yield the entries of a map of objects: key, value and place. Extensions (``x-``) are none."""
    if isinstance(value, dict):
        for key, child in value.items():
            if isinstance(child, dict) and not key.startswith("x-"):
                yield key, child, place.child(key)


def listed(value: object, place: Place) -> Iterator[tuple[Mapping, Place]]:
    """Yield the objects in a list, with their places."""
    if isinstance(value, list):
        for index, child in enumerate(value):
            if isinstance(child, dict):
                yield child, place.child(index)


class Walk:
    """One walk through a document. Every definition has one node, whoever refers to it.

    What a chain of references can make deep (callbacks, headers of an encoding, schemas) waits its turn, so that no document
    exhausts the stack.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.uses = Uses()
        self.servers: dict[int, Server] = {}
        self.schemas: dict[int, Schema] = {}
        self.parameters: dict[int, Parameter] = {}
        self.request_bodies: dict[int, RequestBody] = {}
        self.responses: dict[tuple[int, str], Response] = {}
        self.headers: dict[tuple[int, str], Header] = {}
        self.media_types: dict[tuple[int, str], MediaType] = {}
        self.security_schemes: dict[str, SecurityScheme] = {}
        self._nodes: dict[tuple[type, int], int] = {}
        self._callback_operations: dict[tuple[int, bool], tuple[Operation, ...]] = {}
        self._later: deque[Callable[[], None]] = deque()
        self._schemas_waiting: list[Schema] = []
        self._modern = document.version != "3.0"
        self._methods = _METHODS | {"query"} if document.version == "3.2" else _METHODS
        components = document.root.get("components")
        self._components: Mapping = components if isinstance(components, dict) else {}
        self._at_components = document.place("components")
        self._nobody = self.uses.node()

        self.document_servers = self._servers(document.root, document.place())
        self._security_schemes()
        self.path_items = self._path_items("paths", turned=False)
        self.webhooks = self._path_items("webhooks", turned=True)
        self._finish()
        self._unused_components()
        self._finish()

    def _finish(self) -> None:
        """Do what waits, until nothing does."""
        while self._later:
            self._later.popleft()()
        keywords = KEYWORDS_31 if self._modern else KEYWORDS_30
        for schema in self._schemas_waiting:  # grows while it is walked through
            self._subschemas(schema, keywords)
        self._schemas_waiting = []

    def _resolve(self, value: object, place: Place) -> tuple[Mapping, Place] | None:
        """The mapping that is meant; None when there is none."""
        found, at = self.document.resolve(value, place)
        return (found, at) if isinstance(found, dict) else None

    def _node(self, kind: type, value: Mapping) -> int:
        key = (kind, id(value))
        if key not in self._nodes:
            self._nodes[key] = self.uses.node()
        return self._nodes[key]

    # Paths and operations

    def _path_items(self, field: str, *, turned: bool) -> tuple[PathItem, ...]:
        entries = mappings(self.document.root.get(field), self.document.place(field))
        return tuple(self._path_item(path, value, place, turned=turned, counted=True) for path, value, place in entries)

    def _path_item(self, path: str, value: Mapping, place: Place, *, turned: bool, counted: bool) -> PathItem:
        """A path item with its operations. Beside a ``$ref`` there may be fields, which win (OAS 3.0.4, 4.7.9: undefined)."""
        fields = {key: (child, place.child(key)) for key, child in value.items() if key != "$ref"}
        if "$ref" in value and (target := self._resolve(value, place)):
            fields = {key: (child, target[1].child(key)) for key, child in target[0].items()} | fields
        whole = {key: child for key, (child, _) in fields.items()}
        item = PathItem(whole, place, self.uses.node(), self.uses, path, ())
        common = self._parameters(*fields.get("parameters", (None, place)))
        servers = self._servers_in(*fields.get("servers", (None, place))) or self.document_servers
        found = [(key, *fields[key]) for key in fields if key in self._methods]
        if self.document.version == "3.2" and "additionalOperations" in fields:
            found += mappings(*fields["additionalOperations"])
        item.operations = tuple(
            self._operation(item, method, operation, at, common, servers, turned=turned, counted=counted)
            for method, operation, at in found
            if isinstance(operation, dict)
        )
        return item

    def _operation(
        self,
        item: PathItem,
        method: str,
        value: Mapping,
        place: Place,
        common: Iterable[Parameter],
        servers: tuple[Server, ...],
        *,
        turned: bool,
        counted: bool,
    ) -> Operation:
        node, name = self.uses.node(), f"{method.upper()} {item.path}"
        received, sent = (SENT, RECEIVED) if turned else (RECEIVED, SENT)
        merged = {(parameter.name, parameter.location): parameter for parameter in common}
        own = self._parameters(value.get("parameters"), place.child("parameters"))
        merged |= {(parameter.name, parameter.location): parameter for parameter in own}
        parameters = tuple(merged.values())
        body = self._request_body(value["requestBody"], place.child("requestBody")) if "requestBody" in value else None
        entries = mappings(value.get("responses"), place.child("responses"))
        responses = tuple(found for status, child, at in entries if (found := self._response(status, child, at)))
        servers = self._servers(value, place) or servers
        for part in (*parameters, *((body,) if body else ())):
            self.uses.use(node, part.node)
            self.uses.give(part.node, received)
        for response in responses:
            self.uses.use(node, response.node)
            self.uses.give(response.node, sent)
        for other in (item, *servers, *self._secured_by(value)):
            self.uses.use(node, other.node)
        if counted:
            self.uses.operation(node, name)
        if "callbacks" in value:
            self._later.append(partial(self._callbacks, value["callbacks"], place.child("callbacks"), node, turned=not turned))
        return Operation(value, place, node, self.uses, method.lower(), item.path, name, parameters, body, responses, servers)

    def _callbacks(self, value: object, place: Place, node: int, *, turned: bool) -> None:
        """The operations that the user of an operation must offer; they count as part of that operation."""
        for _, child, at in mappings(value, place):
            if callback := self._resolve(child, at):
                for expression, path_item, there in mappings(*callback):
                    for operation in self._callback_path_item(expression, path_item, there, turned=turned):
                        self.uses.use(node, operation.node)

    def _callback_path_item(self, expression: str, value: Mapping, place: Place, *, turned: bool) -> tuple[Operation, ...]:
        key = (id(value), turned)
        if key not in self._callback_operations:
            item = self._path_item(expression, value, place, turned=turned, counted=False)
            self._callback_operations[key] = item.operations
        return self._callback_operations[key]

    def _secured_by(self, operation: Mapping) -> Iterator[SecurityScheme]:
        requirements = operation.get("security", self.document.root.get("security"))
        for requirement in requirements if isinstance(requirements, list) else ():
            for name in requirement if isinstance(requirement, dict) else ():
                if name in self.security_schemes:
                    yield self.security_schemes[name]

    def _servers(self, holder: Mapping, place: Place) -> tuple[Server, ...]:
        return self._servers_in(holder["servers"], place.child("servers")) if "servers" in holder else ()

    def _servers_in(self, value: object, place: Place) -> tuple[Server, ...]:
        found = []
        for server, at in listed(value, place):
            if isinstance(server.get("url"), str):
                item = Server(server, at, self._node(Server, server), self.uses, server["url"])
                found.append(self.servers.setdefault(id(server), item))
        return tuple(found)

    # What an operation consists of

    def _parameters(self, value: object, place: Place) -> list[Parameter]:
        return [found for child, at in listed(value, place) if (found := self._parameter(child, at))]

    def _parameter(self, value: object, place: Place) -> Parameter | None:
        found = self._resolve(value, place)
        if found is None:
            return None
        value, place = found
        if id(value) not in self.parameters:
            name, location = value.get("name"), value.get("in")
            if not isinstance(name, str) or not isinstance(location, str):
                return None
            node = self._node(Parameter, value)
            schema, media_types = self._described(value, place, node, name)
            self.parameters[id(value)] = Parameter(value, place, node, self.uses, name, location, schema, media_types)
        return self.parameters[id(value)]

    def _request_body(self, value: object, place: Place) -> RequestBody | None:
        found = self._resolve(value, place)
        if found is None:
            return None
        value, place = found
        if id(value) not in self.request_bodies:
            node = self._node(RequestBody, value)
            self.request_bodies[id(value)] = RequestBody(value, place, node, self.uses, self._content(value, place, node, ""))
        return self.request_bodies[id(value)]

    def _response(self, status: str, value: object, place: Place) -> Response | None:
        found = self._resolve(value, place)
        if found is None:
            return None
        value, place = found
        key = (id(value), status)
        if key not in self.responses:
            node = self._node(Response, value)
            headers = tuple(self._headers(value.get("headers"), place.child("headers"), node))
            media_types = self._content(value, place, node, "")
            self._follow(value, place, "links")
            self.responses[key] = Response(value, place, node, self.uses, status, headers, media_types)
        return self.responses[key]

    def _headers(self, value: object, place: Place, user: int) -> Iterator[Header]:
        for name, child, at in mappings(value, place):
            if header := self._header(name, child, at):
                self.uses.use(user, header.node)
                yield header

    def _header(self, name: str, value: object, place: Place) -> Header | None:
        found = self._resolve(value, place)
        if found is None:
            return None
        value, place = found
        key = (id(value), name)
        if key not in self.headers:
            node = self._node(Header, value)
            schema, _ = self._described(value, place, node, name)
            self.headers[key] = Header(value, place, node, self.uses, name, schema)
        return self.headers[key]

    def _described(self, value: Mapping, place: Place, node: int, name: str) -> tuple[Schema | None, tuple[MediaType, ...]]:
        """How the value of a parameter or header is described: by a schema or by a media type (OAS 3.0.4, 4.7.12.2)."""
        self._follow(value, place, "examples")
        return self._schema_in(value, place, "schema", node, name), self._content(value, place, node, name)

    def _content(self, holder: Mapping, place: Place, user: int, name: str) -> tuple[MediaType, ...]:
        found = []
        if "content" in holder:
            for media_type, child, at in mappings(holder["content"], place.child("content")):
                if item := self._media_type(media_type, child, at, name):
                    self.uses.use(user, item.node)
                    found.append(item)
        return tuple(found)

    def _media_type(self, media_type: str, value: object, place: Place, name: str) -> MediaType | None:
        found = self._resolve(value, place)
        if found is None:
            return None
        value, place = found
        key = (id(value), media_type)
        if key not in self.media_types:
            node = self._node(MediaType, value)
            schema = self._schema_in(value, place, "schema", node, name)
            self._schema_in(value, place, "itemSchema", node, name)
            self._follow(value, place, "examples")
            for _, encoding, at in mappings(value.get("encoding"), place.child("encoding")):
                self._later.append(partial(self._encoding, encoding, at, node))
            self.media_types[key] = MediaType(value, place, node, self.uses, media_type, schema)
        return self.media_types[key]

    def _encoding(self, value: Mapping, place: Place, user: int) -> None:
        for _ in self._headers(value.get("headers"), place.child("headers"), user):
            pass

    def _follow(self, holder: Mapping, place: Place, field: str) -> None:
        """Follow the references in a map of which nothing else is looked at, so that broken ones come to light."""
        if field in holder:
            for _, child, at in mappings(holder[field], place.child(field)):
                self.document.resolve(child, at)

    # Schemas

    def _schema_in(self, holder: Mapping, place: Place, field: str, user: int, name: str) -> Schema | None:
        return self._schema(holder[field], place.child(field), user, name) if field in holder else None

    def _schema(self, value: object, place: Place, user: int, name: str, *, is_property: bool = False) -> Schema | None:
        """Take a schema in; ``name`` is what its user calls the value it describes."""
        own_name = name
        if not isinstance(value, dict):
            return None
        if "$ref" in value and not (self._modern and len(value) > 1):
            found, place = self.document.resolve(value, place, stop_at_siblings=self._modern)
            if not isinstance(found, dict):
                return None
            value, own_name = found, ""
        schema = self.schemas.get(id(value))
        if schema is None:
            schema = Schema(value, place, self._node(Schema, value), self.uses, own_name, [])
            self.schemas[id(value)] = schema
            self._schemas_waiting.append(schema)
        if name and name != schema.name:
            schema.other_names.append(name)
        only = None
        if is_property:
            only = SENT if value.get("readOnly") is True else RECEIVED if value.get("writeOnly") is True else None
        self.uses.use(user, schema.node, only)
        return schema

    def _subschemas(self, schema: Schema, keywords: Any) -> None:
        value, place, node = schema.value, schema.place, schema.node
        for child, tokens, bond in subschemas(value, keywords):
            name = str(tokens[-1]) if bond is Bond.PROPERTY else schema.name if bond is Bond.SAME else ""
            self._schema(child, place.child(*tokens), node, name, is_property=bond is Bond.PROPERTY)
        if "$ref" in value:
            self._schema({"$ref": value["$ref"]}, place, node, schema.name)
        if "discriminator" in value:
            self._mapped(value["discriminator"], node)

    def _mapped(self, discriminator: object, node: int) -> None:
        """The schemas that a discriminator can choose (OAS 3.0.4, 4.7.25): often named nowhere else."""
        mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
        schemas = self._components.get("schemas")
        for target in mapping.values() if isinstance(mapping, dict) else ():
            name = target.rpartition("/")[2] if isinstance(target, str) else ""
            if isinstance(schemas, dict) and name in schemas:
                self._schema(schemas[name], self._at_components.child("schemas", name), node, "")

    # Components

    def _security_schemes(self) -> None:
        for name, child, at in mappings(self._components.get("securitySchemes"), self._at_components.child("securitySchemes")):
            if found := self._resolve(child, at):
                node = self._node(SecurityScheme, found[0])
                self.security_schemes[name] = SecurityScheme(*found, node, self.uses, name)

    def _unused_components(self) -> None:
        """What nothing refers to is part of the document all the same."""
        for _, value, place in self._unused("parameters", Parameter):
            self._give(self._parameter(value, place), RECEIVED)
        for _, value, place in self._unused("requestBodies", RequestBody):
            self._give(self._request_body(value, place), RECEIVED)
        for _, value, place in self._unused("responses", Response):
            self._give(self._response("", value, place), SENT)
        for name, value, place in self._unused("headers", Header):
            self._give(self._header(name, value, place), SENT)
        for name, value, place in self._unused("mediaTypes", MediaType):
            self._media_type(name, value, place, "")
        for _, value, place in self._unused("schemas", Schema):
            self._schema(value, place, self._nobody, "")
        for name, value, place in self._unused("pathItems", PathItem):
            self._path_item(name, value, place, turned=False, counted=False)
        for _, value, place in self._unused("callbacks", PathItem):
            self._callbacks({"": value}, place, self._nobody, turned=True)
        for kind in ("examples", "links"):
            self._follow(self._components, self._at_components, kind)

    def _unused(self, kind: str, of: type) -> Iterator[tuple[str, Mapping, Place]]:
        """The components of a kind that were not met yet, references followed."""
        for name, child, at in mappings(self._components.get(kind), self._at_components.child(kind)):
            found = self._resolve(child, at)
            if found and (of, id(found[0])) not in self._nodes:
                yield name, *found

    def _give(self, item: Item | None, direction: int) -> None:
        if item:
            self.uses.give(item.node, direction)
