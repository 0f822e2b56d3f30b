"""Are geometries found where they are, whatever else an answer holds, and are wrong coordinates told from right ones?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicheck.model import Exchange, Source
from apicheck.probe.collections import items_of, link_to_itself, members, same_resource, total_of
from apicheck.probe.geojson import Bounds, bounds, code, content_crs, geometries, misplaced

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries", "x"]), inner),
    max_leaves=30,
)
NUMBERS = st.floats(-180, 180)
POINTS = st.builds(lambda x, y: {"type": "Point", "coordinates": [x, y]}, NUMBERS, NUMBERS)
AMERSFOORT = Bounds(5.387, 52.155, 5.387, 52.155)
AMERSFOORT_RD = Bounds(155000, 463000, 155000, 463000)
TURNED = Bounds(52.155, 5.387, 52.155, 5.387)


@given(JSON)
def test_no_answer_of_a_stranger_breaks_what_looks_for_geometries_and_resources(body: Any) -> None:
    for geometry in geometries(body):
        bounds(geometry)
    items, total = items_of(body), total_of(body)
    assert isinstance(items, list)
    assert total is None or isinstance(total, int)
    members(body)
    link_to_itself(body, "https://api.example.nl/v1/x")
    same_resource(body, body, "https://api.example.nl/v1/x")


@given(st.lists(POINTS, max_size=5), JSON)
def test_every_geometry_is_found_at_any_depth(points: list[dict[str, Any]], other: Any) -> None:
    body = {"features": [{"type": "Feature", "geometry": point} for point in points]}
    assert geometries(body) == points
    assert len(geometries([body, other])) >= len(points)


@given(POINTS)
def test_the_box_around_a_geometry_meets_the_geometry(point: dict[str, Any]) -> None:
    box = bounds(point)
    assert box
    assert box.widened(0.001).meets(box)


@pytest.mark.parametrize(
    ("system", "box", "wrong"),
    [
        ("CRS84", AMERSFOORT, None),
        ("CRS84", TURNED, "swapped"),
        ("CRS84", AMERSFOORT_RD, "metres"),
        ("CRS84", Bounds(-75, 45, -75, 45), None),
        ("CRS84h", AMERSFOORT, None),
        ("EPSG:4258", TURNED, None),
        ("EPSG:4258", AMERSFOORT, "swapped"),
        ("EPSG:28992", AMERSFOORT_RD, None),
        ("EPSG:28992", AMERSFOORT, "degrees"),
    ],
)
def test_coordinates_that_cannot_be_in_a_system_are_told(system: str, box: Bounds, wrong: str | None) -> None:
    assert misplaced(system, [box]) == wrong


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84>", "CRS84"),
        ("http://www.opengis.net/def/crs/OGC/0/CRS84h", "CRS84h"),
        ("<http://www.opengis.net/def/crs/EPSG/0/28992>", "EPSG:28992"),
        ("<http://www.opengis.net/def/crs/EPSG/9.9.1/4258>", "EPSG:4258"),
        ("RD", ""),
        ("", ""),
    ],
)
def test_a_system_is_known_by_its_uri_with_or_without_angle_brackets(header: str, name: str) -> None:
    exchange = Exchange(
        id="x",
        sender=Source.PROBE,
        purpose="test",
        method="GET",
        url="https://a.nl",
        status=200,
        headers=(("Content-Crs", header),),
    )
    assert code(content_crs(exchange)) == name
