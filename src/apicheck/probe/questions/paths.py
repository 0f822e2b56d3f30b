"""What does the API answer to a path that it does not have?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from apicheck.answers import Answer, Fault, Unsure
from apicheck.probe.live import LiveApi, Reached, doubt
from apicheck.probe.registry import question

_NOWHERE = "/apicheck-no-such-path"


@question("trailing-slash-404")
def trailing_slash(api: LiveApi) -> Iterator[Answer]:
    """Does a path with a slash added give 404, and no redirect? /core/no-trailing-slash; the root is exempt.

    Another 4xx is not the 404 that the rule asks, so a fault as well. What a gateway answers, or a 5xx, tells nothing.
    """
    for reached in api.reached.values():
        path = reached.operation.path
        if path != "/" and not path.endswith("/"):
            yield _with_slash(api, reached)


def _with_slash(api: LiveApi, reached: Reached) -> Answer:
    exchange = api.again(reached, "trailing-slash-404", path_end="/")
    unsure = doubt(exchange)
    if unsure or exchange.status == 404:
        return unsure
    name, status = reached.operation.name, exchange.status or 0
    if status >= 500:
        return Unsure("probe.server-error", request=name, status=status)
    kind = "accepted" if status < 300 else "redirected" if status < 400 else "other"
    return Fault(f"probe.trailing-slash-{kind}", exchange=exchange, operation=name, request=name, status=status)


@question("unknown-path-404")
def unknown_path(api: LiveApi) -> Iterator[Answer]:
    """Does a path that is not documented give 404? /core/http-response-code."""
    target = f"{api.root}{_NOWHERE}"
    if any(
        re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", re.escape(item.path).replace(r"\{", "{")), target)
        for item in api.view.path_items
    ):
        return
    exchange = api.client.send("GET", target, purpose="unknown-path-404")
    unsure = doubt(exchange)
    if unsure or exchange.status in {404, 410}:
        yield unsure
    elif (exchange.status or 0) >= 500:
        yield Unsure("probe.server-error", request=f"GET {target}", status=exchange.status)
    else:
        yield Fault("probe.unknown-path", exchange=exchange, status=exchange.status)
