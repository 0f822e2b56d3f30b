"""What does the ECMAScript in a filter of a JSONPath come to?

A filter is parsed once and becomes nested functions. Only what can be seen in a value is understood: operators, members and
the methods of strings and lists. Anything else is refused, so a filter is never taken for something that it is not.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from apicheck.rulesets.ecmascript import UNDEFINED, alike, keys, member, number, same, text, truthy, type_of
from apicheck.rulesets.patterns import NoPattern, Pattern, TooHard, pattern


class Around(Protocol):
    """What stands around the node that a filter looks at. ``path`` and ``values`` lead to its parent."""

    path: list[str | int]
    values: list[Any]


Evaluate = Callable[[Any, Any, Around], Any]
"""Takes a value, its key or index, and what stands around it."""


class Refused(Exception):
    """A filter is no expression that can be understood. The message says what it is."""


class Broke(Exception):
    """A filter asked something of a value that it has not, such as a member of null."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter ready for use.

    Only a mapping with one of the keys in ``needs`` can pass it; None says that anything can. ``of_key`` says that it looks
    at the key alone.
    """

    evaluate: Evaluate
    needs: frozenset[str] | None
    of_key: bool

    def passes(self, value: object, key: object, around: Around) -> bool:
        """Return whether a node passes.

        Raises:
            Broke: the filter asked of the node what it has not.
        """
        return truthy(self.evaluate(value, key, around))


_AT = "\u16a0"
"""Stands for ``@``, which no identifier of ECMAScript may have."""
_STAND_INS = {"@": _AT, "~=": "**"}
"""What is not ECMAScript, and what stands for it while it is parsed: ``a ~= 'b'`` asks whether a matches b."""
_OUTSIDE_TEXT = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|@|~=""")


def compile_filter(source: str) -> Filter:
    """Return the filter with this source, without ``?(`` and ``)``.

    Raises:
        Refused: it cannot be understood.
    """
    import esprima  # type: ignore[import-untyped]  # noqa: PLC0415  # it has no types, and only a ruleset has filters

    try:
        program = esprima.parseScript(_OUTSIDE_TEXT.sub(lambda token: _STAND_INS.get(token[0], token[0]), source).strip())
    except (esprima.Error, RecursionError, ValueError, re.error) as error:
        raise Refused(str(error)) from error
    if len(program.body) != 1 or program.body[0].type != "ExpressionStatement":
        raise Refused(source)
    tree = program.body[0].expression
    names = set(_names(tree))
    return Filter(_evaluate(tree), _needs(tree), of_key=names == {f"{_AT}property"})


def _names(tree: Any) -> Iterable[str]:
    """The identifiers of an expression that stand for something around a node."""
    if isinstance(tree, list):
        for item in tree:
            yield from _names(item)
    elif type(tree).__module__.startswith("esprima"):
        if tree.type == "Identifier" and tree.name.startswith(_AT):
            yield tree.name
        for child in vars(tree).values():
            yield from _names(child)


def _needs(tree: Any) -> frozenset[str] | None:
    """The keys of which a mapping must have one for the expression to be true; None when others can make it true."""
    if tree.type == "LogicalExpression":
        left, right = _needs(tree.left), _needs(tree.right)
        if tree.operator == "&&":
            return left if left is not None else right
        return left | right if left is not None and right is not None else None
    if tree.type == "BinaryExpression":
        return _needs_of_comparison(tree)
    if tree.type == "CallExpression" and tree.callee.type == "MemberExpression":
        return _needs(tree.callee.object)
    if tree.type != "MemberExpression":
        return None
    if tree.object.type != "Identifier" or tree.object.name != _AT:
        return _needs(tree.object)
    name = _literal_key(tree)
    return frozenset({name}) if isinstance(name, str) and name not in {"length", "constructor"} else None


def _needs_of_comparison(tree: Any) -> frozenset[str] | None:
    """What is not there is smaller and larger than nothing, equal to no literal, and only unequal to what may be there."""
    is_literal = tree.right.type == "Literal" and tree.right.value is not None
    if (tree.operator in {"===", "=="} and is_literal) or (tree.operator in {"!==", "!="} and _is_undefined(tree.right)):
        return _needs(tree.left)
    if tree.operator not in {"<", "<=", ">", ">="}:
        return None
    left = _needs(tree.left)
    return left if left is not None else _needs(tree.right)


def _is_undefined(tree: Any) -> bool:
    is_void = tree.type == "UnaryExpression" and tree.operator == "void"
    return is_void or (tree.type == "Identifier" and bool(tree.name == "undefined"))


