"""How do code hosts and editors show a report beside the lines of the document?

SARIF 2.1.0 (OASIS). A finding of a deciding check is an error (MUST) or a warning (SHOULD), one of an informing check a note. What
could not be established is a notification of the tool: a host that shows results as alerts would take it for a fault.
Lost: what is met, coverage and exchanges; the properties of the run say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from apicheck.model import HandledException, Handling, Level, Location, Report, Rule
from apicheck.report._outline import Entry, Item, Outline, State
from apicheck.report._text import Language, plain, utc, web_link
from apicheck.report.json_ import written
from apicheck.words import say

FILE = "report.sarif"
LEVELS = {Level.MUST: "error", Level.SHOULD: "warning", Level.MAY: "note"}


def render(report: Report, language: Language) -> bytes:
    """Return the report as a SARIF log with one run."""
    outline = Outline(report)
    name, _, version = report.tool.partition(" ")
    driver = {
        "name": plain(name),
        "semanticVersion": plain(version),
        "rules": [_rule(entry.rule, language) for entry in outline.entries],
    }
    lost = say("report.loses-sarif").in_(language)
    times = {"startTimeUtc": utc(report.run.started), "endTimeUtc": utc(report.run.finished)}
    run = {
        "tool": {"driver": driver},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"apicheck/{plain(report.standard.name)}/"},
        "artifacts": [{"location": {"uri": _uri(report.subject.document)}, "hashes": {"sha-256": report.subject.digest}}],
        "invocations": [
            {
                "executionSuccessful": report.run.stopped is None,
                "commandLine": plain(report.run.command),
                **{name: instant for name, instant in times.items() if instant},
                "toolExecutionNotifications": [_notification(entry, language) for entry in outline.open],
            }
        ],
        "results": [result for index, entry in enumerate(outline.entries) for result in _results(index, entry, report, language)],
        "properties": {"conclusion": report.conclusion, "standard": plain(report.standard.name), "lost": lost},
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return written(log)


def _rule(rule: Rule, language: Language) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": plain(rule.id),
        "shortDescription": {"text": plain(rule.title.in_(language))},
        "fullDescription": {"text": plain(rule.meaning.in_(language))},
        "help": {"text": plain(rule.remedy.in_(language))},
        "defaultConfiguration": {"level": LEVELS[rule.level]},
        "properties": {"level": rule.level, "kind": rule.kind},
    }
    if link := web_link(rule.source):
        described["helpUri"] = link
    return described


def _results(index: int, entry: Entry, report: Report, language: Language) -> Iterator[dict[str, Any]]:
    weighed = [(item, LEVELS[entry.rule.level]) for item in entry.faults] + [(item, "note") for item in entry.advice]
    for item, level in weighed:
        yield {
            "ruleId": plain(entry.rule.id),
            "ruleIndex": index,
            "level": level,
            "message": {"text": plain(item.finding.message.in_(language))},
            "locations": [_location(item, report)],
            "occurrenceCount": max(1, item.finding.occurrences),
            "partialFingerprints": {"apicheck/v1": plain(item.finding.id)},
            "properties": {"check": plain(item.check)},
            **({"suppressions": suppressions} if (suppressions := list(_suppressions(entry, item))) else {}),
        }


def _suppressions(entry: Entry, item: Item) -> Iterator[dict[str, Any]]:
    if entry.explanation:
        yield _suppression(entry, entry.explanation)
    if tolerated := item.finding.tolerated:
        kind = "external" if tolerated.until else "inSource"
        yield {"kind": kind, "status": "accepted", "justification": plain(tolerated.reason)}


def _suppression(entry: Entry, said: HandledException) -> dict[str, Any]:
    """Return what was said about a rule; only an acceptance by the buyer that counts hides a result."""
    waiting = said.handling in {Handling.PROPOSED, Handling.DISPUTED}
    status = "accepted" if entry.state is State.EXPLAINED else "underReview" if waiting else "rejected"
    return {"kind": "external", "status": status, "justification": plain(said.text)}


def _location(item: Item, report: Report) -> dict[str, Any]:
    """Return where a finding stands; one that was seen live stands at the document as a whole, for a host wants a file."""
    place = item.finding.location or Location(file=report.subject.document, pointer="")
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line:
        physical["region"] = {"startLine": max(1, place.line), "startColumn": max(1, place.column or 1)}
    names = [item.finding.operation] if item.finding.operation else [place.pointer, *place.used_by]
    logical = [{"fullyQualifiedName": name} for name in dict.fromkeys(map(plain, filter(None, names)))]
    return {"physicalLocation": physical, **({"logicalLocations": logical} if logical else {})}


def _notification(entry: Entry, language: Language) -> dict[str, Any]:
    return {
        "level": "note",
        "message": {"text": plain(entry.verdict.reason.in_(language))},
        "associatedRule": {"id": plain(entry.rule.id)},
    }


def _uri(file: str) -> str:
    """Return a file name or address as a URI reference (RFC 3986)."""
    return web_link(file) or quote(plain(file))
