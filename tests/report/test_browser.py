"""Does the page hold up in a real browser: for everyone, on any screen, on paper, without a network?

Needs playwright, axe-playwright-python (the dependency group "look") and a Chromium; without them these tests are skipped.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from apicheck.model import Report
from apicheck.report import html
from tests.report import sample

PLAYWRIGHT = pytest.importorskip("playwright.sync_api", reason="playwright is not installed, so NO BROWSER looked at the report")
AXE = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed, so NOBODY checked accessibility")
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
A4 = {"width": 665, "height": 1024}
"""What the margins of our print style leave of an A4 sheet, in CSS pixels."""
MAKERS = [sample.failing, sample.explained, sample.conforming, sample.lint_only, sample.crowded]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        pytest.skip(f"none of {', '.join(names)} is installed, so NO BROWSER looked at the report")
    with PLAYWRIGHT.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open a report in a window of a size and a colour scheme."""
    contexts = []

    def open_(report: Report, language: Literal["nl", "en"] = "nl", *, width: int = 1280, scheme: str = "light") -> Any:
        file = tmp_path / "report.html"
        file.write_text(html.render(report, language), "utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
        page = contexts[-1].new_page()
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("make", "scheme", "width"),
    [(make, "light", 1280) for make in MAKERS] + [(sample.failing, "light", 320), (sample.failing, "dark", 1280)],
)
def test_nothing_stands_in_anyones_way(opened: Any, make: Callable[[], Report], scheme: str, width: int) -> None:
    found = AXE.Axe().run(opened(make(), width=width, scheme=scheme), options=ACCESSIBLE)
    assert found.response["violations"] == [], found.generate_report()
    assert len(found.response["passes"]) > 10


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("make", MAKERS)
def test_a_narrow_screen_scrolls_one_way_only(opened: Any, make: Callable[[], Report], language: str) -> None:
    page = opened(make(), language, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("make", MAKERS)
def test_page_one_is_one_sheet_of_a4(opened: Any, make: Callable[[], Report], language: str) -> None:
    page = opened(make(), language, width=A4["width"])
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('.sheet').getBoundingClientRect().height") <= A4["height"]


def test_the_page_asks_nothing_of_a_network_and_says_nothing_to_the_console(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(html.render(sample.failing(), "nl"), "utf-8")
    page = browser.new_page()
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.goto(file.as_uri())
    page.close()
    assert asked == [file.as_uri()]
    assert told == []


def test_the_first_key_leads_past_page_one(opened: Any) -> None:
    page = opened(sample.failing())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#findings")


def test_a_verdict_is_told_by_words_and_shapes_and_not_by_colour_alone(opened: Any) -> None:
    page = opened(sample.failing())
    states = page.evaluate(
        "[...document.querySelectorAll('.state')].map(e => [e.innerText.trim(), e.querySelector('use').getAttribute('href')])"
    )
    shapes = dict(states)
    assert set(shapes) >= {"voldoet", "voldoet niet", "verklaard", "niet vastgesteld", "geen uitsluitsel", "niet van toepassing"}
    assert len(set(shapes.values())) == len(shapes)
