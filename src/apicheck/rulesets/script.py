"""Which data does a ruleset in JavaScript hold?

Nothing is run. A module that exports an object of literals is read for what it says; names that it imports stay names: a ruleset to
extend, a function that is known, or one that is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apicheck.errors import UnusableRuleset


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that a module takes from another; ``default`` and ``*`` stand for all of it."""

    module: str
    name: str


_OWN_FUNCTIONS = "@stoplight/spectral-functions"
_OWN_FORMATS = "@stoplight/spectral-formats"


class _NotData(Exception):
    """Something in a module that can only be known by running it."""


def exported(source: bytes, name: str) -> Any:
    """Return what a module exports, as plain data with ``Imported`` where it uses another module.

    Raises:
        UnusableRuleset: it is no JavaScript, or exports what can only be known by running it.
    """
    import esprima  # type: ignore[import-untyped]  # noqa: PLC0415  # it has no types, and few rulesets are in JavaScript

    text = source.decode("utf-8", "replace")
    try:
        try:
            program = esprima.parseModule(text)
        except esprima.Error:
            program = esprima.parseScript(text)
        return _Module(program.body).exported()
    except (esprima.Error, RecursionError, ValueError, re.error) as error:
        raise UnusableRuleset("ruleset-script", name=name, error=error) from error
    except _NotData as refusal:
        raise UnusableRuleset("ruleset-script-runs", name=name, what=refusal) from refusal


class _Module:
    """What stands at the top of a module: names with their values, and what is exported."""

    def __init__(self, body: list[Any]) -> None:
        self._names: dict[str, Any] = {}
        self._imported: dict[str, Imported] = {}
        self._enums: dict[str, dict[str, Any]] = {}
        self._namespaces: dict[str, Any] = {}
        self._exported: Any = None
        for statement in body:
            self._take(statement)

    def exported(self) -> Any:
        if self._exported is None:
            raise _NotData("no export")
        return self._value(self._exported)

    def _take(self, statement: Any) -> None:
        match statement.type:
            case "ImportDeclaration":
                for each in statement.specifiers:
                    taken = {"ImportDefaultSpecifier": "default", "ImportNamespaceSpecifier": "*"}.get(each.type)
                    self._imported[each.local.name] = Imported(statement.source.value, taken or each.imported.name)
            case "VariableDeclaration":
                for declared in statement.declarations:
                    self._declare(declared.id, declared.init)
            case "FunctionDeclaration":
                self._names[statement.id.name] = statement
            case "ExportDefaultDeclaration":
                self._exported = statement.declaration
            case "ExpressionStatement" if statement.expression.type == "AssignmentExpression":
                left = statement.expression.left
                right = statement.expression.right
                if _is_exports(left) and not (right.type == "MemberExpression" and _is_exports(right.object)):
                    self._exported = self._bundled(right)
            case "ExpressionStatement" if statement.expression.type == "CallExpression":
                self._called(statement.expression)

    def _called(self, call: Any) -> None:
        """Take what a bundler writes for ``export default`` and a compiler for an enumeration."""
        arguments = call.arguments
        if call.callee.name == "__export" and len(arguments) == 2:
            named = {each.key.name: each.value.body for each in arguments[1].properties}
            self._namespaces[arguments[0].name] = named.get("default")
        elif _is_function(call.callee) and len(arguments) == 1 and arguments[0].type == "LogicalExpression":
            self._enums[arguments[0].left.name] = dict(_enumerated(call.callee.body.body))

    def _bundled(self, tree: Any) -> Any:
        is_bundle = tree.type == "CallExpression" and tree.callee.name == "__toCommonJS" and len(tree.arguments) == 1
        return self._namespaces.get(tree.arguments[0].name, tree) if is_bundle else tree

    def _declare(self, target: Any, value: Any) -> None:
        module = _required(value)
        if target.type == "Identifier":
            self._names[target.name] = value
            if module:
                self._imported[target.name] = Imported(module, "*")
        elif target.type == "ObjectPattern" and module:
            for each in target.properties:
                self._imported[each.value.name] = Imported(module, each.key.name)

    def _value(self, tree: Any) -> Any:
        match tree.type:
            case "Literal":
                return f"/{tree.regex.pattern}/{tree.regex.flags}" if getattr(tree, "regex", None) else tree.value
            case "TemplateLiteral" if not tree.expressions:
                return tree.quasis[0].value.cooked
            case "ObjectExpression":
                return dict(self._members(tree))
            case "ArrayExpression":
                return [item for element in tree.elements for item in self._items(element)]
            case "UnaryExpression" if tree.operator == "-":
                return -self._value(tree.argument)
            case "BinaryExpression" if tree.operator == "+":
                left, right = self._value(tree.left), self._value(tree.right)
                if isinstance(left, str) and isinstance(right, str):
                    return left + right
        return self._reference(tree)

    def _reference(self, tree: Any) -> Any:
        if tree.type == "Identifier" and tree.name in self._imported:
            return _known(self._imported[tree.name])
        if tree.type == "Identifier" and tree.name in self._enums:
            return self._enums[tree.name]
        if tree.type == "Identifier" and tree.name in self._names:
            value = self._names.pop(tree.name)  # a name that leads back to itself ends here
            try:
                return Imported("", tree.name) if _is_function(value) or _is_made(value) else self._value(value)
            finally:
                self._names[tree.name] = value
        if tree.type == "MemberExpression" and not tree.computed:
            holder = self._value(tree.object)
            if isinstance(holder, Imported):
                return _known(Imported(holder.module, tree.property.name))
            if isinstance(holder, dict) and tree.property.name in holder:
                return holder[tree.property.name]
        if module := _required(tree):
            return Imported(module, "*")
        if _is_function(tree):
            return Imported("", "function")
        raise _NotData(tree.name if tree.type == "Identifier" else tree.type)

    def _members(self, tree: Any) -> Iterator[tuple[str, Any]]:
        for each in tree.properties:
            if each.type == "SpreadElement":
                spread = self._value(each.argument)
                if not isinstance(spread, dict):
                    raise _NotData("...")
                yield from spread.items()
            elif each.computed:
                yield self._value(each.key), self._value(each.value)
            else:
                key = each.key.name if each.key.type == "Identifier" else each.key.value
                yield str(key), self._value(each.value)

    def _items(self, element: Any) -> list[Any]:
        if element.type != "SpreadElement":
            return [self._value(element)]
        spread = self._value(element.argument)
        if not isinstance(spread, list):
            raise _NotData("...")
        return spread


