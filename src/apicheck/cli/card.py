"""How does a person see, before anything is sent, what a run will ask?"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from apicheck.courtesy import AS_A_GUEST
from apicheck.leave import MOST
from apicheck.model import Language, Mode, Text
from apicheck.plan import Plan
from apicheck.scope import Agreed
from apicheck.words import say


def card(agreed: Agreed, plan: Plan, language: Language) -> str:
    """Return the pre-flight card as lines of text."""
    title, *lines = (text.in_(language) for text in _texts(agreed, plan))
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _texts(agreed: Agreed, plan: Plan) -> Iterator[Text]:
    scope, given = agreed.scope, agreed.consent
    none = say("scope.card-no-address")
    yield say("scope.card-title")
    yield _said("scope.card-host", host=scope.host, addresses=", ".join(scope.addresses) or none)
    if scope.private:
        yield say("scope.card-private")
    yield say("scope.card-mode", mode=plan.mode, methods=", ".join(scope.methods))
    yield say("scope.card-limits", requests=plan.max_requests, seconds=f"{plan.max_time:g}", rate=f"{plan.rate:g}")
    yield say("scope.card-duration", minutes=ceil(min(plan.max_requests / plan.rate, plan.max_time) / 60))
    if plan.rate > AS_A_GUEST:
        yield say("scope.card-faster", guest=f"{AS_A_GUEST:g}")
    if plan.mode is not Mode.READ_ONLY:
        yield say(f"scope.card-removal-{plan.mode}", most=MOST)
    yield say("scope.card-agent", agent=plan.user_agent)
    if given:
        yield say(
            "scope.card-consent",
            by=given.by,
            for_whom=given.on_behalf_of,
            url=given.base_url,
            first=given.from_,
            last=given.until,
        )
    yield say("scope.card-schemes", schemes=", ".join(scope.schemes)) if scope.schemes else say("scope.card-no-schemes")
    if scope.token_hosts:
        yield say("scope.card-token-hosts", hosts=", ".join(scope.token_hosts))
    yield say("scope.card-operations", asked=scope.operations, total=scope.operations + len(scope.left_out))
    yield from (_said("scope.card-left-out", operation=left.operation, reason=left.reason) for left in scope.left_out)
    yield say("scope.card-nothing-sent")


def _said(key: str, **values: object) -> Text:
    """Say a text of which some values are texts themselves."""
    dutch = {name: value.nl if isinstance(value, Text) else value for name, value in values.items()}
    english = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    return Text(nl=say(key, **dutch).nl, en=say(key, **english).en)
