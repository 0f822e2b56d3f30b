"""What does a schema refer to, and which dialect is it in?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag, urljoin

from apicheck.rulesets.ecmascript import UNDEFINED
from apicheck.rulesets.resolving import at

_NEWER = {
    "prefixItems",
    "unevaluatedItems",
    "unevaluatedProperties",
    "dependentRequired",
    "dependentSchemas",
    "$dynamicRef",
    "$recursiveRef",
    "maxContains",
    "minContains",
}
"""Keywords that came after draft 7."""
_OLDER = {"additionalItems"}
"""Keywords that went with draft 2020-12."""


class Scope(NamedTuple):
    """Which resource a schema stands in, and by way of which resources evaluation came there."""

    base: str = ""
    passed: tuple[str, ...] = ("",)


class Unresolvable(Exception):
    """A reference in a schema leads nowhere."""


class Schemas:
    """A schema with the others that it may refer to, all of one dialect. ``resources`` are all of them by name; its own is empty.

    Args:
        root: the schema.
        dialect: ``draft4``, ``draft7``, ``draft2019-09`` or ``draft2020-12``.
        others: schemas that can be referred to by their ``$id``.
        nullable: the key that says that null is allowed too.
        own_messages: ``errorMessage`` is a keyword.
        formats: ``format`` is a keyword that asks something.
    """

    def __init__(
        self,
        root: Any,
        dialect: str,
        *,
        others: Iterable[Mapping[str, Any]] = (),
        nullable: tuple[str, ...] = (),
        own_messages: bool = False,
        formats: bool = True,
    ) -> None:
        self.root = root
        self.dialect = dialect
        self.own_messages = own_messages
        self._formats = formats
        self._nullable = nullable
        self.resources: dict[str, Any] = {"": root, **{other["$id"].rstrip("#"): other for other in others}}
        self._named = len(self.resources) > 1
        self._followed: dict[tuple[str, str], tuple[Any, str]] = {}

    def knows(self, name: str) -> bool:
        """Return whether a keyword belongs to the dialect."""
        if name == "format" and not self._formats:
            return False
        newer = self.dialect in {"draft2019-09", "draft2020-12"}
        return not (name in _NEWER and not newer) and not (name in _OLDER and self.dialect == "draft2020-12")

    def nullable(self, schema: Mapping[str, Any]) -> bool:
        """Return whether a schema says by a word of OpenAPI that null is allowed too."""
        return any(schema.get(key) is True for key in self._nullable)

    def entered(self, schema: Mapping[str, Any], scope: Scope) -> Scope:
        """Return the scope within a schema, which may be a resource of its own."""
        if not self._named or not isinstance(own := schema.get("$id"), str) or own.rstrip("#") == scope.base:
            return scope
        base = urljoin(scope.base, own).rstrip("#")
        return Scope(base, (*scope.passed, base)) if base in self.resources else scope

    def follow(self, reference: str, scope: Scope) -> tuple[Any, Scope]:
        """Return what a reference leads to.

        Raises:
            Unresolvable: it leads nowhere.
        """
        link = reference, scope.base
        if link not in self._followed:
            self._followed[link] = self._target(reference, scope.base)
        target, base = self._followed[link]
        if target is UNDEFINED:
            raise Unresolvable(reference)
        return target, Scope(base, scope.passed if base == scope.base else (*scope.passed, base))

    def _target(self, reference: str, base: str) -> tuple[Any, str]:
        resource, fragment = urldefrag(reference)
        base = urljoin(base, resource) if resource else base
        root = self.resources.get(base, UNDEFINED)
        return (root if not fragment else self._pointed(root, unquote(fragment))), base

    def follow_dynamic(self, reference: str, scope: Scope) -> tuple[Any, Scope]:
        """Return what a dynamic reference leads to: the outermost resource on the way that has its anchor (2020-12, 8.2.3.2).

        Raises:
            Unresolvable: it leads nowhere.
        """
        name = reference.removeprefix("#")
        for base in scope.passed:
            root = self.resources.get(base)
            if isinstance(root, dict) and root.get("$dynamicAnchor") == name:
                return root, Scope(base, scope.passed)
        return self.follow(reference, scope)

    def _pointed(self, root: Any, fragment: str) -> Any:
        if root is UNDEFINED:
            return root
        if fragment.startswith("/"):
            return at(root, tuple(part.replace("~1", "/").replace("~0", "~") for part in fragment[1:].split("/")))
        return next((each for each in _schemas(root) if fragment in {each.get("$anchor"), each.get("$dynamicAnchor")}), UNDEFINED)


def _schemas(root: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping in a schema, each object once."""
    waiting, seen = [root], set()
    while waiting:
        value = waiting.pop()
        if not isinstance(value, dict | list) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            yield value
        waiting += value.values() if isinstance(value, dict) else value
