"""Can a buyer put the text in a tender, and does it ask for exactly what the command tests?"""

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from markdown_it import MarkdownIt

from apicheck import __version__, catalogue
from apicheck.model import Level
from apicheck.resources import resource
from apicheck.words import say

from .conftest import Run

EQUIVALENT = {"nl": "of gelijkwaardig", "en": "or equivalent"}
MARK = {"nl": "JURIDISCH TOETSEN", "en": "REVIEWED BY A LAWYER"}
LABEL = {"nl": r"Eis \d", "en": r"Requirement \d \("}
LANGUAGES = ("nl", "en")


def paragraphs(run: Run, folder: Path, form: str, language: str, *options: str) -> list[str]:
    """Return the paragraphs of the text as a reader sees them, headings and commands included."""
    file = folder / f"tender.{form}"
    result = run("requirement", "--lang", language, "--format", form, "--out", file.name, *options)
    assert (result.code, result.out) == (0, "")
    if form == "docx":
        return [paragraph.text for paragraph in docx.Document(str(file)).paragraphs]
    tokens = MarkdownIt().parse(file.read_text("utf-8"))
    return [
        "".join(child.content for child in token.children) if token.children else token.content.strip()
        for token in tokens
        if token.type in {"inline", "fence"}
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("standard", catalogue.editions())
def test_every_requirement_allows_for_what_is_equivalent(run: Run, tmp_path: Path, language: str, standard: str) -> None:
    told = paragraphs(run, tmp_path, "markdown", language, "--standard", standard)
    required = [text for text in told if re.match(LABEL[language], text)]
    assert len(required) == 5
    assert all(EQUIVALENT[language] in text for text in required)
    assert MARK[language] in told[1]
    loaded = catalogue.load(standard)
    status = loaded.status.in_("nl" if language == "nl" else "en")
    assert status in "\n".join(told)
    whole = "\n".join(told).replace(status, "")  # it quotes the standard
    assert not re.search(r"gecertificeerd|certifi|compliant|gegarandeerd|guarantee|%", whole, re.IGNORECASE)
    assert not re.search(r"\{|\}|\\", whole), "something was not filled in"
    assert loaded.digest in whole
    assert f"apicheck {__version__}" in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_forms_say_the_same(run: Run, tmp_path: Path, language: str) -> None:
    options = ("--exceptions", "/core/http-methods,/core/no-trailing-slash")
    assert paragraphs(run, tmp_path, "docx", language, *options) == paragraphs(run, tmp_path, "markdown", language, *options)


def own_profile(folder: Path) -> str:
    """Write a profile of the buyer's own, and return the path to it."""
    (folder / "own").mkdir()
    shutil.copy(resource("profiles") / "nieuw.toml", folder / "own" / "gemeente.toml")
    return "own/gemeente.toml"


ASKED = {
    "edition": lambda folder: (("--standard", "nlgov-adr@2.1"), ["--standard", "nlgov-adr@2.1"], 2),
    "profile": lambda folder: (("--profile", "transitie"), ["--profile", "transitie"], 2),
    "own-profile": lambda folder: (("--profile", own_profile(folder)), ["--profile", "gemeente.toml"], 1),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_the_command_line_in_the_text_is_understood(
    run: Run, tmp_path: Path, asked: Callable[[Path], tuple[tuple[str, str], list[str], int]], language: str
) -> None:
    options, tested, checks = asked(tmp_path)
    told = paragraphs(run, tmp_path, "docx", language, *options)
    shown = [shlex.split(text)[1:] for text in told if text.startswith("apicheck ") and " --" in text]
    assert [command[0] for command in shown] == ["check"] * checks + ["verify"]
    assert all(command[4:6] == tested for command in shown[:checks])
    for profile in tmp_path.glob("own/*.toml"):
        shutil.copy(profile, tmp_path)
    for command in shown:
        result = run(*command)
        assert result.code == 4, "it wants the files that the tenderer has, and nothing else is wrong"
        assert re.search(r"openapi\.json|yaml|keys\.toml|apicheck-report", result.err)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_profile_that_takes_no_explanation_gives_no_hope_of_one(run: Run, tmp_path: Path, language: str) -> None:
    told = "\n".join(paragraphs(run, tmp_path, "markdown", language, "--profile", "nieuw"))
    explained = say("report.conclusion-conforms-with-explanation").in_("nl" if language == "nl" else "en")
    assert explained not in told
    assert "--decisions" not in told
    assert "apicheck exceptions" not in told
    assert run("requirement", "--profile", "nieuw", "--exceptions", "/core/http-methods").code == 2


def test_a_recommendation_needs_no_explanation(run: Run) -> None:
    recommended = next(rule.id for rule in catalogue.load().rules if rule.level is Level.SHOULD)
    result = run("requirement", "--exceptions", recommended)
    assert result.code == 2
    assert recommended in result.err


def test_rules_that_may_be_explained_are_named_and_must_exist(run: Run, tmp_path: Path) -> None:
    told = run("requirement", "--exceptions", "/core/http-methods", "--exceptions", "/core/no-trailing-slash").out
    assert "(/core/http-methods)" in told
    assert "(/core/no-trailing-slash)" in told
    assert "apicheck exceptions new" in told
    assert "/core/http-methods" not in run("requirement").out
    wrong = run("requirement", "--exceptions", "/core/x\u202e\x1b[2J")
    assert wrong.code == 2
    assert "\x1b" not in wrong.err
    assert run("requirement", "--standard", "nlgov-adr@9.9").code == 2
    assert run("requirement", "--format", "docx").code == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_processor_finds_headings_a_language_and_a_title(run: Run, tmp_path: Path, language: str) -> None:
    paragraphs(run, tmp_path, "docx", language)
    document = docx.Document(str(tmp_path / "tender.docx"))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    assert styles[0] == "Title"
    assert styles.count("Heading 1") == 7
    assert document.core_properties.title == document.paragraphs[0].text
    assert document.core_properties.author == f"apicheck {__version__}"
    assert f'w:val="{ {"nl": "nl-NL", "en": "en-GB"}[language] }"' in document.styles.element.xml


def test_a_file_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    result = run("requirement", "--out", "taken/tender.md")
    assert result.code == 4
    assert result.err.startswith("apicheck: ")
