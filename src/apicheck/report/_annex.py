"""What does somebody need who wants to do a test again, or to know what a word in a report means?"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.model import Report, Standard
from apicheck.report._text import Language, number, plain
from apicheck.words import say

GLOSSARY = ("must", "should", "declared", "open", "not-applicable", "lint", "probe", "fuzz", "attest", "fingerprint")


def reproduction(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield everything that a run depends on, each with its label."""
    run, standard = report.run, report.standard

    def fact(name: str, value: object) -> tuple[str, str]:
        return say(f"report.run-{name}").in_(language), plain(value)

    yield fact("tool", report.tool)
    for note in report.notes:
        yield say("report.notice").in_(language), plain(note.in_(language))
    yield fact("command", run.command)
    yield fact("document", f"{report.subject.document} sha256:{report.subject.digest}")
    if report.subject.url:
        yield fact("url", report.subject.url)
    yield fact("standard", f"{standard.name} sha256:{standard.digest}")
    yield fact("standard-source", standard.source)
    yield fact("standard-status", standard.status.in_(language))
    yield from _profile(standard, language)
    yield fact("sources", ", ".join(run.sources))
    yield fact("started", run.started)
    yield fact("finished", run.finished)
    if run.mode:
        yield fact("mode", run.mode)
    if run.consent:
        consent = run.consent
        days = say("report.days", first=consent.from_, last=consent.until).in_(language)
        yield fact("consent", f"{consent.by}, {consent.on_behalf_of}: {consent.base_url}, {days}")
    if run.seed is not None:
        yield fact("seed", run.seed)
    if run.max_requests is not None:
        yield fact("max-requests", number(run.max_requests, language))
    if run.max_time is not None:
        yield fact("max-time", f"{run.max_time:g} s")
    if run.rate is not None:
        yield fact("rate", f"{run.rate:g} / s")


def _profile(standard: Standard, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what a profile consists of, what it sets aside and why, and what its texts say that no tool can establish."""
    for part in standard.parts:
        yield say("report.run-part").in_(language), plain(f"{part.name} sha256:{part.digest}")
    for rule in standard.rules:
        if rule.set_aside:
            yield say("report.run-set-aside").in_(language), plain(f"{rule.id}: {rule.set_aside.in_(language)}")
    for text in standard.out_of_reach:
        yield say("report.run-out-of-reach").in_(language), plain(text.in_(language))


def glossary(language: Language) -> Iterator[tuple[str, str]]:
    """Yield the words that a report uses in a sense of its own, each with its meaning."""
    for word in GLOSSARY:
        yield say(f"report.word-{word}").in_(language), say(f"report.word-{word}-means").in_(language)
