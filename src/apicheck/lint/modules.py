"""Does the document show signs that a module of the standard applies?

Whether the module itself is followed is not tested here: a sign makes the answer "cannot tell", never "wrong".
"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.answers import Answer, Fault, Unsure
from apicheck.lint.nodes import mapping, strings
from apicheck.lint.registry import check
from apicheck.lint.responses import without_parameters
from apicheck.model import Place
from apicheck.openapi import View

_GEO_MEDIA_TYPES = frozenset({"application/geo+json", "application/vnd.geo+json", "application/gml+xml"})
_GEO_PARAMETERS = frozenset({"bbox", "bbox-crs", "crs", "filter-crs", "accept-crs", "content-crs"})
_GEO_TYPES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"})
SIGNATURE_OF_MODULE = frozenset({"payload-signature", "message-signature", "nlgov-adr-payload-sig", "nlgov-adr-message-sig"})
OTHER_SIGNATURE = frozenset({"signature", "signature-input", "x-jws-signature"})
_ENCRYPTED_BY_MODULE = "application/jose+json"
_OTHER_ENCRYPTED = frozenset({"application/jose", "application/pkcs7-mime"})


@check("geo-data-described")
def geo_data_described(api: View) -> Iterator[Answer]:
    """Is there no geographic data in the API, so that the geospatial module does not apply? /core/modules/geospatial."""
    sign = next(geographic(api), None)
    if sign:
        yield Unsure("lint.geo-data", sign=sign)


@check("signing-described")
def signing_described(api: View) -> Iterator[Answer]:
    """Where payloads are signed, is it with the headers of the signing module? /core/modules/signing."""
    for name, place, used_by in _header_names(api):
        if name.lower() in SIGNATURE_OF_MODULE:
            yield None
        elif name.lower() in OTHER_SIGNATURE:
            yield Fault("lint.other-signature", at=place, used_by=used_by, name=name)


@check("encryption-described")
def encryption_described(api: View) -> Iterator[Answer]:
    """Where payloads are encrypted, is it with the media type of the encryption module? /core/modules/encryption."""
    for media_type in api.media_types:
        name = without_parameters(media_type.name)
        if name == _ENCRYPTED_BY_MODULE:
            yield None
        elif name in _OTHER_ENCRYPTED:
            yield Fault("lint.other-encryption", at=media_type.place, used_by=media_type.used_by, media_type=media_type.name)


def geographic(api: View) -> Iterator[str]:
    """The signs of geographic data, by the words of GeoJSON (RFC 7946), the OGC standards and the geospatial module."""
    yield from (media_type.name for media_type in api.media_types if without_parameters(media_type.name) in _GEO_MEDIA_TYPES)
    yield from (parameter.name for parameter in api.parameters if parameter.name.lower() in _GEO_PARAMETERS)
    yield from (header.name for header in api.headers if header.name.lower() in _GEO_PARAMETERS)
    for schema in api.schemas:
        properties = mapping(schema.value.get("properties"))
        if not properties:
            continue
        kind = mapping(properties.get("type"))
        named = _GEO_TYPES.intersection([*strings(kind.get("enum")), *strings(kind.get("const"))])
        if named:
            yield min(named)
        if "coordinates" in properties and "type" in properties:
            yield "coordinates"
        if {"latitude", "longitude"} <= properties.keys():
            yield "latitude, longitude"


def _header_names(api: View) -> Iterator[tuple[str, Place, tuple[str, ...]]]:
    """The headers of requests and responses."""
    yield from ((header.name, header.place, header.used_by) for header in api.headers)
    for parameter in api.parameters:
        if parameter.location == "header":
            yield parameter.name, parameter.place, parameter.used_by
