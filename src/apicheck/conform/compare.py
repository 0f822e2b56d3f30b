"""What would a client that was written for the reference notice, when it meets the candidate?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from apicheck.conform.accepts import Inquiry
from apicheck.conform.difference import Difference, Effect, Failure, Side, worst
from apicheck.conform.nodes import Node, alike
from apicheck.conform.operations import Both, operation
from apicheck.conform.paths import Matching, Prefix, match
from apicheck.conform.security import Gate, access
from apicheck.conform.structures import Pair, PairKey
from apicheck.conform.unchanged import Unchanged
from apicheck.conform.wording import OF_SCHEMAS, wording
from apicheck.model import Place
from apicheck.openapi import Document, Operation, View
from apicheck.openapi.collection import collection_paused
from apicheck.openapi.uses import Uses


@dataclass(frozen=True, slots=True)
class Examined:
    """How much was looked at: of the reference its operations and their parameters, and the pairs of schemas."""

    operations: int
    matched: int
    parameters: int
    schemas: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison came to: the differences, those that break first, and how much was looked at.

    ``prefix`` says how paths of the reference were found back in the candidate, ``names`` how the candidate calls its operations.
    """

    candidate: Document
    reference: Document
    prefix: Prefix
    names: Mapping[str, str]
    examined: Examined
    differences: tuple[Difference, ...]

    @property
    def effect(self) -> Effect:
        """The worst that any difference does. Where the reference has no operation there is nothing to conform to: unknown."""
        found = {difference.effect for difference in self.differences}
        if not self.examined.operations:
            found.add(Effect.UNKNOWN)
        return worst(found)

    def having(self, effect: Effect) -> tuple[Difference, ...]:
        """Return the differences with an effect."""
        return tuple(difference for difference in self.differences if difference.effect is effect)


def compare(candidate: Document, reference: Document, prefix: Prefix | None = None) -> Comparison:
    """Compare two documents by meaning: may the candidate take the place of the reference? Pure; no network.

    Args:
        candidate: the document of the API.
        reference: the document that it should conform to.
        prefix: how paths of the reference start in the candidate; without it that is inferred where it is unambiguous.
    """
    with collection_paused():
        return _compare(candidate, reference, prefix)


def _compare(candidate: Document, reference: Document, prefix: Prefix | None) -> Comparison:
    ours, theirs = View(candidate), View(reference)
    matching = match(ours, theirs, prefix)
    ledger = _Ledger(candidate, reference, Inquiry(Unchanged(candidate, reference)))
    _whole(matching, ledger)
    gates = (Gate(candidate, ours), Gate(reference, theirs))
    for asked, found in matching.pairs:
        if found is None:
            at = candidate.place("paths", matching.prefix.mapped(asked.path), asked.method)
            failure = Failure("operation-missing", Effect.BREAKING, at, asked.place, {"name": asked.name})
            ledger.take(asked, Side.OPERATION, failure)
            continue
        for side, part in operation(Both(found, asked, (candidate, reference))):
            ledger.take(asked, side, part)
        for failure in access(found, asked, gates):
            ledger.take(asked, Side.OPERATION, failure)
    examined = Examined(
        operations=len(matching.pairs),
        matched=sum(found is not None for _, found in matching.pairs),
        parameters=sum(len(asked.parameters) for asked, _ in matching.pairs),
        schemas=ledger.close(),
    )
    names = {asked.name: found.name for asked, found in matching.pairs if found}
    return Comparison(candidate, reference, matching.prefix, names, examined, tuple(sorted(ledger.differences(), key=_order)))


def _whole(matching: Matching, ledger: _Ledger) -> None:
    """What is about the document as a whole."""
    candidate, reference = ledger.candidate, ledger.reference
    for operation_ in matching.added:
        failure = Failure("operation-added", Effect.HARMLESS, operation_.place, reference.place("paths"), {"name": operation_.name})
        ledger.take(None, Side.OPERATION, failure)
    places = candidate.place("paths"), reference.place("paths")
    if matching.ambiguous:
        values = {"name": str(matching.prefix)}
        ledger.take(None, Side.OPERATION, Failure("prefix-ambiguous", Effect.UNKNOWN, *places, values))
    nodes = [Node(document.root.get("webhooks", {}), document.place("webhooks"), document) for document in (candidate, reference)]
    if nodes[1].value and not alike(*nodes):
        ledger.take(None, Side.OPERATION, Failure("webhooks-undecided", Effect.UNKNOWN, nodes[0].place, nodes[1].place))


