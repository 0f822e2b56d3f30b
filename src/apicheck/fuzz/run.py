"""What happens when an API is given all that its document allows, and some that it does not?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schemathesis.engine import StopReason, events, from_schema
from schemathesis.engine.run import TESTING_PHASES
from schemathesis.specs.openapi.schemas import OpenApiSchema

from apicheck.fuzz.adapter import connected, isolated, load
from apicheck.fuzz.allowance import Allowance
from apicheck.fuzz.failures import Ledger
from apicheck.fuzz.reach import Reach, first_line
from apicheck.fuzz.schema import Values, for_engine
from apicheck.fuzz.terms import Terms
from apicheck.fuzz.wire import Wire
from apicheck.model import Evidence, Exchange, Observation, Text, Unreached
from apicheck.openapi import Document, View
from apicheck.words import say

Progress = Callable[[int, int], None]
"""Told how many turns are done, of how many in all: an operation has one in each phase, but for the last."""


@dataclass(frozen=True, slots=True)
class FuzzResult:
    """What a run has brought.

    ``exchanges`` are those that the evidence refers to. ``reached`` are the operations that gave any answer, ``answered`` those
    that gave 2xx; ``unreached`` says of every other one why not. ``stopped`` is why the run ended before its plan was done.
    """

    observations: tuple[Observation, ...]
    evidence: tuple[Evidence, ...]
    exchanges: tuple[Exchange, ...]
    reached: tuple[str, ...]
    answered: tuple[str, ...]
    unreached: tuple[Unreached, ...]
    requests: int
    stopped: Text | None


def run(
    document: Document,
    terms: Terms,
    see: Callable[[Exchange], None],
    *,
    progress: Progress = lambda done, of: None,
    values: Values | None = None,
) -> FuzzResult:
    """Fuzz an API: the examples of its document, the edges of its schemas, random data, and calls that build on each other.

    Whatever is wrong with the API or its document is in the result; what ``see`` raises ends the run and is raised again. An
    interruption of the user is a reason to stop like any other.

    Args:
        document: what the API says that it does.
        terms: what was agreed.
        see: is shown every exchange when it is over, in the thread of the engine that sent it.
        progress: is told how far the run is, in the thread of the caller.
        values: path parameters that operations are known to answer to.
    """
    operations = View(document).operations
    reach = Reach(operations, terms.allowed)
    ledger = Ledger({operation.name: operation.place for operation in operations})
    if not reach.tested:
        return _result(document, ledger, reach, 0, None)

    def watch(exchange: Exchange) -> None:
        reach.see(exchange)
        see(exchange)

    wire: Wire | None = None
    stopped: Text | None = None
    with isolated():
        try:
            schema = load(for_engine(document, operations, values or {}), terms)
            stateful = schema.apply_stateful_inference(None).total > 0
            wire = Wire(terms, Allowance(terms.budget, len(reach.tested), stateful=stateful), watch, _closer(schema))
            with connected(wire):
                _play(schema, wire, ledger, reach, progress)
        except Exception as error:  # noqa: BLE001  # what of a document the engine cannot bear, is no fault of the API
            stopped = say("fuzz.stopped-engine", error=f"{type(error).__name__}: {first_line(error)}")
    if wire is None:
        return _result(document, ledger, reach, 0, stopped)
    if wire.crash:
        raise wire.crash
    ledger.forget_failures_after(wire.broken_since)
    return _result(document, ledger, reach, wire.sent, wire.why_cut_short or stopped)


def _closer(schema: OpenApiSchema) -> Callable[[str], None]:
    """Return what makes the engine begin no more operations in a phase: it looks this up before each."""

    def close_phase(phase: str) -> None:
        schema.config.phases.get_by_name(name=phase).enabled = False

    return close_phase


def _play(schema: OpenApiSchema, wire: Wire, ledger: Ledger, reach: Reach, progress: Progress) -> None:
    """Let the engine do its work, and listen to what it tells."""
    done, turns = 0, (len(TESTING_PHASES) - 1) * len(reach.tested) + 1
    stream = from_schema(schema).execute()
    for event in stream:
        match event:
            case events.PhaseStarted() if event.phase.name in TESTING_PHASES:
                wire.begin_phase(event.phase.name.value)
            case events.ScenarioFinished():
                ledger.take(event.recorder, wire.exchanges)
                done = min(done + 1, turns)
                progress(done, turns)
            case events.NonFatalError():
                reach.hear(event)
            case events.PhaseFinished() if wire.stopped:
                stream.stop()  # between phases: in one, it would lose what was found last
            case events.Interrupted():
                wire.stop(say("fuzz.interrupted"))
            case events.EngineFinished() if event.stop_reason is StopReason.SERVER_UNAVAILABLE:
                wire.stop(say("fuzz.stopped-no-answer"))
    progress(turns, turns)


def _result(document: Document, ledger: Ledger, reach: Reach, sent: int, stopped: Text | None) -> FuzzResult:
    tallies = ledger.close(stopped)
    evidence = tuple(
        tally.evidence(lambda fault: document.locate(fault.at, fault.used_by) if fault.at else None) for tally in tallies
    )
    return FuzzResult(
        observations=tuple(
            Observation(
                id=finding.id,
                check=told.check,
                message=finding.message,
                operation=finding.operation,
                exchange=finding.exchange,
                occurrences=finding.occurrences,
            )
            for told in evidence
            for finding in told.findings
        ),
        evidence=evidence,
        exchanges=tuple({exchange.id: exchange for tally in tallies for exchange in tally.exchanges}.values()),
        reached=reach.reached,
        answered=reach.answered,
        unreached=reach.unreached(stopped),
        requests=sent,
        stopped=stopped,
    )
