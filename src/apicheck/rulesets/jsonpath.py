"""What does a JSONPath of a ruleset ask for?

Rulesets are written for two engines, and mean what those make of them. The first is quick and knows a narrow grammar; what it
cannot read, or finds too hard, goes to the second. They differ in small things that rulesets have come to lean on: to the first,
``.[`` is the same as ``..[``, and a space in ``[get, put]`` makes it miss. Neither is RFC 9535, so no library for that would do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from apicheck.rulesets.expression import Filter, Refused, compile_filter


@dataclass(frozen=True, slots=True)
class Names:
    """One of these keys or indexes, both as text."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Anything:
    """Every child."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The items of a list from ``start`` up to ``end``; negative counts from the end, None is open."""

    start: int
    end: int | None
    step: int

    def holds(self, index: int, length: int) -> bool:
        """Return whether an index of a list of this length lies in the slice."""
        return index in range(length)[self.start : self.end : self.step]


Selector = Names | Anything | Slice | Filter


@dataclass(frozen=True, slots=True)
class Step:
    """One step down; ``deep`` says that any number of levels may lie before it."""

    select: Selector
    deep: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A JSONPath ready for use.

    ``parents`` is how many levels up to go from what was found; ``keyed`` says that its key is meant; ``after`` is what to look for
    from there. ``every`` is ``$..``: the root and every list and mapping below it.
    """

    source: str
    steps: tuple[Step, ...]
    parents: int = 0
    keyed: bool = False
    every: bool = False
    after: Query | None = None


class Unreadable(Exception):
    """A JSONPath that cannot be understood. The message says where it fails."""


@cache
def parse(source: str) -> Query:
    """Return the query that a JSONPath stands for.

    Raises:
        Unreadable: it cannot be understood.
    """
    try:
        query = _Narrow(source).query()
        if _too_hard(query.steps):
            query = _wide(source)
    except _NotNarrow:
        query = _wide(source)
    except Refused as refused:
        raise Unreadable(str(refused)) from refused
    return query


class _NotNarrow(Exception):
    """The first engine cannot read it."""


_IDENTIFIER = re.compile(r"[$_\-A-Za-z0-9]+")
_NAME = re.compile(r"""([$_\-A-Za-z0-9]+)|"([^"]*)"|'([^']*)'""")
_SLICE = re.compile(r"\[(-?\d*):(-?\d*)(?::(-?\d*))?\]|\[(-?\d+)\]")
_LAST = re.compile(r"\[\(@\.length[ \t]*-[ \t]*(\d+)\)\]")
_KIND = re.compile(r"@[a-z]+\(\)")
_MODIFIERS = re.compile(r"[~^]*$")
_PLAIN = re.compile(r"""[A-Za-z0-9 \t$@.,_=<>!|&+~%^*/;\-\[\]]|"[^"]*"|'[^']*'""")


