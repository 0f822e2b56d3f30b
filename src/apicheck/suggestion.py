"""What could a file of test data hold, before its owner has looked at it?

From the document: its examples, and its links. From the running API: the place in the answer of a list where an id was found that
the API answers to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apicheck import forms, probe
from apicheck.errors import TargetRefused
from apicheck.model import Language
from apicheck.openapi import Document, Operation, Parameter, View
from apicheck.plan import Plan
from apicheck.scope import Agreed
from apicheck.words import say

_DEEPEST = 8
"""Levels of an answer that are searched."""


def draft(document: Document, language: Language, api: probe.LiveApi | None = None) -> str:
    """Return a draft of ``testdata.yaml``: each operation with the parameters that must be given, and where a value was found."""
    view = View(document)
    linked = dict(_links(view))
    lines: list[str] = []
    for operation in view.operations:
        needed = [parameter for parameter in operation.parameters if parameter.value.get("required") is True]
        if not needed or not operation.path.startswith("/"):
            continue
        lines += [f"  {forms.quoted(operation.name)}:", "    parameters:"]
        for parameter in needed:
            lines.append(_line(document, operation, parameter, linked, api, language))
    head = forms.comment(say("data.head" if lines else "data.nothing").in_(language))
    return "\n".join([*head, "operations:" if lines else "operations: {}", *lines]) + "\n"


def look(plan: Plan, document: Document, agreed: Agreed) -> probe.LiveApi | None:
    """Ask every documented GET once, reading only; None when none answers."""
    with probe.Client(plan.base_url or "", headers=plan.headers, keyring=agreed.keyring, rate=plan.rate) as client:
        client.user_agent = plan.user_agent
        try:
            return probe.reach(document, client, plan.data)
        except TargetRefused:
            return None


def _line(
    document: Document,
    operation: Operation,
    parameter: Parameter,
    linked: dict[tuple[str, str], tuple[str, str]],
    api: probe.LiveApi | None,
    language: Language,
) -> str:
    source = _listed(operation, parameter, api) or linked.get((operation.name, parameter.name))
    name = f"      {forms.quoted(parameter.name)}: "
    if source:
        return f"{name}{{from: {forms.quoted(source[0])}, pointer: {forms.quoted(source[1])}}}"
    example = next(probe.documented(document, parameter), None)
    if example is not None:
        return name + forms.quoted(example)
    return f"      # {forms.quoted(parameter.name)}: {say('data.fill-in').in_(language)}"


def _listed(operation: Operation, parameter: Parameter, api: probe.LiveApi | None) -> tuple[str, str] | None:
    """Return the operation, and the pointer into its answer, where a value stands that the path of another one was filled with."""
    if api is None or parameter.location != "path":
        return None
    up_to_here = operation.path.partition(f"{{{parameter.name}}}")[0]
    values = (
        reached.path[parameter.name]
        for reached in api.reached.values()
        if parameter.name in reached.path and reached.operation.path.startswith(up_to_here)
    )
    value = next(values, None)
    for reached in api.reached.values() if value is not None else ():
        if parameter.name not in reached.path:
            pointer = _pointer_to(probe.json_body(reached.exchange), str(value))
            if pointer is not None:
                return reached.operation.name, pointer
    return None


def _pointer_to(body: Any, value: str) -> str | None:
    """Return the JSON pointer of the first place, nearest to the top, where a value stands."""
    level = [("", body)]
    for _ in range(_DEEPEST):
        inner: list[tuple[str, Any]] = []
        for pointer, held in level:
            if isinstance(held, str | int) and not isinstance(held, bool) and str(held) == value:
                return pointer
            if isinstance(held, dict):
                inner += [(f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}", child) for name, child in held.items()]
            elif isinstance(held, list):
                inner += [(f"{pointer}/{index}", child) for index, child in enumerate(held)]
        level = inner
    return None


def _links(view: View) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield what the links of the answers to a GET say: operation and parameter, and where the value stands (OAS 3.0.4, 4.7.20)."""
    by_id = {operation.value.get("operationId"): operation for operation in view.operations}
    for operation in view.operations:
        for response in operation.responses if operation.method == "get" else ():
            links = response.value.get("links")
            for name, link in links.items() if isinstance(links, dict) else ():
                found, _ = view.document.resolve(link, response.place.child("links", name))
                if isinstance(found, dict) and (target := by_id.get(found.get("operationId"))):
                    yield from _of_link(operation, target, found.get("parameters"))


def _of_link(operation: Operation, target: Operation, parameters: object) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for parameter, expression in parameters.items() if isinstance(parameters, dict) else ():
        kind, _, pointer = str(expression).partition("#")
        if kind == "$response.body":
            yield (target.name, str(parameter).rpartition(".")[2]), (operation.name, pointer)
