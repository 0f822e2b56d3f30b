"""May a request of the engine be sent, and is there reason to send more?

Every request of the engine passes here: its cases, what its checks send on top, its own probes. So this is the place for what
must never fail: no other method than is allowed, no other host, no more and no faster than agreed, and nothing unseen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

import requests
from hypothesis.errors import UnsatisfiedAssumption
from schemathesis.core import SCHEMATHESIS_TEST_CASE_HEADER as CASE_HEADER
from schemathesis.engine.run.probes import HEADER_NAME as PROBE_HEADER
from schemathesis.engine.run.unit._case import BudgetExpired

from apicheck.answers import CannotTell
from apicheck.courtesy import HELD_OFF, asked_to_wait
from apicheck.fuzz.allowance import Allowance
from apicheck.fuzz.before import NOTHING, Before
from apicheck.fuzz.identity import Identity
from apicheck.fuzz.own import Maker, OwnObjects
from apicheck.fuzz.terms import Terms
from apicheck.fuzz.transmission import LONGEST, Label, Send, transmit
from apicheck.fuzz.watch import Watch, trouble
from apicheck.model import Exchange, Mode, Text
from apicheck.words import say

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods that only read (RFC 9110 §9.2.1)."""
TRIES: Final = 3
"""Times that a request is sent when the server asks to try again later."""
LONGEST_PAUSE: Final = 2.0
"""Seconds between two requests when the server keeps asking to slow down."""
REPEATED: Final = "repeated"
"""The purpose of a request that is sent again to see whether what was found shows again."""
MAKING: Final = "own-object"
"""The purpose of a request that makes an object, for others to change or delete."""
STATEFUL: Final = "stateful"
"""The name of the phase in which calls build on each other."""
SILENCES: Final = 3
"""Requests in a row without an answer after which an operation is left alone for the rest of a phase."""

_HICCUPS: Final = frozenset({"reset", "malformed"})
"""Errors after which a request that only reads is sent once more: one lost answer would end the turn of its operation."""
_SHORTEST: Final = 0.1
"""Seconds that even the last request may take."""
_OURS: Final = frozenset({"stream", "allow_redirects", "timeout", "cert"})
"""What the engine would set for a request and we do."""


class Refused(requests.RequestException):
    """A request that we do not send."""


