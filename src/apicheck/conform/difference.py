"""What can differ between an API and the document it should conform to?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from apicheck.model import Place


class Side(StrEnum):
    """Which way data goes, or that it is about the operation as a whole.

    On the side of the request the candidate must accept at least what the reference accepts; on the side of the response it
    must promise at least what the reference promises. So the two documents change places.
    """

    REQUEST = "request"
    RESPONSE = "response"
    OPERATION = "operation"


class Effect(StrEnum):
    """What a difference does to a client that was written for the reference."""

    BREAKING = "breaking"
    UNKNOWN = "unknown"
    """The documents do not tell."""
    HARMLESS = "harmless"


def worst(effects: Iterable[Effect]) -> Effect:
    """Return the worst of some effects; harmless when there are none."""
    found = set(effects)
    return next((effect for effect in Effect if effect in found), Effect.HARMLESS)


@dataclass(frozen=True, slots=True)
class Failure:
    """One place where a wide schema does not take in a narrow one, cannot be told to, or goes further (harmless).

    ``values`` fill in the text; ``wide`` and ``narrow`` among them are what each of the two says. The places are where they say it.
    """

    kind: str
    effect: Effect
    wide: Place
    narrow: Place
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its kind, what it does, to which operations of the reference, and where each document says what.

    ``id`` is stable over runs and independent of line numbers. ``text`` is the id of one sentence that says which client would
    break, ``values`` fill it in. A place may name a node that is not there: that which is missing.
    """

    id: str
    kind: str
    effect: Effect
    side: Side
    operations: tuple[str, ...]
    candidate: Place
    reference: Place
    text: str
    values: Mapping[str, Any]