class _Narrow:
    """The grammar of the first engine."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 1

    def query(self) -> Query:
        source = self._source
        if not source.startswith("$"):
            raise _NotNarrow
        if re.fullmatch(r"\$\.\.[~^]*", source):
            return _modified(Query(source, (), every=True), source[3:])
        steps: list[Step] = []
        while True:
            before = self._at
            step = self._step()
            if step is None:
                self._at = before
                break
            steps.append(step)
        modifiers = source[self._at :]
        if not _MODIFIERS.fullmatch(modifiers):
            raise _NotNarrow
        return _modified(Query(source, tuple(steps)), modifiers)

    def _step(self) -> Step | None:
        source, at = self._source, self._at
        if source.startswith("..", at):
            deep, self._at = True, at + 2
        elif source.startswith(".", at):
            deep, self._at = source.startswith("[", at + 1), at + 1
        elif source.startswith(("[", "@"), at):
            deep = False
        else:
            return None
        selector = self._selector()
        return None if selector is None else Step(selector, deep)

    def _selector(self) -> Selector | None:
        source, at = self._source, self._at
        if identifier := _IDENTIFIER.match(source, at):
            return self._to(identifier.end(), Names(frozenset({identifier[0]})))
        for wildcard in ("*", "[*]"):
            if source.startswith(wildcard, at):
                return self._to(at + len(wildcard), Anything())
        if source.startswith("[?(", at):
            end = self._script(at + 3)
            if source.startswith(")]", end):
                return self._to(end + 2, compile_filter(source[at + 3 : end]))
        if kind := _KIND.match(source, at):
            return self._to(kind.end(), compile_filter(kind[0]))
        if last := _LAST.match(source, at):
            return self._to(last.end(), Slice(-int(last[1]), None, 1))
        return self._bracket()

    def _bracket(self) -> Selector | None:
        source, at = self._source, self._at
        if not source.startswith("[", at):
            return None
        names: set[str] = set()
        at += 1
        while name := _NAME.match(source, at):
            names.add(next(part for part in name.groups() if part is not None))
            at = name.end() + source.startswith(",", name.end())
        if names and source.startswith("]", at):
            return self._to(at + 1, Names(frozenset(names)))
        if (part := _SLICE.match(source, self._at)) and part[4] is None:
            return self._to(part.end(), _slice(part[1], part[2], part[3]))
        return None

    def _to(self, end: int, selector: Selector) -> Selector:
        self._at = end
        return selector

    def _script(self, at: int) -> int:
        """Where the script that starts here ends: brackets must pair, and few characters may stand in it."""
        source, depth = self._source, 0
        while at < len(source):
            if source[at] == "(":
                depth, at = depth + 1, at + 1
            elif source[at] == ")":
                if not depth:
                    return at
                depth, at = depth - 1, at + 1
            elif plain := _PLAIN.match(source, at):
                at = plain.end()
            else:
                raise _NotNarrow
        raise _NotNarrow


def _slice(start: str, end: str, step: str | None) -> Slice:
    return Slice(int(start or 0), int(end) if end else None, int(step) if step and int(step) > 0 else 1)


def _modified(query: Query, modifiers: str) -> Query:
    """The modifiers are read from the last to the first; a key forgets the parents that were counted before."""
    keyed, parents = False, 0
    for modifier in reversed(modifiers):
        if modifier == "~":
            keyed, parents = True, 0
        else:
            parents += 1
    return replace(query, keyed=keyed, parents=parents)


def _too_hard(steps: tuple[Step, ...]) -> bool:
    """Whether the first engine leaves the query to the second: it does when several steps are deep, but for simple cases."""
    deep_before = False
    index = 0
    while index < len(steps):
        step = steps[index]
        if step.deep:
            if deep_before:
                return True
            if isinstance(step.select, Names) and len(step.select.names) == 1:
                return _too_hard_after(steps[index + 1 :])
            deep_before = True
        index += 1
    return False


def _too_hard_after(steps: tuple[Step, ...]) -> bool:
    """The same, for the steps that follow one deep name."""
    flat, deep = False, 1
    for step in steps[:-1]:
        simple = (isinstance(step.select, Names) and len(step.select.names) == 1) or isinstance(step.select, Anything)
        if not step.deep:
            flat = flat or simple
            continue
        deep += 1
        if not simple or flat:
            return True
    if not steps:
        return False
    last = steps[-1]
    return flat or isinstance(last.select, Anything) if last.deep else deep > 1


_WIDE_KIND = re.compile(r"@(?:null|boolean|number|string|integer|undefined|nonFinite|scalar|array|object|function|other)\(\)")
_WIDE_SCRIPT = re.compile(r"[\['](\??\(.*?\))[\]'](?!.\])")
_WIDE_NAME = re.compile(r"""\[['"]([^'\]]*)['"]\]""")
_WIDE_BOUNDARY = re.compile(r"""['"]?\.['"]?(?![^\[]*\])|\[['"]?""")
_WIDE_SLICE = re.compile(r"(-?\d*):(-?\d*):?(\d*)")


def _wide(source: str) -> Query:
    """The reading of the second engine, which splits the text step by step."""
    return _wide_query(source, _wide_parts(source))


def _wide_query(source: str, parts: list[str]) -> Query:
    steps: list[Step] = []
    parents, deep = 0, False
    for index, part in enumerate(parts):
        if part == "..":
            deep = True
        elif part == "^":
            parents += 1
        elif part == "~":
            if index + 1 < len(parts):
                raise Unreadable(f"{parts[index + 1]} after ~")
            return Query(source, tuple(steps), parents=parents, keyed=True)
        elif parents:
            return Query(source, tuple(steps), parents=parents, after=_wide_query(source, parts[index - deep :]))
        else:
            steps.append(Step(_wide_selector(part), deep))
            deep = False
    if deep:
        steps.append(Step(Anything(), deep=True))
    return Query(source, tuple(steps), parents=parents)


def _wide_parts(source: str) -> list[str]:
    scripts: list[str] = []

    def keep(found: re.Match[str]) -> str:
        scripts.append(found[1])
        return f"[#{len(scripts) - 1}]"

    text = _WIDE_SCRIPT.sub(keep, _WIDE_KIND.sub(r";\g<0>;", source))
    text = _WIDE_NAME.sub(lambda found: "['" + found[1].replace(".", "%@%").replace("~", "%%@@%%") + "']", text)
    text = _WIDE_BOUNDARY.sub(";", text.replace("~", ";~;")).replace("%%@@%%", "~").replace("%@%", ".")
    text = re.sub(r";?(\^+);?", lambda ups: ";" + ";".join(ups[1]) + ";", text)
    text = re.sub(r";$|'?\]|'$", "", re.sub(r";;;|;;", ";..;", text))
    parts = [scripts[int(found[1])] if (found := re.search(r"#(\d+)", part)) else part for part in text.split(";")]
    return [part for part in parts[parts[0] == "$" :] if part]


def _wide_selector(part: str) -> Selector:
    try:
        if part.startswith("?("):
            return compile_filter(part[2:-1])
        if _WIDE_KIND.fullmatch(part):
            return compile_filter(part)
    except Refused as refused:
        raise Unreadable(str(refused)) from refused
    if last := _LAST.fullmatch(f"[{part}]"):
        return Slice(-int(last[1]), None, 1)
    if part.startswith("("):
        raise Unreadable(part)
    if part == "*":
        return Anything()
    if sliced := _WIDE_SLICE.fullmatch(part):
        return _slice(sliced[1], sliced[2], sliced[3])
    return Names(frozenset({part[1:]} if part.startswith("`") else {part, *part.split(",")}))
