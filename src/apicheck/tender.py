"""What does a buyer write in a tender to ask for a report, and how is exactly that tested?

The text is drafted once and written as Markdown or for a word processor. Every requirement allows for what is equivalent; the
text speaks of what was tested and promises no more.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath

from apicheck import __version__
from apicheck.errors import WrongUse
from apicheck.model import Conclusion, Language, Level, Standard
from apicheck.words import say

LOCALES = {"nl": "nl-NL", "en": "en-GB"}
"""The language of a document, for who reads it aloud or checks its spelling."""

CONCLUSIONS = {
    "fails": Conclusion.FAILS,
    "incomplete": Conclusion.INCOMPLETE,
    "explained": Conclusion.CONFORMS_WITH_EXPLANATION,
    "declared": Conclusion.CONFORMS_PARTLY_DECLARED,
    "conforms": Conclusion.CONFORMS,
}
"""What a report can conclude, by the name that the text has for it."""

EXPLAINED = ("require-norm", "require-evidence", "require-recent", "require-conclusion", "require-access")
UNEXPLAINED = ("require-norm", "require-evidence", "require-recent", "require-conclusion-unexplained", "require-access")
"""The requirements where a buyer may accept an explanation, and where a profile leaves no room for that."""


class Kind(StrEnum):
    """What a paragraph is."""

    TEXT = "text"
    ITEM = "item"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; code is one command line."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the text under a heading of its own."""

    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Tender:
    """The whole text in one language. ``mark`` says that a lawyer has to look at it."""

    language: Language
    title: str
    mark: str
    chapters: tuple[Chapter, ...]


class _Author:
    """Says everything in one language, about one edition."""

    def __init__(self, standard: Standard, language: Language) -> None:
        self._language = language
        self._facts: dict[str, object] = {
            "title": standard.title.in_(language),
            "name": standard.name,
            "publisher": standard.publisher,
            "source": standard.source,
            "digest": standard.digest,
            "version": __version__,
            **{name: say(f"report.conclusion-{conclusion}").in_(language) for name, conclusion in CONCLUSIONS.items()},
        }

    def tell(self, name: str) -> str:
        return say(f"tender.{name}", **self._facts).in_(self._language)

    def texts(self, *names: str) -> tuple[Paragraph, ...]:
        return tuple(Paragraph(Kind.TEXT, self.tell(name)) for name in names)

    def items(self, *names: str) -> tuple[Paragraph, ...]:
        return tuple(Paragraph(Kind.ITEM, self.tell(name)) for name in names)

    def clauses(self, chapter: int, *names: str) -> tuple[Paragraph, ...]:
        """Return paragraphs with a number each, so that a contract can refer to them."""
        return tuple(Paragraph(Kind.TEXT, f"{chapter}.{number} {self.tell(name)}") for number, name in enumerate(names, 1))

    def chapter(self, name: str, *parts: tuple[Paragraph, ...]) -> Chapter:
        return Chapter(self.tell(name), tuple(paragraph for part in parts for paragraph in part))


def draft(standard: Standard, explainable: Collection[str], language: Language, profile: str | None = None) -> Tender:
    """Return the text that asks for conformance to an edition; the rules in ``explainable`` may be explained instead of met.

    ``profile`` is the name or the file that the standard was asked for by, when it is a profile.

    Raises:
        WrongUse: there is no such rule, it is no mandatory one, or the profile takes no explanation.
    """
    author = _Author(standard, language)
    status = Paragraph(Kind.TEXT, f"{author.tell('before-status')} {standard.status.in_(language)}")
    return Tender(
        language,
        author.tell("title"),
        author.tell("mark"),
        (
            author.chapter(
                "chapter-requirement",
                author.texts("definition", *(EXPLAINED if standard.explainable else UNEXPLAINED)),
            ),
            author.chapter(
                "chapter-assessment",
                author.clauses(2, "assess-repeat", "assess-fails", "assess-incomplete", "assess-equivalent", "assess-free"),
            ),
            author.chapter("chapter-explanation", tuple(_explanation(author, standard, explainable, language))),
            author.chapter(
                "chapter-acceptance", author.clauses(4, "accept-test", "accept-conclusion", "accept-repair", "accept-safe")
            ),
            author.chapter(
                "chapter-stay", author.clauses(5, "stay-duty", "stay-report", "stay-expiry", "stay-edition", "stay-repair")
            ),
            author.chapter("chapter-test", tuple(_test(author, standard, profile))),
            author.chapter(
                "chapter-before",
                (status,),
                author.items("before-proportional", "before-terms", "before-law", "before-limits"),
            ),
        ),
    )


