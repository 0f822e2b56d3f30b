"""What does the API say to each of our credentials?

One call for each security scheme, before the long run: that a token is wrong, is better known at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apicheck import openapi, probe
from apicheck.answers import CannotTell
from apicheck.budget import Budget
from apicheck.errors import WrongUse
from apicheck.model import Text
from apicheck.openapi import Operation, View
from apicheck.plan import Plan
from apicheck.scope import Agreed, agree
from apicheck.words import say

_PURPOSE = "auth-test"


@dataclass(frozen=True, slots=True)
class Reception:
    """What one scheme came to: whether the API let us in (None when that could not be told), and that in words."""

    scheme: str
    let_in: bool | None
    told: Text


def receptions(plan: Plan) -> Iterator[Reception]:
    """Make one call for each scheme of which there are credentials, and yield what came of it; then the schemes that have none.

    Raises:
        WrongUse: there are no credentials to test.
        ApicheckError: the document cannot be read, or the credentials cannot be used.
    """
    api = View(openapi.load(plan.spec))
    agreed = agree(plan, api)
    if agreed is None or not plan.auth:
        raise WrongUse("auth-none")
    budget = Budget(3 * len(plan.auth), plan.max_time)
    with probe.Client(plan.base_url or "", headers=plan.headers, keyring=agreed.keyring, rate=plan.rate, budget=budget) as client:
        client.user_agent = plan.user_agent
        for scheme in plan.auth:
            yield _reception(scheme, api, agreed, client)
    for other in api.security_schemes:
        if other.name not in plan.auth:
            yield Reception(other.name, None, say("auth.no-credentials", scheme=other.name))


def _reception(scheme: str, api: View, agreed: Agreed, client: probe.Client) -> Reception:
    operation = next((one for one in _by_ease(api) if scheme in agreed.keyring.wanted("GET", client.base_url + one.path)), None)
    if operation is None:
        return Reception(scheme, None, say("auth.nothing-to-ask", scheme=scheme))
    try:
        exchange = client.send("GET", operation.path, operation=operation.name, purpose=_PURPOSE)
    except CannotTell as cannot:
        return Reception(scheme, None, cannot.reason)
    about = {"scheme": scheme, "request": operation.name, "status": exchange.status}
    if exchange.status is None:
        return Reception(scheme, None, say(f"probe.no-answer-{exchange.error}", request=operation.name))
    if exchange.status == 401:
        return Reception(scheme, False, say("auth.unknown", **about))  # noqa: FBT003  # not let in
    if exchange.status == 403:
        return Reception(scheme, False, say("auth.forbidden", **about))  # noqa: FBT003  # not let in
    if exchange.status < 300:
        return Reception(scheme, True, say("auth.let-in", **about))  # noqa: FBT003  # let in
    return Reception(scheme, None, say("auth.unclear", **about))


def _by_ease(api: View) -> list[Operation]:
    """Return the documented GETs, those first that need nothing but the path."""
    gets = (operation for operation in api.operations if operation.method == "get" and operation.path.startswith("/"))
    needs = {operation: sum(parameter.value.get("required") is True for parameter in operation.parameters) for operation in gets}
    return sorted(needs, key=lambda operation: (needs[operation], operation.path.count("/")))
