"""Does the page stand on its own: no script but ours, nothing from elsewhere, every link leading somewhere?"""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from typing import Literal

import pytest

from apicheck.model import Language, Source
from apicheck.report.html import render
from apicheck.words import say
from tests.report import sample


class Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.inline = {"style": "", "script": ""}
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._in = tag

    def handle_data(self, data: str) -> None:
        if self._in in self.inline:
            self.inline[self._in] += data

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def all(self, attribute: str) -> list[str]:
        return [value for _, name, value in self.attributes if name == attribute]


@pytest.fixture(scope="module", params=["nl", "en"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page(render(sample.failing(), request.param))


def test_nothing_is_fetched_or_sent_and_one_script_runs(page: Page) -> None:
    assert not {"iframe", "object", "embed", "form", "img", "base"} & set(page.tags)
    assert page.tags.count("script") == 1
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name in {"src", "srcset", "style"}]
    assert "@import" not in page.inline["style"]
    assert "url(" not in page.inline["style"]
    assert not re.search(r"fetch|XMLHttp|WebSocket|Beacon|innerHTML|eval|import|cookie|Storage", page.inline["script"])
    assert [tag for tag, name, _ in page.attributes if name == "href" if tag == "link"] == []


def test_the_policy_allows_this_style_and_this_script_and_nothing_else(page: Page) -> None:
    style, script = (b64encode(sha256(text.encode()).digest()).decode() for text in page.inline.values())
    policy = f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
    assert policy in page.all("content")


def test_what_the_script_shows_stays_out_of_sight_without_it(page: Page) -> None:
    assert [tag for tag, name, _ in page.attributes if name == "hidden"] == ["div"]
    assert ("div", "role", "search") in page.attributes
    assert "filtered" not in "".join(page.all("class"))


def test_every_link_inside_the_page_leads_somewhere(page: Page) -> None:
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    inside = {link.removeprefix("#") for link in page.all("href") if link.startswith("#")}
    assert inside <= set(ids)
    assert set(page.all("aria-labelledby")) <= set(ids)


def test_links_that_leave_the_page_go_to_the_standard(page: Page) -> None:
    outside = [link for link in page.all("href") if not link.startswith("#")]
    assert outside
    assert all(link.startswith("https://gitdocumentatie.logius.nl/") for link in outside)


def test_there_is_one_title_and_no_level_of_heading_is_skipped(page: Page) -> None:
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(("language", "words"), [("nl", ("Voldoet niet", "Zelftest")), ("en", ("Does not conform", "Self-test"))])
def test_the_verdict_comes_first_and_who_tested_stands_beside_it(language: Literal["nl", "en"], words: tuple[str, str]) -> None:
    text = render(sample.failing(), language)
    assert f'<html lang="{language}">' in text
    body = text[text.index("<main>") :]
    verdict, tester = (body.index(word) for word in words)
    assert verdict < tester < body.index("Gebouwen API")


def test_every_verdict_shows_what_it_rests_on() -> None:
    text = render(sample.failing(), "en")
    for verdict in sample.failing().verdicts:
        for ground in verdict.grounds:
            assert f"<code>{ground.source}:{ground.check}</code>" in text


def test_no_percentage_and_no_grade_stands_on_the_page() -> None:
    for language in ("nl", "en"):
        text = render(sample.failing(), language)
        assert not re.search(r"\d\s?%(?!0)", text[text.index("<main>") :])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_picture_of_what_settled_the_rules_has_a_text_that_says_the_same(language: Language) -> None:
    report = sample.failing()
    page = render(report, language)
    told = page[page.index('<desc id="settled-told">') : page.index("</desc>")]
    for source in Source:
        label, count = say(f"verdict.source-{source}").in_(language), sum(source in verdict.basis for verdict in report.verdicts)
        assert f"{label}: {count}" in told
    assert page.count("<rect") >= len(Source) + 1
