"""Does a value satisfy a JSON Schema?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apicheck.rulesets.ecmascript import UNDEFINED
from apicheck.rulesets.formats import draft
from apicheck.rulesets.functions.core import PROPERTY
from apicheck.rulesets.functions.registry import Context, Result, function
from apicheck.rulesets.validation import Evaluation, Schemas, Scope, Told, Unresolvable, tell

_DIALECTS = {"draft4", "draft7", "draft2019-09", "draft2020-12"}


@function("schema", known=("dialect", "allErrors"), required=("schema",))
def schema(value: Any, options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Does a value satisfy a schema that the rule gives?"""
    wanted = options.get("dialect", "auto")
    named = options["schema"].get("$schema") if isinstance(options["schema"], dict) else None
    dialect = (draft(named) if wanted == "auto" else wanted) or "draft7"
    return held_against(value, options["schema"], dialect, context, every=options.get("allErrors") is True)


def held_against(
    value: Any,
    schema: Any,
    dialect: str,
    context: Context,
    *,
    every: bool = False,
    nullable: tuple[str, ...] = ("nullable",),
    relaxed: str | None = None,
) -> Iterable[Result]:
    """Yield what is wrong with a value by a schema, or with the schema itself."""
    if value is UNDEFINED:
        yield Result(f"{PROPERTY}must exist", list(context.path))
        return
    dialect = dialect if dialect in _DIALECTS else "draft7"
    try:
        fault = context.document.faults(dialect, nullable).fault(schema)
        if fault is not None:
            yield Result(fault, list(context.path))
            return
        schemas = Schemas(schema, dialect, nullable=nullable)
        errors = Evaluation(schemas, every=every, relaxed=relaxed).errors(schema, value, (), Scope())
    except Unresolvable as unresolvable:
        if not context.resolved:
            yield Result(f"can't resolve reference {unresolvable} from id #", list(context.path))
        return
    if dialect == "draft4":
        for error in errors:
            if error.keyword == "type" and schemas.nullable(error.schema):
                error.message += ",null"
    unmatched = {
        "".join(f"/{step}" for step in error.way): error.keyword
        for error in errors
        if error.keyword in {"anyOf", "oneOf"} and not error.params.get("passingSchemas")
    }
    name = context.path[-1] if context.path else None
    for told in tell(errors, value, name):
        steps = told.pointer[1:].split("/") if told.pointer else []
        yield Result(_combined(_of_item(told), unmatched.get(told.pointer)), [*context.path, *steps])


def _of_item(told: Told) -> str:
    """The sentence about an item of a list, which has no name."""
    index = told.pointer.rpartition("/")[2]
    name = f'"{index}" property'
    if not index.isdigit() or not told.message.startswith(name):
        return told.message
    return f"Item at index {index}" + told.message.removeprefix(name).removeprefix(
        " type" if told.message.startswith(f"{name} type") else ""
    )


def _combined(message: str, keyword: str | None) -> str:
    if keyword is None or not message.endswith(f" in {keyword}"):
        return message
    return f"{message}. None of the schemas matched, see the other errors reported for this value"
