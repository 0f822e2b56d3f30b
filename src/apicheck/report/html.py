"""How does a report become one page for the web that anyone can read, keep and print?

One file with nothing from elsewhere. Its one script filters what is shown; without it the page is read all the same. The page may
do nothing else, and its content policy says so. It shows the first findings of a rule and says how many there are.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from apicheck.model import RecordedExchange, Report, Source
from apicheck.report import _again, har
from apicheck.report._advice import heading
from apicheck.report._annex import glossary, reach, reproduction, settled
from apicheck.report._explained import brief, explanation
from apicheck.report._gist import gist
from apicheck.report._outline import Outline, causes
from apicheck.report._text import Language, counted, lines, number, plain, web_link
from apicheck.words import say

FILE = "report.html"
MOST_FINDINGS = 50
"""Causes of one rule that are shown; the page says how many there are."""
MOST_SAME = 5
"""Places of one cause that are shown."""
MOST_EXCHANGES = 3
"""Exchanges that are shown with the findings of one rule."""
MOST_IN_ANNEX = 100
"""Exchanges that are shown in the annex."""
MOST_PLACES = 12
"""Operations that are named at one place."""


def render(report: Report, language: Language) -> str:
    """Return the page."""
    outline = Outline(report)
    style, script = _own("report.css"), _own("filter.js")
    exchanges = Exchanges(outline)

    def said(key: str, **values: object) -> str:
        return say(f"report.{key}", **values).in_(language)

    def count(key: str, many: int, **values: object) -> str:
        return counted(key, many, language, **values)

    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            language=language,
            report=report,
            outline=outline,
            gist=gist(outline, language),
            exchanges=exchanges,
            anchors=_anchors(outline),
            contents=_contents(outline, exchanges, language),
            settled=settled(report, language),
            reach=reach(report.coverage, language),
            requests=[(source, report.coverage.requests[source]) for source in Source if source in report.coverage.requests],
            again=_compared(outline, language),
            explanations=[(outline.title(said.rule), said.rule, explanation(said, language)) for said in report.exceptions],
            reproduction=reproduction(report, language),
            glossary=glossary(language),
            say=said,
            counted=count,
            in_=lambda text: text.in_(language),
            advice_heading=lambda outcome: heading(outcome, language),
            brief=lambda explained: brief(explained, language),
            number=lambda value: number(value, language),
            style=Markup(style),  # noqa: S704  # our own file
            script=Markup(script),  # noqa: S704  # our own file
            policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'",
            most_findings=MOST_FINDINGS,
            most_places=MOST_PLACES,
            most_same=MOST_SAME,
            causes=causes,
            evidence_file=lambda finding, check, exchange: (
                f"{har.FOLDER}/{har.evidence_name(report.tool, finding, check, exchange)}"
            ),
        )
    )


def _compared(outline: Outline, language: Language) -> dict[str, list[Any]] | None:
    """Return what came of the report that was tested again; None when this is a first test."""
    retest = outline.report.again
    if retest is None:
        return None
    return {
        "facts": list(_again.facts(retest, outline.report, language)),
        "rules": list(_again.changed_rules(outline, language)),
        "gone": list(_again.gone(retest, language)),
    }


class Exchanges:
    """Where on the page each recorded exchange stands: with the first rule that it shows a fault of, or in the annex."""

    def __init__(self, outline: Outline) -> None:
        self._numbers = {exchange.id: number for number, exchange in enumerate(outline.report.exchanges, 1)}
        placed: set[str] = set()
        self.inline: dict[str, list[RecordedExchange]] = {}
        for entry in outline.failures:
            shown = {item.exchange.id: item.exchange for item in entry.faults[:MOST_FINDINGS] if item.exchange}
            chosen = [exchange for id_, exchange in shown.items() if id_ not in placed][:MOST_EXCHANGES]
            self.inline[entry.rule.id] = chosen
            placed |= {exchange.id for exchange in chosen}
        referred = outline.referred()
        others = [exchange for exchange in outline.report.exchanges if exchange.id in referred - placed]
        self.annex = others[:MOST_IN_ANNEX]
        self.left_out = len(others) - len(self.annex)
        self._placed = placed | {exchange.id for exchange in self.annex}

    def anchor(self, exchange: RecordedExchange) -> str | None:
        """Return the id of the place on the page; None when the exchange is left out of it."""
        return f"exchange-{self._numbers[exchange.id]}" if exchange.id in self._placed else None


def _anchors(outline: Outline) -> dict[str, str]:
    """Return where on the page a rule is treated, by its id; what is met or not applicable has no place of its own."""
    treated = {entry.rule.id for entry in (*outline.failures, *outline.open, *outline.declared)}
    return {entry.rule.id: f"rule-{number}" for number, entry in enumerate(outline.entries, 1) if entry.rule.id in treated}


def _contents(outline: Outline, exchanges: Exchanges, language: Language) -> Iterator[tuple[str, str, int | None]]:
    """Yield the parts of the page that follow page one: anchor, title, and how many things stand in it."""
    parts = (
        ("findings", len(outline.failures)),
        ("open", len(outline.open)),
        ("declared", len(outline.declared)),
        ("explanations", len(outline.report.exceptions)),
        ("again", None if outline.report.again else 0),
        ("advice", len(outline.advice)),
        ("robustness", len(outline.report.robustness)),
        ("rulesets", len(outline.report.rulesets)),
        ("all-rules", len(outline.entries)),
        ("coverage", None),
        ("reproduction", None),
        ("exchanges", len(exchanges.annex)),
        ("glossary", None),
    )
    for name, count in parts:
        if count != 0 or name in {"findings", "open"}:
            yield name, say(f"report.{name}").in_(language), count


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("apicheck.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"lines": lambda text: [escape(line) for line in lines(text)], "web_link": web_link}
    return environment


def _harmless(value: Any) -> Any:
    """Make whatever a template prints visible; autoescape then takes care of the markup."""
    return value if isinstance(value, Markup | int) else plain(value)


@cache
def _own(file: str) -> str:
    return files("apicheck.report").joinpath("templates", file).read_text("utf-8")


def _hash(text: str) -> str:
    """Return the source expression (Content Security Policy 3) that allows this inline text and no other."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
