"""What was done by a run that ended early, and may another go on from there?

Only one with the same terms may. It takes over the steps that were over, each with what it came to; the rest it does itself.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import Final

from pydantic import ValidationError

from apicheck import fuzz
from apicheck.answers import together
from apicheck.errors import UnreadableJournal, WrongUse, first_of
from apicheck.journal import Begun, Line, Sent, Terms, now
from apicheck.model import Evidence, Observation, Outcome, RecordedExchange, Resumption, Source, Text
from apicheck.words import say

LARGEST: Final = 256_000_000
"""Bytes of a journal that is read."""
_FOR_OTHERS_TO_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the parts of a run have done so far, the first part first."""

    lines: tuple[Line, ...] = ()

    @property
    def parts(self) -> tuple[Begun, ...]:
        """How each part began."""
        return tuple(line.begun for line in self.lines if line.begun)

    @property
    def sent(self) -> tuple[Sent, ...]:
        """What was sent."""
        return tuple(line.exchange for line in self.lines if line.exchange)

    @property
    def left(self) -> tuple[str, ...]:
        """What was made and is still there, by URL, in the order in which it was made."""
        left: dict[str, None] = {}
        for line in self.lines:
            if line.made:
                left[line.made] = None
            elif line.gone:
                left.pop(line.gone, None)
        return tuple(left)

    @property
    def unplaced(self) -> tuple[str, ...]:
        """Requests that may have made something of which is not known where it is."""
        return tuple(line.unplaced for line in self.lines if line.unplaced)

    @property
    def answers(self) -> dict[str, Evidence]:
        """What the questions came to that need not be put again, by their name.

        Those that got no answer are put again, and those that showed something beside the standard that was not sent again yet.
        """
        tried = {seen.id for seen in self.observed if seen.tried}
        answers: dict[str, Evidence] = {}
        new: set[str] = set()
        for line in self.lines:
            if line.observed:
                new = {seen.id for seen in line.observed.observations}
            elif line.question:
                told = line.question.evidence if new <= tried else ()
                answers |= {each.check: each for each in told if each.outcome is not Outcome.UNKNOWN}
                new = set()
        return answers

    @property
    def watched(self) -> tuple[Evidence, ...]:
        """What the exchanges came to, once for each check."""
        watched: dict[str, Evidence] = {}
        for line in self.lines:
            for each in line.watched.evidence if line.watched else ():
                watched[each.check] = together(watched[each.check], each) if each.check in watched else each
        return tuple(watched.values())

    @property
    def recorded(self) -> dict[str, RecordedExchange]:
        """The exchanges that show what was found, by their id."""
        steps = (line.question or line.watched or line.observed or line.turn for line in self.lines)
        return {exchange.id: exchange for step in steps if step for exchange in step.exchanges}

    @property
    def observed(self) -> tuple[Observation, ...]:
        """What was seen beside the standard, each thing once."""
        told = [seen for line in self.lines if line.observed for seen in line.observed.observations]
        return tuple({seen.id: seen for seen in (*self.fuzzed.found, *told)}.values())

    @property
    def fuzzed(self) -> fuzz.Before:
        """What the fuzzer has brought. A turn that found something is not done: what it found was not confirmed."""
        turns = {(line.turn.phase, line.turn.operation): line.turn for line in self.lines if line.turn}
        done = {key: turn for key, turn in turns.items() if not turn.found}
        sent = [sent.exchange for sent in self.sent if sent.sender is Source.FUZZ]
        last = next(reversed(turns.values()), None)
        return fuzz.Before(
            done=frozenset(done),
            examined=sum((Counter(turn.examined) for turn in done.values()), Counter[str]()),
            found=tuple({seen.id: seen for line in self.lines if line.turn for seen in line.turn.found}.values()),
            exchanges=tuple(sent),
            sent=self.last(Source.FUZZ),
            cut=last is not None and last.cut,
            lost=last is not None and last.lost,
        )

    def fuzzed_as(self, names: Mapping[str, str]) -> fuzz.Before:
        """Return what the fuzzer has brought, with the operations that it was shown under another name by that name."""
        before = self.fuzzed
        sent = (
            replace(exchange, operation=names.get(exchange.operation or "", exchange.operation)) for exchange in before.exchanges
        )
        return replace(before, exchanges=tuple(sent))

    def last(self, sender: Source) -> int:
        """Return the number of the last exchange of a sender."""
        return max((int(sent.id[1:]) for sent in self.sent if sent.sender is sender), default=0)

    @property
    def seconds(self) -> float:
        """How long the parts have taken together, each until the last time that it sent something."""
        return sum((_moment(ended) - _moment(begun)).total_seconds() for begun, ended, _ in self._spans)

    @property
    def pauses(self) -> tuple[Resumption, ...]:
        """Where each part ended and the next went on; what follows the last of them begins now."""
        spans = self._spans
        again = (*(begun for begun, *_ in spans), now())[1:]
        return tuple(
            Resumption(stopped=ended, resumed=resumed, requests=count)
            for (_, ended, count), resumed in zip(spans, again, strict=True)
        )

    @property
    def _spans(self) -> list[tuple[str, str, int]]:
        """Of each part when it began, when it sent its last request, and how many it sent."""
        spans: list[tuple[str, str, int]] = []
        for line in self.lines:
            if line.begun:
                spans.append((line.begun.at, line.begun.at, 0))
            elif line.exchange:
                begun, ended, count = spans[-1]
                spans[-1] = begun, max(ended, line.exchange.started, key=_moment), count + 1
        return spans