def _literal_key(tree: Any) -> object:
    if not tree.computed:
        return _restored(tree.property.name)
    return _restored(tree.property.value) if tree.property.type == "Literal" else None


def _restored(value: object) -> object:
    return value.replace(_AT, "@") if isinstance(value, str) else value


def _evaluate(tree: Any) -> Evaluate:
    """The function that an expression stands for."""
    writer = _WRITERS.get(tree.type)
    if writer is None:
        raise Refused(tree.type)
    return writer(tree)


def _constant(value: object) -> Evaluate:
    return lambda _value, _key, _around: value


def _literal(tree: Any) -> Evaluate:
    if getattr(tree, "regex", None):
        try:
            return _constant(pattern(str(_restored(tree.regex.pattern)), tree.regex.flags))
        except NoPattern as error:
            raise Refused(str(error)) from error
    return _constant(_restored(tree.value))


_AROUND: dict[str, Evaluate] = {
    "": lambda value, _key, _around: value,
    "root": lambda _value, _key, around: around.values[0],
    "property": lambda _value, key, _around: key,
    "parent": lambda _value, _key, around: around.values[-1],
    "parentProperty": lambda _value, _key, around: around.path[-1] if around.path else UNDEFINED,
    "path": lambda _value, key, around: (
        "$" + "".join(f"['{step}']" if isinstance(step, str) else f"[{step}]" for step in (*around.path, key))
    ),
}
_KINDS: dict[str, Evaluate] = {
    "string": lambda value, _key, _around: isinstance(value, str),
    "number": lambda value, _key, _around: type_of(value) == "number",
    "boolean": lambda value, _key, _around: isinstance(value, bool),
    "scalar": lambda value, _key, _around: not isinstance(value, dict | list),
    "array": lambda value, _key, _around: isinstance(value, list),
    "null": lambda value, _key, _around: value is None,
    "object": lambda value, _key, _around: isinstance(value, dict | list),
    "integer": lambda value, _key, _around: type_of(value) == "number" and number(value) % 1 == 0,
}


def _identifier(tree: Any) -> Evaluate:
    name = tree.name
    if name == "undefined":
        return _constant(UNDEFINED)
    known = _AROUND.get(name.removeprefix(_AT)) if name.startswith(_AT) else None
    if known is None:
        raise Refused(str(_restored(name)))
    return known


def _unary(tree: Any) -> Evaluate:
    of = _evaluate(tree.argument)
    match tree.operator:
        case "!":
            return lambda value, key, around: not truthy(of(value, key, around))
        case "-":
            return lambda value, key, around: -number(of(value, key, around))
        case "+":
            return lambda value, key, around: number(of(value, key, around))
        case "typeof":
            return lambda value, key, around: type_of(of(value, key, around))
        case "void":
            return _constant(UNDEFINED)
    raise Refused(tree.operator)


def _added(left: object, right: object) -> object:
    if isinstance(left, str | dict | list) or isinstance(right, str | dict | list):
        return text(left) + text(right)
    return number(left) + number(right)


def _compared(order: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: object, right: object) -> bool:
        return order(left, right) if isinstance(left, str) and isinstance(right, str) else order(number(left), number(right))

    return compare


def _within(left: object, right: object) -> bool:
    """``in`` is not ECMAScript's own here: it looks whether a list or a text has something."""
    return _includes(right, left)


def _matches(left: object, right: object) -> bool:
    return pattern(text(right)).found(text(left))


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "===": same,
    "!==": lambda left, right: not same(left, right),
    "==": alike,
    "!=": lambda left, right: not alike(left, right),
    "<": _compared(operator.lt),
    "<=": _compared(operator.le),
    ">": _compared(operator.gt),
    ">=": _compared(operator.ge),
    "+": _added,
    "-": lambda left, right: number(left) - number(right),
    "*": lambda left, right: number(left) * number(right),
    "/": lambda left, right: number(left) / number(right) if number(right) else float("nan"),
    "%": lambda left, right: number(left) % number(right) if number(right) else float("nan"),
    "in": _within,
    "**": _matches,
}


def _binary(tree: Any) -> Evaluate:
    combine = _OPERATORS.get(tree.operator)
    if combine is None:
        raise Refused(tree.operator)
    left, right = _evaluate(tree.left), _evaluate(tree.right)
    return lambda value, key, around: combine(left(value, key, around), right(value, key, around))


