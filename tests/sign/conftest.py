"""A bundle that the vendor signed."""

from pathlib import Path

import pytest

from apicheck.model import Language, Report
from apicheck.report import json_, pdf

from .signers import VENDOR, example, write


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """The folder of a report, its page and the signature of the vendor."""
    VENDOR.sign(write(tmp_path, example()))
    return tmp_path


@pytest.fixture
def remembered_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set each paper once: that setting it twice gives the same bytes, other tests show."""
    made: dict[tuple[bytes, Language, bytes | None], bytes] = {}
    render = pdf.render

    def remember(report: Report, language: Language, envelopes: bytes | None = None) -> bytes:
        of = json_.render(report), language, envelopes
        return made[of] if of in made else made.setdefault(of, render(report, language, envelopes))

    monkeypatch.setattr(pdf, "render", remember)
