"""What does somebody need who wants to do a test again, or to know what a word in a report means?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from apicheck.model import Coverage, Report, Run, Scope, Source, Standard
from apicheck.report._text import Language, counted, number, plain
from apicheck.words import say

GLOSSARY = ("must", "should", "declared", "open", "not-applicable", "lint", "probe", "fuzz", "attest", "fingerprint")

MOST_LEFT_OUT = 20
"""Operations that are named with the reason why they were left out; all stand in report.json."""


def reproduction(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield everything that a run depends on, each with its label."""
    run, standard = report.run, report.standard

    fact = partial(_fact, language)
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
    for pause in run.resumed:
        yield fact("resumed", f"{pause.stopped} / {pause.resumed} ({number(pause.requests, language)})")
    yield from _limits(run, language)


def _limits(run: Run, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what was agreed for a live run, and how far it might go."""
    fact = partial(_fact, language)
    if run.mode:
        yield fact("mode", run.mode)
    for line in _scope(run.scope, language) if run.scope else ():
        yield fact("scope", line)
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


def _fact(language: Language, name: str, value: object) -> tuple[str, str]:
    return say(f"report.run-{name}").in_(language), plain(value)


def reach(coverage: Coverage, language: Language) -> str:
    """Say how many operations were reached and answered, and how many of those that ask for credentials took ours."""

    def said(key: str, **counts: int) -> str:
        return say(f"report.{key}", **{name: number(count, language) for name, count in counts.items()}).in_(language)

    sentence = said("operations-seen", operations=coverage.operations, reached=coverage.reached, answered=coverage.answered)
    if not coverage.secured:
        return sentence
    return f"{sentence}. {said('operations-secured', secured=coverage.secured, answered=coverage.answered_with_auth)}"


def settled(report: Report, language: Language) -> list[tuple[str, int]]:
    """Count the rules that each source settled, and those that none did. A rule that several settled counts with each."""
    counts = [
        (say(f"verdict.source-{source}").in_(language), sum(source in verdict.basis for verdict in report.verdicts))
        for source in Source
    ]
    return [*counts, (say("report.settled-by-none").in_(language), sum(not verdict.basis for verdict in report.verdicts))]


def _scope(scope: Scope, language: Language) -> Iterator[str]:
    """Yield what was agreed before the first request was sent."""
    yield say("scope.card-host", host=scope.host, addresses=", ".join(scope.addresses) or "-").in_(language)
    yield ", ".join(scope.methods)
    yield say("scope.card-schemes", schemes=", ".join(scope.schemes) or "-").in_(language)
    yield say("scope.card-operations", asked=scope.operations, total=scope.operations + len(scope.left_out)).in_(language)
    for left in scope.left_out[:MOST_LEFT_OUT]:
        yield f"{left.operation}: {left.reason.in_(language)}"
    if len(scope.left_out) > MOST_LEFT_OUT:
        yield counted("and-more", len(scope.left_out) - MOST_LEFT_OUT, language)


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
