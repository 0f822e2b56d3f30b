"""Does page one answer the ten questions of a buyer, in the words that we tell buyers to look for, and in plain words?"""

import html
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest

from apicheck.demo import running_example, twin
from apicheck.model import Report
from apicheck.report import FORMATS, json_
from apicheck.report._gist import gist
from apicheck.report._outline import Outline
from tests.report import sample

Language = Literal["nl", "en"]
PAGE = (Path(__file__).parents[2] / "docs" / "voor-inkopers.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+) \| ([^|]+\?) \| (.+) \|$", PAGE, re.MULTILINE)
QUESTIONS: dict[Language, list[tuple[str, str, str]]] = {"nl": ROWS[:10], "en": ROWS[10:]}
QUICK = ("--seed", "1", "--max-requests", "150", "--max-time", "20", "--rate", "1000", "--format", "json")
OF_THE_TRADE = re.compile(
    r"openapi|\bheaders?\b|\bcors\b|endpoint|json|schema|status ?code|\bhttp\b|\burl\b|hash|sha-|lint|probe|fuzz", re.IGNORECASE
)
"""Terms that a buyer need not know."""


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Return the report of a real test, of the example with faults in it."""
    out = tmp_path_factory.mktemp("tested")
    with running_example(twin()) as example:
        command = [sys.executable, "-m", "apicheck", "check", str(example.document), "--url", example.base_url, "--out", str(out)]
        subprocess.run([*command, *QUICK], check=False, capture_output=True, timeout=120)
    return json_.read(out / json_.FILE)


def of_the_web(report: Report, language: Language) -> str:
    """Return page one of the HTML, up to the contents."""
    sheet = re.search(r'<section class="sheet.*?(?=<nav)', str(FORMATS["html"].render(report, language)), re.DOTALL)
    assert sheet
    return html.unescape(re.sub(r"<[^>]+>", "", sheet[0]))


def of_the_paper(report: Report, language: Language) -> str:
    """Return page one of the PDF."""
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed, so NOBODY read the paper")
    pytest.importorskip("typst", reason="typst is not installed, so NO PAPER was made")
    paper = FORMATS["pdf"].render(report, language)
    assert isinstance(paper, bytes)
    return str(pypdf.PdfReader(BytesIO(paper)).pages[0].extract_text())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_there_are_ten_questions(language: Language) -> None:
    assert [number for number, _, _ in QUESTIONS[language]] == [str(number) for number in range(1, 11)]
    assert len({question for _, question, _ in QUESTIONS[language]}) == 10


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("page", [of_the_web, of_the_paper])
def test_the_words_that_answer_a_question_stand_on_page_one(
    tested: Report, page: Callable[[Report, Language], str], language: Language
) -> None:
    text = "".join(page(tested, language).split())
    for number, _, answer in QUESTIONS[language]:
        words = re.findall(r"\*([^*]+)\*", answer)
        assert words, number
        for said in words:
            pattern = r"[\d.,]+".join(map(re.escape, "".join(said.split()).split("…")))
            assert re.search(pattern, text), (number, said)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "make", [sample.failing, sample.explained, sample.conforming, sample.lint_only, sample.retested, sample.crowded]
)
def test_page_one_has_no_term_of_the_trade_but_in_the_name_of_a_rule(make: Callable[[], Report], language: Language) -> None:
    report = make()
    told = gist(Outline(report), language)
    texts = [told.verdict, told.reason, told.meaning, told.tester.word, told.tester.reason, told.tester.meaning, told.legend]
    texts += [told.fuzz, told.named_title, *told.heard, *told.besides, *told.limits, *(label for label, _ in told.facts)]
    texts += [row.label for row in told.rows] + [label for _, label in told.columns]
    assert [text for text in texts if OF_THE_TRADE.search(text)] == []
    assert not [meaning for _, meaning in told.named if OF_THE_TRADE.search(meaning.replace("(headers)", ""))]
