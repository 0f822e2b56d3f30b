"""Does one schema accept at least what another does, and where not?

A substitutability question: ``accepts_at_least(wide, narrow)``. It is answered by simulation: two schemas are taken to agree while
they are looked at, so a schema that holds itself is no special case, and no nesting exhausts the stack. There is a choice only
where several shapes of the wide side have the type that is asked for; which one is meant is then tried out.

Why not a library: ``jsonsubschema`` (0.0.8, tried) ends with an error at a schema that holds itself, passes formats over, and says
yes or no without a place and never *unknown*; and it does not know the two sides of an API, nor OpenAPI.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from apicheck.conform.difference import Effect, Failure, Side, worst
from apicheck.conform.nodes import Schema
from apicheck.conform.normal import Normal
from apicheck.conform.scalars import admits, scalar_failures
from apicheck.conform.shapes import Shape, canonical, takes, type_of
from apicheck.conform.structures import Pair, PairKey, array_parts, object_parts, undecided
from apicheck.conform.unchanged import Unchanged
from apicheck.model import Place

MOST_TRIED = 3_000
"""Pairs of schemas that are looked at to choose between alternatives."""
DEEPEST = 12
"""Choices within choices."""
_SHOWN = 5
"""Values that a text lists."""


class Answer(NamedTuple):
    """Whether a schema accepts at least what another does (``effect`` is harmless, breaking or unknown), and the failures."""

    effect: Effect
    failures: tuple[Failure, ...]

    @property
    def deepest(self) -> Failure | None:
        """The failure that stands deepest, of those that decide; None when there is none."""
        deciding = [failure for failure in self.failures if failure.effect is self.effect and failure.effect is not Effect.HARMLESS]
        return max(deciding, key=lambda failure: len(failure.narrow.tokens), default=None)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a pair brings: its own failures, and the pairs below."""

    failures: tuple[Failure, ...]
    below: tuple[Pair, ...]


def accepts_at_least(wide: Schema, narrow: Schema, side: Side) -> Answer:
    """Say whether a schema accepts at least what another one does.

    Args:
        wide: what should accept; of a request that of the candidate, of a response that of the reference.
        narrow: what may come.
        side: tells which properties go along, and what an unnamed property means.
    """
    inquiry = Inquiry()
    found = [failure for _, look in inquiry.walk(Pair(wide, narrow, side)) for failure in look.failures]
    return Answer(worst(failure.effect for failure in found), tuple(found))


@dataclass(slots=True)
class Inquiry:
    """Looks at pairs of schemas, at each once."""

    unchanged: Unchanged | None = None
    normal: Normal = field(default_factory=Normal)
    looks: dict[PairKey, Look] = field(default_factory=dict)
    _accepted: set[PairKey] = field(default_factory=set)
    _refused: dict[PairKey, Effect] = field(default_factory=dict)
    _assumed: set[PairKey] = field(default_factory=set)
    _depth: int = 0
    _tries: int = 0
    _cuts: int = 0
    """How often a choice was given up, undecided, for what it would cost."""

    def walk(self, pair: Pair) -> Iterator[tuple[PairKey, Look]]:
        """Yield a pair and all below it, each once."""
        seen: set[PairKey] = set()
        waiting = [pair]
        while waiting:
            asked = waiting.pop()
            name = asked.name
            if name not in seen:
                seen.add(name)
                look = self.look(asked)
                yield name, look
                waiting += look.below

    def look(self, pair: Pair) -> Look:
        """Look at one pair, without what is below it."""
        name = pair.name
        if name in self.looks:
            return self.looks[name]
        cuts = self._cuts
        found = [] if self._same(pair) else list(self._compare(pair))
        failures = tuple(part for part in found if isinstance(part, Failure))
        look = Look(failures, tuple(part for part in found if isinstance(part, Pair)))
        if cuts == self._cuts or not self._depth:  # within a choice that was given up, it may yet be told elsewhere
            self.looks[name] = look
        return look

    def _same(self, pair: Pair) -> bool:
        if self.unchanged is None or len(pair.wide) != 1 or len(pair.narrow) != 1:
            return False
        return self.unchanged.holds(pair.wide[0], pair.narrow[0])

    def _compare(self, pair: Pair) -> Iterator[Failure | Pair]:
        wides, narrows = (self.normal.shapes(schema, pair.side) for schema in (pair.wide, pair.narrow))
        missing: dict[str, Shape] = {}
        for narrow in narrows:
            if narrow.values is not None:
                yield from _values(wides, narrow, pair.wide[0].place)
                continue
            for kind in sorted(narrow.types - {"integer"} if "number" in narrow.types else narrow.types):
                options = [shape for shape in wides if takes(shape.types, kind)]
                if options:
                    yield from self._choose(options, narrow, kind, pair.side)
                else:
                    missing.setdefault(kind, narrow)
        if missing:
            yield from _missing_types(missing, wides, pair.wide[0].place)

    def _choose(self, options: list[Shape], narrow: Shape, kind: str, side: Side) -> Iterator[Failure | Pair]:
        """Compare with the shape that accepts; when none does, with the one that is meant."""
        if len(options) == 1:
            yield from _local(options[0], narrow, kind, side)
            return
        options.sort(key=lambda option: not _counterparts(option, narrow))
        effects = []
        for option in options:
            found = list(_local(option, narrow, kind, side))
            effects.append(self._tried(found))
            if effects[-1] is Effect.HARMLESS:
                yield from found
                return
        # Together they may accept what none accepts alone, as two ranges do; of objects that takes more than documents do.
        certain = Effect.UNKNOWN not in effects
        certain = certain and (kind in {"object", "array"} or all(option.values is not None for option in options))
        if certain and _counterparts(options[0], narrow) and kind in {"object", "array"}:
            yield from _local(options[0], narrow, kind, side)
        else:
            effect = Effect.BREAKING if certain else Effect.UNKNOWN
            yield Failure("alternative", effect, options[0].place, narrow.place, {"type": kind})

    def _tried(self, found: list[Failure | Pair]) -> Effect:
        """Say what comes of a comparison with all that is below it."""
        effect = worst(part.effect for part in found if isinstance(part, Failure))
        for pair in (part for part in found if isinstance(part, Pair)):
            if effect is Effect.BREAKING:
                break
            effect = worst((effect, self._accepts(pair)))
        return effect

    def _accepts(self, pair: Pair) -> Effect:
        """Say whether one schema accepts another: all pairs that were met without a failure accept each other (coinduction)."""
        name = pair.name
        if name in self._accepted or name in self._assumed:
            return Effect.HARMLESS
        if name in self._refused:
            return self._refused[name]
        if self._depth >= DEEPEST:
            self._cuts += 1
            return Effect.UNKNOWN
        before, cuts = set(self._assumed), self._cuts
        self._tries = self._tries if self._depth else 0
        self._depth += 1
        effect = self._simulate(pair)
        self._depth -= 1
        met, self._assumed = self._assumed - before, before
        if effect is Effect.HARMLESS:
            (self._assumed if before else self._accepted).update(met)
        elif effect is Effect.BREAKING or cuts == self._cuts:
            self._refused[name] = effect
        return effect

    def _simulate(self, pair: Pair) -> Effect:
        waiting, effect = [pair], Effect.HARMLESS
        while waiting and effect is not Effect.BREAKING:
            asked = waiting.pop()
            name = asked.name
            if name in self._assumed or name in self._accepted:
                continue
            self._tries += 1
            if self._tries > MOST_TRIED:
                self._cuts += 1
                return Effect.UNKNOWN
            self._assumed.add(name)
            look = self.look(asked)
            effect = worst((effect, *(failure.effect for failure in look.failures)))
            waiting += look.below
        return effect


