"""What did each turn of the engine bring, when it is over?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from schemathesis.engine import Status, events
from schemathesis.engine.run import PhaseName

from apicheck.fuzz.before import Turn
from apicheck.fuzz.failures import Cause, Ledger
from apicheck.fuzz.wire import Wire
from apicheck.model import Observation


class Turns:
    """Tells of each turn what it brought, when it is over.

    Args:
        ledger: what was looked at and found so far.
        wire: what the requests go through.
        observed: how a cause is told that was not sent again yet.
        tell: is told.
    """

    def __init__(self, ledger: Ledger, wire: Wire, observed: Callable[[Cause], Observation], tell: Callable[[Turn], None]) -> None:
        self._ledger = ledger
        self._wire = wire
        self._observed = observed
        self._tell = tell
        self._examined = Counter(ledger.examined)
        self._known: set[int] = set()

    def end(self, event: events.ScenarioFinished) -> None:
        """Take in that a turn is over. When nothing more may be sent, it may have been ended and not be over."""
        key = (event.phase.value, event.label or "")
        if self._wire.stopped or event.status is Status.INTERRUPTED or event.phase is PhaseName.STATEFUL_TESTING:
            return
        if key in self._wire.done:
            return
        examined = Counter(self._ledger.examined)
        new = [cause for cause in self._ledger.causes if id(cause) not in self._known]
        self._known.update(map(id, new))
        self._tell(
            Turn(
                key=key,
                examined=dict(examined - self._examined),
                found=tuple(map(self._observed, new)),
                exchanges=tuple({cause.first.id: cause.first for cause in new}.values()),
                cut=self._wire.cut,
                lost=self._wire.lost,
            )
        )
        self._examined = examined
