"""How do the answers of all sources become one report?

The only place that knows the order of things: load, lint, weigh what was declared, go live, judge, weigh what was explained,
conclude.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from apicheck import __version__, again, attest, conform, exceptions, lint, openapi, profile, promises, tolerance
from apicheck.coverage import Census
from apicheck.model import (
    CheckRef,
    Conclusion,
    Evidence,
    HandledException,
    Level,
    Outcome,
    Report,
    RulesetOutcome,
    Run,
    Source,
    Standard,
    Status,
    Subject,
    Text,
    Verdict,
)
from apicheck.openapi import Document, View
from apicheck.plan import FailOn, Plan, checks
from apicheck.verdict import answered, conclude, judge

if TYPE_CHECKING:
    from apicheck.gathered import Gathered
    from apicheck.live import Show
    from apicheck.scope import Agreed


_LIVE = frozenset({Source.PROBE, Source.FUZZ})
"""Sources that speak of the running API."""


def carry_out(plan: Plan, show: Show = lambda source, done, total: None) -> Report:
    """Put an API to the test as planned and report on it.

    Trouble on the way, or a person who interrupts, ends the live part; the report then says so and what was not asked stays open.

    Raises:
        ApicheckError: the document, the standard, the consent, the declarations or the exceptions cannot be used.
    """
    started = _now()
    standard = profile.asked(plan.standard, plan.profile)
    dossier = exceptions.read(plan.exceptions, plan.decisions) if plan.exceptions else None
    document = openapi.load(plan.spec, plan.stdin_name)
    benchmark = conform.find(plan.conforms_to, plan.prefix) if plan.conforms_to else None
    api = View(document)
    agreed = _agree(plan, api)
    names = [operation.name for operation in api.operations]
    census = Census(names, agreed.secured, agreed.keyring.recognises) if agreed else Census(names)
    evidence, lived_with = _without_going_live(plan, api, standard, benchmark, show)
    live = _go_live(plan, document, standard, agreed, benchmark, census, show)
    evidence += live.evidence if live else ()
    if live and live.resumed:
        started = live.earlier.parts[0].at

    verdicts = tuple(judge(rule, evidence) for rule in standard.rules)
    day = date.fromisoformat(started[:10])
    handled = _handled(dossier, standard, document, verdicts, day)
    explained = exceptions.accepted(handled, standard.name, document.digest, day)
    subject = _subject(document, plan.base_url)
    coverage = census.coverage(verdicts, live.reasons if live else {})
    report = Report(
        tool=f"apicheck {__version__}",
        subject=subject,
        reference=benchmark.identity if benchmark else None,
        standard=standard,
        run=_run(plan, started, agreed, live),
        conclusion=conclude(verdicts, explained, answered=answered(subject, coverage)),
        verdicts=verdicts,
        evidence=tuple(evidence),
        coverage=coverage,
        robustness=live.observations if live else (),
        notes=(
            *(conform.notes(benchmark, evidence) if benchmark else ()),
            *lived_with,
            *(live.notes if live else ()),
            *(exceptions.strays(dossier) if dossier else ()),
            *_promises(plan, [item for item in handled if item.rule in explained], verdicts, day),
        ),
        exchanges=live.recorded if live else (),
        exceptions=handled,
        rulesets=_consulted(plan, document),
    )
    if plan.again is None:
        return report
    return report.model_copy(update={"again": again.compare(plan.again.report, plan.again.digest, report)})


def _consulted(plan: Plan, document: Document) -> tuple[RulesetOutcome, ...]:
    if not plan.rulesets:
        return ()
    from apicheck.rulesets import consult  # noqa: PLC0415  # nobody else waits for what reads rulesets

    return consult(document.source, plan.rulesets)


def _without_going_live(
    plan: Plan, api: View, standard: Standard, benchmark: conform.Benchmark | None, show: Show
) -> tuple[list[Evidence], tuple[Text, ...]]:
    """Return what the document shows and what was declared, with notes on what the maker of the document lives with.

    A test of the running API takes no heed of what the maker lives with.
    """
    evidence: list[Evidence] = []
    notes: tuple[Text, ...] = ()
    if Source.LINT in plan.sources:
        names = [*checks(standard, Source.LINT), *([conform.LINT_CHECK] if benchmark else [])]
        evidence += lint.run(api, dict.fromkeys(names), benchmark)
        show(Source.LINT, 1, 1)
    if plan.sources == (Source.LINT,):
        baseline = (plan.baseline.name, tolerance.read(plan.baseline)) if plan.baseline else None
        tolerances = tolerance.Tolerances(api.document, standard, baseline)
        evidence, notes = list(tolerances.mark(evidence)), tuple(tolerances.notes)
    if plan.declarations:
        evidence += attest.weigh(attest.read(plan.declarations), standard, api.document.digest)
    return evidence, notes


def _handled(
    dossier: exceptions.Dossier | None, standard: Standard, document: Document, verdicts: tuple[Verdict, ...], day: date
) -> tuple[HandledException, ...]:
    """Return what comes of the explanations, which a standard may not allow."""
    handled = exceptions.weigh(dossier, standard.name, document.digest, verdicts, day) if dossier else ()
    return handled if standard.explainable else tuple(map(exceptions.turned_down, handled))


def _promises(plan: Plan, explained: Iterable[HandledException], verdicts: tuple[Verdict, ...], day: date) -> Iterator[Text]:
    """Yield what was promised in this report, and what came of the promises in the report that is tested again."""
    yield from promises.made(explained, verdicts)
    if plan.again:
        yield from promises.looked_after(plan.again.report, verdicts, day)


def rehearse(plan: Plan) -> Agreed:
    """Return what would be agreed about a live run; sends nothing to the API.

    Raises:
        ApicheckError: the document cannot be read, or the run may not be.
    """
    agreed = _agree(plan, View(openapi.load(plan.spec, plan.stdin_name)))
    if agreed is None:
        raise ValueError("a plan without a base URL sends nothing")
    return agreed


def exit_code(report: Report, fail_on: FailOn = FailOn.MUST) -> int:
    """Return the documented exit code of a command that made this report.

    0 conforms; 1 a MUST rule fails, or what ``fail_on`` adds; 3 nothing fails, but something that was asked is open; 4 what was
    asked could not be done. A command that asked one source only does not speak for the rules that it did not look at, and what
    a document leaves open is for the running API to tell. Of a document alone, what its maker tolerates counts for nothing.
    """
    ours = any(evidence.crashed for evidence in report.evidence) or report.run.trespasses
    if ours or (report.subject.url and not (report.coverage.answered and _told(report))):
        return 4
    only_document = set(report.run.sources) == {Source.LINT}
    fails = report.conclusion is Conclusion.FAILS and not (only_document and tolerance.bearable(report))
    if fails or (fail_on is FailOn.SHOULD and _recommended_fails(report)):
        return 1
    if not _asked_and_open(report):
        return 0
    if fail_on is FailOn.OPEN:
        return 1
    return 0 if only_document else 3


def _told(report: Report) -> bool:
    """Say whether anything was established about the running API: when the base URL is wrong, one answer is none of its own."""
    return any(evidence.outcome is not Outcome.UNKNOWN for evidence in report.evidence if evidence.source in _LIVE)


def _recommended_fails(report: Report) -> bool:
    explained = exceptions.accepted_in(report)
    failed = (verdict for verdict in report.verdicts if verdict.status is Status.FAIL and verdict.level is Level.SHOULD)
    return any(verdict.rule not in explained for verdict in failed)


def _asked_and_open(report: Report) -> bool:
    """Say whether a MUST rule is open or, where not every source was asked, a check that a rule requires could not tell."""
    if set(report.run.sources) == set(Source):
        return report.conclusion is Conclusion.INCOMPLETE
    required = {ref for rule in report.standard.rules if rule.set_aside is None for ref in rule.requires}
    unknown = {
        CheckRef(source=evidence.source, check=evidence.check)
        for evidence in report.evidence
        if evidence.outcome is Outcome.UNKNOWN
    }
    return bool(unknown & required)


def _agree(plan: Plan, api: View) -> Agreed | None:
    if plan.base_url is None:
        return None
    from apicheck.scope import agree  # noqa: PLC0415  # a document alone does not wait for what tells who we are

    return agree(plan, api)


def _go_live(
    plan: Plan,
    document: Document,
    standard: Standard,
    agreed: Agreed | None,
    benchmark: conform.Benchmark | None,
    census: Census,
    show: Show,
) -> Gathered | None:
    if agreed is None:
        return None
    from apicheck.live import put_to_the_test  # noqa: PLC0415  # a document alone does not wait for what the network needs

    return put_to_the_test(plan, document, standard, agreed, benchmark, census, show)


def _subject(document: Document, url: str | None) -> Subject:
    info = document.root.get("info")
    title, version = (str(info.get(key, "")) for key in ("title", "version")) if isinstance(info, dict) else ("", "")
    name = document.name if "://" in document.name else PurePath(document.name).name  # folders of a machine are no one's business
    return Subject(title=title, version=version, document=name, digest=document.digest, url=url)


def _run(plan: Plan, started: str, agreed: Agreed | None, live: Gathered | None) -> Run:
    done = Run(started=started, finished=_now(), sources=plan.sources, command=plan.command, by=plan.by)
    if agreed is None or live is None:
        return done
    limits = {"seed": plan.seed, "mode": plan.mode, "max_requests": plan.max_requests, "max_time": plan.max_time, "rate": plan.rate}
    came_of_it = {"stopped": live.stopped, "left_over": live.left_over, "trespasses": live.trespasses, "resumed": live.resumed}
    return done.model_copy(update={**limits, **came_of_it, "consent": agreed.consent, "scope": agreed.scope})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