def _logical(tree: Any) -> Evaluate:
    left, right = _evaluate(tree.left), _evaluate(tree.right)

    def both(value: Any, key: Any, around: Around) -> Any:
        first = left(value, key, around)
        return right(value, key, around) if truthy(first) else first

    def either(value: Any, key: Any, around: Around) -> Any:
        first = left(value, key, around)
        return first if truthy(first) else right(value, key, around)

    return both if tree.operator == "&&" else either


def _conditional(tree: Any) -> Evaluate:
    test, then, otherwise = _evaluate(tree.test), _evaluate(tree.consequent), _evaluate(tree.alternate)
    return lambda value, key, around: (then if truthy(test(value, key, around)) else otherwise)(value, key, around)


def _list(tree: Any) -> Evaluate:
    items = [_evaluate(item) for item in tree.elements]
    return lambda value, key, around: [item(value, key, around) for item in items]


def _member_of(tree: Any) -> Evaluate:
    of = _evaluate(tree.object)
    which = _evaluate(tree.property) if tree.computed else _constant(_restored(tree.property.name))

    def look(value: Any, key: Any, around: Around) -> Any:
        holder, name = of(value, key, around), which(value, key, around)
        if holder is None or holder is UNDEFINED:
            raise Broke(f"{text(name)} of {text(holder)}")
        if name == "constructor" and not (isinstance(holder, dict) and name in holder):
            return {"name": "Array" if isinstance(holder, list) else type_of(holder).capitalize()}
        return member(holder, name)

    return look


def _includes(holder: object, item: object) -> bool:
    if isinstance(holder, str):
        return text(item) in holder
    if isinstance(holder, list):
        return any(same(each, item) for each in holder)
    raise Broke(f"includes of {type_of(holder)}")


def _index_of(holder: object, item: object) -> int:
    if isinstance(holder, str):
        return holder.find(text(item))
    return next((index for index, each in enumerate(holder) if same(each, item)), -1) if isinstance(holder, list) else -1


def _match(holder: str, expression: str | Pattern) -> Any:
    wanted = pattern(expression) if isinstance(expression, str) else expression
    if not wanted.found(holder):
        return None
    return [wanted.first(holder)]


_METHODS: dict[str, Callable[..., Any]] = {
    "match": _match,
    "test": lambda expression, holder: expression.found(text(holder)),
    "includes": _includes,
    "indexOf": _index_of,
    "startsWith": lambda holder, start: holder.startswith(text(start)),
    "endsWith": lambda holder, end: holder.endswith(text(end)),
    "toLowerCase": lambda holder: holder.lower(),
    "toUpperCase": lambda holder: holder.upper(),
    "trim": lambda holder: holder.strip(),
    "toString": text,
    "split": lambda holder, separator: holder.split(text(separator)) if text(separator) else list(holder),
    "slice": lambda holder, start, end=None: holder[int(start) : None if end is None else int(end)],
    "hasOwnProperty": lambda holder, name: text(name) in keys(holder),
}
_OF_TEXT = {"match", "startsWith", "endsWith", "toLowerCase", "toUpperCase", "trim", "split"}


def _call(tree: Any) -> Evaluate:
    if tree.callee.type == "Identifier" and tree.callee.name.removeprefix(_AT) in _KINDS:
        return _KINDS[tree.callee.name.removeprefix(_AT)]
    if tree.callee.type != "MemberExpression" or tree.callee.computed or tree.callee.property.name not in _METHODS:
        raise Refused(tree.callee.property.name if tree.callee.type == "MemberExpression" else str(_restored(tree.callee.name)))
    name = tree.callee.property.name
    of, method = _evaluate(tree.callee.object), _METHODS[name]
    of_property = tree.callee.object.type == "Identifier" and tree.callee.object.name == f"{_AT}property"
    arguments = [_evaluate(argument) for argument in tree.arguments]

    def call(value: Any, key: Any, around: Around) -> Any:
        holder = of(value, key, around)
        if of_property:
            holder = text(holder)
        if (name in _OF_TEXT and not isinstance(holder, str)) or holder is None or holder is UNDEFINED:
            raise Broke(f"{name} of {type_of(holder)}")
        try:
            return method(holder, *(argument(value, key, around) for argument in arguments))
        except (TypeError, AttributeError, NoPattern, TooHard) as error:
            raise Broke(f"{name}: {error}") from error

    return call


_WRITERS: dict[str, Callable[[Any], Evaluate]] = {
    "Literal": _literal,
    "Identifier": _identifier,
    "UnaryExpression": _unary,
    "BinaryExpression": _binary,
    "LogicalExpression": _logical,
    "ConditionalExpression": _conditional,
    "ArrayExpression": _list,
    "MemberExpression": _member_of,
    "CallExpression": _call,
}