def _explanation(author: _Author, standard: Standard, explainable: Collection[str], language: Language) -> Iterator[Paragraph]:
    """Yield from which rules a tenderer may deviate with an explanation, and who decides on that."""
    rules = {rule.id: rule for rule in standard.rules}
    for rule in explainable:
        if rule not in rules:
            raise WrongUse("unknown-rule", rule=rule, standard=standard.name)
        if rules[rule].level is not Level.MUST:  # of a recommendation nobody has to explain anything to this requirement
            raise WrongUse("rule-not-mandatory", rule=rule)
    if not standard.explainable:
        if explainable:
            raise WrongUse("profile-without-explanation", standard=standard.name)
        yield from author.texts("explain-none")
        return
    if explainable:
        yield from author.texts("explain-listed")
        yield from (Paragraph(Kind.ITEM, f"{rules[rule].title.in_(language)} ({rule})") for rule in dict.fromkeys(explainable))
        yield from author.texts("explain-hand-in")
    yield from author.texts("explain-decide", "explain-ask")


def _test(author: _Author, standard: Standard, profile: str | None) -> Iterator[Paragraph]:
    """Yield the commands that test exactly what is asked, each under what it is for."""
    check = ["apicheck", "check", "openapi.json", "--url", "https://test.example.org/api/v1"]
    check += ["--profile", PurePath(profile).name] if profile else ["--standard", standard.name]
    check += ["--attest", author.tell("file-declarations")]
    explained = ["--exceptions", author.tell("file-explanations"), "--decisions", author.tell("file-decisions")]
    yield from author.texts("test-norm", "test-tool", *(["test-own-profile"] if profile and profile.endswith(".toml") else []))
    yield from author.texts("test-command")
    yield Paragraph(Kind.CODE, shlex.join(check))
    if standard.explainable:
        yield from author.texts("test-decided")
        yield Paragraph(Kind.CODE, shlex.join([*check, *explained]))
    yield from author.texts("test-verify")
    yield Paragraph(Kind.CODE, "apicheck verify apicheck-report --keys keys.toml")


def markdown(tender: Tender) -> bytes:
    """Return the text in Markdown."""
    written = {
        Kind.TEXT: lambda text: f"{_literal(text)}\n",
        Kind.ITEM: lambda text: f"- {_literal(text)}\n",
        Kind.CODE: lambda text: f"```sh\n{text}\n```\n",
    }
    parts = [f"# {_literal(tender.title)}\n", f"> **{_literal(tender.mark)}**\n"]
    for chapter in tender.chapters:
        parts.append(f"## {_literal(chapter.title)}\n")
        parts += [written[paragraph.kind](paragraph.text) for paragraph in chapter.paragraphs]
    return "\n".join(parts).encode()


def _literal(text: str) -> str:
    """Return a text that Markdown shows as it stands."""
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)


def docx(tender: Tender) -> bytes:
    """Return the text as a document for a word processor (ISO/IEC 29500), with headings that it knows as headings."""
    from docx import Document  # noqa: PLC0415  # only who asks for a document waits for this
    from docx.oxml.ns import qn  # noqa: PLC0415

    document = Document()
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LOCALES[tender.language])
    properties = document.core_properties
    properties.title, properties.author, properties.comments = tender.title, f"apicheck {__version__}", tender.mark[:255]
    properties.language = LOCALES[tender.language]
    document.add_heading(tender.title, level=0)
    document.add_paragraph(tender.mark, style="Intense Quote")
    styles = {Kind.TEXT: "Normal", Kind.ITEM: "List Bullet", Kind.CODE: "No Spacing"}
    for chapter in tender.chapters:
        document.add_heading(chapter.title, level=1)
        for paragraph in chapter.paragraphs:
            run = document.add_paragraph(style=styles[paragraph.kind]).add_run(paragraph.text)
            if paragraph.kind is Kind.CODE:
                run.font.name = "Courier New"
    file = BytesIO()
    document.save(file)
    return file.getvalue()


FORMATS: Mapping[str, Callable[[Tender], bytes]] = {"markdown": markdown, "docx": docx}
