"""Does a running API give and filter geographic data as the geospatial module (ADR-GEO 1.0) asks?

Only operations of which the answer holds geometries are asked; without any, the module does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.probe.geojson import CRS84, ETRS89, MEMBERS, RD, Bounds, bounds, code, content_crs, geometries, misplaced
from apicheck.probe.live import LiveApi, Reached, doubt, json_body
from apicheck.probe.registry import question

_GEO_JSON = "application/geo+json"
_OGC_ITEMS = re.compile(r"/collections/[^/]+/items(?:/[^/]+)?\Z")
_GEOMETRY_NAMES = frozenset({"geom", "geometrie", "geometry"})
_NO_CRS = "http://www.opengis.net/def/crs/EPSG/0/0"
_ROOM = 0.001
"""Degrees around a geometry."""


@question("geo-default-crs")
def default_crs(api: LiveApi) -> Iterator[Answer]:
    """Without a crs in the request, are the coordinates in CRS84, and does Content-Crs say so? /geo/default-crs."""
    for reached in _geographic(api):
        yield _in_system(reached.exchange, reached, "CRS84")


@question("geo-content-crs-given")
def content_crs_given(api: LiveApi) -> Iterator[Answer]:
    """Does every geographic answer say in which system its coordinates are? /geo/content-crs-response-header."""
    for reached in _geographic(api):
        said = content_crs(reached.exchange)
        yield None if said else _fault("content-crs-missing", reached.exchange, reached)


@question("geo-crs-obeyed")
def crs_obeyed(api: LiveApi) -> Iterator[Answer]:
    """Does ?crs= with a system that the API lists give 200, and Content-Crs with that system? /geo/crs-query-parameter."""
    if not _geographic(api):
        return
    listed = [uri for uri in _Lists(api).all if code(uri) not in {"", "CRS84", "CRS84h"}]
    for reached in _geographic(api):
        uri = listed[0] if listed else CRS84
        exchange = api.again(reached, "geo-crs-obeyed", query={"crs": uri})
        if unsure := doubt(exchange):
            yield unsure
        elif exchange.status != 200:
            yield _fault("crs-refused", exchange, reached, crs=code(uri), status=exchange.status)
        elif code(content_crs(exchange)) != code(uri):
            yield _fault("crs-ignored", exchange, reached, crs=code(uri), said=content_crs(exchange) or "-")
        else:
            yield None


@question("geo-preferred-crs")
def preferred_crs(api: LiveApi) -> Iterator[Answer]:
    """Are coordinates given in RD and ETRS89 to who asks for it, where the API lists these? /geo/preferred-crs."""
    geographic = _geographic(api)
    listed = _Lists(api).all if geographic else []
    preferred = {code(uri): uri for uri in listed if code(uri) in RD | ETRS89}
    if geographic and not preferred:
        yield Unsure("probe.geo-preferred-not-listed")
    for name, uri in preferred.items():
        for reached in geographic[:1]:
            exchange = api.again(reached, "geo-preferred-crs", query={"crs": uri})
            yield doubt(exchange) or _in_system(exchange, reached, name)


@question("geo-crs-listed")
def crs_listed(api: LiveApi) -> Iterator[Answer]:
    """Does every collection list its coordinate reference systems, as URIs? /geo/crs-list.

    An API that is not of OGC API Features may list them once, in /crss.
    """
    if not _geographic(api):
        return
    lists = _Lists(api)
    if unsure := doubt(lists.exchange):
        yield unsure
    elif lists.exchange.status != 200 or not (lists.collections or lists.common):
        yield Fault("probe.geo-no-list", exchange=lists.exchange, everywhere=True, status=lists.exchange.status)
    elif not lists.collections:
        yield None
    for collection in lists.collections:
        right = any("://" in uri for uri in lists.of(collection))
        yield None if right else _of_collection("crs-list-missing", lists.exchange, collection)


@question("geo-storage-crs")
def storage_crs(api: LiveApi) -> Iterator[Answer]:
    """Does every collection name the system that it is stored in, and is that in its list? /geo/storage-crs."""
    if not _geographic(api):
        return
    lists = _Lists(api)
    for collection in lists.collections:
        stored = collection.get("storageCrs", collection.get("storageCRS"))
        if not isinstance(stored, str):
            yield _of_collection("storage-crs-missing", lists.exchange, collection)
        elif stored not in lists.of(collection):
            yield _of_collection("storage-crs-unlisted", lists.exchange, collection, crs=stored)
        else:
            yield None


@question("geo-ensemble-member")
def ensemble_member(api: LiveApi) -> Iterator[Answer]:
    """Where an ensemble such as ETRS89 is listed, is the member listed too that the data is really in? /geo/ensemble-member-crs."""
    if not _geographic(api):
        return
    lists = _Lists(api)
    for collection in lists.collections:
        listed = {code(uri) for uri in lists.of(collection)}
        for ensemble in listed & MEMBERS.keys():
            member = MEMBERS[ensemble]
            right = member in listed
            yield None if right else _of_collection("member-unlisted", lists.exchange, collection, crs=ensemble, member=member)


@question("geo-bbox-filters")
def bbox_filters(api: LiveApi) -> Iterator[Answer]:
    """Does a bbox give only what lies in it, and is one of three numbers refused with 400? /geo/bbox-query-parameter."""
    for reached, box in _with_bbox(api, "bbox"):
        exchange = api.again(reached, "geo-bbox-filters", query={"bbox": str(box)})
        if unsure := doubt(exchange):
            yield unsure
        elif exchange.status != 200:
            yield _fault("bbox-refused", exchange, reached, status=exchange.status)
        else:
            found = list(filter(None, map(bounds, geometries(json_body(exchange)))))
            outside = sum(not one.meets(box) for one in found)
            if outside or not found:
                yield _fault("bbox-ignored", exchange, reached, outside=outside, total=len(found))
            else:
                yield None
        yield _refused(api, reached, {"bbox": "1,2,3"})


@question("geo-bbox-crs-obeyed")
def bbox_crs_obeyed(api: LiveApi) -> Iterator[Answer]:
    """Is a bbox in CRS84 taken, and a system that does not exist refused with 400? /geo/bbox-crs-query-parameter."""
    for reached, box in _with_bbox(api, "bbox-crs"):
        exchange = api.again(reached, "geo-bbox-crs-obeyed", query={"bbox": str(box), "bbox-crs": CRS84})
        right = exchange.status == 200
        yield doubt(exchange) or (None if right else _fault("bbox-refused", exchange, reached, status=exchange.status))
        yield _refused(api, reached, {"bbox": str(box), "bbox-crs": _NO_CRS})


@question("geo-json-given")
def geo_json_given(api: LiveApi) -> Iterator[Answer]:
    """Do features of OGC API Features come as GeoJSON to who asks for it? /geo/geojson-response."""
    for reached in _geographic(api):
        if not _OGC_ITEMS.search(reached.operation.path):
            continue
        exchange = api.client.send(
            "GET",
            reached.exchange.url,
            headers=[*reached.headers, ("Accept", _GEO_JSON)],
            operation=reached.operation.name,
            purpose="geo-json-given",
        )
        body = json_body(exchange)
        kind = str(body.get("type")) if isinstance(body, dict) else ""
        if unsure := doubt(exchange):
            yield unsure
        elif exchange.status != 200 or exchange.media_type != _GEO_JSON or kind not in {"Feature", "FeatureCollection"}:
            about = {"status": exchange.status, "media_type": exchange.media_type or "-"}
            yield _fault("json-not-given", exchange, reached, **about)
        else:
            yield None


@question("geo-geometry-given")
def geometry_given(api: LiveApi) -> Iterator[Answer]:
    """Is a geometry in a JSON answer a GeoJSON Geometry? /geo/embed-geojson-geometry-response."""
    for reached in api.reached.values():
        if _OGC_ITEMS.search(reached.operation.path) or reached.exchange.media_type == _GEO_JSON:
            continue
        for name, value in _called_geometry(json_body(reached.exchange)):
            if geometries(value):
                yield None
            elif isinstance(value, str):
                yield Unsure("probe.geo-other-notation", request=reached.operation.name, name=name)
            else:
                yield _fault("geometry-form", reached.exchange, reached, name=name)


def _geographic(api: LiveApi) -> list[Reached]:
    return [reached for reached in api.reached.values() if geometries(json_body(reached.exchange))]


def _in_system(exchange: Exchange, reached: Reached, wanted: str) -> Answer:
    """Judge whether an answer is in a system: by what it says, and by where its coordinates lie."""
    if exchange.status != 200:
        return _fault("crs-refused", exchange, reached, crs=wanted, status=exchange.status)
    said = code(content_crs(exchange))
    if said.removesuffix("h") != wanted:
        return _fault("other-crs", exchange, reached, wanted=wanted, said=content_crs(exchange) or "-")
    wrong = misplaced(wanted, filter(None, map(bounds, geometries(json_body(exchange)))))
    return _fault(f"coordinates-{wrong}", exchange, reached, crs=wanted) if wrong else None


def _with_bbox(api: LiveApi, parameter: str) -> Iterator[tuple[Reached, Bounds]]:
    """Yield the geographic collections that document a parameter, each with a box around one of their geometries."""
    for reached in _geographic(api):
        documented = any(one.location == "query" and one.name == parameter for one in reached.operation.parameters)
        box = next(filter(None, map(bounds, geometries(json_body(reached.exchange)))), None)
        if documented and box and code(content_crs(reached.exchange)) in {"", "CRS84", "CRS84h"}:
            yield reached, box.widened(_ROOM)


def _refused(api: LiveApi, reached: Reached, query: dict[str, str | None]) -> Answer:
    exchange = api.again(reached, "geo-bbox-filters", query=query)
    if exchange.status == 400:
        return None
    name = list(query)[-1]
    return doubt(exchange) or _fault("not-refused", exchange, reached, name=name, value=query[name], status=exchange.status)


class _Lists:
    """The coordinate reference systems that an API says it knows: of each collection, and of all together."""

    def __init__(self, api: LiveApi) -> None:
        self.exchange = self._ask(api)
        body = json_body(self.exchange)
        found = body.get("collections") if isinstance(body, dict) else None
        self.collections = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        self.common = _uris(body.get("crs", body.get("crss")) if isinstance(body, dict) else body)

    @staticmethod
    def _ask(api: LiveApi) -> Exchange:
        answered = {answer.operation.path.rpartition("/")[2]: answer.exchange for answer in api.reached.values()}
        asked = answered.get("collections") or answered.get("crss")
        return asked or api.client.send("GET", f"{api.root}/collections", purpose="geo-crs-listed")

    def of(self, collection: dict[str, Any]) -> list[str]:
        """Return the systems of a collection; ``#/crs``, or no list of its own, stands for those of all (OGC API Features 2)."""
        own = _uris(collection.get("crs", ["#/crs"]))
        return [uri for one in own for uri in (self.common if one == "#/crs" else [one])]

    @property
    def all(self) -> list[str]:
        """Every system, each once."""
        return list(dict.fromkeys([*self.common, *(uri for one in self.collections for uri in self.of(one))]))


def _uris(value: Any) -> list[str]:
    return [uri for uri in value if isinstance(uri, str)] if isinstance(value, list) else []


def _called_geometry(body: Any) -> Iterator[tuple[str, Any]]:
    """Yield the members of the resources in an answer that are called as a geometry."""
    items = body if isinstance(body, list) else [body]
    if isinstance(body, dict):
        items = [body, *(item for value in body.values() if isinstance(value, list) for item in value)]
    for item in items:
        for name, value in item.items() if isinstance(item, dict) else ():
            if name.lower() in _GEOMETRY_NAMES and value is not None:
                yield name, value


def _fault(message: str, exchange: Exchange, reached: Reached, **values: Any) -> Fault:
    name = reached.operation.name
    return Fault(f"probe.geo-{message}", exchange=exchange, operation=name, request=name, **values)


def _of_collection(message: str, exchange: Exchange, collection: dict[str, Any], **values: Any) -> Fault:
    name = str(collection.get("id", "-"))
    return Fault(f"probe.geo-{message}", exchange=exchange, operation=f"collection {name}", collection=name, **values)
