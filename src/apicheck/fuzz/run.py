"""What happens when an API is given all that its document allows, and some that it does not?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from schemathesis.engine import StopReason, events, from_schema
from schemathesis.engine.run import TESTING_PHASES
from schemathesis.specs.openapi.schemas import OpenApiSchema

from apicheck.answers import Fault
from apicheck.fuzz.adapter import again, connected, isolated, load
from apicheck.fuzz.allowance import Allowance
from apicheck.fuzz.before import NOTHING, Before, Turn
from apicheck.fuzz.failures import Ledger
from apicheck.fuzz.known import Values, drawn_from, grounds
from apicheck.fuzz.own import OwnObjects
from apicheck.fuzz.reach import Reach, first_line
from apicheck.fuzz.repetition import observation, repeat
from apicheck.fuzz.schema import for_engine
from apicheck.fuzz.second_opinion import SecondOpinion
from apicheck.fuzz.terms import Terms
from apicheck.fuzz.turns import Turns
from apicheck.fuzz.wire import Wire
from apicheck.model import Evidence, Exchange, Location, Observation, Text, Unreached
from apicheck.openapi import Document, View
from apicheck.words import say

Progress = Callable[[int, int], None]
"""Told how many turns are done, of how many in all: an operation has one in each phase, but for the last."""

_BY_WEIGHT: Final = (
    "authorisation-enforced",  # security
    "no-server-error",  # robustness
    "request-answered",
    "answers-in-time",
    "invalid-data-rejected",
    "valid-data-accepted",
    "response-matches-schema",  # what is not as documented
    "media-type-documented",
    "status-documented",
    "headers-documented",
    "unsupported-method",
)
"""What is told first: a report shows the beginning of a long list."""


@dataclass(frozen=True, slots=True)
class FuzzResult:
    """What a run has brought.

    ``exchanges`` are those that the evidence refers to. ``unreached`` says of every operation that never answered 2xx why not.
    ``stopped`` is why the run ended before its plan was done.
    """

    observations: tuple[Observation, ...]
    evidence: tuple[Evidence, ...]
    exchanges: tuple[Exchange, ...]
    unreached: tuple[Unreached, ...]
    stopped: Text | None


def run(
    document: Document,
    terms: Terms,
    see: Callable[[Exchange], None],
    *,
    progress: Progress = lambda done, of: None,
    values: Values | None = None,
    before: Before = NOTHING,
    over: Callable[[Turn], None] = lambda turn: None,
) -> FuzzResult:
    """Fuzz an API: the examples of its document, the edges of its schemas, random data, and calls that build on each other.

    Whatever goes wrong, with the API, its document, the engine or what is called here, ends the run and not what was gathered;
    an interruption of the user is a reason to stop like any other.

    Args:
        document: what the API says that it does.
        terms: what was agreed.
        see: is shown every exchange when it is over, in the thread of the engine that sent it.
        progress: is told how far the run is, in the thread of the caller.
        values: what operations are known to take.
        before: what an earlier part of the same run has brought.
        over: is told what each turn brought, in the thread of the caller.
    """
    view = View(document)
    reach = Reach(view.operations, terms.allowed)
    places = {operation.name: operation.place for operation in view.operations}
    ledger = Ledger(document.place().file, places, patience=terms.request_timeout)
    ledger.resume(before)
    for exchange in before.exchanges:
        reach.see(exchange)
    if not reach.tested:
        return _result(document, ledger, reach, None, None)
    if not terms.budget.time_left or terms.budget.requests_left < 1:
        return _result(document, ledger, reach, say("errors.budget-spent"), None)
    wire: Wire | None = None
    stopped: Text | None = None

    def watch(exchange: Exchange) -> None:
        reach.see(exchange)
        ledger.see(exchange)
        see(exchange)

    with isolated():
        try:
            given = grounds(document, view.operations, values or {})
            schema = load(for_engine(document, view.operations, given, terms.base_url), terms, drawn_from(given))
            stateful = schema.apply_stateful_inference(None).total > 0
            own = OwnObjects(document, view.operations, terms.allowed, terms.base_url, reach.lack)
            allowance = Allowance(terms.budget, len(reach.tested), stateful=stateful)
            wire = Wire(terms, allowance, watch, _closer(schema), before, own)
            turns = Turns(
                ledger, wire, lambda cause: observation(cause.check, ledger.finding(cause, lambda _: None), cause.repetition), over
            )
            with connected(wire):
                _play(schema, wire, ledger, reach, turns, progress)
        except Exception as error:  # noqa: BLE001  # what of a document the engine cannot bear, is no fault of the API
            stopped = say("fuzz.stopped-engine", error=f"{type(error).__name__}: {first_line(error)}")
        if wire:
            stopped = wire.why_cut_short or stopped  # not that repeating took the rest
            ledger.forget_failures_after(wire.broken_since)
            _repeat(wire, ledger, SecondOpinion(document, view, terms))
    if wire is None:
        return _result(document, ledger, reach, stopped, None)
    return _result(document, ledger, reach, stopped or wire.why_cut_short, wire.crash)


def _closer(schema: OpenApiSchema) -> Callable[[str], None]:
    """Return what makes the engine begin no more operations in a phase: it looks this up before each."""

    def close_phase(phase: str) -> None:
        schema.config.phases.get_by_name(name=phase).enabled = False

    return close_phase


def _play(schema: OpenApiSchema, wire: Wire, ledger: Ledger, reach: Reach, turns: Turns, progress: Progress) -> None:
    """Let the engine do its work, and listen to what it tells."""
    stream = from_schema(schema).execute()
    total = (len(TESTING_PHASES) - 1) * len(reach.tested) + 1
    left = iter(range(1, total))
    for event in stream:
        try:
            _listen(event, wire, ledger, reach)
            if isinstance(event, events.ScenarioFinished):
                turns.end(event)
                progress(next(left, total), total)
        except Exception as crash:  # noqa: BLE001  # a fault of ours, and not of the engine or the document
            wire.break_down(crash)
        if wire.stopped and isinstance(event, events.PhaseFinished):
            stream.stop()  # between phases: in one, it would lose what was found last
    progress(total, total)


def _listen(event: events.EngineEvent, wire: Wire, ledger: Ledger, reach: Reach) -> None:
    match event:
        case events.PhaseStarted() if event.phase.name in TESTING_PHASES:
            wire.begin_phase(event.phase.name.value)
        case events.ScenarioFinished():
            ledger.take(event.recorder, wire.exchanges)
        case events.NonFatalError():
            reach.hear(event)
        case events.Interrupted():
            wire.stop(say("fuzz.interrupted"))
        case events.EngineFinished() if event.stop_reason is StopReason.SERVER_UNAVAILABLE:
            wire.stop(say("fuzz.stopped-no-answer"))


def _repeat(wire: Wire, ledger: Ledger, opinion: SecondOpinion) -> None:
    """See of every cause whether it shows again."""
    try:
        for cause in ledger.causes:
            cause.repetition = repeat(
                cause.first, partial(opinion.agrees, cause.claim, cause.fault.operation or ""), again=partial(again, wire)
            )
    except KeyboardInterrupt:
        wire.stop(say("fuzz.interrupted"))
    except Exception as crash:  # noqa: BLE001  # what was gathered counts, and what was not repeated is not confirmed
        wire.break_down(crash)


def _result(document: Document, ledger: Ledger, reach: Reach, stopped: Text | None, crash: Exception | None) -> FuzzResult:
    def locate(fault: Fault) -> Location | None:
        return document.locate(fault.at, fault.used_by) if fault.at else None

    weightiest = sorted(ledger.causes, key=lambda cause: (not cause.repetition.confirmed, _BY_WEIGHT.index(cause.check)))
    return FuzzResult(
        observations=(
            *(observation(cause.check, ledger.finding(cause, locate), cause.repetition) for cause in weightiest),
            *ledger.not_seen_again,
        ),
        evidence=tuple(tally.evidence(locate) for tally in ledger.close(stopped, crash)),
        exchanges=tuple({cause.first.id: cause.first for cause in ledger.causes}.values()),
        unreached=reach.unreached(stopped),
        stopped=stopped,
    )
