"""What does each keyword of JSON Schema ask of a value?

The sentences are those that rulesets and their users know. Keywords stand in the order in which they are asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from apicheck.rulesets import patterns
from apicheck.rulesets.ecmascript import equal, stringify
from apicheck.rulesets.validation.errors import Error, Way
from apicheck.rulesets.validation.evaluate import Evaluation, keyword, types_of, unequal
from apicheck.rulesets.validation.formats import OF_NUMBER, OF_TEXT
from apicheck.rulesets.validation.schemas import Scope

Errors = Iterable[Error]


def _limit(name: str, sign: str, exclusive: str, is_beyond: Any, is_at: Any) -> None:
    """Register a limit of numbers; in draft 4 ``exclusive`` says whether the limit itself is too far."""

    @keyword(name, "number")
    def limit(run: Evaluation, limit: Any, schema: dict[str, Any], value: Any, way: Way, _scope: Scope) -> Errors:
        excludes = run.schemas.dialect == "draft4" and schema.get(exclusive) is True
        if is_at(value, limit) if excludes else is_beyond(value, limit):
            yield Error(name, way, f"must be {sign}{'' if excludes else '='} {stringify(limit)}", schema)

    @keyword(exclusive, "number")
    def beyond(_run: Evaluation, limit: Any, schema: dict[str, Any], value: Any, way: Way, _scope: Scope) -> Errors:
        if not isinstance(limit, bool) and is_at(value, limit):
            yield Error(exclusive, way, f"must be {sign} {stringify(limit)}", schema)


_limit("maximum", "<", "exclusiveMaximum", lambda value, limit: value > limit, lambda value, limit: value >= limit)
_limit("minimum", ">", "exclusiveMinimum", lambda value, limit: value < limit, lambda value, limit: value <= limit)


@keyword("multipleOf", "number")
def multiple_of(_run: Evaluation, factor: Any, schema: dict[str, Any], value: Any, way: Way, _scope: Scope) -> Errors:
    """A number, divided, is whole."""
    quotient = value / factor
    if not math.isfinite(quotient) or quotient != int(quotient):
        yield Error("multipleOf", way, f"must be multiple of {stringify(factor)}", schema)


def _size(name: str, of_type: str, unit: str, *, at_most: bool) -> None:
    @keyword(name, of_type)
    def size(_run: Evaluation, limit: Any, schema: dict[str, Any], value: Any, way: Way, _scope: Scope) -> Errors:
        if len(value) > limit if at_most else len(value) < limit:
            yield Error(name, way, f"must NOT have {'more' if at_most else 'fewer'} than {stringify(limit)} {unit}", schema)


_size("maxLength", "string", "characters", at_most=True)
_size("minLength", "string", "characters", at_most=False)


@keyword("pattern", "string")
def pattern(_run: Evaluation, expression: str, schema: dict[str, Any], value: str, way: Way, _scope: Scope) -> Errors:
    """A regular expression of ECMAScript is found in it."""
    if not patterns.pattern(expression).found(value):
        yield Error("pattern", way, f'must match pattern "{expression}"', schema)


_size("maxProperties", "object", "properties", at_most=True)
_size("minProperties", "object", "properties", at_most=False)


@keyword("required", "object")
def required(run: Evaluation, names: Any, schema: dict[str, Any], value: dict[str, Any], way: Way, _scope: Scope) -> Errors:
    """Every name is a key."""
    for name in names:
        if name not in value and not _is_relaxed(run, name, schema):
            yield Error("required", way, f"must have required property '{name}'", schema, {"missingProperty": name})
            if not run.every:
                return


def _is_relaxed(run: Evaluation, name: str, schema: dict[str, Any]) -> bool:
    properties = schema.get("properties")
    its_schema = properties.get(name) if isinstance(properties, dict) else None
    return run.relaxed is not None and isinstance(its_schema, dict) and its_schema.get(run.relaxed) is True


_size("maxItems", "array", "items", at_most=True)
_size("minItems", "array", "items", at_most=False)


@keyword("uniqueItems", "array")
def unique_items(_run: Evaluation, unique: Any, schema: dict[str, Any], value: list[Any], way: Way, _scope: Scope) -> Errors:
    """No item equals another."""
    twins = _twins(value) if unique else None
    if twins:
        items = schema.get("items")
        types = types_of(items, nullable=False) if isinstance(items, dict) else []
        first, second = twins[::-1] if types and not {"object", "array"} & set(types) else twins
        yield Error("uniqueItems", way, f"must NOT have duplicate items (items ## {first} and {second} are identical)", schema)


def _twins(items: list[Any]) -> tuple[int, int] | None:
    """The last item that equals an earlier one, and the nearest of those; the earlier index first."""
    simple: dict[tuple[type, Any], int] = {}
    found: tuple[int, int] | None = None
    for index, item in enumerate(items):
        if isinstance(item, dict | list):
            earlier = next(
                (i for i in range(index - 1, -1, -1) if isinstance(items[i], dict | list) and equal(items[i], item)), None
            )
        else:
            kind = float if isinstance(item, int) and not isinstance(item, bool) else type(item)
            earlier = simple.get((kind, item))
            simple[kind, item] = index
        if earlier is not None:
            found = earlier, index
    return found


@keyword("$ref")
def reference(run: Evaluation, target: str, _schema: Any, value: Any, way: Way, scope: Scope) -> Errors:
    """What the reference leads to is satisfied."""
    schema, entered = run.schemas.follow(target, scope)
    return run.follow(schema, value, way, entered, option=False)


@keyword("$dynamicRef")
def dynamic_reference(run: Evaluation, target: str, _schema: Any, value: Any, way: Way, scope: Scope) -> Errors:
    """What the dynamic reference leads to is satisfied."""
    schema, entered = run.schemas.follow_dynamic(target, scope)
    return run.errors(schema, value, way, entered)


@keyword("const")
def const(_run: Evaluation, constant: Any, schema: dict[str, Any], value: Any, way: Way, _scope: Scope) -> Errors:
    """It equals the constant."""
    if not equal(value, constant):
        yield Error("const", way, "must be equal to constant", schema, {"allowedValue": constant})


@keyword("enum")
def enum(_run: Evaluation, values: list[Any], schema: dict[str, Any], value: Any, way: Way, _scope: Scope) -> Errors:
    """It equals one of the values."""
    if unequal(value, values):
        yield Error("enum", way, "must be equal to one of the allowed values", schema, {"allowedValues": values})


@keyword("not")
def not_(run: Evaluation, negated: Any, schema: dict[str, Any], value: Any, way: Way, scope: Scope) -> Errors:
    """It does not satisfy the schema."""
    if run.accepts(negated, value, scope):
        yield Error("not", way, "must NOT be valid", schema)


@keyword("anyOf")
def any_of(run: Evaluation, options: list[Any], schema: dict[str, Any], value: Any, way: Way, scope: Scope) -> Errors:
    """It satisfies at least one schema."""
    found: list[Error] = []
    for option in options:
        errors = run.follow(option, value, way, scope, option=True)
        if not errors:
            return []
        found += errors
    return [*found, Error("anyOf", way, "must match a schema in anyOf", schema)]


@keyword("oneOf")
def one_of(run: Evaluation, options: list[Any], schema: dict[str, Any], value: Any, way: Way, scope: Scope) -> Errors:
    """It satisfies exactly one schema."""
    found: list[Error] = []
    passing: list[int] = []
    for index, option in enumerate(options):
        errors = run.follow(option, value, way, scope, option=True)
        found += errors
        if not errors:
            passing.append(index)
            if len(passing) > 1:
                break
    if len(passing) == 1:
        return []
    return [*found, Error("oneOf", way, "must match exactly one schema in oneOf", schema, {"passingSchemas": passing or None})]


@keyword("allOf")
def all_of(run: Evaluation, parts: list[Any], _schema: Any, value: Any, way: Way, scope: Scope) -> Errors:
    """It satisfies every schema."""
    return first_or_all(run, (run.errors(part, value, way, scope) for part in parts))


def first_or_all(run: Evaluation, answers: Iterable[list[Error]]) -> list[Error]:
    """Return the errors of several answers: those of the first that has any, or all."""
    found: list[Error] = []
    for errors in answers:
        found += errors
        if found and not run.every:
            break
    return found


@keyword("if")
def if_(run: Evaluation, condition: Any, schema: dict[str, Any], value: Any, way: Way, scope: Scope) -> Errors:
    """What follows from the condition is satisfied."""
    branch = "then" if run.accepts(condition, value, scope) else "else"
    errors = run.errors(schema[branch], value, way, scope) if branch in schema else []
    if not errors or not (run.every or run.is_option or "$ref" in schema[branch]):  # the first error is all there is to tell
        return errors
    return [*errors, Error("if", way, f'must match "{branch}" schema', schema)]


@keyword("propertyNames", "object")
def property_names(run: Evaluation, names: Any, schema: dict[str, Any], value: dict[str, Any], way: Way, scope: Scope) -> Errors:
    """Every key satisfies the schema."""

    def answers() -> Iterator[list[Error]]:
        for name in value:
            if errors := run.errors(names, name, way, scope):
                yield [*errors, Error("propertyNames", way, "property name must be valid", schema, {"propertyName": name})]

    return first_or_all(run, answers())


@keyword("additionalProperties", "object")
def additional_properties(
    run: Evaluation, additional: Any, schema: dict[str, Any], value: dict[str, Any], way: Way, scope: Scope
) -> Errors:
    """Every key that no other keyword is about satisfies the schema."""
    expressions = [patterns.pattern(each) for each in schema.get("patternProperties") or ()]
    named = schema.get("properties") or {}

    def answers() -> Iterator[list[Error]]:
        for name, child in value.items():
            if name in named or any(each.found(name) for each in expressions):
                continue
            if additional is False:
                params = {"additionalProperty": name}
                yield [Error("additionalProperties", way, "must NOT have additional properties", schema, params)]
            else:
                yield run.errors(additional, child, (*way, name), scope)

    return [] if additional is True else first_or_all(run, answers())


@keyword("dependencies", "object")
def dependencies(
    run: Evaluation, needs: dict[str, Any], schema: dict[str, Any], value: dict[str, Any], way: Way, scope: Scope
) -> Errors:
    """With a key go other keys, or a schema."""
    lists = ((name, needed) for name, needed in needs.items() if isinstance(needed, list))
    schemas = ((name, needed) for name, needed in needs.items() if not isinstance(needed, list))
    answers = [_missing(run, name, needed, schema, value, way) for name, needed in lists if name in value]
    answers += [run.errors(needed, value, way, scope) for name, needed in schemas if name in value]
    return first_or_all(run, answers)


def _missing(run: Evaluation, name: str, needed: list[str], schema: Any, value: dict[str, Any], way: Way) -> list[Error]:
    words = f"{'property' if len(needed) == 1 else 'properties'} {', '.join(needed)}"
    errors = [
        Error("dependencies", way, f"must have {words} when property {name} is present", schema)
        for each in needed
        if each not in value
    ]
    return errors if run.every else errors[:1]


@keyword("properties", "object")
def properties(run: Evaluation, named: dict[str, Any], _schema: Any, value: dict[str, Any], way: Way, scope: Scope) -> Errors:
    """What stands at each of these keys satisfies its schema."""
    return first_or_all(
        run, (run.errors(child, value[name], (*way, name), scope) for name, child in named.items() if name in value)
    )


@keyword("patternProperties", "object")
def pattern_properties(
    run: Evaluation, named: dict[str, Any], _schema: Any, value: dict[str, Any], way: Way, scope: Scope
) -> Errors:
    """What stands at keys that match satisfies the schema of the pattern."""
    return first_or_all(
        run,
        (
            run.errors(child, value[name], (*way, name), scope)
            for expression, child in named.items()
            for name in value
            if patterns.pattern(expression).found(name)
        ),
    )


@keyword("additionalItems", "array")
def additional_items(run: Evaluation, further: Any, schema: dict[str, Any], value: list[Any], way: Way, scope: Scope) -> Errors:
    """The items after those that ``items`` lists satisfy the schema."""
    listed = schema.get("items")
    if not isinstance(listed, list):
        return []
    if further is False:
        return [_too_many("additionalItems", len(listed), schema, way)] if len(value) > len(listed) else []
    return _items(run, further, value, way, scope, len(listed))


def _too_many(name: str, most: int, schema: Any, way: Way) -> Error:
    return Error(name, way, f"must NOT have more than {most} items", schema)


def _items(run: Evaluation, schema: Any, value: list[Any], way: Way, scope: Scope, start: int = 0) -> list[Error]:
    return first_or_all(run, (run.errors(schema, value[index], (*way, index), scope) for index in range(start, len(value))))


def _each(run: Evaluation, listed: list[Any], value: list[Any], way: Way, scope: Scope) -> list[Error]:
    pairs = enumerate(zip(listed, value, strict=False))
    return first_or_all(run, (run.errors(child, item, (*way, index), scope) for index, (child, item) in pairs))


@keyword("prefixItems", "array")
def prefix_items(run: Evaluation, listed: list[Any], _schema: Any, value: list[Any], way: Way, scope: Scope) -> Errors:
    """The first items satisfy these schemas, one for one."""
    return _each(run, listed, value, way, scope)


@keyword("items", "array")
def items(run: Evaluation, each: Any, schema: dict[str, Any], value: list[Any], way: Way, scope: Scope) -> Errors:
    """Every item satisfies the schema."""
    if isinstance(each, list):
        return _each(run, each, value, way, scope)
    start = len(schema.get("prefixItems") or ()) if run.schemas.knows("prefixItems") else 0
    if each is False and start:
        return [_too_many("items", start, schema, way)] if len(value) > start else []
    return _items(run, each, value, way, scope, start)


@keyword("contains", "array")
def contains(run: Evaluation, wanted: Any, schema: dict[str, Any], value: list[Any], way: Way, scope: Scope) -> Errors:
    """An item satisfies the schema; since draft 2019-09 as many as is said."""
    counts = schema if run.schemas.knows("minContains") else {}
    least, most = counts.get("minContains", 1), counts.get("maxContains")
    found: list[Error] = []
    valid = 0
    for index, item in enumerate(value):
        errors = run.follow(wanted, item, (*way, index), scope, option=True)
        found += errors if run.every else ()
        valid += not errors
        if (most is None and valid >= least) or (most is not None and valid > most):
            break
    if valid < least or (most is not None and valid > most):
        limit = f"{stringify(least)}{'' if most is None else f' and no more than {stringify(most)}'}"
        yield from found
        yield Error("contains", way, f"must contain at least {limit} valid item(s)", schema)


@keyword("dependentRequired", "object")
def dependent_required(
    run: Evaluation, needs: dict[str, Any], schema: Any, value: dict[str, Any], way: Way, _scope: Scope
) -> Errors:
    """With a key go other keys."""
    return first_or_all(run, (_missing(run, name, needed, schema, value, way) for name, needed in needs.items() if name in value))


@keyword("dependentSchemas", "object")
def dependent_schemas(
    run: Evaluation, needs: dict[str, Any], _schema: Any, value: dict[str, Any], way: Way, scope: Scope
) -> Errors:
    """With a key goes a schema."""
    return first_or_all(run, (run.errors(needed, value, way, scope) for name, needed in needs.items() if name in value))


def _format(run: Evaluation, name: Any, schema: dict[str, Any], value: Any, way: Way, _scope: Scope) -> Errors:
    checks = OF_TEXT if isinstance(value, str) else OF_NUMBER
    check = checks.get(name) if isinstance(name, str) else None
    if check and not check(value):
        yield Error("format", way, f'must match format "{name}"', schema)


keyword("format", "number")(_format)
keyword("format", "string")(_format)
