"""Which faults can be planted in the TLS of the example API?

Without one it speaks plain http, for this machine only. Each makes a certificate of its own, which nobody trusts and nobody keeps.
"""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

GOOD = "ECDHE+AESGCM:ECDHE+CHACHA20"
WEAK = ":@SECLEVEL=0"
"""Lets OpenSSL take what it would refuse by itself."""


def context(key: Key, suites: str = GOOD, *, days: int = 1, old: bool = False) -> ssl.SSLContext:
    """Return the TLS of a server with this key and these cipher suites, whose certificate ends in so many days."""
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.set_ciphers(suites + WEAK)
    with warnings.catch_warnings():  # Python warns that the old versions are old
        warnings.simplefilter("ignore", DeprecationWarning)
        served.minimum_version = ssl.TLSVersion.TLSv1 if old else ssl.TLSVersion.TLSv1_2
    with TemporaryDirectory(prefix="apicheck-") as folder:
        file = Path(folder) / "server.pem"
        file.write_bytes(_private(key) + _certificate(key, days))
        served.load_cert_chain(file)
    return served


def _private(key: Key) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _certificate(key: Key, days: int) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "voorbeeld")])
    begin = datetime.now(UTC) - timedelta(days=30)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, datetime.now(UTC) + timedelta(days=days))
    return builder.add_extension(here, critical=False).sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def strong() -> Key:
    """Return a key that is good."""
    return ec.generate_private_key(ec.SECP256R1())


def short(size: int) -> Key:
    """Return an RSA key of so many bits."""
    return rsa.generate_private_key(65537, size)


TLS_FAULTS: dict[str, Callable[[], ssl.SSLContext]] = {
    "tls-old-version": lambda: context(strong(), "ALL", old=True),
    "tls-weak-suite": lambda: context(short(3072), f"{GOOD}:AES128-SHA"),
    "tls-short-key": lambda: context(short(1024)),
    "tls-expired": lambda: context(strong(), days=-1),
    "tls-key-to-be-phased-out": lambda: context(short(2048)),
    "tls-suite-to-be-phased-out": lambda: context(strong(), f"{GOOD}:ECDHE-ECDSA-AES256-SHA384"),
}
