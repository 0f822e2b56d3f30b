"""Does the page hold up in a real browser: for everyone, on any screen, on paper, without a network?

Needs playwright, axe-playwright-python (the dependency group "look") and a Chromium; without them these tests are skipped.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest

from apicheck.model import Level, Report
from apicheck.report import html
from tests.report import sample

PLAYWRIGHT = pytest.importorskip("playwright.sync_api", reason="playwright is not installed, so NO BROWSER looked at the report")
AXE = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed, so NOBODY checked accessibility")
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
A4 = {"width": 665, "height": 1024}
"""What the margins of our print style leave of an A4 sheet, in CSS pixels."""
FOCUSABLE = "document.querySelectorAll('a[href], input, select, button, textarea, summary, [tabindex]')"
MAKERS = [sample.failing, sample.explained, sample.conforming, sample.lint_only, sample.retested, sample.crowded]


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
    """Open a report in a window of a size and a colour scheme, with scripts on or off."""
    contexts = []

    def open_(
        report: Report, language: Literal["nl", "en"] = "nl", *, width: int = 1280, scheme: str = "light", scripts: bool = True
    ) -> Any:
        file = tmp_path / "report.html"
        file.write_text(html.render(report, language), "utf-8")
        window = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        contexts.append(browser.new_context(**window, java_script_enabled=scripts))
        page = contexts[-1].new_page()
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("make", [sample.explained, sample.conforming, sample.crowded])
def test_nothing_stands_in_anyones_way(opened: Any, make: Callable[[], Report], language: Literal["nl", "en"]) -> None:
    page = opened(make(), language)
    for width, scheme in product((1280, 320), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = AXE.Axe().run(page, options=ACCESSIBLE)
        assert found.response["violations"] == [], (width, scheme, found.generate_report())
        assert len(found.response["passes"]) > 10


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("make", MAKERS)
def test_a_narrow_screen_scrolls_one_way_only(opened: Any, make: Callable[[], Report], language: str) -> None:
    page = opened(make(), language, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width", [320, 500, 760, 1280])
def test_three_levels_have_room_beside_what_is_told_of_them(opened: Any, width: int, language: Literal["nl", "en"]) -> None:
    page = opened(with_a_possibility(sample.failing()), language, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    table, told = (page.locator(f".counts > {part}").bounding_box() for part in ("table", "div"))
    heads = page.locator(".counts thead th")
    assert heads.count() == 3
    assert told["x"] >= table["x"] + table["width"] or told["y"] >= table["y"] + table["height"]
    assert all(head.evaluate("head => head.scrollWidth <= head.clientWidth + 1") for head in heads.all())


def with_a_possibility(report: Report) -> Report:
    """Return a report in which one rule is a MAY, as a profile has them."""
    first = report.verdicts[-1].rule
    verdicts = [one.model_copy(update={"level": Level.MAY}) if one.rule == first else one for one in report.verdicts]
    rules = [one.model_copy(update={"level": Level.MAY}) if one.id == first else one for one in report.standard.rules]
    standard = report.standard.model_copy(update={"rules": tuple(rules)})
    return report.model_copy(update={"verdicts": tuple(verdicts), "standard": standard})


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
    assert set(shapes) >= {"voldoet", "voldoet niet", "verklaard", "niet vastgesteld", "niet van toepassing"}
    assert len(set(shapes.values())) == len(shapes)


def shown(page: Any) -> set[str]:
    """Return the rules whose row in the table of all rules can be seen."""
    rows = page.locator("tr[data-rule]").evaluate_all(
        "rows => rows.filter(row => row.checkVisibility()).map(row => row.dataset.rule)"
    )
    return set(rows)


def test_everything_is_reached_by_keyboard_alone_in_the_order_of_the_page(opened: Any) -> None:
    page = opened(sample.failing())
    page.evaluate(f"{FOCUSABLE}.forEach((element, number) => element.number = number)")
    count = page.evaluate(f"{FOCUSABLE}.length")
    for number in range(count):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.number") == number
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert count > 30


def test_the_filter_is_used_by_keyboard_and_tells_how_much_is_shown(opened: Any) -> None:
    page = opened(sample.failing(), "en")
    everything = shown(page)
    told = page.get_by_role("status")
    assert told.inner_text() == f"{len(everything)} of {len(everything)} rules shown"
    page.get_by_role("searchbox").focus()
    page.keyboard.type("TRAILING-slash")
    assert "/core/no-trailing-slash" in shown(page) < everything
    assert told.inner_text() == f"{len(shown(page))} of {len(everything)} rules shown"
    page.keyboard.press("Tab")
    page.keyboard.type("not met")
    assert shown(page) == {"/core/no-trailing-slash"}
    page.keyboard.press("Tab")
    page.keyboard.type("SHOULD")
    assert shown(page) == set()
    assert told.inner_text() == f"0 of {len(everything)} rules shown"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert shown(page) == everything
    assert page.evaluate("document.activeElement.type") == "search"


def test_a_filter_hides_nothing_of_page_one_nor_of_a_print_and_a_link_leads_past_it(opened: Any) -> None:
    page = opened(sample.failing())
    sheet = page.locator(".sheet").inner_text()
    page.get_by_role("searchbox").fill("nothing has this text")
    assert page.locator(".sheet").inner_text() == sheet
    assert not page.locator("article[data-rule]").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator("article[data-rule]").first.is_visible()
    page.emulate_media(media="screen")
    page.locator(".named a").first.click()
    assert page.locator(":target").is_visible()


@pytest.mark.parametrize("make", MAKERS)
def test_with_scripts_off_all_is_there_to_read(opened: Any, make: Callable[[], Report]) -> None:
    with_scripts, without = opened(make()), opened(make(), scripts=False)
    search = with_scripts.locator("[role=search]")
    assert search.is_visible()
    assert not without.locator("[role=search]").is_visible()
    assert (
        with_scripts.locator("main").inner_text().replace(search.inner_text() + "\n", "").split()
        == without.locator("main").inner_text().split()
    )


def test_five_thousand_findings_open_and_filter(opened: Any) -> None:
    started = time.perf_counter()
    page = opened(sample.many(5_000))
    ready = time.perf_counter() - started
    filtered = page.evaluate(
        """() => {
            const text = document.querySelector("[type=search]"), started = performance.now();
            text.value = "/p7/";
            text.dispatchEvent(new Event("input", { bubbles: true }));
            document.body.getBoundingClientRect();
            return performance.now() - started;
        }"""
    )
    print(f"5,000 findings: written and opened in {ready:.2f} s, filtered in {filtered:.0f} ms")  # noqa: T201  # what is measured
    assert shown(page) == {"/core/no-trailing-slash"}
