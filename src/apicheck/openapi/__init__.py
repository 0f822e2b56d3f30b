"""What does an OpenAPI document say?

``load`` gives a Document, a ``View`` of it the things to look at. Whatever comes from a document is a stranger's text.
"""

from apicheck.openapi.document import Document, load, parse
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
    answering,
)
from apicheck.openapi.references import Reference
from apicheck.openapi.source import Source
from apicheck.openapi.view import View

__all__ = [
    "Document",
    "Header",
    "Item",
    "MediaType",
    "Operation",
    "Parameter",
    "PathItem",
    "Reference",
    "RequestBody",
    "Response",
    "Schema",
    "SecurityScheme",
    "Server",
    "Source",
    "View",
    "answering",
    "load",
    "parse",
]
