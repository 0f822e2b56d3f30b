"""Which keys of a value has no part of a schema anything to say about?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from apicheck.rulesets.patterns import pattern
from apicheck.rulesets.validation.errors import Error, Way
from apicheck.rulesets.validation.evaluate import Evaluation, keyword
from apicheck.rulesets.validation.keywords import first_or_all
from apicheck.rulesets.validation.schemas import Scope


@keyword("unevaluatedProperties", "object", last=True)
def unevaluated_properties(
    run: Evaluation, rest: Any, schema: dict[str, Any], value: dict[str, Any], way: Way, scope: Scope
) -> Iterable[Error]:
    """Every key that no keyword looked at, also within what the schema is made of, satisfies the schema."""
    known = _evaluated(run, {key: child for key, child in schema.items() if key != "unevaluatedProperties"}, value, scope)

    def answers() -> Iterator[list[Error]]:
        for name, child in value.items():
            if name not in known and rest is False:
                params = {"unevaluatedProperty": name}
                yield [Error("unevaluatedProperties", way, "must NOT have unevaluated properties", schema, params)]
            elif name not in known:
                yield run.errors(rest, child, (*way, name), scope)

    return first_or_all(run, answers())


def _evaluated(run: Evaluation, schema: Any, value: dict[str, Any], scope: Scope) -> set[str]:
    """The keys that a schema has something to say about."""
    if not isinstance(schema, dict):
        return set()
    scope = run.schemas.entered(schema, scope)
    if "additionalProperties" in schema or "unevaluatedProperties" in schema:
        return set(value)
    patterns = [pattern(each) for each in schema.get("patternProperties") or ()]
    known = {name for name in value if name in (schema.get("properties") or ()) or any(each.found(name) for each in patterns)}
    for part, entered in _applied(run, schema, value, scope):
        known |= _evaluated(run, part, value, entered)
    return known


_CONDITIONAL = {"if", "anyOf", "oneOf", "dependentSchemas", "$ref", "$dynamicRef"}
"""Keywords by which it depends on the value what a schema has to say about it."""


def _applied(run: Evaluation, schema: dict[str, Any], value: Any, scope: Scope) -> Iterator[tuple[Any, Scope]]:
    """The schemas that a schema applies to the same value. Those that it does not satisfy have nothing to say about it."""
    references = [run.schemas.follow(schema["$ref"], scope)] if "$ref" in schema else []
    if "$dynamicRef" in schema:
        references.append(run.schemas.follow_dynamic(schema["$dynamicRef"], scope))
    for target, entered in references:
        if (isinstance(target, dict) and _CONDITIONAL.isdisjoint(target)) or run.accepts(target, value, entered):
            yield target, entered
    for part in schema.get("allOf") or ():
        yield part, scope
    options = [*(schema.get("anyOf") or ()), *(schema.get("oneOf") or ())]
    if "if" in schema:
        holds = run.accepts(schema["if"], value, scope)
        options += [schema["if"], schema.get("then", False)] if holds else [schema.get("else", False)]
    options += [part for name, part in (schema.get("dependentSchemas") or {}).items() if name in value]
    for part in options:
        if run.accepts(part, value, scope):
            yield part, scope
