"""How is a report told in the vocabulary in which the W3C exchanges test results?

As EARL 1.0 (www.w3.org/TR/EARL10-Schema) in JSON-LD: one assertion for each rule and each source that its verdict rests on, made
by a machine (``earl:automatic``) or by a person who declared it (``earl:manual``). Lost: places in the document, exchanges,
coverage, and that the buyer accepted an explanation; the report's own node says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apicheck.model import Outcome, Report, Role, Rule, Source
from apicheck.report._outline import Entry, Outline, State
from apicheck.report._text import Language, number, plain, utc, web_link
from apicheck.report.json_ import written
from apicheck.words import say

FILE = "report.earl.jsonld"
MOST = 50
"""Findings of one rule that are told."""
CONTEXT = {
    "earl": "http://www.w3.org/ns/earl#",
    "dct": "http://purl.org/dc/terms/",
    "doap": "http://usefulinc.com/ns/doap#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
OUTCOMES = {
    State.PASS: "earl:passed",
    State.DECLARED: "earl:passed",
    State.FAIL: "earl:failed",
    State.EXPLAINED: "earl:failed",
    State.OPEN: "earl:untested",
    State.NOT_APPLICABLE: "earl:inapplicable",
}

Node = dict[str, Any]


def render(report: Report, language: Language) -> bytes:
    """Return the graph: the report, who tested, what was tested, the rules, and an assertion for each rule and basis."""
    outline = Outline(report)
    return written({"@context": CONTEXT, "@graph": list(_graph(outline, language))})


def _graph(outline: Outline, language: Language) -> Iterator[Node]:
    report, subject = outline.report, outline.report.subject
    name, _, version = report.tool.partition(" ")
    yield {
        "@id": "_:report",
        "dct:title": _said(say(f"report.conclusion-{report.conclusion}").in_(language), language),
        "dct:description": _said(say("report.loses-earl").in_(language), language),
    }
    yield {"@id": "_:tool", "@type": ["earl:Assertor", "earl:Software"], "doap:name": plain(name), "doap:revision": plain(version)}
    yield {
        "@id": "_:subject",
        "@type": "earl:TestSubject",
        "dct:title": plain(subject.title),
        "dct:hasVersion": plain(subject.version),
        "dct:identifier": f"sha256:{plain(subject.digest)}",
        **_link("dct:source", subject.url or ""),
    }
    for index, entry in enumerate(outline.entries):
        yield _criterion(index, entry.rule, report, language)
        for source in _sources(entry):
            yield _assertion(index, entry, source, outline, language)


def _criterion(index: int, rule: Rule, report: Report, language: Language) -> Node:
    return {
        "@id": f"_:rule-{index}",
        "@type": "earl:TestRequirement",
        "dct:title": _said(rule.title.in_(language), language),
        "dct:identifier": plain(rule.id),
        "dct:type": rule.level,
        "dct:isPartOf": plain(report.standard.name),
        **_link("dct:source", rule.source),
    }


def _sources(entry: Entry) -> list[Source]:
    """Return what an assertion is made for: what the verdict rests on, else what was asked in vain, else what there is to ask."""
    deciding = (ground for ground in entry.verdict.grounds if ground.role is not Role.INFORMED_BY)
    in_vain = {ground.source for ground in deciding if ground.outcome is Outcome.UNKNOWN}
    to_ask = {ref.source for ref in entry.rule.requires} or {Source.ATTEST}
    chosen = set(entry.verdict.basis) or in_vain or to_ask
    return [source for source in Source if source in chosen]


def _assertion(index: int, entry: Entry, source: Source, outline: Outline, language: Language) -> Node:
    result: Node = {
        "@type": "earl:TestResult",
        "earl:outcome": {"@id": "earl:cantTell" if entry.asked else OUTCOMES[entry.state]},
        "dct:description": _said(entry.verdict.reason.in_(language), language),
    }
    if finished := utc(outline.report.run.finished):
        result["dct:date"] = {"@value": finished, "@type": "xsd:dateTime"}
    items = [item for item in (*entry.faults, *entry.declared) if item.evidence.source is source]
    info = [item.finding.message.in_(language) for item in items[:MOST]]
    if len(items) > MOST:
        info.append(say("report.shown-of", shown=MOST, all=number(len(items), language)).in_(language))
    if info:
        result["earl:info"] = [_said(one, language) for one in info]
    return {
        "@id": f"_:assertion-{index}-{source}",
        "@type": "earl:Assertion",
        "earl:assertedBy": {"@id": "_:tool"},
        "earl:subject": {"@id": "_:subject"},
        "earl:test": {"@id": f"_:rule-{index}"},
        "earl:mode": {"@id": "earl:manual" if source is Source.ATTEST else "earl:automatic"},
        "earl:result": result,
    }


def _said(text: str, language: Language) -> Node:
    return {"@value": plain(text), "@language": language}


def _link(name: str, url: str) -> Node:
    return {name: {"@id": url}} if web_link(url) else {}