class Wire:
    """What the requests of the engine go through.

    Args:
        see: is shown every exchange, in the thread that sends.
        close_phase: tells the engine to begin no more operations in a phase.
        before: what an earlier part of the same run has brought; its turns are not had again.
        own: the objects that the run made, for when it may change nothing else.
    """

    def __init__(
        self,
        terms: Terms,
        allowance: Allowance,
        see: Callable[[Exchange], None],
        close_phase: Callable[[str], None],
        before: Before = NOTHING,
        own: OwnObjects | None = None,
    ) -> None:
        self._base = _normal(terms.base_url)
        self._leave = terms.allowed
        self._own = own
        self._identity = Identity(terms.keyring)
        self._budget = terms.budget
        self._pause = 1 / terms.rate
        self._next = 0.0
        self._allowance = allowance
        self._see = see
        self._close_phase = close_phase
        self._timeout = terms.request_timeout
        self._watch = Watch()
        self._good: tuple[Send, requests.PreparedRequest, str | None] | None = None
        self._phase = ""
        self._operation: str | None = None
        self._asked = self._made = self._silences = 0
        self.done = before.done
        """The turns that are over: a phase and an operation."""
        self.cut = before.cut
        """Whether something was left out because its share was spent."""
        self.lost = before.lost
        """Whether a request was not answered."""
        self._number = before.sent
        self.exchanges: dict[str, Exchange] = {}
        """The last exchange of each case by the id of the case; who is done with a case takes it out."""
        self.stopped: Text | None = None
        """Why nothing more is sent; None as long as there is no reason."""
        self.broken_since: str | None = None
        """The id of the exchange from which on the server did nothing but fail."""
        self.crash: Exception | None = None
        """What broke: a fault of ours."""

    @property
    def why_cut_short(self) -> Text | None:
        """Why the engine could not do all that it would; None when it could."""
        if self.stopped is None and self.cut:
            return say("fuzz.stopped-budget")
        return self.stopped or (say("fuzz.cut-unanswered") if self.lost else None)

    def stop(self, reason: Text) -> None:
        """Send nothing more. The first reason is the one that counts."""
        self.stopped = self.stopped or reason
        self._close_phase(self._phase)

    def break_down(self, crash: Exception) -> None:
        """Send nothing more, for something of ours broke."""
        self.crash = self.crash or crash
        self.stop(say("fuzz.stopped-crash"))

    def begin_phase(self, phase: str) -> None:
        """The engine begins a phase."""
        self._phase = phase
        self._operation = None
        self._allowance.begin_phase(phase)

    def preparing(self, operation: str) -> None:
        """The engine makes a case for an operation: that has its turn.

        Raises:
            BudgetExpired: the turn of every operation is over in this phase.
        """
        if operation != self._operation:
            self._operation = operation
            self._asked = self._made = self._silences = 0
        self._allowance.begin_operation(operation)
        if self.stopped or self._spent() == "phase":
            self._close_phase(self._phase)
            raise BudgetExpired
        self._made += 1

    def has_enough_to_send(self) -> bool:
        """Say whether there is no use in making more cases before the first is sent: they would not get a turn."""
        enough = self._made > 0 and self._asked == 0 and self._allowance.is_exceeded_by(self._made)
        self.cut = self.cut or enough
        return enough

    def sending(self, operation: str) -> None:
        """The engine is about to send a case. What it took to make it is no reason not to send even one.

        Raises:
            BudgetExpired: the turn of the operation is over.
        """
        self.preparing(operation)
        left_alone = self._silences >= SILENCES and self._phase != STATEFUL
        if left_alone or (self._phase, operation) in self.done or (self._asked and self._spent()):
            raise BudgetExpired
        self._asked += 1

    def led(self, operation: str) -> dict[str, Any]:
        """Return the path parameter, with its value, that leads an operation to an object of ours, when it may change no other.

        Raises:
            BudgetExpired: there is no such object, so the turn of the operation is over.
        """
        try:
            return self._own.chosen(operation, self._make) if self._own else {}
        except LookupError:
            if self._phase == STATEFUL:
                return {}  # then it is refused, which passes over one step and does not end the phase
            raise BudgetExpired from None

    def on_own(self, exchange: Exchange) -> Exchange:
        """Return what an exchange is to be sent again as: on another object of ours, when the one that it was on is gone."""
        return replace(exchange, url=self._own.revived(exchange.url, self._make)) if self._own else exchange

    def _make(self, maker: Maker) -> None:
        with suppress(Refused):
            self._refuse(maker.request)
            self._once(maker.send, maker.request.copy(), MAKING, maker.operation)

    def _spent(self) -> Literal["phase", "operation"] | None:
        """Say what has used its share; something is then left out."""
        spent = self._allowance.spent()
        self.cut = self.cut or spent is not None
        return spent

    def send(self, send: Send, request: requests.PreparedRequest, options: dict[str, Any]) -> requests.Response:
        """Send a request of the engine, again when the server asks for that, and return the last answer.

        Raises:
            Refused, UnsatisfiedAssumption: the request is not one that we send.
            BudgetExpired: nothing more may be sent.
            OSError, ValueError, HTTPException: the request could not be sent, or was not answered as HTTP asks.
        """
        case = request.headers.pop(CASE_HEADER, None)
        send = self._identity.of_engine(send, request)
        try:
            self._refuse(request)
        except Refused:
            if self._phase == STATEFUL:
                raise UnsatisfiedAssumption from None  # a step that is passed over: an error would end the phase
            raise
        chosen = {name: value for name, value in options.items() if name not in _OURS}
        outcome, exchange = self._patiently(partial(send, **chosen), request, self._phase, self._operation)
        if isinstance(case, str):
            self.exchanges[case] = exchange
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def again(self, send: Send, request: requests.PreparedRequest, before: Exchange) -> Exchange | None:
        """Send what was sent before once more; None when it may not or cannot be sent."""
        try:
            self._refuse(request)
            _, exchange = self._patiently(self._identity.repeating(send, before), request, REPEATED, before.operation)
        except (Refused, BudgetExpired):
            return None
        return exchange

    def _refuse(self, request: requests.PreparedRequest) -> None:
        """Let nothing pass that is not agreed on.

        The engine's probes are not either: they ask whether a front end rejects NUL and control characters before the API sees
        them. When it does not get to know, it leaves them out; and what a front end rejects, says nothing about the API.
        """
        url, base = urlsplit(request.url or ""), self._base
        below = url.path.rstrip("/") == base.path.rstrip("/") or url.path.startswith(f"{base.path.rstrip('/')}/")
        method = request.method or ""
        undeclared = method not in SAFE and self._leave.mode is Mode.READ_ONLY
        if PROBE_HEADER in request.headers or undeclared or self._leave.refusal(method, request.url or "", request.headers):
            raise Refused(f"{method} is not sent", request=request)
        if (url.scheme, url.netloc) != (base.scheme, base.netloc) or not below:
            raise Refused(f"{request.url} is not below the base URL", request=request)

    def _patiently(
        self, send: Send, request: requests.PreparedRequest, purpose: str, operation: str | None
    ) -> tuple[requests.Response | Exception, Exchange]:
        for tries in range(1, TRIES + 1):
            outcome, exchange = self._once(send, request, purpose, operation)
            self._take_stock(send, request, exchange)
            wait = asked_to_wait(exchange)
            if exchange.status in HELD_OFF:
                self._pause = min(max(self._pause * 2, 0.1), LONGEST_PAUSE)
            if wait is None and tries == 1 and exchange.error in _HICCUPS and request.method in SAFE and purpose != REPEATED:
                wait = 0.0
            if wait is None or tries == TRIES:
                break
            self._sleep(wait)
        self.lost = self.lost or trouble(exchange) == "no-answer"
        return outcome, exchange

    def _once(
        self, send: Send, request: requests.PreparedRequest, purpose: str, operation: str | None
    ) -> tuple[requests.Response | Exception, Exchange]:
        if self.stopped:
            raise BudgetExpired
        try:
            self._budget.spend()
        except CannotTell as cannot:
            self.stop(cannot.reason)
            raise BudgetExpired from None
        self._sleep(self._next - time.monotonic())
        self._next = time.monotonic() + self._pause
        self._number += 1
        meant = operation if operation and operation.startswith(f"{request.method} ") else None
        left = max(self._budget.time_left, _SHORTEST)
        label = Label(f"f{self._number:05d}", purpose, meant)
        try:
            outcome, exchange = transmit(send, request, label, silence=min(self._timeout, left), longest=min(LONGEST, left))
        except CannotTell as cannot:  # no token could be had
            self.stop(cannot.reason)
            raise BudgetExpired from None
        self._leave.see(exchange)
        if self._own:
            self._own.see(send, request, exchange)
        try:
            self._see(exchange)
        except Exception as crash:  # noqa: BLE001  # the engine would take it for an error in the document
            self.break_down(crash)
            raise BudgetExpired from None
        return outcome, exchange

    def _sleep(self, seconds: float) -> None:
        if seconds > self._budget.time_left:
            self.stop(say("errors.budget-spent"))
            raise BudgetExpired
        if seconds > 0:
            time.sleep(seconds)

    def _take_stock(self, send: Send, request: requests.PreparedRequest, exchange: Exchange) -> None:
        """Look whether the API is still there, and remember a request that went well, to be sure of it when in doubt."""
        self._silences = self._silences + 1 if trouble(exchange) == "no-answer" else 0
        kind = self._watch.suspect(exchange)
        if kind and self._confirms(kind):
            self.broken_since = self._watch.since(kind) if kind == "failing" else None
            self.stop(say(f"fuzz.stopped-{kind}"))
        elif kind:
            self._watch.clear()
        elif exchange.error is None and 200 <= (exchange.status or 0) < 300 and request.method in SAFE:
            self._good = send, request, self._operation

    def _confirms(self, kind: str) -> bool:
        """Say whether a request that went well gives the same trouble now. An API that always failed has not changed."""
        if self._good is None:
            return kind != "failing"
        send, request, operation = self._good
        _, again = self._once(send, request.copy(), "reachable", operation)
        return trouble(again) == kind


def _normal(url: str) -> SplitResult:
    """Return a URL split up, spelled as requests does."""
    return urlsplit(requests.Request("GET", url).prepare().url or "")
