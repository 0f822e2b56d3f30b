"""What has a running API shown so far, and what of it may be told?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from apicheck import probe
from apicheck.journal import Journal
from apicheck.leave import Leave
from apicheck.model import Evidence, Exchange, Observation, RecordedExchange, Resumption, Text
from apicheck.resumption import NOTHING, Earlier
from apicheck.words import say


@dataclass(slots=True)
class Gathered:
    """What a running API has shown. ``reasons`` say why an operation never answered 2xx, by its name."""

    evidence: list[Evidence] = field(default_factory=list)
    observations: tuple[Observation, ...] = ()
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    notes: list[Text] = field(default_factory=list)
    reasons: dict[str, Text] = field(default_factory=dict)
    journal: Journal | None = None
    """Where what is established is written down at once."""
    earlier: Earlier = NOTHING
    """What this run had done before it ended early, when it goes on from there."""
    resumed: tuple[Resumption, ...] = ()
    secrets: frozenset[str] = frozenset()
    """What must not be shown, wherever it stands."""
    stopped: Text | None = None
    left_over: tuple[str, ...] = ()
    trespasses: tuple[str, ...] = ()

    def keep(self, exchanges: Iterable[Exchange]) -> None:
        """Keep the exchanges that something found refers to."""
        self.exchanges.update({exchange.id: exchange for exchange in exchanges})

    @property
    def recorded(self) -> tuple[RecordedExchange, ...]:
        """The exchanges kept, as they may be shown, in the order in which they were sent."""
        findings = (finding for evidence in self.evidence for finding in evidence.findings)
        shown = {finding.exchange for finding in findings} | {seen.exchange for seen in self.observations}
        recorded = {name: exchange for name, exchange in self.earlier.recorded.items() if name in shown}
        recorded |= {exchange.id: probe.redact(exchange, self.secrets) for exchange in self.exchanges.values()}
        return tuple(sorted(recorded.values(), key=lambda exchange: (exchange.started, len(exchange.id), exchange.id)))

    def mask(self, secrets: frozenset[str]) -> None:
        """Mask secrets in everything that is told."""
        self.secrets = secrets
        self.evidence = [probe.conceal(evidence, self.secrets) for evidence in self.evidence]
        self.observations = tuple(probe.conceal(seen, self.secrets) for seen in self.observations)
        self.reasons = {name: probe.conceal(reason, self.secrets) for name, reason in self.reasons.items()}
        self.stopped = probe.conceal(self.stopped, self.secrets) if self.stopped else None

    def account_for(self, leave: Leave) -> None:
        """Tell what was made and not removed, and which request got past the guard."""
        strange = [url for url in self.earlier.left if url not in leave.own]
        self.left_over = tuple(map(probe.scrub, (*leave.left, *strange)))
        self.trespasses = tuple(map(probe.scrub, leave.trespasses))
        self.notes += [say("scope.trespass", request=request) for request in self.trespasses]
        self.notes += [say("scope.left-over", url=url) for url in self.left_over]
        self.notes += [say("scope.unplaced", request=probe.scrub(request)) for request in leave.unplaced]
