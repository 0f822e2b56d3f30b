"""How do two documents differ in what is found in them, and what would another edition ask of one?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from apicheck.model import CheckRef, Finding, Language, Level, Report, Role, Rule, Status, Verdict
from apicheck.words import say, visible

Found = Mapping[tuple[Role, str, CheckRef, str], tuple[Rule, Finding]]
"""Findings with the rule that they bear on, by role, rule, check and id."""

_COLOURS = {Status.FAIL: "bold red", Status.OPEN: "yellow", Status.PASS: "green"}


def show_editions(reports: Sequence[Report], language: Language) -> None:
    """Print the verdicts on one document by several editions of a standard, and what the last asks that the first does not."""
    console = _console()
    by_edition = [{verdict.rule: verdict for verdict in report.verdicts} for report in reports]
    table = Table(box=None, pad_edge=False)
    table.add_column(say("report.rule").in_(language), no_wrap=True)
    for report in reports:
        table.add_column(report.standard.name, no_wrap=True)
    rules = sorted({rule for verdicts in by_edition for rule in verdicts})
    told = [rule for rule in rules if any(rule in verdicts and verdicts[rule].status is not Status.OPEN for verdicts in by_edition)]
    for rule in told:
        table.add_row(rule, *(_cell(verdicts.get(rule), language) for verdicts in by_edition))
    console.print(table)
    console.print(say("cli.editions-silent", count=len(rules) - len(told)).in_(language))
    first, last = reports[0], reports[-1]
    _list("editions-more", _only(_found(last), _found(first)), language, first=first.standard.name, last=last.standard.name)


def show_difference(old: Report, new: Report, language: Language) -> bool:
    """Print what is found in a new document and not in the old one, and the reverse; say whether a MUST rule has something new."""
    before, now = _found(old), _found(new)
    added, gone = _only(now, before), _only(before, now)
    _list("difference-new", added, language)
    _list("difference-gone", gone, language)
    same = say("cli.difference-same", count=len(now) - len(added), old=old.subject.document, new=new.subject.document)
    _console().print(same.in_(language))
    return any(role is not Role.INFORMED_BY and rule.level is Level.MUST for (role, *_), (rule, _) in added.items())


def _cell(verdict: Verdict | None, language: Language) -> str:
    if verdict is None:
        return "-"
    word = say(f"report.state-{verdict.status}").in_(language)
    colour = _COLOURS.get(verdict.status)
    return f"[{colour}]{word}[/]" if colour else word


def _found(report: Report) -> Found:
    evidence = {CheckRef(source=one.source, check=one.check): one for one in report.evidence}
    return {
        (role, rule.id, ref, finding.id): (rule, finding)
        for rule in report.standard.rules
        for role, ref in rule.bindings
        if ref in evidence
        for finding in evidence[ref].findings
    }


def _only(found: Found, other: Found) -> Found:
    return {key: value for key, value in found.items() if key not in other}


def _list(heading: str, found: Found, language: Language, **values: object) -> None:
    console = _console()
    console.print(say(f"cli.{heading}", count=len(found), **values).in_(language), style="bold", markup=False)
    for line in _lines(found, language):
        console.print(line, markup=False, soft_wrap=True)


def _lines(found: Found, language: Language) -> Iterator[str]:
    for (role, *_), (rule, finding) in found.items():
        location = finding.location
        place = ":".join(str(part) for part in (location.file, location.line, location.column) if part) if location else "-"
        weight = "hint" if role is Role.INFORMED_BY else str(rule.level)
        yield visible(f"  {place}  {weight}  {rule.id}  {finding.message.in_(language)}", 2_000)


def _console() -> Console:
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = 160  # so that nothing is cut in a log
    return console
