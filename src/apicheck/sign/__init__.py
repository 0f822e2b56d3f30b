"""Who stands behind a report, and does it still say what they signed?

A signature proves who said something, not that it is true: whoever runs the tool could have changed the report before signing it.
So ``verify`` believes no verdict and judges again, and a buyer can repeat the run.
"""

from __future__ import annotations

from enum import StrEnum


class SignerRole(StrEnum):
    """As what somebody signs a report, and so what the signature vouches for."""

    VENDOR = "vendor"
    """Tested the API of their own."""
    RETESTER = "retester"
    """Tested the API of somebody else."""
    LIST_KEEPER = "list-keeper"
    """Took the report up in a list of tested APIs."""


class KeyType(StrEnum):
    """The kinds of key that sign: Ed25519 (RFC 8032), and ECDSA over P-256 (FIPS 186-5) where the key must live in hardware."""

    ED25519 = "ed25519"
    P256 = "p256"
