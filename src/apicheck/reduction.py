"""What is the smallest document that still shows a finding?

Delta debugging (Zeller and Hildebrandt, 2002), one level of the document after the other: whatever can go without the finding
going too, goes. Who reports a bug, or wants to see what a rule is about, needs no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from apicheck import lint, openapi
from apicheck.errors import UnreadableDocument, WrongUse
from apicheck.model import Finding, Source, Standard
from apicheck.openapi.copying import BROUGHT_IN, Copy

_SHORT = 30
"""Characters of a text that nobody minds to read."""

Tokens = tuple[str | int, ...]
Shows = Callable[[Any], bool]


def reduce(document: openapi.Document, standard: Standard, what: str) -> Any:
    """Return the smallest document found that still shows a finding; what stands in other files is brought into it.

    ``what`` is the id of a finding, or a check or rule, of which the first finding is taken.

    Raises:
        WrongUse: the document shows no such finding, or only together with other files.
    """
    check, finding = _find(document, standard, what)

    def shows(root: Any) -> bool:
        try:
            smaller = openapi.parse(orjson.dumps(root), "openapi.json")
        except UnreadableDocument:
            return False
        return any(one.message == finding.message for one in _findings(smaller, check))

    copy = Copy(document)
    root = copy.of(document.root, document.place())
    if not shows(root):
        root = {**root, BROUGHT_IN: copy.brought_in()}
    if not shows(root):
        raise WrongUse("finding-needs-files", what=what)
    return _without_long_texts(_smallest(root, shows), shows)


def _find(document: openapi.Document, standard: Standard, what: str) -> tuple[str, Finding]:
    named = standard.checks_named(what)
    for ref in dict.fromkeys(ref for rule in standard.rules for _, ref in rule.bindings if ref.source is Source.LINT):
        for finding in _findings(document, ref.check):
            if ref in named or finding.id == what:
                return ref.check, finding
    raise WrongUse("no-such-finding", what=what)


def _findings(document: openapi.Document, check: str) -> tuple[Finding, ...]:
    (evidence,) = lint.run(openapi.View(document), [check])
    return evidence.findings


def _smallest(root: Any, shows: Shows) -> Any:
    """Take away what can go, the largest parts first, until nothing more can."""
    size = 0
    while size != (size := len(orjson.dumps(root))):
        for tokens in list(_containers(root)):
            names = _names(_at(root, tokens))
            if names:
                root = _with(root, tokens, _fewest(names, root, tokens, shows))
    return root


def _fewest(names: list[str | int], root: Any, tokens: Tokens, shows: Shows) -> list[str | int]:
    """Return the names of the children that a node cannot do without: half of them is tried, a quarter, down to one by one."""
    chunk = len(names)
    while chunk:
        start = 0
        while start < len(names):
            fewer = names[:start] + names[start + chunk :]
            if shows(_with(root, tokens, fewer)):
                names = fewer
            else:
                start += chunk
        chunk //= 2
    return names


def _without_long_texts(root: Any, shows: Shows) -> Any:
    for tokens, text in list(_texts(root)):
        if len(text) > _SHORT and shows(shorter := _replaced(root, tokens, text[:_SHORT])):
            root = shorter
    return root


def _containers(root: Any) -> Iterator[Tokens]:
    """Yield where the objects and arrays are, those on top first."""
    waiting: list[tuple[Tokens, Any]] = [((), root)]
    for tokens, node in waiting:
        names = _names(node)
        if names:
            yield tokens
        waiting += [((*tokens, name), node[name]) for name in names]


def _texts(node: Any, tokens: Tokens = ()) -> Iterator[tuple[Tokens, str]]:
    if isinstance(node, str):
        yield tokens, node
    for name in _names(node):
        yield from _texts(node[name], (*tokens, name))


def _names(node: Any) -> list[str | int]:
    if isinstance(node, dict):
        return list(node)
    return list(range(len(node))) if isinstance(node, list) else []


def _at(root: Any, tokens: Tokens) -> Any:
    """Return what stands at a place; None when it went with something above it."""
    for token in tokens:
        if token not in _names(root):
            return None
        root = root[token]
    return root


def _with(root: Any, tokens: Tokens, names: list[str | int]) -> Any:
    """Return a copy in which the node at a place has only these children."""
    node = _at(root, tokens)
    fewer = {name: node[name] for name in names} if isinstance(node, dict) else [node[name] for name in names]
    return _replaced(root, tokens, fewer)


def _replaced(root: Any, tokens: Tokens, node: Any) -> Any:
    """Return a copy with another node at a place; what lies beside the way there is shared."""
    if not tokens:
        return node
    copy = root.copy()
    copy[tokens[0]] = _replaced(root[tokens[0]], tokens[1:], node)
    return copy
