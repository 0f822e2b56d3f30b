"""Is there consent for this run, and is nothing written where the document speaks of production?"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest

from apicheck import consent
from apicheck.errors import TargetRefused
from apicheck.openapi import View
from tests.probe.conftest import describe

CONSENT = """
by = "J. Jansen"
on-behalf-of = "Gemeente X"
base-url = "https://test.example.org/v1"
from = 2026-01-01
until = 2026-01-31
environment = "test"
"""


@pytest.mark.parametrize("table", ["", "contact = 'x@example.org'\n[consent]"])
@pytest.mark.parametrize(
    ("url", "day", "covered"),
    [
        ("https://test.example.org/v1", date(2026, 1, 31), True),
        ("https://test.example.org/v1/gebouwen/", date(2026, 1, 1), True),
        ("https://test.example.org/v11", date(2026, 1, 1), False),
        ("https://test.example.org", date(2026, 1, 1), False),
        ("http://test.example.org/v1", date(2026, 1, 1), False),
        ("https://test.example.org:8443/v1", date(2026, 1, 1), False),
        ("https://test.example.org/v1", date(2026, 2, 1), False),
    ],
)
def test_consent_is_for_one_address_and_one_period(tmp_path: Path, table: str, url: str, day: date, covered: bool) -> None:  # noqa: FBT001  # pytest
    file = tmp_path / "apicheck.toml"
    file.write_text(table + CONSENT)
    with nullcontext() if covered else pytest.raises(TargetRefused):
        assert consent.read(file, url, day).by == "J. Jansen"


@pytest.mark.parametrize("text", ["", CONSENT.replace('"test"', '"productie"'), CONSENT + "extra = 1", "[consent]"])
def test_consent_that_is_not_complete_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(TargetRefused):
        consent.read(tmp_path / "c.toml", "https://test.example.org/v1", date(2026, 1, 2))


@pytest.mark.parametrize(
    ("server", "refused"),
    [
        ({"url": "https://api.example.org/v1", "description": "Productieomgeving"}, True),
        ({"url": "https://api.example.org", "x-environment": "prod"}, True),
        ({"url": "https://{omgeving}.example.org", "description": "production"}, True),
        ({"url": "{scheme}://api.example.org", "description": "PRODUCTIE"}, True),
        ({"url": "/v1", "description": "production"}, True),
        ({"url": "https://api.example.org", "description": "Geen productie"}, False),
        ({"url": "https://api.example.org", "description": "Pre-production, for producten"}, False),
        ({"url": "https://echt.example.org", "description": "Productie"}, False),
        ({"url": "https://api.example.org.elders.nl", "description": "Productie"}, False),
        ({"url": "https://api.example.org", "description": ["Productie"]}, False),
    ],
)
def test_what_the_document_calls_production_is_not_written_to(server: dict[str, object], refused: bool) -> None:  # noqa: FBT001  # pytest
    servers = View(describe({}, servers=[server])).servers
    with pytest.raises(TargetRefused) if refused else nullcontext():
        consent.refuse_production(servers, "https://api.example.org/v1")
