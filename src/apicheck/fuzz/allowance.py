"""How is the budget split, so that every phase and every operation gets its turn?

Left alone, the engine spends all of it on the coverage of the first operations. So a phase may use a share of what is left when
it begins, and an operation an even part of the share of its phase; what one does not use, flows on to the next.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, Literal

from apicheck.budget import Budget

_SHARES: Final = {"examples": 0.2, "coverage": 0.4, "fuzzing": 0.6, "stateful": 0.7}
"""The share that a phase may use of what is left when it begins: at most 20, 32, 29 and 13 per cent of the whole."""
_WITHOUT_STATEFUL: Final = 0.85
"""The share of the fuzzing when no phase comes after it. What is left in the end, is to do again what was found."""

Levels = tuple[float, ...]
"""Requests and seconds that must be left."""


class Allowance:
    """Divides a budget over the phases of a run, and a phase over the operations.

    Shares are of requests and of time alike. As long as it is the requests that run out, the same seed sends the same requests.

    Args:
        operations: how many operations are tested.
        stateful: whether there is a stateful phase to hold something back for.
    """

    def __init__(self, budget: Budget, operations: int, *, stateful: bool) -> None:
        self._budget = budget
        self._operations = operations
        self._stateful = stateful
        self._had_a_turn: set[str] = set()
        self._divided = False
        self._phase: Levels = (0, 0)
        self._operation: Levels = (0, 0)
        self._turn = math.inf
        """Seconds that the operation had when it began."""

    def begin_phase(self, phase: str) -> None:
        """Reckon what this phase may use."""
        share = _WITHOUT_STATEFUL if phase == "fuzzing" and not self._stateful else _SHARES[phase]
        self._had_a_turn.clear()
        self._divided = phase != "stateful"
        self._phase = self._operation = self._lower((0, 0), lambda room: room * share)

    def begin_operation(self, operation: str) -> None:
        """Reckon what this operation may use in this phase, unless that was done."""
        if self._divided and operation not in self._had_a_turn:
            waiting = max(1, self._operations - len(self._had_a_turn))
            self._had_a_turn.add(operation)
            self._operation = self._lower(self._phase, lambda room: max(1, room / waiting))
            self._turn = self._left()[1] - self._operation[1]

    def spent(self) -> Literal["phase", "operation"] | None:
        """Say whether the phase, or the operation that began last, has used its share."""
        if self._below(self._phase):
            return "phase"
        return "operation" if self._below(self._operation) else None

    def is_exceeded_by(self, made: int) -> bool:
        """Say whether more is made for the operation that began last than it can send, or half of its time went into making."""
        requests, time = (have - level for have, level in zip(self._left(), self._operation, strict=True))
        return made > requests or time < self._turn / 2

    def _below(self, levels: Levels) -> bool:
        return any(have <= level for have, level in zip(self._left(), levels, strict=True))

    def _left(self) -> Levels:
        return self._budget.requests_left, self._budget.time_left

    def _lower(self, floor: Levels, use: Callable[[float], float]) -> Levels:
        """Return what must be left when a part of the room above a floor is used. Of an infinite budget nothing must."""
        return tuple(
            -math.inf if math.isinf(have) else have - use(have - level) for have, level in zip(self._left(), floor, strict=True)
        )
