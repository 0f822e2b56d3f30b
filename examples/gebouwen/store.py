"""Which buildings are there, and how are they found and kept?

Twelve made-up buildings, in memory. Values were checked against the document before they come here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

Building = dict[str, Any]

FIELDS = ("naam", "gebruiksdoel", "bouwjaar", "opleverdatum", "openingstijd")

BUILDINGS = (
    ("Stadhuis", "kantoor", 2019, "2019-06-14", "08:30:00", "2026-03-01T09:30:00Z"),
    ("De Regenboogschool", "onderwijs", 1975, "1975-08-20", "08:15:00", "2026-02-11T14:05:12Z"),
    ("Woontoren Noord", "wonen", 2022, "2022-11-01", None, "2026-01-08T08:00:41Z"),
    ("Huisartsenpraktijk Oost", "zorg", 1998, "1998-03-30", "08:00:00", "2025-12-19T16:44:03Z"),
    ("Het Anker", "wonen", 1931, None, None, "2025-11-05T11:20:37Z"),
    ("Bibliotheek", "kantoor", 2008, "2008-09-12", "10:00:00", "2025-10-30T07:59:59Z"),
    ("Verpleeghuis De Linde", "zorg", 1987, "1987-05-04", "07:00:00", "2025-09-17T13:13:13Z"),
    ("Het Lyceum", "onderwijs", 1912, None, "08:10:00", "2025-08-24T22:31:00Z"),
    ("Kantoorgebouw De Poort", "kantoor", 2001, "2001-01-15", "07:30:00", "2025-07-02T10:02:45Z"),
    ("Hofje van Vrede", "wonen", 1654, None, None, "2025-06-29T06:18:22Z"),
    ("Ziekenhuis West", "zorg", 2015, "2015-04-01", "00:00:00", "2025-05-12T18:50:09Z"),
    ("Basisschool De Beuk", "onderwijs", 1993, "1993-08-16", "08:20:00", "2025-04-23T12:40:55Z"),
)
FIRST_ID = 363100012000001

EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def instant(text: str) -> datetime:
    """Return a date-time of RFC 3339 in UTC; one that Python cannot hold becomes the nearest that it can."""
    try:
        return datetime.fromisoformat(text.upper().replace(":60", ":59")).astimezone(UTC)
    except (OverflowError, ValueError):
        return LATEST if text.startswith("9999") else EARLIEST


CRITERIA: dict[str, Callable[[Building, Any], bool]] = {
    "naam": lambda building, wanted: wanted.lower() in building["naam"].lower(),
    "gebruiksdoel": lambda building, wanted: building["gebruiksdoel"] == wanted,
    "gebruiksdoelen": lambda building, wanted: building["gebruiksdoel"] in wanted,
    "bouwjaarVanaf": lambda building, wanted: building["bouwjaar"] >= wanted,
    "opleverdatum": lambda building, wanted: building.get("opleverdatum") == wanted,
    "opgeleverdVoor": lambda building, wanted: building.get("opleverdatum", wanted) < wanted,
    "gewijzigdSinds": lambda building, wanted: instant(building["gewijzigdOp"]) >= instant(wanted),
}
"""When a building meets a criterion. Dates of ISO 8601 compare as text."""


class Store:
    """The buildings by identification, in the order they came in."""

    def __init__(self) -> None:
        self._ids = count(FIRST_ID)
        self._buildings: dict[str, Building] = {}
        for *values, changed in BUILDINGS:
            self._keep(self._next_id(), dict(zip(FIELDS, values, strict=True)), changed)

    def get(self, identification: str) -> Building | None:
        """Return one building, or None."""
        return self._buildings.get(identification)

    def add(self, values: dict[str, Any]) -> Building:
        """Keep a new building and return it."""
        return self._keep(self._next_id(), values)

    def replace(self, identification: str, values: dict[str, Any]) -> Building:
        """Replace the values of a building and return it."""
        return self._keep(identification, values)

    def remove(self, identification: str) -> Building | None:
        """Forget a building and return it; None when there was none."""
        return self._buildings.pop(identification, None)

    def search(self, criteria: dict[str, Any]) -> list[Building]:
        """Return the buildings that meet all criteria; what is no criterion is ignored."""
        known = [(CRITERIA[name], wanted) for name, wanted in criteria.items() if name in CRITERIA]
        return [building for building in list(self._buildings.values()) if all(meets(building, wanted) for meets, wanted in known)]

    def _next_id(self) -> str:
        return f"{next(self._ids):016}"

    def _keep(self, identification: str, values: dict[str, Any], changed: str | None = None) -> Building:
        known = {name: values[name] for name in FIELDS if values.get(name) is not None}
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._buildings[identification] = {"identificatie": identification, **known, "gewijzigdOp": changed or now}
        return self._buildings[identification]


def addresses(building: Building) -> list[dict[str, Any]]:
    """Return the addresses of a building: two, derived from its identification."""
    number = int(building["identificatie"]) % 1000
    return [
        {"straatnaam": "Raadhuisplein", "huisnummer": number + side, "postcode": "1234 AB", "woonplaats": "Voorbeeldstad"}
        for side in (0, 2)
    ]
