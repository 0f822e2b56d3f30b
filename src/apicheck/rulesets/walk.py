"""Where in a document do JSONPaths lead, all of them in one walk?

The queries together are one automaton, built while it runs: a state is the set of steps that the next level may match, and a key
leads from one state to the next. What is shared by many references is one object in memory, and is walked once for each state.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

from apicheck.rulesets.ecmascript import member
from apicheck.rulesets.expression import Broke, Filter
from apicheck.rulesets.jsonpath import Anything, Names, Query, Slice

Path = list[str | int]
Emit = Callable[[Query, Path, Any], None]
"""Is called with a query, where it led to, and what stands there."""

_Item = tuple[int, int]
"""A query, and the step that it is at; both as index."""


class _Transition:
    """What a key leads to: queries that end there, the state below it, and what depends on the value."""

    __slots__ = ("ends", "pending", "state")

    def __init__(self, ends: tuple[int, ...], state: _State, pending: tuple[tuple[_Item, Filter | Slice], ...]) -> None:
        self.ends = ends
        self.state = state
        self.pending = pending


class _State:
    """The steps that the children of a node may match."""

    __slots__ = ("is_plain", "items", "transitions")

    def __init__(self, items: frozenset[_Item], *, is_plain: bool) -> None:
        self.items = items
        self.is_plain = is_plain
        self.transitions: dict[str | int | None, _Transition] = {}


class Walk:
    """One walk over a document for many queries. ``path`` and ``values`` lead to the node whose children are looked at.

    ``is_apart`` says whether the way there leads over a place of ``apart``.

    Args:
        queries: what to look for.
        emit: is called for every place that a query leads to.
        broke: is called when a filter asks of a node what it has not.
        apart: places, as object and key, behind which a node is walked again although it was walked before.
    """

    def __init__(
        self,
        queries: Sequence[Query],
        emit: Emit,
        broke: Callable[[Query, Broke], None],
        apart: Container[tuple[int, str]] = (),
    ) -> None:
        self._queries = queries
        self._emit = emit
        self._broke = broke
        self._apart = apart
        self._states: dict[frozenset[_Item], _State] = {}
        self.path: Path = []
        self.values: list[Any] = []
        self.is_apart = False

    def run(self, root: Any) -> None:
        """Walk from the root, and tell of every place that a query leads to."""
        self.path, self.values, self.is_apart = [], [root], False
        for query in self._queries:
            if query.every or not query.steps:
                self._tell(query, [], root)
        items = frozenset((index, 0) for index, query in enumerate(self._queries) if query.steps or query.every)
        start = self._state(items)
        seen: set[tuple[int, int, bool]] = set()
        frames = [(_children(root), start, False)]
        while frames:
            children, state, self.is_apart = frames[-1]
            key, value = next(children, (None, None))
            if key is None:
                frames.pop()
                self.values.pop()
                if self.path:
                    self.path.pop()
                continue
            below = self._enter(state, key, value)
            if not below.items or not isinstance(value, dict | list):
                continue
            is_apart = self.is_apart or (bool(self._apart) and (id(self.values[-1]), str(key)) in self._apart)
            mark = id(value), id(below), is_apart
            if mark not in seen:
                seen.add(mark)
                self.path.append(key)
                self.values.append(value)
                frames.append((_children(value), below, is_apart))

    def _state(self, items: frozenset[_Item]) -> _State:
        if items not in self._states:
            # An index leads nowhere special when no step of the state asks for one.
            is_plain = not any(self._depends_on_index(item) for item in items)
            self._states[items] = _State(items, is_plain=is_plain)
        return self._states[items]

    def _depends_on_index(self, item: _Item) -> bool:
        query = self._queries[item[0]]
        if query.every:
            return False
        select = query.steps[item[1]].select
        if isinstance(select, Names):
            return any(name.isdigit() for name in select.names)
        return isinstance(select, Slice) or (isinstance(select, Filter) and select.of_key)

    def _enter(self, state: _State, key: str | int, value: Any) -> _State:
        """Follow a key, tell of the queries that end there, and return the state for what stands below."""
        known = None if isinstance(key, int) and state.is_plain else key
        transition = state.transitions.get(known)
        if transition is None:
            transition = state.transitions[known] = self._transition(state, key)
        for index in transition.ends:
            query = self._queries[index]
            if not query.every or isinstance(value, dict | list):
                self._tell(query, [*self.path, key], value)
        if not transition.pending:
            return transition.state
        further = None
        for item, select in transition.pending:
            if self._passes(item, select, key, value):
                query = self._queries[item[0]]
                if item[1] + 1 == len(query.steps):
                    self._tell(query, [*self.path, key], value)
                else:
                    further = {(item[0], item[1] + 1)} if further is None else {*further, (item[0], item[1] + 1)}
        return transition.state if further is None else self._state(transition.state.items | further)

    def _passes(self, item: _Item, select: Filter | Slice, key: str | int, value: Any) -> bool:
        if isinstance(select, Slice):
            return isinstance(key, int) and select.holds(key, len(self.values[-1]))
        if select.needs is not None and not (type(value) is dict and not select.needs.isdisjoint(value)):
            return False
        try:
            return select.passes(value, key, self)
        except Broke as broke:
            self._broke(self._queries[item[0]], broke)
            return False

    def _transition(self, state: _State, key: str | int) -> _Transition:
        ends: list[int] = []
        items: set[_Item] = set()
        pending: list[tuple[_Item, Filter | Slice]] = []
        for item in sorted(state.items):
            query = self._queries[item[0]]
            if query.every:
                ends.append(item[0])
                items.add(item)
                continue
            step = query.steps[item[1]]
            if step.deep:
                items.add(item)
            select = step.select
            if isinstance(select, Slice) or (isinstance(select, Filter) and not select.of_key):
                pending.append((item, select))
            elif isinstance(select, Anything) or (
                str(key) in select.names if isinstance(select, Names) else self._passes(item, select, key, None)
            ):
                if item[1] + 1 == len(query.steps):
                    ends.append(item[0])
                else:
                    items.add((item[0], item[1] + 1))
        return _Transition(tuple(ends), self._state(frozenset(items)), tuple(pending))

    def _tell(self, query: Query, path: Path, value: Any) -> None:
        if query.parents:
            if query.parents > len(path):
                return
            path = path[: -query.parents]
            value = self.values[0]
            for key in path:
                value = member(value, key)
        if query.after:
            here = path
            Walk([query.after], lambda _, way, found: self._emit(query, [*here, *way], found), self._broke).run(value)
            return
        if query.keyed:
            if not path:
                return
            value = path[-1]
        self._emit(query, path, value)


def _children(value: Any) -> Iterator[tuple[Any, Any]]:
    """The children of a node with their keys, in the order of the document."""
    if isinstance(value, dict):
        return iter(value.items())
    return enumerate(value) if isinstance(value, list) else iter(())
