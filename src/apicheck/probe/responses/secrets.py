"""Does an answer hold what nobody has to be told: a password, a key, a token of somebody?

No design rule forbids it, so it is told beside the standard. Which property it is, is told too; its value never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from apicheck.answers import Answer, Fault
from apicheck.model import Exchange
from apicheck.openapi.media_types import is_json
from apicheck.probe.live import LiveApi, json_body
from apicheck.probe.registry import response_check

_SECRET: Final = re.compile(
    r"(?:user|account|login|client|db|database|hashed)?(?:password|passwd|wachtwoord|passphrase)(?:hash|hashed)?"
    r"|(?:client|consumer|shared|api|totp|otp)?secret(?:key)?|(?:private|secret)key|apikey|(?:access|refresh|auth|bearer|id)token"
)
"""Names of properties that hold a secret, in small letters and without what differs between the ways to write them."""
_HANDS_OUT: Final = re.compile(r"token|auth|login|session|sessie|inlog|credential|key|secret|password|wachtwoord", re.IGNORECASE)
"""A path where secrets are handed out on purpose: who asks a token there, is to get one."""
_NO_SECRET: Final = re.compile(r"[^\W\d_]*|[*•.\-_#xX]*|.*(?:\s|://|\[masked).*", re.DOTALL)
"""A value that is no secret: one word of letters (a label, yes, what a mock makes up), a mask, a sentence, or where it is kept."""
_DEEPEST: Final = 20


@response_check("no-secrets-in-answers")
def no_secrets(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Does what is read show no property that is named as a secret, with a value in it?

    Only answers 2xx to a documented GET are looked at. One word of letters is taken for a label; what a path hands out on purpose
    is not examined, nor an OpenAPI document.
    """
    if is_reading(exchange):
        name = shown_secret(exchange)
        yield Fault("probe.no-secrets-in-answers", exchange=exchange, detail=name) if name else None


def is_reading(exchange: Exchange) -> bool:
    """Say whether an exchange is a documented GET that gave JSON and hands out no secrets on purpose."""
    path = (exchange.operation or "").partition(" ")[2]
    read = exchange.method == "GET" and 200 <= (exchange.status or 0) < 300 and is_json(exchange.media_type)
    return bool(path) and read and not _HANDS_OUT.search(path) and not _HANDS_OUT.search(urlsplit(exchange.url).path)


def shown_secret(exchange: Exchange) -> str | None:
    """Return the name of the first property with a secret in it that an answer shows; None when it shows none."""
    body = json_body(exchange) if is_reading(exchange) else None
    if isinstance(body, dict) and ("openapi" in body or "swagger" in body):
        return None
    return next(_secrets(body, 0), None)


def _secrets(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _secrets(item, depth + 1)
    elif isinstance(value, dict):
        for name, held in value.items():
            named = _SECRET.fullmatch(re.sub(r"[^a-z]", "", name.lower()))
            if named and isinstance(held, str) and not _NO_SECRET.fullmatch(held):
                yield name
            yield from _secrets(held, depth + 1)
