"""What has an earlier part of the same run brought?

A run that ended early can go on with the turns that the engine did not have yet: a turn is one operation in one phase. What the
others looked at is known. One that found something is had again: what it found is not confirmed before the end of a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from apicheck.model import Exchange, Observation

Key = tuple[str, str]
"""A phase of the engine and an operation, by name."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn has brought.

    ``examined`` counts what each check looked at. ``found`` was seen in this turn first, ``exchanges`` show it. ``cut`` says that
    so far something was left out for want of budget, ``lost`` that some request was not answered.
    """

    key: Key
    examined: Mapping[str, int]
    found: tuple[Observation, ...]
    exchanges: tuple[Exchange, ...]
    cut: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier part of the same run has brought.

    ``done`` are the turns that need not be had again, ``examined`` counts what was looked at in these. ``found`` is everything that
    was seen and not confirmed. ``exchanges`` tell at least of which operation they were and what was answered.
    """

    done: frozenset[Key] = frozenset()
    examined: Mapping[str, int] = field(default_factory=dict)
    found: tuple[Observation, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    sent: int = 0
    """The number of the last exchange."""
    cut: bool = False
    lost: bool = False


NOTHING: Final = Before()
"""There was no earlier part."""
