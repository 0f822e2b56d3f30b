"""Does it happen again, when the same is asked on a fresh connection?

What is seen once may be a hiccup, a neighbour's load or a slip of the engine. So every cause is tried twice more after the fuzzing,
and only what shows each time, by our own reading of the document as well, is said to be so. The rest is told as what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from apicheck.model import Exchange, Finding, Observation, Source, Text
from apicheck.words import say

TIMES: Final = 2
"""Times that a request is sent again."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """What came of sending a request again: how often that was done, how often the same was seen, and whether we agree.

    ``agreed`` is False when our own reading of the document denies what was claimed, and None when it cannot tell.
    """

    tried: int = 0
    reproduced: int = 0
    agreed: bool | None = True

    @property
    def confirmed(self) -> bool:
        """Whether it was seen again each time."""
        return self.tried == self.reproduced == TIMES

    @property
    def told(self) -> Text:
        """What this comes to, in words."""
        if not self.agreed:
            return say("fuzz.unclear" if self.agreed is None else "fuzz.denied")
        if not self.tried:
            return say("fuzz.not-repeated")
        return say("fuzz.reproduced" if self.confirmed else "fuzz.not-again", tried=self.tried, reproduced=self.reproduced)


NOT_REPEATED: Final = Repetition()


def observation(check: str, finding: Finding, repetition: Repetition, source: Source = Source.FUZZ) -> Observation:
    """Return what was found as it is told: with what came of sending it again."""
    held = repetition.told
    return Observation(
        id=finding.id,
        check=check,
        message=Text(nl=f"{finding.message.nl} {held.nl}", en=f"{finding.message.en} {held.en}"),
        operation=finding.operation,
        exchange=finding.exchange,
        occurrences=finding.occurrences,
        tried=repetition.tried,
        reproduced=repetition.reproduced,
        source=source,
    )


def repeat(first: Exchange, shows: Callable[[Exchange], bool | None], again: Callable[[Exchange], Exchange | None]) -> Repetition:
    """Try whether what an exchange shows, shows again.

    Args:
        first: the exchange in which it was seen.
        shows: says whether an exchange shows it, by our own reading; None when that cannot tell.
        again: sends a request once more; None when it may not or cannot be sent.
    """
    agreed = shows(first)
    if not agreed:
        return Repetition(agreed=agreed)
    tried = reproduced = 0
    while tried < TIMES and (other := again(first)) is not None:
        tried += 1
        reproduced += shows(other) is True
    return Repetition(tried, reproduced, agreed)