def _order(difference: Difference) -> tuple[int, int]:
    return list(Effect).index(difference.effect), list(Side).index(difference.side)


Cause = tuple[str, Effect, Side, Place, Place, str] | tuple[str, Effect, Side, str]
"""What makes two failures one: in schemas the places and the name, outside them what is said, for many operations say it anew."""


@dataclass(slots=True)
class _Ledger:
    """Gathers failures by cause, with the operations that they reach."""

    candidate: Document
    reference: Document
    inquiry: Inquiry
    uses: Uses = field(default_factory=Uses)
    _pairs: dict[PairKey, int] = field(default_factory=dict)
    _waiting: list[tuple[Pair, PairKey]] = field(default_factory=list)
    _users: dict[str, int] = field(default_factory=dict)
    _causes: dict[Cause, tuple[Failure, list[int]]] = field(default_factory=dict)

    def take(self, asked: Operation | None, side: Side, found: Failure | Pair) -> None:
        """Take in what was found for one operation of the reference."""
        user = self._user(asked.name if asked else "")
        if isinstance(found, Pair):
            self.uses.use(user, self._pair(found))
        else:
            self._note(found, side, user)

    def close(self) -> int:
        """Look at all pairs of schemas that were taken in, and all below them; return how many those are."""
        while self._waiting:
            pair, name = self._waiting.pop()
            look, node = self.inquiry.look(pair), self._pairs[name]
            for failure in look.failures:
                self._note(_by_document(failure, pair.side), pair.side, node)
            for below in look.below:
                self.uses.use(node, self._pair(below))
        return len(self._pairs)

    def differences(self) -> Iterator[Difference]:
        """Yield every cause once, with the operations that reach it."""
        for (kind, effect, side, *_), (failure, nodes) in self._causes.items():
            reached = {operation for node in nodes for operation in self.uses.operations_of(node)}
            text, values = wording(failure, side, self.reference)
            where = (kind, side, failure.wide.pointer, failure.narrow.pointer, str(failure.values.get("name", "")))
            yield Difference(
                id=hashlib.sha256("\0".join(where).encode("utf-8", "surrogatepass")).hexdigest()[:12],
                kind=kind,
                effect=effect,
                side=side,
                operations=tuple(operation for operation in self._users if operation and operation in reached),
                candidate=failure.wide,
                reference=failure.narrow,
                text=text,
                values=values,
            )

    def _user(self, name: str) -> int:
        if name not in self._users:
            self._users[name] = self.uses.node()
            self.uses.operation(self._users[name], name)
        return self._users[name]

    def _pair(self, pair: Pair) -> int:
        name = pair.name
        if name not in self._pairs:
            self._pairs[name] = self.uses.node()
            self._waiting.append((pair, name))
        return self._pairs[name]

    def _note(self, failure: Failure, side: Side, node: int) -> None:
        """Note a failure; its places are by now those of the candidate and of the reference."""
        about = str(sorted(failure.values.items()))
        cause: Cause = (failure.kind, failure.effect, side, about)
        if failure.kind in OF_SCHEMAS:
            cause = (failure.kind, failure.effect, side, failure.wide, failure.narrow, about)
        self._causes.setdefault(cause, (failure, []))[1].append(node)


def _by_document(failure: Failure, side: Side) -> Failure:
    """A failure of schemas with the candidate first. In a response it is the reference that should take the candidate in."""
    wide, narrow = ("candidate", "reference") if side is Side.REQUEST else ("reference", "candidate")
    values = {{"wide": wide, "narrow": narrow}.get(name, name): value for name, value in failure.values.items()}
    places = (failure.wide, failure.narrow) if side is Side.REQUEST else (failure.narrow, failure.wide)
    return Failure(failure.kind, failure.effect, *places, values)
