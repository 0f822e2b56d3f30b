"""How does a build server show a report among its tests?

One test for each rule, in one suite for each level. Only a MUST that is not met is a failure, as with the exit code; a rule that is
open because a check of ours broke down is an error; whatever else was not established, not followed, declared or not applicable is
skipped and says why: nothing passes that was not tested. Lost, and said so in each suite: hints, exchanges, coverage and the
conclusion.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from apicheck.model import Level, Report, Role, Status
from apicheck.report._explained import brief
from apicheck.report._outline import Entry, Outline, State
from apicheck.report._text import Language, plain
from apicheck.words import say

FILE = "report.junit.xml"
MOST = 50
"""Findings of one rule that are listed."""


def render(report: Report, language: Language) -> bytes:
    """Return the tests as JUnit XML, in UTF-8."""
    outline = Outline(report)
    suites = Element("testsuites", {"name": plain(report.tool), **_counts(outline, outline.entries)})
    for level in outline.levels:
        entries = [entry for entry in outline.entries if entry.rule.level is level]
        name = f"{report.standard.name} {level}"
        named = {"name": plain(name), "timestamp": plain(report.run.started)}
        suite = SubElement(suites, "testsuite", {**named, **_counts(outline, entries)})
        properties = SubElement(suite, "properties")
        SubElement(properties, "property", name="loses", value=say("report.loses-junit").in_(language))
        for entry in entries:
            _case(suite, entry, plain(name), language, crashed=_crashed(outline, entry))
    indent(suites)
    written: bytes = tostring(suites, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _counts(outline: Outline, entries: Sequence[Entry]) -> dict[str, str]:
    failures = sum(_fails(entry) for entry in entries)
    errors = sum(_crashed(outline, entry) for entry in entries)
    skipped = sum(entry.state is not State.PASS for entry in entries) - failures - errors
    return {"tests": str(len(entries)), "failures": str(failures), "errors": str(errors), "skipped": str(skipped)}


def _fails(entry: Entry) -> bool:
    return entry.state is State.FAIL and entry.rule.level is Level.MUST


def _crashed(outline: Outline, entry: Entry) -> bool:
    """Say whether a rule is open and a check that should have helped to settle it broke down."""
    deciding = (ground for ground in entry.verdict.grounds if ground.role is not Role.INFORMED_BY)
    weighed = (outline.evidence(ground.source, ground.check) for ground in deciding)
    return entry.verdict.status is Status.OPEN and any(evidence.crashed for evidence in weighed if evidence)


def _case(suite: Element, entry: Entry, suite_name: str, language: Language, *, crashed: bool) -> None:
    case = SubElement(suite, "testcase", classname=suite_name, name=plain(f"{entry.rule.id} {entry.rule.title.in_(language)}"))
    location = next((item.finding.location for item in entry.faults if item.finding.location), None)
    if location:
        case.set("file", plain(location.file))
        case.set("line", str(location.line or 1))
    state = say(f"report.state-{entry.state}").in_(language)
    if _fails(entry):
        message = (entry.faults[0].finding.message if entry.faults else entry.verdict.reason).in_(language)
        SubElement(case, "failure", message=plain(message), type=entry.rule.level).text = _story(entry, language)
    elif crashed:
        SubElement(case, "error", message=plain(entry.verdict.reason.in_(language)), type="crash")
    elif entry.verdict.status is Status.FAIL:
        SubElement(case, "skipped", message=f"{state} ({say('report.informs').in_(language)})").text = _story(entry, language)
    elif entry.state is not State.PASS:
        SubElement(case, "skipped", message=f"{state}: {plain(entry.verdict.reason.in_(language))}")


def _story(entry: Entry, language: Language) -> str:
    """Tell what was found, where, and how to mend it, a line each."""
    story = [f"{item.where or item.check}: {item.finding.message.in_(language)}" for item in entry.faults[:MOST]]
    if len(entry.faults) > MOST:
        story.append(say("report.shown-of", shown=MOST, all=len(entry.faults)).in_(language))
    story.append(f"{say('report.remedy').in_(language)}: {entry.rule.remedy.in_(language)}")
    if entry.explanation:
        story.append(f"{say('report.explanation').in_(language)}: {brief(entry.explanation, language)}")
    story.append(entry.rule.source)
    return "\n".join(map(plain, story))
