"""Is every format found, and does it say the same as ever? Set APICHECK_GOLDEN=write to write the golden files again."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from apicheck.model import Report
from apicheck.report import FORMATS, json_
from tests.report import sample

GOLDEN = Path(__file__).with_name("golden")
SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "report-1.0.json"
Language = Literal["nl", "en"]
SNAPSHOTS: list[tuple[str, Callable[[], Report], Language]] = [
    *(
        (name, sample.failing, "nl")
        for name in ("csv", "earl", "github", "gitlab", "har", "html", "junit", "markdown", "sarif", "terminal")
    ),
    *((name, sample.failing, "en") for name in ("html", "terminal")),
    *((name, sample.retested, "nl") for name in ("html", "markdown", "terminal")),
    *((name, sample.explained, "nl") for name in ("html", "junit", "markdown", "terminal")),
    *((name, sample.conforming, "en") for name in ("html", "markdown", "terminal")),
    *((name, sample.lint_only, "nl") for name in ("markdown", "terminal")),
    ("terminal", sample.lint_only, "en"),
]


def compare(file: Path, data: bytes) -> None:
    if os.environ.get("APICHECK_GOLDEN") == "write":
        file.write_bytes(data)
    assert file.read_bytes() == data, f"{file.name} is not what it was; APICHECK_GOLDEN=write accepts the change"


def test_every_format_is_found() -> None:
    machines = ["csv", "earl", "github", "gitlab", "har", "json", "junit", "sarif", "spectral-json"]
    assert list(FORMATS) == sorted([*machines, "html", "markdown", "pdf", "terminal"])
    assert len({FORMATS[name].file for name in FORMATS}) == len(FORMATS)
    assert "telex" not in FORMATS
    with pytest.raises(KeyError):
        FORMATS["telex"]


@pytest.mark.parametrize(("name", "make", "language"), SNAPSHOTS, ids=lambda value: getattr(value, "__name__", value))
def test_a_format_says_the_same_as_ever(name: str, make: Callable[[], Report], language: Language) -> None:
    rendered = FORMATS[name].render(make(), language)
    data = rendered.encode("utf-8") if isinstance(rendered, str) else rendered
    number = re.compile(rb"(rapport|report) [0-9A-F]{4}-[0-9A-F]{4}")  # starts the digest of report.json, so any change changes it
    compare(GOLDEN / f"{make.__name__}.{language}.{FORMATS[name].file}", number.sub(rb"\1 0000-0000", data))


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "pdf"])
@pytest.mark.parametrize("make", [sample.failing, sample.conforming, sample.lint_only])
def test_the_same_report_gives_the_same_bytes(name: str, make: Callable[[], Report]) -> None:
    assert FORMATS[name].render(make(), "nl") == FORMATS[name].render(json_.parse(json_.render(make())), "nl")


def test_the_published_schema_is_that_of_the_model() -> None:
    compare(SCHEMA, json_.schema())
