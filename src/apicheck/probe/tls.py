"""What does a server show of its TLS, held against the guidelines of the NCSC?

Only what is negotiated with us is seen, by the OpenSSL of this Python. What it cannot try (SSL 3, RC4, rare curves, renegotiation,
TLS 1.3 with CCM_8) stays unknown, so this can show that something is wrong and never that all is well. Sections are those of the
"ICT-beveiligingsrichtlijnen voor Transport Layer Security", edition of 2025.
"""

from __future__ import annotations

import re
import socket
import ssl
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa

from apicheck.answers import CannotTell
from apicheck.budget import Budget

OLD: Final = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)
"""Versions that are insufficient (§3.3.1) and that OpenSSL can still try."""
_GOOD: Final = re.compile(
    r"TLS_(?:AES_256_GCM_SHA384|CHACHA20_POLY1305_SHA256|AES_128_GCM_SHA256|AES_128_CCM_SHA256)"
    r"|ECDHE-(?:ECDSA|RSA)-(?:CHACHA20-POLY1305|AES256-GCM-SHA384|AES128-GCM-SHA256)"
    r"|ECDHE-ECDSA-(?:AES256-CCM|AES128-CCM)"
)
"""Cipher suites that are good or sufficient (appendix B), as OpenSSL calls them."""
_NOT_SINCE_2025: Final = re.compile(
    r"(?:ECDHE-(?:ECDSA|RSA)|DHE-RSA)-(?:AES|CAMELLIA)(?:128|256)-SHA"
    r"|ECDHE-(?:ECDSA|RSA)-(?:AES(?:128|256)-SHA(?:256|384)|CAMELLIA(?:128|256)-SHA(?:256|384)|ARIA(?:128|256)-GCM-SHA(?:256|384))"
    r"|ECDHE-ARIA(?:128|256)-GCM-SHA(?:256|384)"
    r"|DHE-RSA-(?:AES(?:128|256)-(?:GCM-SHA(?:256|384)|CCM8?|SHA256)|CHACHA20-POLY1305)"
    r"|ECDHE-ECDSA-AES(?:128|256)-CCM8"
)
"""Cipher suites that were sufficient in 2021 and are to be phased out, or insufficient, in 2025; all others are weak in both."""
_WEAK_HASHES: Final = frozenset({"md5", "sha1"})
_ALL: Final = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
"""Every cipher suite that this OpenSSL has for TLS up to 1.2, also those that it would not choose by itself."""
_NEWEST_WITH_SUITES: Final = ssl.TLSVersion.TLSv1_2
"""The newest version for which Python lets us choose the cipher suites."""
_TIMEOUT: Final = 5.0
"""Seconds that a server may be silent during a handshake."""


