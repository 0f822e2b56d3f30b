"""Is there a seal on a paper, whose is it, and did whoever put it there add anything else?

A seal (PAdES, ETSI EN 319 142-1, level B-B) is for who opens a paper in a reader that knows seals. It comes behind the bytes of
the paper, which stay as they were, so what is attached comes out the same. An update of a PDF may also write over a page. So
``verify`` makes the update again from the seal's own signature and moment, and what is not to the byte the same is no seal.

What nobody can tell here is whether the certificate is to be trusted: that takes roots, and lists of what was revoked since.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from apicheck.errors import WrongUse

MARK = b"/ByteRange"
"""What every seal has and no paper of ours: its text and the files in it are compressed."""


class Seal(NamedTuple):
    """Who sealed and who says so, when by their own clock, and whether the seal is over the paper as it is."""

    owner: str
    issuer: str
    sealed_at: datetime
    holds: bool


def is_on(paper: bytes) -> bool:
    """Say whether a paper may have a seal."""
    return MARK in paper


def put(paper: bytes, file: Path, passphrase: str | None) -> bytes:
    """Return a paper with a seal behind it, by the certificate and the private key in a file (PKCS #12, RFC 7292).

    Raises:
        UnusableKey: the file cannot be read or opened with this passphrase, or its certificate cannot seal today.
        WrongUse: the extra ``seal`` is not installed.
    """
    sealed: bytes = _pades().put(paper, file, passphrase)
    return sealed


def read(paper: bytes) -> Seal | None:
    """Return the seal on a paper; None when there is not exactly one that can be read.

    Raises:
        WrongUse: the extra ``seal`` is not installed.
    """
    found: Seal | None = _pades().read(paper)
    return found


def is_all_that_was_added(paper: bytes, sealed: bytes) -> bool:
    """Say whether ``sealed`` is this paper with one seal, and nothing else.

    Raises:
        WrongUse: the extra ``seal`` is not installed.
    """
    return is_on(sealed) and sealed.startswith(paper) and bool(_pades().put_again(paper, sealed) == sealed)


def _pades() -> ModuleType:
    try:
        from apicheck.sign import _pades  # noqa: PLC0415  # only who seals, or is handed a seal, waits for this
    except ImportError:
        raise WrongUse("seal-not-installed") from None
    return _pades
