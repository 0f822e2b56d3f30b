"""Is what is weak about TLS seen on real servers, each with a weakness of its own?"""

from __future__ import annotations

import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from apicheck.answers import Tally, ask
from apicheck.budget import Budget
from apicheck.model import Evidence, Outcome, Source
from apicheck.probe import Client, LiveApi, TlsServer, question
from tests.probe.conftest import describe, get

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
VIOLATED, UNKNOWN = Outcome.VIOLATED, Outcome.UNKNOWN
WHOLE_LIST = "ALL:@SECLEVEL=0"
MODERN = "ECDHE+AESGCM:ECDHE+CHACHA20:@SECLEVEL=0"


@cache
def key_of(kind: str) -> Key:
    name, _, size = kind.partition("-")
    if name == "rsa":
        return rsa.generate_private_key(65537, int(size))
    return ec.generate_private_key(ec.SECP256R1())


def certificate(folder: Path, kind: str = "ec-256", *, days: int = 30, host: str = "127.0.0.1", digest: str = "sha256") -> Path:
    """Write a key and a certificate of its own making, valid until so many days from now."""
    key, now = key_of(kind), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "voorbeeld")])
    known: x509.GeneralName = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(days=90)).not_valid_after(now + timedelta(days=days))
    builder = builder.add_extension(x509.SubjectAlternativeName([known]), critical=False)
    signed = builder.sign(key, hashes.SHA224() if digest == "sha224" else hashes.SHA256())
    file = folder / "server.pem"
    own = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, *own) + signed.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def tls_server(
    file: Path, ciphers: str = MODERN, *, oldest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2, newest: ssl.TLSVersion | None = None
) -> Iterator[str]:
    """Run a server that only shakes hands."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(ciphers)
    context.load_cert_chain(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = oldest
        context.maximum_version = newest or ssl.TLSVersion.TLSv1_3
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError), plain, context.wrap_socket(plain, server_side=True) as secure:
                secure.recv(1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def look(url: str, name: str, budget: Budget | None = None) -> Evidence:
    with Client(url) as client:
        live = LiveApi(describe({"/g": get()}), client, (), (), (), tls=TlsServer(url, budget or Budget()))
        tally = Tally(name, Source.PROBE)
        ask(tally, question[name], live)
        return tally.evidence(live.locate)


def told(evidence: Evidence) -> str:
    return " ".join(finding.message.en for finding in evidence.findings)


def test_a_modern_server_has_no_fault_and_is_still_no_pass(tmp_path: Path) -> None:
    with tls_server(certificate(tmp_path)) as url:
        for name in ("tls-not-weak", "tls-as-of-2025"):
            evidence = look(url, name)
            assert (evidence.outcome, evidence.findings) == (UNKNOWN, ())
            assert evidence.reason
            assert "TLSv1.3 with TLS_" in evidence.reason.en


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_an_old_version(tmp_path: Path, version: ssl.TLSVersion) -> None:
    with tls_server(certificate(tmp_path), WHOLE_LIST, oldest=version, newest=version) as url:
        evidence = look(url, "tls-not-weak")
    assert evidence.outcome is VIOLATED
    assert f"old version of TLS: {version.name.replace('_', '.')}" in told(evidence)


@pytest.mark.parametrize(
    ("ciphers", "name", "suite"),
    [
        ("AES128-SHA", "tls-not-weak", "AES128-SHA"),
        ("AES256-GCM-SHA384", "tls-not-weak", "AES256-GCM-SHA384"),
        ("ECDHE-RSA-AES128-SHA", "tls-as-of-2025", "ECDHE-RSA-AES128-SHA"),
        ("ECDHE-RSA-AES256-SHA384", "tls-as-of-2025", "ECDHE-RSA-AES256-SHA384"),
    ],
)
def test_a_weak_suite_beside_a_good_one(tmp_path: Path, ciphers: str, name: str, suite: str) -> None:
    with tls_server(certificate(tmp_path, "rsa-3072"), f"ECDHE+AESGCM:{ciphers}:@SECLEVEL=0") as url:
        evidence = look(url, name)
        other = look(url, "tls-as-of-2025" if name == "tls-not-weak" else "tls-not-weak")
    assert (evidence.outcome, other.outcome) == (VIOLATED, UNKNOWN)
    assert f"such as {suite}" in told(evidence)


@pytest.mark.parametrize(
    ("kind", "name", "key"),
    [
        ("rsa-1024", "tls-not-weak", "RSA 1024"),
        ("rsa-2048", "tls-as-of-2025", "RSA 2048"),
    ],
)
def test_a_weak_key(tmp_path: Path, kind: str, name: str, key: str) -> None:
    with tls_server(certificate(tmp_path, kind), newest=ssl.TLSVersion.TLSv1_2) as url:
        evidence = look(url, name)
    assert evidence.outcome is VIOLATED
    assert told(evidence).endswith(f"advises: {key}.")


@pytest.mark.parametrize(
    ("changed", "name", "text"),
    [
        ({"days": -1}, "tls-not-weak", "is not valid"),
        ({"host": "elders.example.org"}, "tls-not-weak", "is not for 127.0.0.1"),
        ({"digest": "sha224"}, "tls-as-of-2025", "SHA-224"),
    ],
)
def test_what_is_wrong_with_a_certificate(tmp_path: Path, changed: dict[str, int | str], name: str, text: str) -> None:
    with tls_server(certificate(tmp_path, **changed)) as url:  # type: ignore[arg-type]  # each has its own type
        evidence = look(url, name)
    assert evidence.outcome is VIOLATED
    assert text in told(evidence)


def test_no_answer_is_no_fault(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    assert look(f"https://127.0.0.1:{port}", "tls-not-weak").outcome is UNKNOWN
    assert look("http://127.0.0.1:1", "tls-not-weak").outcome is UNKNOWN
    with tls_server(certificate(tmp_path, "rsa-2048"), WHOLE_LIST) as url:
        assert look(url, "tls-not-weak", Budget(max_requests=2)).outcome is UNKNOWN
