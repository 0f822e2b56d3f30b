"""What is a key, and who holds it?

The id of a key is the key itself: its type and its public part in base64. So anyone can check a signature without a key file,
and whose key it is remains a question apart, which only a key file answers.
"""

from __future__ import annotations

import os
import tomllib
from base64 import b64decode, b64encode
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from pydantic import Field

from apicheck.errors import NotWritten, UnusableKey
from apicheck.model import Frozen
from apicheck.sign import KeyType, SignerRole

PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey


class TrustedKey(Frozen):
    """Whose key this is, in which one role, and in which period of whole days; from ``revoked`` on it counts for nothing."""

    id: str
    owner: str
    role: SignerRole
    from_: date = Field(alias="from")
    until: date
    revoked: date | None = None


class KeyFile(Frozen):
    """The keys that a reader of reports trusts."""

    keys: tuple[TrustedKey, ...]


def new(kind: KeyType) -> PrivateKey:
    """Return a fresh private key."""
    return Ed25519PrivateKey.generate() if kind is KeyType.ED25519 else generate_ec_key(SECP256R1())


def write(key: PrivateKey, file: Path) -> Path:
    """Write a private key that only its owner can read (PEM, PKCS #8), and its public part beside it; return the latter's file.

    Raises:
        NotWritten: a file could not be written, or is there already: no key is ever written over.
    """
    public_file = file.with_name(f"{file.name}.pub")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for target, content, mode in ((file, private, 0o600), (public_file, public, 0o644)):
        try:
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
                opened.write(content)
        except OSError as error:
            raise NotWritten("not-written", file=target, error=error) from None
    return public_file


def read(file: Path) -> PrivateKey:
    """Return a private key.

    Raises:
        UnusableKey: the file cannot be read, is locked by a password, or holds another kind of key.
    """
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableKey("key-unusable", file=file, error=error) from None
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return key
    if isinstance(key, Ed25519PrivateKey):
        return key
    raise UnusableKey("key-unusable", file=file, error=type(key).__name__)


def key_id(key: PrivateKey) -> str:
    """Return the id of a key: ``ed25519:`` or ``p256:`` and its public part, a point of P-256 in compressed form (SEC 1, 2.3.3)."""
    public = key.public_key()
    if isinstance(public, Ed25519PublicKey):
        return f"{KeyType.ED25519}:{b64encode(public.public_bytes_raw()).decode()}"
    return f"{KeyType.P256}:{b64encode(public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)).decode()}"


def sign(key: PrivateKey, data: bytes) -> bytes:
    """Return the signature of these bytes; that of P-256 is in DER."""
    return key.sign(data) if isinstance(key, Ed25519PrivateKey) else key.sign(data, ECDSA(SHA256()))


def is_signed_by(identifier: str, signature: bytes, data: bytes) -> bool:
    """Say whether the key with this id made this signature of these bytes."""
    kind, _, encoded = identifier.partition(":")
    try:
        public = b64decode(encoded, validate=True)
        if kind == KeyType.ED25519:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
        elif kind == KeyType.P256:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public).verify(signature, data, ECDSA(SHA256()))
        else:
            return False
    except (ValueError, InvalidSignature):
        return False
    return True


def read_trusted(file: Path) -> dict[str, TrustedKey]:
    """Return the keys of a key file by id.

    Raises:
        UnusableKey: the file cannot be read, is not as a key file should be, or names a key twice.
    """
    try:
        keys = KeyFile.model_validate(tomllib.loads(file.read_text("utf-8"))).keys
    except (OSError, ValueError) as error:
        raise UnusableKey("key-file-unusable", file=file, error=error) from None
    trusted = {key.id: key for key in keys}
    if len(trusted) < len(keys):  # else the last entry would silently win, and the first may be the one that revokes
        raise UnusableKey("key-file-names-twice", file=file)
    return trusted
