"""What do the responses of an API tell, whoever asked for them?

Every module of this package is imported, so a check is added by adding a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from threading import Lock

from apicheck.answers import Tally, ask, together
from apicheck.arrival import arrived
from apicheck.model import Evidence, Exchange, Outcome, Source, Text
from apicheck.probe.live import LiveApi, named
from apicheck.probe.registry import response_check
from apicheck.words import say

__all__ = ["Watcher", "response_check"]

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")


class Watcher:
    """Puts every exchange that it sees to the checks with these names: those of the preflight first.

    Of all exchanges it keeps only those that a finding refers to.

    Raises:
        KeyError: no response check has that name.
    """

    def __init__(self, names: Iterable[str], live: LiveApi) -> None:
        self._live = live
        self._broke_off: Exchange | None = None
        self._names = tuple(names)
        self._before: dict[str, Evidence] = {}
        self._exchanges: dict[str, Exchange] = {}
        self._turn = Lock()
        self._begin()
        for exchange in live.preflight:
            self.see(exchange)

    def see(self, exchange: Exchange) -> None:
        """Take in one exchange, of a probe or of the fuzzer; one that broke off tells nothing."""
        if not arrived(exchange):
            self._broke_off = exchange if exchange.sender is Source.PROBE else self._broke_off
            return
        with self._turn:
            for tally, check in self._checks:
                ask(tally, check, exchange, self._live)

    def take_over(self, evidence: Iterable[Evidence], exchanges: Iterable[Exchange] = ()) -> None:
        """Add what was seen before, and of the exchanges then whether they broke off."""
        for part in evidence:
            if part.check in self._names:
                before = self._before.get(part.check)
                self._before[part.check] = together(before, part) if before else part
        for exchange in exchanges:
            if not arrived(exchange):
                self.see(exchange)

    def hand_over(self) -> tuple[list[Evidence], list[Exchange]]:
        """Return what the exchanges since the last time come to, where they come to anything, and those that show something new."""
        with self._turn:  # the fuzzer shows its exchanges in a thread of its own
            tallies = [tally for tally, _ in self._checks]
            self._begin()
        parts = [part for tally in tallies if (part := tally.evidence(self._live.locate)).outcome is not Outcome.VACUOUS]
        known = {finding.id for before in self._before.values() for finding in before.findings}
        new = {finding.exchange for part in parts for finding in part.findings if finding.id not in known}
        shown = [exchange for tally in tallies for exchange in tally.exchanges if exchange.id in new]
        self._exchanges |= {exchange.id: exchange for exchange in shown}
        self.take_over(parts)
        return parts, shown

    def _begin(self) -> None:
        self._checks = [(Tally(name, Source.PROBE), response_check[name]) for name in self._names]

    def evidence(self, interrupted: Text | None = None) -> tuple[Evidence, ...]:
        """Return what the exchanges seen so far come to, in the order of the names.

        When the questions were cut short, by an interruption or because the client could send no more, the exchange that shows a
        fault may be among those that never were: then nothing is met, and nothing was not there to look at. Nor was there where a
        check saw nothing and the answer to a question broke off.
        """
        self.hand_over()
        cut_short = interrupted or self._live.client.cut_short
        broke_off = say("probe.body-not-whole", request=named(self._broke_off)) if self._broke_off else None
        return tuple(self._doubted(name, cut_short, broke_off) for name in self._names)

    def _doubted(self, name: str, cut_short: Text | None, broke_off: Text | None) -> Evidence:
        nothing = Evidence(check=name, source=Source.PROBE, outcome=Outcome.VACUOUS)
        found = self._before.get(name, nothing)
        reason = cut_short or (None if found.examined else broke_off)
        return together(found, nothing.model_copy(update={"reason": reason})) if reason else found

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that a finding refers to, each once."""
        return tuple(self._exchanges.values())
