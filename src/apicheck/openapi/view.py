"""What is there to look at in an OpenAPI document?"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from apicheck.openapi.collection import collection_paused
from apicheck.openapi.document import Document
from apicheck.openapi.items import (
    Header,
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
from apicheck.openapi.walk import Walk


class View:
    """The definitions of a document, each once, in the order in which a walk through its paths meets them.

    Components that nothing uses come last. Making a view follows every reference, so that ``document.broken`` is complete.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        with collection_paused():
            self._walk = Walk(document)

    @property
    def info(self) -> dict[str, Any]:
        """The Info Object; empty when it is missing or no mapping."""
        info = self.document.root.get("info")
        return info if isinstance(info, dict) else {}

    @property
    def document_servers(self) -> tuple[Server, ...]:
        """The servers of the document as a whole; () when it names none."""
        return self._walk.document_servers.items

    @cached_property
    def servers(self) -> tuple[Server, ...]:
        """The servers of the document, its path items and its operations."""
        return tuple(self._walk.servers.values())

    @property
    def path_items(self) -> tuple[PathItem, ...]:
        """The path items in ``paths``."""
        return self._walk.path_items

    @property
    def webhooks(self) -> tuple[PathItem, ...]:
        """The path items in ``webhooks`` (OAS 3.1)."""
        return self._walk.webhooks

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations of the path items in ``paths``."""
        return tuple(operation for item in self.path_items for operation in item.operations)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, also in webhooks, callbacks and unused components."""
        return tuple(self._walk.parts.parameters.values())

    @cached_property
    def request_bodies(self) -> tuple[RequestBody, ...]:
        """Every request body."""
        return tuple(self._walk.parts.request_bodies.values())

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        """Every response, once for each status that it is used under."""
        return tuple(item for items in self._walk.parts.responses.values() for item in items.values())

    @cached_property
    def headers(self) -> tuple[Header, ...]:
        """Every header of a response or an encoding, once for each name that it is used under."""
        return tuple(item for items in self._walk.parts.headers.values() for item in items.values())

    @cached_property
    def media_types(self) -> tuple[MediaType, ...]:
        """Every media type object, once for each media type that it is used under."""
        return tuple(item for items in self._walk.parts.media_types.values() for item in items.values())

    @cached_property
    def security_schemes(self) -> tuple[SecurityScheme, ...]:
        """The security schemes in the components."""
        return tuple(self._walk.security_schemes.values())

    @cached_property
    def schemas(self) -> tuple[Schema, ...]:
        """Every schema, at any depth, also in unused components."""
        return tuple(self._walk.parts.schemas.found.values())
