"""What does the API say to each of our credentials?

One call for each security scheme and the same one as a stranger, before the long run: better to know at once that a token is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from apicheck import openapi, probe
from apicheck.answers import CannotTell
from apicheck.budget import Budget
from apicheck.credentials import Keyring
from apicheck.errors import WrongUse
from apicheck.model import Exchange, Text
from apicheck.openapi import Operation, View
from apicheck.plan import Plan
from apicheck.scope import Agreed, agree, keyring_for
from apicheck.words import say

MOST = 3
"""Operations that are asked for one scheme."""
_PURPOSE = "auth-test"


@dataclass(frozen=True, slots=True)
class Reception:
    """What one scheme came to: whether the API let us in (None when that could not be told), and that in words."""

    scheme: str
    let_in: bool | None
    told: Text


def receptions(plan: Plan) -> Iterator[Reception]:
    """Make a call for each scheme of which there are credentials, and yield what came of it; then the schemes that have none.

    Raises:
        WrongUse: there are no credentials to test.
        ApicheckError: the document cannot be read, or the credentials cannot be used.
    """
    api = View(openapi.load(plan.spec))
    agreed = agree(plan, api)
    if agreed is None or not plan.auth:
        raise WrongUse("auth-none")
    for scheme in plan.auth:
        yield _reception(scheme, plan, api, agreed)
    for other in api.security_schemes:
        if other.name not in plan.auth:
            yield Reception(other.name, None, say("auth.no-credentials", scheme=other.name))


def _reception(scheme: str, plan: Plan, api: View, agreed: Agreed) -> Reception:
    """Ask as this scheme alone, else as all of them: an operation may want two together, and of two it offers one is used."""
    alone = keyring_for(replace(plan, auth={scheme: plan.auth[scheme]}), api)
    for keyring in (alone, agreed.keyring):
        if operations := _asking_for(scheme, keyring, api, plan.base_url or ""):
            with probe.Client(
                plan.base_url or "", headers=plan.headers, keyring=keyring, rate=plan.rate, budget=Budget(20)
            ) as client:
                client.user_agent = plan.user_agent
                return _first_that_tells(scheme, operations, client)
    return Reception(scheme, None, say("auth.nothing-to-ask", scheme=scheme))


def _asking_for(scheme: str, keyring: Keyring, api: View, base_url: str) -> list[Operation]:
    """Return the operations with which the credentials of a scheme go along, those first that are easiest to ask."""
    return [operation for operation in _by_ease(api) if scheme in keyring.wanted("GET", base_url + operation.path)]


def _first_that_tells(scheme: str, operations: list[Operation], client: probe.Client) -> Reception:
    """Ask until an operation tells us from a stranger: one that lets anybody in, says nothing about credentials."""
    told = say("auth.open-to-all", scheme=scheme, request=operations[0].name)
    try:
        for operation in operations[:MOST]:
            exchange = client.send("GET", operation.path, operation=operation.name, purpose=_PURPOSE)
            if not _let_in(exchange):
                return _turned_away(scheme, operation, exchange)
            stranger = client.send("GET", operation.path, purpose=_PURPOSE, authenticated=False)
            if not _let_in(stranger):
                told = say("auth.let-in", scheme=scheme, request=operation.name, status=exchange.status)
                return Reception(scheme, True, told)  # noqa: FBT003  # let in
    except CannotTell as cannot:
        return Reception(scheme, None, cannot.reason)
    return Reception(scheme, None, told)


def _let_in(exchange: Exchange) -> bool:
    return 200 <= (exchange.status or 0) < 300


def _turned_away(scheme: str, operation: Operation, exchange: Exchange) -> Reception:
    if exchange.status is None:
        return Reception(scheme, None, say(f"probe.no-answer-{exchange.error}", request=operation.name))
    kind = {401: "unknown", 403: "forbidden"}.get(exchange.status, "unclear")
    told = say(f"auth.{kind}", scheme=scheme, request=operation.name, status=exchange.status)
    return Reception(scheme, None if kind == "unclear" else False, told)


def _by_ease(api: View) -> list[Operation]:
    """Return the documented GETs, those first that need nothing but the path."""
    gets = (operation for operation in api.operations if operation.method == "get" and operation.path.startswith("/"))
    needs = {operation: sum(parameter.value.get("required") is True for parameter in operation.parameters) for operation in gets}
    return sorted(needs, key=lambda operation: (needs[operation], operation.path.count("/")))
