"""Does page one answer the ten questions of a buyer, in the words that we tell buyers to look for?"""

import html
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from apicheck.report import FORMATS
from tests.report import sample

PAGE = (Path(__file__).parents[2] / "docs" / "voor-inkopers.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+) \| ([^|]+\?) \| (.+) \|$", PAGE, re.MULTILINE)


def of_the_web() -> str:
    """Return page one of the HTML, up to the contents."""
    sheet = re.search(r'<section class="sheet".*?(?=<nav)', str(FORMATS["html"].render(sample.failing(), "nl")), re.DOTALL)
    assert sheet
    return html.unescape(re.sub(r"<[^>]+>", "", sheet[0]))


def of_the_paper() -> str:
    """Return page one of the PDF."""
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed, so NOBODY read the paper")
    pytest.importorskip("typst", reason="typst is not installed, so NO PAPER was made")
    paper = FORMATS["pdf"].render(sample.failing(), "nl")
    assert isinstance(paper, bytes)
    return str(pypdf.PdfReader(BytesIO(paper)).pages[0].extract_text())


def test_there_are_ten_questions() -> None:
    assert [number for number, _, _ in ROWS] == [str(number) for number in range(1, 11)]
    assert len({question for _, question, _ in ROWS}) == 10


@pytest.mark.parametrize("page", [of_the_web, of_the_paper])
def test_the_words_that_answer_a_question_stand_on_page_one(page: Callable[[], str]) -> None:
    text = "".join(page().split())
    for number, _, answer in ROWS:
        words = re.findall(r"\*([^*]+)\*", answer)
        assert words, number
        assert not [one for one in words if "".join(one.split()) not in text], number