class Grade(StrEnum):
    """Since when the guidelines advise against a choice. To be phased out counts, for the standard fails a measurement on it."""

    WEAK = "weak"
    """In the edition of 2021 too, to which older editions of the standard refer."""
    NOT_SINCE_2025 = "not-since-2025"
    """In the edition of 2025 for the first time."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """One thing that the guidelines advise against: what it is (``protocol``, ``suite``, ``key``…), and how it is called."""

    kind: str
    name: str
    grade: Grade


class TlsServer:
    """One server that is reached over TLS; every handshake is one request of the budget.

    Args:
        url: any URL on the server.
        budget: what may be asked in all.
    """

    def __init__(self, url: str, budget: Budget) -> None:
        parts = urlsplit(url)
        self.is_tls = parts.scheme == "https"
        self._address = parts.hostname or "", parts.port or 443
        self._budget = budget
        self._greeted: tuple[tuple[str, str], bytes] | None = None

    @property
    def negotiated(self) -> tuple[str, str]:
        """The version and the cipher suite that a client gets that takes all.

        Raises:
            CannotTell: no handshake came about, or the budget is spent.
        """
        return self._hello()[0]

    @cached_property
    def weaknesses(self) -> tuple[Weakness | None, ...]:
        """One answer for everything that could be tried, once: None when the server refuses what is weak, or has what is strong.

        Raises:
            CannotTell: no handshake came about, or the budget is spent.
        """
        return (*self._choices(), *self._certificate())

    def _choices(self) -> Iterator[Weakness | None]:
        self._hello()  # a server that does not answer refuses nothing
        for version in OLD:
            accepted = self._shake(_context(version, version))
            yield Weakness("protocol", accepted[0][0], Grade.WEAK) if accepted else None
        for grade, suites in _weak_suites().items():
            accepted = self._shake(_context(_NEWEST_WITH_SUITES, _NEWEST_WITH_SUITES, suites)) if suites else None
            yield Weakness("suite", accepted[0][1], grade) if accepted else None

    def _certificate(self) -> Iterator[Weakness | None]:
        certificate = x509.load_der_x509_certificate(self._hello()[1])
        now = datetime.now(UTC)
        valid = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
        yield None if valid else Weakness("validity", certificate.not_valid_after_utc.date().isoformat(), Grade.WEAK)
        yield _key(certificate)
        yield _signature(certificate)
        yield self._name()

    def _hello(self) -> tuple[tuple[str, str], bytes]:
        if self._greeted is None:
            self._greeted = self._shake(_context(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_3))
        if self._greeted is None:
            raise CannotTell("probe.no-handshake", host=self._address[0])
        return self._greeted

    def _name(self) -> Weakness | None:
        """Say whether the certificate is for another host. Whom one trusts differs, so here it is trusted as it stands."""
        context = ssl.create_default_context(cadata=self._hello()[1])
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.set_ciphers(_ALL)
        try:
            self._connect(context)
        except ssl.SSLCertVerificationError as refused:
            wrong_host = refused.verify_code in _HOST_MISMATCH
            return Weakness("host", self._address[0], Grade.WEAK) if wrong_host else None
        except OSError:
            return None
        return None

    def _shake(self, context: ssl.SSLContext) -> tuple[tuple[str, str], bytes] | None:
        """Return version, cipher suite and certificate of a handshake; None when the server, or OpenSSL, refuses.

        Raises:
            CannotTell: the budget is spent, or nobody answers.
        """
        try:
            return self._connect(context)
        except ssl.SSLError:
            return None
        except ConnectionResetError:  # how some servers refuse
            return None
        except OSError:
            raise CannotTell("probe.no-handshake", host=self._address[0]) from None

    def _connect(self, context: ssl.SSLContext) -> tuple[tuple[str, str], bytes]:
        self._budget.spend()
        with (
            socket.create_connection(self._address, timeout=_TIMEOUT) as plain,
            context.wrap_socket(plain, server_hostname=self._address[0]) as secure,
        ):
            suite = secure.cipher()
            return (secure.version() or "", suite[0] if suite else ""), secure.getpeercert(binary_form=True) or b""


_HOST_MISMATCH: Final = frozenset({62, 64})
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL."""


def _context(oldest: ssl.TLSVersion, newest: ssl.TLSVersion, suites: Iterable[str] = ()) -> ssl.SSLContext:
    """Return a client that looks and trusts nobody, nor sends anything: for these versions and cipher suites, or for all suites."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():  # Python warns that these are old, which is why they are tried
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = oldest, newest
    context.set_ciphers(":".join((*suites, "@SECLEVEL=0")) if suites else _ALL)
    return context


def _weak_suites() -> dict[Grade, list[str]]:
    """Return the cipher suites for TLS 1.2 that this OpenSSL can try, by what the guidelines say of them."""
    known = [suite["name"] for suite in _context(_NEWEST_WITH_SUITES, _NEWEST_WITH_SUITES).get_ciphers()]
    weak = [name for name in known if not _GOOD.fullmatch(name) and not name.startswith("TLS_")]
    return {
        Grade.WEAK: [name for name in weak if not _NOT_SINCE_2025.fullmatch(name)],
        Grade.NOT_SINCE_2025: [name for name in weak if _NOT_SINCE_2025.fullmatch(name)],
    }


def _key(certificate: x509.Certificate) -> Weakness | None:
    """Return what is weak about the key (§3.3.2.1). A key of a kind that cryptography does not know is none of the good ones."""
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return Weakness("key", "?", Grade.WEAK)
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < 3072:
        return Weakness("key", f"RSA {key.key_size}", Grade.WEAK if key.key_size < 2048 else Grade.NOT_SINCE_2025)
    return None


def _signature(certificate: x509.Certificate) -> Weakness | None:
    """Return what is weak about the hash of the signature (§3.3.5); Ed25519 and Ed448 have none of their own."""
    try:
        hashed = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    if hashed and hashed.name in _WEAK_HASHES:
        return Weakness("signature", hashed.name.upper(), Grade.WEAK)
    return Weakness("signature", "SHA-224", Grade.NOT_SINCE_2025) if hashed and hashed.name == "sha224" else None
