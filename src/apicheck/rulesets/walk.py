"""Where in a document do JSONPaths lead, all of them in one walk?

The queries together are one automaton, built while it runs: a state is the set of steps that the next level may match, and a key
leads from one state to the next. What is shared by many references is one object in memory, and is walked once for each state.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

from apicheck.rulesets.ecmascript import member
from apicheck.rulesets.expression import Broke, Filter
from apicheck.rulesets.jsonpath import Anything, Names, Query, Selector, Slice

Path = list[str | int]
Emit = Callable[[Query, Path, Any], None]
"""Is called with a query, where it led to, and what stands there."""

_Item = tuple[int, int]
"""A query, and the step that it is at; both as index."""


_Pending = tuple[_Item, Filter | Slice]
"""A step of which it depends on the value whether it matches, and what it asks."""


class _Transition:
    """What a key leads to: queries that end there, the state below it, and what depends on the value.

    ``of_any`` can match any value, ``of_mappings`` only a mapping with one of the keys in ``needs``.
    """

    __slots__ = ("ends", "needs", "of_any", "of_mappings", "state")

    def __init__(self, ends: tuple[int, ...], state: _State, pending: Sequence[_Pending]) -> None:
        self.ends = ends
        self.state = state
        self.of_any = tuple(each for each in pending if _needs(each) is None)
        self.of_mappings = tuple(each for each in pending if _needs(each) is not None)
        self.needs = frozenset(name for each in self.of_mappings for name in _needs(each) or ())


def _needs(pending: _Pending) -> frozenset[str] | None:
    return pending[1].needs if isinstance(pending[1], Filter) else None


class _State:
    """The steps that the children of a node may match.

    ``names`` are the keys that a step asks for by name, ``of_key`` the filters that look at keys. Where there are neither, all
    keys lead to the same: ``transitions`` has what was asked before, by key, and ``alike`` what such keys have in common.
    """

    __slots__ = ("alike", "items", "names", "of_key", "of_lists", "transitions")

    def __init__(self, items: frozenset[_Item], selectors: Sequence[tuple[_Item, Selector]]) -> None:
        self.items = items
        self.names = frozenset(name for _, select in selectors if isinstance(select, Names) for name in select.names)
        self.of_key = tuple((item, select) for item, select in selectors if isinstance(select, Filter) and select.of_key)
        self.of_lists = not self.of_key and not any(map(str.isdigit, self.names))
        self.transitions: dict[str | int | None, _Transition] = {}
        self.alike: dict[tuple[str | None, tuple[_Item, ...]], _Transition] = {}


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
        seen: set[tuple[int, int, bool]] = set()
        frames = [(_children(root), self._state(items), False)]
        while frames:
            children, state, self.is_apart = frames[-1]
            for key, value in children:
                below = self._enter(state, key, value)
                if not value or not below.items or not isinstance(value, dict | list):
                    continue
                is_apart = self.is_apart or (bool(self._apart) and (id(self.values[-1]), str(key)) in self._apart)
                mark = id(value), id(below), is_apart
                if mark not in seen:
                    seen.add(mark)
                    self.path.append(key)
                    self.values.append(value)
                    frames.append((_children(value), below, is_apart))
                    break
            else:
                frames.pop()
                self.values.pop()
                if self.path:
                    self.path.pop()

    def _state(self, items: frozenset[_Item]) -> _State:
        if items not in self._states:
            asked = [item for item in sorted(items) if not self._queries[item[0]].every]
            self._states[items] = _State(items, [(item, self._queries[item[0]].steps[item[1]].select) for item in asked])
        return self._states[items]

    def _enter(self, state: _State, key: str | int, value: Any) -> _State:
        """Follow a key, tell of the queries that end there, and return the state for what stands below."""
        known = None if state.of_lists and type(key) is int else key
        transition = state.transitions.get(known)
        if transition is None:
            transition = state.transitions[known] = self._transition(state, key)
        for index in transition.ends:
            query = self._queries[index]
            if not query.every or isinstance(value, dict | list):
                self._tell(query, [*self.path, key], value)
        if transition.of_any:
            return self._depending(transition, transition.of_any + transition.of_mappings, key, value)
        if type(value) is dict and not transition.needs.isdisjoint(value):
            return self._depending(transition, transition.of_mappings, key, value)
        return transition.state

    def _depending(self, transition: _Transition, pending: Sequence[_Pending], key: str | int, value: Any) -> _State:
        further: set[_Item] = set()
        for item, select in pending:
            if self._passes(item, select, key, value):
                query = self._queries[item[0]]
                if item[1] + 1 == len(query.steps):
                    self._tell(query, [*self.path, key], value)
                else:
                    further.add((item[0], item[1] + 1))
        return self._state(transition.state.items | further) if further else transition.state

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
        passed = tuple(item for item, select in state.of_key if self._passes(item, select, key, None))
        alike = str(key) if str(key) in state.names else None, passed
        if alike not in state.alike:
            state.alike[alike] = self._made(state, *alike)
        return state.alike[alike]

    def _made(self, state: _State, name: str | None, passed: Container[_Item]) -> _Transition:
        """What keys lead to that have a name, or none that is asked for, and for which some of the filters of keys pass."""
        ends: list[int] = []
        items: set[_Item] = set()
        pending: list[_Pending] = []
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
            elif isinstance(select, Anything) or (name in select.names if isinstance(select, Names) else item in passed):
                if item[1] + 1 == len(query.steps):
                    ends.append(item[0])
                else:
                    items.add((item[0], item[1] + 1))
        return _Transition(tuple(ends), self._state(frozenset(items)), pending)

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
