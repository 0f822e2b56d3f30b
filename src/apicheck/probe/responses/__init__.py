"""What do the responses of an API tell, whoever asked for them?

Every module of this package is imported, so a check is added by adding a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from apicheck.answers import Tally, ask
from apicheck.arrival import arrived
from apicheck.model import Evidence, Exchange, Source, Text
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
        self._checks = [(Tally(name, Source.PROBE), response_check[name]) for name in names]
        for exchange in live.preflight:
            self.see(exchange)

    def see(self, exchange: Exchange) -> None:
        """Take in one exchange, of a probe or of the fuzzer; one that broke off tells nothing."""
        if not arrived(exchange):
            self._broke_off = exchange if exchange.sender is Source.PROBE else self._broke_off
            return
        for tally, check in self._checks:
            ask(tally, check, exchange, self._live)

    def evidence(self, interrupted: Text | None = None) -> tuple[Evidence, ...]:
        """Return what the exchanges seen so far come to, in the order of the names.

        When the questions were cut short, by an interruption or because the client could send no more, the exchange that shows a
        fault may be among those that never were: then nothing is met, and nothing was not there to look at. Nor was there where a
        check saw nothing and the answer to a question broke off.
        """
        if cut_short := interrupted or self._live.client.cut_short:
            for tally, _ in self._checks:
                tally.unsure(cut_short)
        if self._broke_off:
            for tally, _ in self._checks:
                if not tally.examined:
                    tally.unsure(say("probe.body-not-whole", request=named(self._broke_off)))
        return tuple(tally.evidence(self._live.locate) for tally, _ in self._checks)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that a finding refers to, each once."""
        return tuple({exchange.id: exchange for tally, _ in self._checks for exchange in tally.exchanges}.values())
