"""How does an answer about a report stand, and does the one who signed have leave to sign that?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum

from apicheck import __version__
from apicheck.model import Report, Text
from apicheck.sign import SignerRole
from apicheck.sign.keys import TrustedKey
from apicheck.words import say

HERE = f"apicheck {__version__}"


class Standing(StrEnum):
    """How the answer to one question stands, the worst first."""

    NOT_OK = "not-ok"
    UNDETERMINED = "undetermined"
    OK = "ok"


Found = Iterator[tuple[Standing, Text]]
"""Everything there is to say to a question. The worst of it is the answer, the first of equals the sentence."""


def unequal(report: Report) -> Standing:
    """Say what a difference in words means: another version may say it otherwise, this one may not."""
    return Standing.NOT_OK if report.tool == HERE else Standing.UNDETERMINED


def of_signer(owner: str, role: SignerRole, key: str, trusted: Mapping[str, TrustedKey], day: date) -> Found:
    """Yield why this key does not make whoever signed this owner in this role; nothing when it does."""
    known = trusted.get(key)
    if known is None:
        yield Standing.UNDETERMINED, say("sign.signer-unknown", owner=owner, key=key)
    elif known.revoked and known.revoked <= day:
        yield Standing.NOT_OK, say("sign.key-revoked", owner=known.owner, date=known.revoked)
    elif known.owner != owner:
        yield Standing.NOT_OK, say("sign.other-owner", said=owner, owner=known.owner)
    elif known.role is not role:
        yield Standing.NOT_OK, say("sign.other-role", owner=known.owner, said=role, role=known.role)
