"""Which operations reach a definition, and does the API receive or send what it describes?

A graph of definitions, one node each; whether that node is reached is only worked out when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

RECEIVED, SENT = 1, 2
_DIRECTIONS = tuple(frozenset(name for bit, name in ((RECEIVED, "request"), (SENT, "response")) if bits & bit) for bits in range(4))


class Uses:
    """Who uses whom. Nodes are numbers."""

    def __init__(self) -> None:
        self._used: list[list[int]] = []
        self._operations: list[tuple[int, str]] = []
        self._given: dict[int, int] = {}
        self._only: dict[tuple[int, int], int] = {}
        self._names: dict[int, tuple[str, ...]] = {0: ()}

    def node(self) -> int:
        """Return a new node."""
        self._used.append([])
        return len(self._used) - 1

    def operation(self, node: int, name: str) -> None:
        """Take a node as an operation of the API."""
        self._operations.append((node, name))

    def use(self, user: int, used: int, only: int | None = None) -> None:
        """Note that one node uses another, in one direction ``only`` when that is said."""
        self._used[user].append(used)
        if only is not None:
            self._only[user, used] = only

    def give(self, node: int, direction: int) -> None:
        """Note that what a node describes is received or sent."""
        self._given[node] = self._given.get(node, 0) | direction

    def operations_of(self, node: int) -> tuple[str, ...]:
        """Return the names of the operations that reach a node, in the order in which they were noted."""
        mask = self._masks[node]
        if mask not in self._names:
            self._names[mask] = tuple(self._operations[bit][1] for bit in _set_bits(mask))
        return self._names[mask]

    def direction_of(self, node: int) -> frozenset[str]:
        """Return "request", "response", both or neither."""
        return _DIRECTIONS[self._directions[node]]

    @cached_property
    def _directions(self) -> list[int]:
        """The directions of all nodes. A node changes at most twice, so this is linear."""
        directions = [0] * len(self._used)
        waiting = list(self._given.items())
        while waiting:
            node, bits = waiting.pop()
            if bits | directions[node] == directions[node]:
                continue
            directions[node] |= bits
            waiting += [(used, bits & self._only.get((node, used), bits)) for used in self._used[node]]
        return directions

    @cached_property
    def _masks(self) -> list[int]:
        """For every node the operations that reach it, as bits."""
        groups, group_of = self._groups()
        masks = [0] * len(groups)
        for bit, (node, _) in enumerate(self._operations):
            masks[group_of[node]] |= 1 << bit
        for number in range(len(groups) - 1, -1, -1):  # Tarjan closes a group after all that it uses
            for node in groups[number]:
                for used in self._used[node]:
                    masks[group_of[used]] |= masks[number]
        return [masks[group] for group in group_of]

    def _groups(self) -> tuple[list[list[int]], list[int]]:
        """The groups of nodes that use each other in a circle (Tarjan 1972, without recursion), and the group of each node."""
        groups, group_of = self._leaves()
        order, lowest = group_of.copy(), [0] * len(group_of)  # a leaf needs no number of its own, only to have one
        open_nodes: list[int] = []
        seen = 0
        for start in range(len(order)):
            path = [] if order[start] >= 0 else [(start, iter(self._used[start]))]
            while path:
                node, uses = path[-1]
                if order[node] < 0:
                    order[node] = lowest[node] = seen
                    seen += 1
                    open_nodes.append(node)
                for used in uses:
                    if order[used] < 0:
                        path.append((used, iter(self._used[used])))
                        break
                    if group_of[used] < 0:
                        lowest[node] = min(lowest[node], order[used])
                else:
                    path.pop()
                    if path:
                        lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[node])
                    if lowest[node] == order[node]:
                        groups.append([])
                        while group_of[node] < 0:
                            member = open_nodes.pop()
                            group_of[member] = len(groups) - 1
                            groups[-1].append(member)
        return groups, group_of

    def _leaves(self) -> tuple[list[list[int]], list[int]]:
        """The nodes that use no other, which are most, each as a group of its own; and the group of each node, -1 for no leaf."""
        groups = [[node] for node, uses in enumerate(self._used) if not uses]
        group_of = [-1] * len(self._used)
        for number, (leaf,) in enumerate(groups):
            group_of[leaf] = number
        return groups, group_of


def _set_bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, lowest first; the cost is in those, not in the length of the mask."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