def _counterparts(wide: Shape, narrow: Shape) -> bool:
    """Say whether two alternatives have one name, or else one place in their lists."""
    return wide.place.tokens[-1:] == narrow.place.tokens[-1:]


def _local(wide: Shape, narrow: Shape, kind: str, side: Side) -> Iterator[Failure | Pair]:
    """Compare two shapes as far as one type goes."""
    if wide.values is not None and not (kind in {"boolean", "null"} and _lists_all(wide, kind)):
        yield Failure("values", Effect.BREAKING, wide.place, narrow.place, {"wide": _listed(wide.values.values()), "narrow": kind})
        return
    yield from scalar_failures(wide, narrow, kind)
    if kind == "array":
        yield from array_parts(wide, narrow, side)
    if kind == "object":
        yield from object_parts(wide, narrow, side)
    yield from undecided(wide, narrow)


def _lists_all(shape: Shape, kind: str) -> bool:
    listed = set(shape.values or ())
    return listed >= ({"null"} if kind == "null" else {"true", "false"})


def _values(wides: tuple[Shape, ...], narrow: Shape, at: Place) -> Iterator[Failure]:
    """Compare the values that the narrow side lists, one by one."""
    new: list[object] = []
    doubtful: list[object] = []
    for value in (narrow.values or {}).values():
        if not takes(narrow.types, type_of(value)):
            continue  # the type already refuses it
        told = [admits(shape, value) for shape in wides]
        if True not in told:
            (doubtful if None in told else new).append(value)
    listed = [shape for shape in wides if shape.values is not None]
    at = listed[0].place if listed else wides[0].place if wides else at
    for effect, values in ((Effect.BREAKING, new), (Effect.UNKNOWN, doubtful)):
        if values == [None]:
            yield Failure("null", effect, at, narrow.place)
        elif values:
            yield Failure("value", effect, at, narrow.place, {"values": _listed(values)})


def _missing_types(missing: dict[str, Shape], wides: tuple[Shape, ...], at: Place) -> Iterator[Failure]:
    known = ", ".join(sorted({kind for shape in wides for kind in shape.types})) or "-"
    if narrow := missing.pop("null", None):
        yield Failure("null", Effect.BREAKING, at, narrow.place)
    if "number" in missing and "integer" in missing:
        del missing["integer"]
    if missing:
        first = next(iter(missing.values()))
        yield Failure("type", Effect.BREAKING, at, first.place, {"wide": known, "narrow": ", ".join(sorted(missing))})


def _listed(values: Iterable[object]) -> str:
    texts = [canonical(value) for value in values]
    more = f" … (+{len(texts) - _SHOWN})" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