NOTHING: Final = Earlier()
"""Nothing was done before."""


def read(file: Path, terms: Terms) -> Earlier:
    """Return what was done of a run, as its journal tells.

    Raises:
        WrongUse: there is no journal, or it is of a run with other terms.
        UnreadableJournal: it cannot be read, is no journal, or others than its owner could write to it.
    """
    try:
        there = file.stat()
        if os.name == "posix" and there.st_mode & _FOR_OTHERS_TO_WRITE:
            raise UnreadableJournal("journal-open-to-others", file=file)
        if there.st_size > LARGEST:
            raise UnreadableJournal("journal-too-large", file=file, largest=LARGEST // 1_000_000)
        data = file.read_bytes()
    except FileNotFoundError:
        raise WrongUse("journal-missing", file=file) from None
    except OSError as error:
        raise UnreadableJournal("journal-unreadable", file=file, error=error) from None
    earlier = Earlier(tuple(_lines(file, data)))
    if not earlier.lines:
        raise UnreadableJournal("journal-no-journal", file=file, number=1, error=say("errors.journal-no-beginning"))
    _refuse_others(earlier, terms)
    return earlier


def _lines(file: Path, data: bytes) -> Iterator[Line]:
    """Yield the lines of a journal. The last is left out when it was not written to its end."""
    for number, text in enumerate(data.split(b"\n")[:-1], start=1):
        try:
            line = Line.model_validate_json(text)
        except ValidationError as invalid:
            raise UnreadableJournal("journal-no-journal", file=file, number=number, error=first_of(invalid)) from None
        if number == 1 and not line.begun:
            raise UnreadableJournal("journal-no-journal", file=file, number=number, error=say("errors.journal-no-beginning"))
        yield line


def _refuse_others(earlier: Earlier, terms: Terms) -> None:
    """Refuse to go on from a run with other terms; what that run left behind is told all the same."""
    then, asked = (each.model_dump(mode="json") for each in (earlier.parts[0].terms, terms))
    for name, value in then.items():
        if value != asked[name]:
            left = say("errors.resume-left", urls=", ".join(earlier.left)) if earlier.left else Text(nl="", en="")
            what = say(f"errors.resume-{name.replace('_', '-')}")
            raise WrongUse("resume-differs", what=what, then=_told(value), now=_told(asked[name]), left=left)


def _told(value: object) -> str:
    return shorten(", ".join(map(str, value)) if isinstance(value, list) else str(value or "-"), 100, placeholder="…")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
