"""Are geographic data, filters and coordinate reference systems described as the geospatial module (ADR-GEO 1.0) asks?

Where a document shows no geographic data, there is nothing to look at and the module does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.lint.modules import geographic
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.lint.responses import without_parameters
from apicheck.lint.schemas import Shape, Shapes
from apicheck.model import Place
from apicheck.openapi import MediaType, Operation, Response, View

GEO_JSON = "application/geo+json"
_JSON = frozenset({"application/json", "application/hal+json"})
_OGC_ITEMS = re.compile(r"/collections/[^/]+/items(?:/[^/]+)?\Z")
_WHOLE_COLLECTION = re.compile(r".*/collections/[^/]+/items|[^{}]*")
_GLOBAL_SEARCH = re.compile(r"(?:/v[0-9]+)?/_search\Z")
_GEOMETRY_NAMES = frozenset({"geom", "geometrie", "geometry", "geometria"})
_DEEPEST = 4
"""Schemas within a body that are looked into for a geometry."""


Geometry = tuple[str, Place, Shape]
"""A member that is called as a geometry or is one: its name, where it is described, and what that comes to."""


class _Geo:
    """The geographic operations of an API: those of OGC API Features by their path, others by what their bodies hold."""

    def __init__(self, api: View) -> None:
        self._shapes = Shapes(api)
        self._known: dict[tuple[Place, int], list[Geometry]] = {}
        shown = any(geographic(api)) or any(_OGC_ITEMS.search(item.path) for item in api.path_items)
        self.operations = [operation for operation in api.operations if shown and self._is_geographic(operation)]

    @property
    def reads(self) -> list[Operation]:
        return [operation for operation in self.operations if operation.method == "get"]

    @property
    def writes(self) -> list[Operation]:
        """The operations that take geographic data. One that starts with ``_`` is a search (/core/path-segments-kebab-case)."""
        writes = [operation for operation in self.operations if operation.method in {"post", "put", "patch"}]
        return [one for one in writes if not one.path.rpartition("/")[2].startswith("_") and self._takes_geometry(one)]

    @property
    def collections(self) -> list[Operation]:
        """The reads that give all resources of a kind: those of OGC API Features, and paths without a parameter."""
        return [operation for operation in self.reads if _WHOLE_COLLECTION.fullmatch(operation.path)]

    def _takes_geometry(self, operation: Operation) -> bool:
        bodies = operation.request_body.media_types if operation.request_body else ()
        ogc = bool(bodies and _OGC_ITEMS.search(operation.path))
        return ogc or any(without_parameters(body.name) == GEO_JSON or any(self.geometries(body)) for body in bodies)

    def _is_geographic(self, operation: Operation) -> bool:
        bodies = [*successful(operation, "media_types"), *(operation.request_body.media_types if operation.request_body else ())]
        return bool(_OGC_ITEMS.search(operation.path)) or any(
            without_parameters(body.name) == GEO_JSON or any(self.geometries(body)) for body in bodies
        )

    def geometries(self, body: MediaType) -> Iterator[Geometry]:
        """Yield the members of a JSON body that are called as a geometry or are one, each with what it comes to."""
        if without_parameters(body.name) in _JSON:
            whole = self._shapes.of(body.value.get("schema"), body.place.child("schema"))
            yield from self._within(whole, _DEEPEST)

    def _within(self, shape: Shape, depth: int) -> Iterator[Geometry]:
        if depth == 0:
            return
        for name, (value, place) in shape.properties.items():
            inner = self._shapes.of(value, place)
            called = name.lower() in _GEOMETRY_NAMES
            deeper = self._deeper(value, place, inner, max(depth, 2) if called else depth)  # it may hold a point and a plane
            if _is_geometry(inner) or (called and not deeper):
                yield name, place, inner
            else:
                yield from deeper

    def _deeper(self, value: Any, place: Place, shape: Shape, depth: int) -> list[Geometry]:
        """Return the geometries below a member. Worked out once: schemas share their parts, and the paths to them are many."""
        if (place, depth) not in self._known:
            if "array" in shape.types:
                shape = self._shapes.of(mapping(value).get("items"), place.child("items"))
            self._known[place, depth] = list(self._within(shape, depth - 1))
        return self._known[place, depth]


@lru_cache(maxsize=1)
def _geo(api: View) -> _Geo:
    """Return the geographic operations of an API; the checks look at one document after another, and find them once."""
    return _Geo(api)


def _is_geometry(shape: Shape) -> bool:
    """Say whether it has the members of a GeoJSON Geometry (RFC 7946 §3.1)."""
    return "type" in shape.properties and ("coordinates" in shape.properties or "geometries" in shape.properties)


def successful(operation: Operation, field: str = "") -> list[Any]:
    """Return the responses of an operation for success, or what they have in a field."""
    responses: list[Response] = [response for response in operation.responses if response.status.upper() in {"200", "201", "2XX"}]
    return [item for response in responses for item in getattr(response, field)] if field else responses


@check("geo-bbox-documented")
def bbox_documented(api: View) -> Iterator[Answer]:
    """Has every geographic collection a bbox of four or six numbers in the query? /geo/bbox-query-parameter."""
    shapes = Shapes(api)
    for operation in _geo(api).collections:
        bbox = _named(operation, "query", "bbox")
        if bbox is None:
            yield _lacking(operation, "bbox") if not _unread_parameters(api, operation) else Unsure("lint.geo-elsewhere")
            continue
        shape = shapes.of(bbox.value.get("schema"), bbox.place.child("schema"))
        if shape.types and "array" not in shape.types:
            yield Fault("lint.geo-bbox-form", at=bbox.place, used_by=[operation.name], type=", ".join(sorted(shape.types)))
        else:
            yield None


@check("geo-crs-documented")
def crs_documented(api: View) -> Iterator[Answer]:
    """Can every geographic read be asked for a coordinate reference system? /geo/crs-query-parameter."""
    yield from _parameters(api, _geo(api).reads, "query", "crs")


@check("geo-bbox-crs-documented")
def bbox_crs_documented(api: View) -> Iterator[Answer]:
    """Has every operation with a bbox also a bbox-crs? /geo/bbox-crs-query-parameter."""
    yield from _parameters(api, [one for one in api.operations if _named(one, "query", "bbox")], "query", "bbox-crs")


@check("geo-filter-crs-documented")
def filter_crs_documented(api: View) -> Iterator[Answer]:
    """Has every geographic operation with a filter language also a filter-crs? /geo/filter-crs-query-parameter."""
    filtered = [one for one in _geo(api).reads if _named(one, "query", "filter") and _named(one, "query", "filter-lang")]
    yield from _parameters(api, filtered, "query", "filter-crs")


@check("geo-content-crs-request-documented")
def content_crs_request(api: View) -> Iterator[Answer]:
    """Can every geographic write say in which system its coordinates are? /geo/content-crs-request-header."""
    yield from _parameters(api, _geo(api).writes, "header", "Content-Crs")


@check("geo-content-crs-response-documented")
def content_crs_response(api: View) -> Iterator[Answer]:
    """Does every geographic read say in which system its coordinates are? /geo/content-crs-response-header."""
    for operation in _geo(api).reads:
        responses = successful(operation)
        if not responses:
            yield Unsure("lint.geo-elsewhere")
        elif all(any(header.name.lower() == "content-crs" for header in response.headers) for response in responses):
            yield None
        else:
            yield _lacking(operation, "Content-Crs")


@check("geo-crs-list-documented")
def crs_list_documented(api: View) -> Iterator[Answer]:
    """Is there a path that lists the coordinate reference systems: /collections or /crss? /geo/crs-list."""
    geo = _geo(api)
    if geo.operations:
        listed = any(item.path.rpartition("/")[2] in {"collections", "crss"} for item in api.path_items)
        yield None if listed else Fault("lint.geo-crs-list", at=api.document.place("paths"))


@check("geo-json-response-documented")
def geo_json_response(api: View) -> Iterator[Answer]:
    """Does every read of features of OGC API Features give GeoJSON? /geo/geojson-response."""
    for operation in _geo(api).reads:
        if _OGC_ITEMS.search(operation.path):
            yield _gives(operation, successful(operation, "media_types"), known=bool(successful(operation)))


@check("geo-json-request-documented")
def geo_json_request(api: View) -> Iterator[Answer]:
    """Does every write of features of OGC API Features take GeoJSON? /geo/geojson-request."""
    for operation in _geo(api).writes:
        if _OGC_ITEMS.search(operation.path) and operation.request_body:
            yield _gives(operation, list(operation.request_body.media_types), known=True)


@check("geo-geometry-in-response")
def geometry_in_response(api: View) -> Iterator[Answer]:
    """Is a geometry in a JSON response a GeoJSON Geometry? /geo/embed-geojson-geometry-response."""
    yield from _geometries(api, lambda operation: successful(operation, "media_types"))


@check("geo-geometry-in-request")
def geometry_in_request(api: View) -> Iterator[Answer]:
    """Is a geometry in a JSON request a GeoJSON Geometry? /geo/embed-geojson-geometry-request."""
    yield from _geometries(api, lambda operation: list(operation.request_body.media_types) if operation.request_body else [])


@check("geo-search-in-context")
def search_in_context(api: View) -> Iterator[Answer]:
    """Does a search through all collections say of each result of which type it is? /geo/geometric-context."""
    shapes, geo = Shapes(api), _geo(api)
    for operation in api.operations if geo.operations else ():
        if not _GLOBAL_SEARCH.search(operation.path):
            continue
        for body in successful(operation, "media_types"):
            whole = shapes.of(body.value.get("schema"), body.place.child("schema"))
            lists = [node for node in _lists(shapes, whole) if node]
            if not lists:
                yield Unsure("lint.geo-elsewhere")
            elif all("type" in shape.properties for shape in lists):
                yield None
            else:
                yield Fault("lint.geo-search-type", at=body.place, used_by=[operation.name], request=operation.name)


def _lists(shapes: Shapes, shape: Shape, depth: int = _DEEPEST) -> Iterator[Shape]:
    """Yield what the items of the arrays below a schema come to."""
    for value, place in shape.properties.values() if depth else ():
        inner = shapes.of(value, place)
        if "array" in inner.types:
            yield shapes.of(mapping(value).get("items"), place.child("items"))
        else:
            yield from _lists(shapes, inner, depth - 1)


def _geometries(api: View, bodies: Callable[[Operation], list[MediaType]]) -> Iterator[Answer]:
    geo = _geo(api)
    for operation in geo.operations:
        for body in [] if _OGC_ITEMS.search(operation.path) else bodies(operation):
            for name, place, shape in geo.geometries(body):
                if _is_geometry(shape):
                    yield None
                elif not shape.certain or shape.types <= {"string", "null"}:
                    yield Unsure("lint.geo-other-notation", name=name)
                else:
                    yield Fault("lint.geo-geometry", at=place, used_by=[operation.name], name=name)


def _gives(operation: Operation, media_types: list[MediaType], *, known: bool) -> Answer:
    if not known:
        return Unsure("lint.geo-elsewhere")
    if any(without_parameters(media_type.name) == GEO_JSON for media_type in media_types):
        return None
    return Fault("lint.geo-json-missing", at=operation.place, used_by=[operation.name], request=operation.name)


def _parameters(api: View, operations: list[Operation], location: str, name: str) -> Iterator[Answer]:
    for operation in operations:
        if _named(operation, location, name):
            yield None
        else:
            yield Unsure("lint.geo-elsewhere") if _unread_parameters(api, operation) else _lacking(operation, name)


def _named(operation: Operation, location: str, name: str) -> Any:
    wanted = (one for one in operation.parameters if one.location == location and one.name.lower() == name.lower())
    return next(wanted, None)


def _unread_parameters(api: View, operation: Operation) -> bool:
    """Say whether a parameter of an operation stands in another document, so that it was not read."""
    stated = operation.value.get("parameters")
    return any(
        broken.place.tokens[: len(operation.place.tokens)] == operation.place.tokens and "parameters" in broken.place.tokens
        for broken in (api.document.broken if stated else ())
    )


def _lacking(operation: Operation, name: str) -> Fault:
    return Fault("lint.geo-lacking", at=operation.place, used_by=[operation.name], request=operation.name, name=name)