def _required(tree: Any) -> str | None:
    """The module that ``require("...")`` names."""
    if tree is None or tree.type != "CallExpression" or tree.callee.name != "require" or len(tree.arguments) != 1:
        return None
    return str(tree.arguments[0].value)


def _is_exports(tree: Any) -> bool:
    """Whether something is ``module.exports``; that it is its own ``default`` changes nothing."""
    return tree.type == "MemberExpression" and tree.object.name == "module" and bool(tree.property.name == "exports")


def _is_made(tree: Any) -> bool:
    """Whether something is what a call gives, as the functions of a ruleset are."""
    return tree is not None and tree.type == "CallExpression" and _required(tree) is None


def _enumerated(body: Any) -> Iterator[tuple[str, Any]]:
    """The names of an enumeration with their values, from ``E["Name"] = "value"`` and ``E[E["Name"] = 0] = "Name"``."""
    for statement in body:
        assigned = statement.expression
        if (
            statement.type != "ExpressionStatement"
            or assigned.type != "AssignmentExpression"
            or assigned.left.type != "MemberExpression"
        ):
            continue
        inner = assigned.left.property
        if inner.type == "AssignmentExpression":
            yield inner.left.property.value, inner.right.value
        elif inner.type == "Literal":
            yield inner.value, assigned.right.value


def _is_function(tree: Any) -> bool:
    return tree is not None and tree.type in {"FunctionExpression", "ArrowFunctionExpression", "FunctionDeclaration"}


def _known(imported: Imported) -> Any:
    """A function or a format of the linter itself is known by its name."""
    own = imported.module in {_OWN_FUNCTIONS, _OWN_FORMATS} and imported.name not in {"*", "default"}
    return imported.name if own else imported
