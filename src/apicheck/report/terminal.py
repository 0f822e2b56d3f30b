"""What does a vendor see in a terminal or in the log of a build?

Words before colour: a log without colours says the same. Written to a file or a pipe the width is fixed, so that the same
report gives the same text everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from apicheck.model import Conclusion, Ground, Level, Outcome, Report, Role, Source, Tolerance
from apicheck.report._advice import advice
from apicheck.report._again import changed_rules
from apicheck.report._explained import brief
from apicheck.report._gist import Gist, gist
from apicheck.report._outline import Cause, Entry, Item, Outline, State, causes
from apicheck.report._text import Language, counted, number, plain
from apicheck.words import say

FILE = "report.txt"
WIDTH = 100
"""Columns when no terminal says how many it has."""
MOST = 3
"""Causes of one rule that are shown, and places of one cause."""
MOST_CHANGED = 20
"""Rules with another verdict than in the earlier report that are shown."""
HINT = "hint"
PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}
STYLES = {
    Conclusion.FAILS: "bold red",
    Conclusion.INCOMPLETE: "bold yellow",
    Conclusion.CONFORMS_WITH_EXPLANATION: "bold magenta",
    Conclusion.CONFORMS_PARTLY_DECLARED: "bold magenta",
    Conclusion.CONFORMS: "bold green",
}


def render(report: Report, language: Language) -> str:
    """Return what a terminal would show, without colours."""
    buffer = StringIO()
    show(report, language, console=Console(file=buffer, width=WIDTH, color_system=None, **PLAIN))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def show(report: Report, language: Language, console: Console | None = None) -> None:
    """Print a report, on standard output unless another console is given.

    Of a run that only read the document, the findings are shown, a line each as ``file:line:column  level  rule  message``.
    """
    if set(report.run.sources) == {Source.LINT}:
        lines, soft_wrap = _lint(report, language), True
    else:
        lines, soft_wrap = _report(report, language), False
    (console or _stdout()).print(*lines, sep="\n", soft_wrap=soft_wrap)


def _stdout() -> Console:
    """Return a console that takes no text of a stranger for markup, as wide as the terminal or, without one, always the same."""
    console = Console(**PLAIN)
    if not console.is_terminal:
        console.width = WIDTH
    return console


def _report(report: Report, language: Language) -> Iterator[RenderableType]:
    outline = Outline(report)
    told = gist(outline, language)
    yield Line(f"{plain(report.tool)}  {plain(report.standard.name)}  {plain(report.run.started)}", "dim")
    yield Line(plain(f"{report.subject.title} {report.subject.version}"), "bold")
    yield Line(plain(f"{report.subject.document} sha256:{report.subject.digest[:16]}"))
    yield Line(plain(report.subject.url) if report.subject.url else _say("document-only", language))
    for warning in told.warnings:
        yield Line(f"{_say('notice', language)}: {plain(warning)}", "yellow")
    yield Line()
    yield _heading(told.verdict.upper(), STYLES[report.conclusion], f"  {told.reason}")
    yield Line(told.meaning)
    yield Line.assemble((told.tester.word, "bold"), f". {told.tester.reason}. {told.tester.meaning}")
    yield from map(Line, told.heard)
    yield from _changed(outline, language)
    yield from _failures(outline, language)
    yield from _open(outline, language)
    yield from _robustness(outline, language)
    yield Line()
    yield _counts(told, language)
    yield Line()
    yield Line(f"{_say('fuzz-label', language)}: {told.fuzz}")


def _heading(word: str, style: str, rest: str = "") -> Line:
    return Line.assemble((word, style), rest)


def _changed(outline: Outline, language: Language) -> Iterator[RenderableType]:
    """Yield the rules that came out otherwise than in the report that was tested again."""
    changed = tuple(changed_rules(outline, language))
    if not changed:
        return
    yield Line()
    yield _heading(_say("again-rules", language), "bold", f" ({number(len(changed), language)})")
    for title, rule, change, verdicts in changed[:MOST_CHANGED]:
        yield Line.assemble((f"{change}: ", "bold"), f"{title}  ", (rule, "dim"), f"  {verdicts}")
    if len(changed) > MOST_CHANGED:
        yield Line(_shown_of(MOST_CHANGED, len(changed), language), "dim")


def _failures(outline: Outline, language: Language) -> Iterator[RenderableType]:
    if not outline.failures:
        return
    yield Line()
    yield _heading(_say("findings", language), "bold", f" ({number(len(outline.failures), language)})")
    for entry in outline.failures:
        yield Line()
        yield Line.assemble(
            (f"{entry.rule.level:<6}  ", _weight(entry)),
            (plain(entry.rule.title.in_(language)), "bold"),
        )
        yield _indent(Line(plain(entry.rule.id), "dim"))
        found = causes(entry.faults)
        for cause in found[:MOST]:
            yield _fault(cause, language)
        if len(found) > MOST:
            yield _indent(Line(_shown_of(MOST, len(found), language), "dim"))
        yield _indent(Line(f"{_say('remedy', language)}: {plain(entry.rule.remedy.in_(language))}", "green"))
        if entry.explanation:
            yield _indent(Line(f"{_say('explanation', language)}: {brief(entry.explanation, language)}", "magenta"))


def _weight(entry: Entry) -> str:
    if entry.state is State.EXPLAINED:
        return "bold magenta"
    return "bold red" if entry.rule.level is Level.MUST else "bold yellow"


def _fault(cause: Cause, language: Language) -> Table:
    bullet = Table.grid(padding=(0, 1, 0, 0))
    bullet.add_row("        -", Line(plain(cause.message.in_(language)) + _times(cause, language)))
    for item in cause.items[:MOST]:
        reference = say("report.exchange", id=plain(item.exchange.id)).in_(language) if item.exchange else ""
        where = "  ".join(filter(None, (plain(item.place), _operations(item, language), reference)))
        if where:
            bullet.add_row("", Line(where, "cyan"))
    if len(cause.items) > MOST:
        bullet.add_row("", Line(counted("and-more-places", len(cause.items) - MOST, language), "cyan"))
    return bullet


def _times(cause: Cause, language: Language) -> str:
    if cause.occurrences == 1:
        return ""
    return f" ({say('report.times', count=number(cause.occurrences, language)).in_(language)})"


def _operations(item: Item, language: Language) -> str:
    location = item.finding.location
    named = (item.finding.operation, *(location.used_by if location else ()))
    names = [name for name in dict.fromkeys(named) if name]
    shown = ", ".join(plain(name) for name in names[:MOST])
    return f"{shown} {counted('and-more', len(names) - MOST, language)}" if len(names) > MOST else shown


def _open(outline: Outline, language: Language) -> Iterator[RenderableType]:
    if not outline.open:
        return
    yield Line()
    yield _heading(_say("open", language), "bold", f" ({number(len(outline.open), language)})")
    for entry in outline.open:
        if entry.asked:
            yield _rule_line(entry.rule.level, _say("state-open", language), plain(entry.rule.id))
            yield _indent(Line(plain(entry.verdict.reason.in_(language)), "dim"))
    for level in outline.levels:
        unasked = [plain(entry.rule.id) for entry in outline.open if entry.rule.level is level and not entry.asked]
        if unasked:
            yield _rule_line(level, _say("state-open", language), "")
            yield _indent(Line(", ".join(unasked)))


def _rule_line(level: Level, word: str, rule: str) -> Line:
    return Line.assemble(f"{level:<6}  ", (word, "yellow"), f"  {rule}" if rule else "")


def _robustness(outline: Outline, language: Language) -> Iterator[RenderableType]:
    observations = outline.report.robustness
    if not observations:
        return
    yield Line()
    yield _heading(_say("robustness", language), "bold", f" ({number(len(observations), language)})")
    for seen in observations[:MOST]:
        yield Line(f"- {plain(seen.message.in_(language))}  {plain(seen.operation or '')}".rstrip())
    if len(observations) > MOST:
        yield Line(_shown_of(MOST, len(observations), language), "dim")


def _counts(told: Gist, language: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column()
    for row in told.rows:
        table.add_column(Line(row.label), justify="right")
    for index, (_, label) in enumerate(told.columns):
        table.add_row(Line(label), *(Line(row.counts[index]) for row in told.rows))
    table.add_row(Line(_say("total", language)), *(Line(row.total) for row in told.rows))
    return table


def _indent(line: Line) -> Padding:
    return Padding(line, (0, 0, 0, 8))


def _shown_of(shown: int, everything: int, language: Language) -> str:
    return say("report.shown-of", shown=shown, all=number(everything, language)).in_(language)


def _lint(report: Report, language: Language) -> Iterator[RenderableType]:
    """Yield what the document alone shows, rule by rule and cause by cause, and what that comes to. A hint never counts."""
    outline = Outline(report)
    totals, lived_with = {"MUST": 0, "SHOULD": 0, "MAY": 0, HINT: 0}, 0
    for entry in outline.entries:
        found = ((str(entry.rule.level), entry.faults), (HINT, entry.advice))
        in_document = [
            (weight, cause)
            for weight, items in found
            for cause in causes(item for item in items if item.evidence.source is Source.LINT)
        ]
        for weight, cause in in_document:
            totals[weight] += len(cause.items)
            place, *others = (plain(item.place or report.subject.document) for item in cause.items[:MOST])
            yield Line.assemble(
                (place, "cyan"),
                ("  " + weight, {"MUST": "bold red", HINT: "dim"}.get(weight, "bold yellow")),
                f"  {plain(entry.rule.id)}  {plain(cause.message.in_(language))}{_times(cause, language)}",
            )
            more = [counted("and-more-places", len(cause.items) - MOST, language)] if len(cause.items) > MOST else []
            if tolerated := cause.items[0].finding.tolerated:
                lived_with += len(cause.items)
                yield Line(f"    {_tolerated(tolerated, language)}", "magenta")
            if others:
                yield Line(f"    {_say('also-at', language)}: {', '.join(others + more)}", "cyan")
        if in_document:
            yield Line(f"    {_say('remedy', language)}: {plain(entry.rule.remedy.in_(language))}", "dim")
            yield Line()
    for evidence in report.evidence:
        if evidence.source is Source.LINT and evidence.outcome is Outcome.UNKNOWN:
            reason = plain(evidence.reason.in_(language)) if evidence.reason else ""
            yield Line(f"{_say('state-open', language)}: lint:{plain(evidence.check)}  {reason}", "yellow")
    yield from (Line(text, style) for text, style in advice(report, language))
    told = ", ".join(
        f"{number(count, language)} {weight}" for weight, count in totals.items() if count or weight in {"MUST", "SHOULD"}
    )
    for note in report.notes:
        yield Line(f"{_say('notice', language)}: {plain(note.in_(language))}", "yellow")
    told += f" ({counted('tolerated-count', lived_with, language)})" if lived_with else ""
    yield Line(f"{plain(report.subject.document)}  {plain(report.standard.name)}  {told}", "bold")
    seen = sum(any(ground.source is Source.LINT for ground in _deciding(entry)) for entry in outline.entries)
    yield Line(counted("lint-seen", seen, language, total=number(len(outline.entries), language)), "dim")


def _tolerated(tolerance: Tolerance, language: Language) -> str:
    if tolerance.until is None:
        return say("report.tolerated", reason=plain(tolerance.reason)).in_(language)
    return say("report.tolerated-until", reason=plain(tolerance.reason), until=tolerance.until).in_(language)


def _deciding(entry: Entry) -> Iterator[Ground]:
    return (ground for ground in entry.verdict.grounds if ground.role is not Role.INFORMED_BY)


def _say(key: str, language: Language) -> str:
    return say(f"report.{key}").in_(language)
