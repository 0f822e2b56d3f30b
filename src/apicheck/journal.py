"""What was done so far, when a run is ended by force?

A line of JSON for everything as it comes, so that a machine that stops leaves what was known by then: what was sent and answered,
without bodies; which steps were over and what they came to; and above all what was made and is still there. Masked like a report,
and for its owner only to read.

What was answered is not in it, for that may be anybody's data. So a run that goes on takes a step over as a whole, or does it
again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, BinaryIO

from pydantic import AfterValidator, Field, model_validator

from apicheck import __version__, fuzz
from apicheck.errors import NotWritten
from apicheck.leave import Leave
from apicheck.model import Evidence, Exchange, Frozen, Mode, Observation, RecordedExchange, Scope, Source, Text
from apicheck.plan import Plan
from apicheck.probe.redact import conceal, redact, scrub
from apicheck.words import say


class Terms(Frozen):
    """What a run was asked to do: a run with other terms cannot go on from it. ``rules`` is the digest of the standard.

    How much may be asked, and how fast, is no part of it.
    """

    tool: str
    document: str
    url: str
    rules: str
    reference: str | None = None
    sources: tuple[Source, ...]
    mode: Mode
    seed: int
    origins: tuple[str, ...] = ()
    methods: tuple[str, ...]
    asked: int
    left_out: tuple[str, ...]
    schemes: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan, document: str, rules: str, scope: Scope, reference: str | None = None) -> Terms:
        """Return the terms of a plan; ``document``, ``rules`` and ``reference`` are digests."""
        return cls(
            tool=f"apicheck {__version__}",
            document=document,
            url=plan.base_url or "",
            rules=rules,
            reference=reference,
            sources=plan.sources,
            mode=plan.mode,
            seed=plan.seed,
            origins=plan.origins,
            methods=scope.methods,
            asked=scope.operations,
            left_out=tuple(left.operation for left in scope.left_out),
            schemes=scope.schemes,
        )


def _in_utc(moment: str) -> str:
    if datetime.fromisoformat(moment).utcoffset() != timedelta():
        raise ValueError("a moment is in UTC")
    return moment


Moment = Annotated[str, AfterValidator(_in_utc)]
"""An ISO 8601 instant in UTC."""


class Begun(Frozen):
    """The beginning of a run, or of a part of it that goes on."""

    at: Moment
    terms: Terms
    scope: Scope


class Sent(Frozen):
    """An exchange without its contents. ``identified`` says whether it was sent with our credentials."""

    id: str = Field(pattern=r"^[fx]\d{1,9}$")
    started: Moment
    sender: Source
    purpose: str
    operation: str | None = None
    method: str
    url: str
    status: int | None = None
    error: str | None = None
    identified: bool = False

    @property
    def exchange(self) -> Exchange:
        """What of the exchange is still known."""
        told = self.model_dump(exclude={"identified"})
        return Exchange(**(told | {"sender": self.sender}))


class Step(Frozen):
    """What a step came to, and the exchanges that its findings refer to."""

    evidence: tuple[Evidence, ...]
    exchanges: tuple[RecordedExchange, ...] = ()


class Observed(Frozen):
    """What was seen beside the standard, and the exchanges that show it."""

    observations: tuple[Observation, ...]
    exchanges: tuple[RecordedExchange, ...] = ()


class Turn(Frozen):
    """What a turn of the fuzzer brought; see ``apicheck.fuzz``."""

    phase: str
    operation: str
    examined: dict[str, int]
    found: tuple[Observation, ...] = ()
    exchanges: tuple[RecordedExchange, ...] = ()
    cut: bool = False
    lost: bool = False


class Line(Frozen):
    """One line: one of these."""

    begun: Begun | None = None
    exchange: Sent | None = None
    made: str | None = None
    gone: str | None = None
    unplaced: str | None = None
    question: Step | None = None
    watched: Step | None = None
    observed: Observed | None = None
    turn: Turn | None = None
    over: str | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Line:
        if len(self.model_fields_set) != 1:
            raise ValueError("a line says one thing")
        return self


class Journal:
    """Writes a file as a run goes on. A file of a run that never ended is kept beside it, unless this run goes on from there.

    When nothing more can be written, the run goes on without a journal.

    Args:
        file: where it is written.
        begun: what is to be done.
        leave: knows what was made.
        secrets: gives what must not be shown, wherever it stands.
        recognises: says whether an exchange was sent with our credentials.
        goes_on: whether the file is that of an earlier part of this run.

    Raises:
        NotWritten: the file cannot be written.
    """

    def __init__(
        self,
        file: Path,
        begun: Begun,
        leave: Leave,
        *,
        secrets: Callable[[], Iterable[str]] = tuple,
        recognises: Callable[[Exchange], bool] = lambda _: False,
        goes_on: bool = False,
    ) -> None:
        self.broken: Text | None = None
        """Why nothing more could be written; None as long as it could."""
        self._leave = leave
        self._secrets = secrets
        self._recognises = recognises
        self._left = set(leave.left)
        self._unplaced = len(leave.unplaced)
        self._observed: set[tuple[str, int]] = set()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists() and not goes_on:
                file.replace(file.with_name(f"{file.stem}-{int(file.stat().st_mtime)}{file.suffix}"))
            self._stream = open(file, "ab", buffering=0, opener=_for_the_owner)  # noqa: SIM115  # what was written, survives us
            _end_line(file, self._stream)
            self._stream.write(_written(Line(begun=begun)))
        except OSError as error:
            raise NotWritten("not-written", file=file, error=error.strerror or error) from None

    def see(self, exchange: Exchange) -> None:
        """Write down what was sent and answered, and what that made or removed."""
        self._write(
            Line(
                exchange=Sent(
                    id=exchange.id,
                    started=exchange.started,
                    sender=exchange.sender,
                    purpose=exchange.purpose,
                    operation=exchange.operation,
                    method=exchange.method,
                    url=scrub(exchange.url.partition("?")[0]),
                    status=exchange.status,
                    error=exchange.error,
                    identified=self._recognises(exchange),
                )
            )
        )
        left = self._leave.left
        for url in reversed(left):
            if url not in self._left:
                self._write(Line(made=scrub(url)))
        for url in self._left.difference(left):
            self._write(Line(gone=scrub(url)))
        for request in self._leave.unplaced[self._unplaced :]:
            self._write(Line(unplaced=scrub(request)))
        self._left, self._unplaced = set(left), len(self._leave.unplaced)

    def answer(self, evidence: Evidence, exchanges: Iterable[Exchange]) -> None:
        """Write down that a question was put, and what it came to."""
        self._write(Line(question=self._step((evidence,), exchanges)))

    def watch(self, evidence: Iterable[Evidence], exchanges: Iterable[Exchange]) -> None:
        """Write down what all exchanges since the last time came to."""
        self._write(Line(watched=self._step(evidence, exchanges)))

    def observe(self, observations: Iterable[Observation], exchanges: Iterable[Exchange]) -> None:
        """Write down what was seen beside the standard, each thing once, and once more when it was sent again."""
        known = tuple(self._secrets())
        new = [seen for seen in observations if (seen.id, seen.tried) not in self._observed]
        self._observed.update((seen.id, seen.tried) for seen in new)
        shown = {seen.exchange for seen in new}
        if new:
            told = tuple(conceal(seen, known) for seen in new)
            recorded = tuple(redact(exchange, known) for exchange in exchanges if exchange.id in shown)
            self._write(Line(observed=Observed(observations=told, exchanges=recorded)))

    def turn(self, turn: fuzz.Turn) -> None:
        """Write down that a turn of the fuzzer is over, and what it brought."""
        phase, operation = turn.key
        known = tuple(self._secrets())
        self._write(
            Line(
                turn=Turn(
                    phase=phase,
                    operation=operation,
                    examined=dict(turn.examined),
                    found=tuple(conceal(seen, known) for seen in turn.found),
                    exchanges=tuple(redact(exchange, known) for exchange in turn.exchanges),
                    cut=turn.cut,
                    lost=turn.lost,
                )
            )
        )

    def end(self) -> None:
        """Write down that nothing is left to be done."""
        self._write(Line(over=now()))

    def _step(self, evidence: Iterable[Evidence], exchanges: Iterable[Exchange]) -> Step:
        known = tuple(self._secrets())
        return Step(
            evidence=tuple(conceal(each, known) for each in evidence), exchanges=tuple(redact(each, known) for each in exchanges)
        )

    def _write(self, line: Line) -> None:
        if self.broken:
            return
        try:
            self._stream.write(_written(line))
        except OSError as error:
            self.broken = say("run.journal-broken", error=error.strerror or error)


def now() -> str:
    """Return this moment, as a report has it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def discard(file: Path) -> None:
    """Remove a journal, unless there is something in it for a run to go on from: a step was over and not all of them."""
    try:
        with file.open("rb") as lines:
            kinds = {line[:12].split(b'"')[1] for line in lines if line.count(b'"') > 1}
    except OSError:
        return
    if b"over" in kinds or not kinds & {b"question", b"turn"}:
        file.unlink(missing_ok=True)


def _written(line: Line) -> bytes:
    said = json.dumps(line.model_dump(mode="json", by_alias=True, exclude_unset=True), ensure_ascii=False)
    return said.encode("utf-8", "replace") + b"\n"


def _for_the_owner(file: str, flags: int) -> int:
    return os.open(file, flags, 0o600)


def _end_line(file: Path, stream: BinaryIO) -> None:
    """Cut off a last line that was not written to its end."""
    written = file.read_bytes()
    if written and not written.endswith(b"\n"):
        stream.truncate(written.rfind(b"\n") + 1)
