"""Which objects of OpenAPI can be looked at, one by one?

Every item is one definition: ``value`` is its mapping with a ``$ref`` followed, ``place`` is where that stands, ``used_by``
are the operations that reach it. An item that is used under several names or statuses stands once under each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from apicheck.model import Place
from apicheck.openapi.uses import Uses


@dataclass(slots=True, eq=False)
class Item:
    """One definition of the document."""

    value: dict[str, Any] = field(repr=False)
    place: Place
    node: int = field(repr=False)
    uses: Uses = field(repr=False)

    @property
    def used_by(self) -> tuple[str, ...]:
        """The operations that reach this item, as "GET /gebouwen/{id}", in the order of the document; () when none does."""
        return self.uses.operations_of(self.node)


@dataclass(slots=True, eq=False)
class Server(Item):
    """A Server Object, of the document, of a path item or of an operation."""

    url: str


@dataclass(slots=True, eq=False)
class SecurityScheme(Item):
    """A Security Scheme Object and its name in the components."""

    name: str


@dataclass(slots=True, eq=False)
class Schema(Item):
    """A Schema Object.

    ``name`` is that of the property, parameter or header that it describes, also through allOf, anyOf and the like; empty
    for components, items and bodies.
    """

    name: str
    other_names: list[str] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of a property, parameter or header that it describes, each once: its own and those that refer to it."""
        return tuple(dict.fromkeys(name for name in (self.name, *self.other_names) if name))

    @property
    def direction(self) -> frozenset[str]:
        """Whether the API receives such data ("request"), sends it ("response"), or both; empty when no operation uses it.

        A ``readOnly`` property is not received and a ``writeOnly`` one not sent. In webhooks and callbacks it is the API that
        sends the request.
        """
        return self.uses.direction_of(self.node)


@dataclass(slots=True, eq=False)
class MediaType(Item):
    """A Media Type Object and the media type it is for."""

    name: str
    schema: Schema | None


@dataclass(slots=True, eq=False)
class Header(Item):
    """A Header Object and the name of the header."""

    name: str
    schema: Schema | None


@dataclass(slots=True, eq=False)
class Parameter(Item):
    """A Parameter Object. ``location`` is its ``in``: path, query, header, cookie or querystring."""

    name: str
    location: str
    schema: Schema | None
    media_types: tuple[MediaType, ...]


@dataclass(slots=True, eq=False)
class RequestBody(Item):
    """A Request Body Object."""

    media_types: tuple[MediaType, ...]


@dataclass(slots=True, eq=False)
class Response(Item):
    """A Response Object. ``status`` is its key: "200", "4XX" or "default"; empty for a component that nothing uses."""

    status: str
    headers: tuple[Header, ...]
    media_types: tuple[MediaType, ...]


def answering(status: str, responses: Iterable[Response]) -> Response | None:
    """Return the response that describes a status: that status, its range, or the default (OAS 3.0.4, 4.7.14)."""
    by_status = {response.status.upper(): response for response in responses}
    names = (status.upper(), f"{status[:1]}XX", "DEFAULT")
    return next((by_status[name] for name in names if name in by_status), None)


@dataclass(slots=True, eq=False)
class Operation(Item):
    """An Operation Object. ``method`` is in lower case, ``name`` is "GET /gebouwen/{id}".

    ``parameters`` and ``servers`` are those in force: of the operation, else of the path item, else (servers) of the document.
    """

    method: str
    path: str
    name: str
    parameters: tuple[Parameter, ...]
    request_body: RequestBody | None
    responses: tuple[Response, ...]
    servers: tuple[Server, ...]


@dataclass(slots=True, eq=False)
class PathItem(Item):
    """A Path Item Object. ``path`` is its key in ``paths``, or the name of a webhook; ``place`` is there, also with a ``$ref``."""

    path: str
    operations: tuple[Operation, ...]
