"""In which order is a running API put to the test?

Reach it, put the questions, fuzz it, and look at every exchange meanwhile. Whatever ends this early, what was gathered stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any

from apicheck import fuzz, probe, resumption
from apicheck.answers import CannotTell, Tally, together
from apicheck.beyond import Beyond
from apicheck.budget import Budget
from apicheck.conform import PROBE_CHECK, Benchmark
from apicheck.conform.wire import ReferenceApi
from apicheck.coverage import Census
from apicheck.errors import TargetRefused, WrongUse
from apicheck.gathered import Gathered
from apicheck.journal import Begun, Journal, Terms, now
from apicheck.model import Evidence, Exchange, Outcome, Source, Standard, Text
from apicheck.openapi import Document, View
from apicheck.plan import Plan, checks
from apicheck.resumption import NOTHING, Earlier
from apicheck.scope import Agreed
from apicheck.words import say

_NOTHING_LEFT = {None, say("errors.budget-spent"), say("fuzz.stopped-budget"), say("fuzz.cut-unanswered")}
"""Why a run ends that has nothing left to do within its budget."""
REMOVAL = 60.0
"""Seconds that removing what a run made may take, on top of what its rate asks for."""

Show = Callable[[Source, int, int], None]
"""Told how far a source of evidence is: steps done, steps in all."""


def put_to_the_test(
    plan: Plan,
    document: Document,
    standard: Standard,
    agreed: Agreed,
    benchmark: Benchmark | None,
    census: Census,
    show: Show,
) -> Gathered:
    """Return what the running API shows to the sources that the plan names, and remove what was made for it.

    Raises:
        ApicheckError: the run is to go on from one that ended early, and cannot.
    """
    gathered = _begin(plan, document, standard, agreed, benchmark, census)
    if agreed.leave.left:
        _remove(plan, agreed, census)
    reference = ReferenceApi(benchmark, View(document)) if benchmark else None
    names = [*checks(standard, Source.PROBE), *([PROBE_CHECK] if reference else [])]
    try:
        _Trial(plan, document, agreed, reference, census, gathered, show).run(list(dict.fromkeys(names)))
    finally:
        if agreed.leave.left:
            _remove(plan, agreed, census)
    gathered.mask(probe.secrets(agreed.keyring, plan.headers))
    gathered.account_for(agreed.leave)
    gathered.notes += [gathered.journal.broken] if gathered.journal and gathered.journal.broken else []
    return gathered


def _begin(
    plan: Plan, document: Document, standard: Standard, agreed: Agreed, benchmark: Benchmark | None, census: Census
) -> Gathered:
    """Return what is known before the first request: nothing, or what was gathered before the run ended early."""
    if plan.journal is None:
        return Gathered()
    terms = Terms.of(plan, document.digest, standard.digest, agreed.scope, benchmark.identity.digest if benchmark else None)
    earlier = resumption.read(plan.journal, terms) if plan.resume else NOTHING
    if len(earlier.sent) >= plan.max_requests or earlier.seconds >= plan.max_time:
        raise WrongUse("resume-nothing-left", requests=len(earlier.sent), seconds=round(earlier.seconds))
    for sent in earlier.sent:
        census.count(sent.exchange, identified=sent.identified)
    agreed.leave.adopt(earlier.left)
    agreed.leave.unplaced += earlier.unplaced
    journal = Journal(
        plan.journal,
        Begun(at=now(), terms=terms, scope=agreed.scope),
        agreed.leave,
        secrets=lambda: probe.secrets(agreed.keyring, plan.headers),
        recognises=agreed.keyring.recognises,
        goes_on=plan.resume,
    )
    census.listeners.append(journal.see)
    return Gathered(journal=journal, earlier=earlier, resumed=earlier.pauses, observations=earlier.observed)


@dataclass(slots=True)
class _Trial:
    """Puts one API to the test. Whatever ends that early, what was gathered stays."""

    plan: Plan
    document: Document
    agreed: Agreed
    reference: ReferenceApi | None
    census: Census
    gathered: Gathered
    show: Show

    def run(self, names: list[str]) -> None:
        """Gather what the API shows to these checks, but for what an earlier part of this run was told."""
        plan, earlier = self.plan, self.gathered.earlier
        answers = {name: answer for name, answer in earlier.answers.items() if name in names}
        self.gathered.evidence += answers.values()
        left = [name for name in names if name not in answers]
        budget = Budget(plan.max_requests - len(earlier.sent), plan.max_time - earlier.seconds)
        with _client(plan, self.agreed, budget) as client:
            client.sent_before = earlier.last(Source.PROBE)
            client.listeners.append(self.census.see)
            if api := self._reach(left, client, probe.TlsServer(plan.base_url or "", budget)):
                self._tell_what_is_missing(api)
                self._look_at_all(api, names, left, _terms(plan, self.agreed, budget))

    def _reach(self, names: list[str], client: probe.Client, tls: probe.TlsServer) -> probe.LiveApi | None:
        """Return the API with what answered; when it cannot be tested, say of every check that it cannot tell."""
        gathered = self.gathered
        try:
            api = probe.reach(self.document, client, self.plan.data, self.plan.origins, tls)
        except TargetRefused as refused:
            unsent = client.cut_short if not client.sent else None  # no token, say: then the API was not even asked
            gathered.stopped = unsent or refused.explain()
            asked = [name for name in names if name in probe.AT_ANY_RATE and Source.PROBE in self.plan.sources]
            silent = probe.LiveApi(self.document, client, (), (), (), tls=tls)
            gathered.evidence += [evidence for evidence, _ in probe.ask_questions(asked, silent)]
            names = [name for name in names if name not in asked]
        except KeyboardInterrupt:
            gathered.stopped = say("run.interrupted")
        except Exception as error:  # noqa: BLE001  # a fault of ours still leaves a report
            gathered.stopped = say("fuzz.stopped-crash")
            gathered.evidence.append(_crashed(error))
        else:
            api.reference = self.reference
            return api
        gathered.evidence += _unknown(names, gathered.stopped, gathered.earlier)
        return None

    def _tell_what_is_missing(self, api: probe.LiveApi) -> None:
        self.gathered.reasons |= {unreached.operation: unreached.reason for unreached in api.unreached}
        if api.is_mostly_missing:
            counts = {"missing": len(api.missing), "answered": len(api.reached)}
            self.gathered.notes += [say("probe.mostly-not-found", url=self.plan.base_url, **counts)]

    def _look_at_all(self, api: probe.LiveApi, names: list[str], left: list[str], terms: fuzz.Terms) -> None:
        """Ask and fuzz, and look at every exchange meanwhile. ``left`` are the checks that were not answered before."""
        gathered, earlier = self.gathered, self.gathered.earlier
        watcher = probe.Watcher([name for name in names if name not in probe.question], api)
        beyond = Beyond(self.document, terms)
        for exchange in api.preflight:
            beyond.see(exchange)
        watcher.take_over(earlier.watched, (sent.exchange for sent in earlier.sent))
        api.client.listeners += [watcher.see, beyond.see]
        write_down = partial(_write_down, gathered, watcher, beyond)
        interrupted: Text | None = None
        try:
            if Source.PROBE in self.plan.sources:
                self._put_questions([name for name in left if name in probe.question], api, write_down)
                _go_beyond(names, api, beyond, write_down, gathered)
            if Source.FUZZ in self.plan.sources:
                self._fuzz(api, terms, (self.census.see, watcher.see, beyond.see), write_down)
                beyond.repeat(api.client.again)
        except KeyboardInterrupt:
            gathered.stopped = interrupted = say("run.interrupted")
        except Exception as error:  # noqa: BLE001  # a fault of ours costs what was not asked yet, and nothing that was gathered
            gathered.stopped = interrupted = say("fuzz.stopped-crash")
            gathered.evidence.append(_crashed(error))
        told = beyond.told(gathered.observations)
        gathered.observations = (*told, *(seen for seen in earlier.observed if seen.id not in {now.id for now in told}))
        gathered.evidence += watcher.evidence(interrupted)
        gathered.keep((*watcher.exchanges, *beyond.exchanges))
        if gathered.journal and {interrupted, api.client.cut_short, gathered.stopped} <= _NOTHING_LEFT:
            gathered.journal.end()

    def _put_questions(self, names: list[str], api: probe.LiveApi, write_down: Callable[[], None]) -> None:
        gathered = self.gathered
        for done, (evidence, exchanges) in enumerate(probe.ask_questions(names, api), start=1):
            gathered.evidence.append(evidence)
            gathered.keep(exchanges)
            if gathered.journal:
                write_down()
                gathered.journal.answer(evidence, exchanges)
            self.show(Source.PROBE, done, len(names))
        with suppress(CannotTell):  # what is published could not be read, so there is no difference to tell
            gathered.notes += [drift] if (drift := probe.drift(api)) else []

    def _fuzz(
        self, api: probe.LiveApi, terms: fuzz.Terms, onlookers: Iterable[Callable[[Exchange], None]], write_down: Callable[[], None]
    ) -> None:
        """Fuzz the API by its document, or by that of the standard; operations go by the names that the API has for them."""
        gathered, reference = self.gathered, api.reference
        document, names = (reference.document, reference.names) if reference else (self.document, {})

        def see(exchange: Exchange) -> None:
            ours = replace(exchange, operation=names.get(exchange.operation or "", exchange.operation))
            for look in onlookers:
                look(ours)

        def over(turn: fuzz.Turn) -> None:
            if gathered.journal:
                write_down()
                gathered.journal.turn(turn)

        found = fuzz.run(
            document,
            terms,
            see,
            progress=lambda done, total: self.show(Source.FUZZ, done, total),
            values=_values(self.plan, api, names),
            before=gathered.earlier.fuzzed_as({ours: theirs for theirs, ours in names.items()}),
            over=over,
        )
        gathered.evidence += found.evidence
        gathered.observations = found.observations
        gathered.keep(found.exchanges)
        gathered.reasons |= {names.get(left.operation, left.operation): left.reason for left in found.unreached}
        gathered.stopped = found.stopped


def _write_down(gathered: Gathered, watcher: probe.Watcher, beyond: Beyond) -> None:
    """Write down what was seen by the way, before it is written down that a step is over."""
    if gathered.journal:
        gathered.journal.watch(*watcher.hand_over())
        gathered.journal.observe(beyond.told(), beyond.exchanges)


def _go_beyond(names: list[str], api: probe.LiveApi, beyond: Beyond, write_down: Callable[[], None], gathered: Gathered) -> None:
    """Ask what no rule of the standard asks, or only its later editions, and see whether what is told shows again."""
    before = gathered.earlier.answers
    asked = [name for name in probe.BEYOND if name not in names]
    answers = [(before[name], ()) for name in asked if name in before]
    for evidence, exchanges in chain(answers, probe.ask_questions([name for name in asked if name not in before], api)):
        if probe.BEYOND[evidence.check]:
            beyond.establish(evidence, exchanges)
        if gathered.journal:
            write_down()
            gathered.journal.answer(evidence, exchanges)
    beyond.repeat(api.client.again)
    write_down()


def _values(plan: Plan, api: probe.LiveApi, names: Mapping[str, str]) -> dict[str, fuzz.Known]:
    """Return what operations are known to take, by the names that they have in the document by which the API is fuzzed."""
    known = {operation: _known(plan, api, operation) for operation in api.operations}
    known = api.reference.values(known) if api.reference else known
    bodies = {name: plan.data.body(names.get(name, name)) for name in known} if plan.data else {}
    return {name: fuzz.Known(parameters, bodies.get(name)) for name, parameters in known.items()}


def _known(plan: Plan, api: probe.LiveApi, operation: str) -> dict[str, tuple[str, ...]]:
    """Return the values that an operation is known to take: the path that it answered to, and what the owner gave."""

    def answer(name: str) -> Any:
        return probe.json_body(api.reached[name].exchange) if name in api.reached else None

    reached = api.reached[operation].path if operation in api.reached else {}
    known = {}
    for parameter in api.operations[operation].parameters:
        given = plan.data.values(operation, parameter.name, answer) if plan.data else ()
        first = (reached[parameter.name],) if parameter.name in reached else ()
        if found := tuple(dict.fromkeys((*first, *given))):
            known[parameter.name] = found
    return known


def _terms(plan: Plan, agreed: Agreed, budget: Budget) -> fuzz.Terms:
    return fuzz.Terms(
        base_url=(plan.base_url or "").rstrip("/"),
        headers=plan.headers,
        keyring=agreed.keyring,
        user_agent=plan.user_agent,
        mode=plan.mode,
        leave=agreed.leave,
        seed=plan.seed,
        budget=budget,
        rate=plan.rate,
    )


def _client(plan: Plan, agreed: Agreed, budget: Budget) -> probe.Client:
    client = probe.Client(
        plan.base_url or "", headers=plan.headers, keyring=agreed.keyring, rate=plan.rate, budget=budget, leave=agreed.leave
    )
    client.user_agent = plan.user_agent
    return client


def _remove(plan: Plan, agreed: Agreed, census: Census) -> None:
    """Delete what the run made, the last first. That has a budget of its own: a run that is out of requests must clean up too."""
    left = agreed.leave.left
    budget = Budget(3 * len(left), REMOVAL + 2 * len(left) / plan.rate)
    with _client(plan, agreed, budget) as client:
        client.listeners.append(census.see)
        with suppress(CannotTell, KeyboardInterrupt):  # what is left then, is told
            for url in left:
                client.send("DELETE", url, purpose="removal")


def _crashed(error: Exception) -> Evidence:
    tally = Tally("run", Source.PROBE)
    tally.crash(error)
    return tally.evidence(lambda _: None)


def _unknown(names: Iterable[str], reason: Text, earlier: Earlier) -> Iterator[Evidence]:
    """Yield for each check that it cannot tell, unless a fault was found before."""
    watched = {each.check: each for each in earlier.watched}
    for name in names:
        nothing = Evidence(check=name, source=Source.PROBE, outcome=Outcome.UNKNOWN, reason=reason)
        yield together(watched[name], nothing) if name in watched else nothing
