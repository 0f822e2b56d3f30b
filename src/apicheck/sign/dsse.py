"""How do signed bytes stand in a file, so that nothing in it can change unseen?

In a DSSE v1 envelope (https://github.com/secure-systems-lab/dsse) with one signature, as one line. DSSE leaves room around what
is signed: white space, two alphabets of base64, other fields, a key id. Here there is one way to write it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import NamedTuple

from pydantic import Field

from apicheck.model import Frozen
from apicheck.sign import keys


class Signature(Frozen):
    """One signature as DSSE writes it."""

    keyid: str
    sig: str


class Envelope(Frozen):
    """A DSSE envelope with one signature."""

    payload: str
    payload_type: str = Field(alias="payloadType")
    signatures: tuple[Signature]


class Signed(NamedTuple):
    """What was signed, and the id of the key that did."""

    payload: bytes
    key: str


def pae(payload: bytes, payload_type: str) -> bytes:
    """Return the bytes that are signed: DSSE's pre-authentication encoding."""
    return b"DSSEv1 %d %b %d %b" % (len(payload_type), payload_type.encode(), len(payload), payload)


def wrap(payload: bytes, payload_type: str, key: keys.PrivateKey) -> bytes:
    """Return bytes, signed, as one line."""
    return _line(payload, payload_type, keys.key_id(key), keys.sign(key, pae(payload, payload_type)))


def unwrap(line: bytes, payload_type: str) -> Signed | None:
    """Return what was signed; None when the signature is wrong or the line is not to the byte what its signer wrote."""
    try:
        envelope = Envelope.model_validate_json(line)
        (signature,) = envelope.signatures
        payload, signed = b64decode(envelope.payload), b64decode(signature.sig)
    except ValueError:
        return None
    if _line(payload, payload_type, signature.keyid, signed) != line:
        return None
    return Signed(payload, signature.keyid) if keys.is_signed_by(signature.keyid, signed, pae(payload, payload_type)) else None


def _line(payload: bytes, payload_type: str, keyid: str, signature: bytes) -> bytes:
    signatures = (Signature(keyid=keyid, sig=b64encode(signature).decode()),)
    envelope = Envelope(payload=b64encode(payload).decode(), payload_type=payload_type, signatures=signatures)
    return envelope.model_dump_json(by_alias=True).encode() + b"\n"
