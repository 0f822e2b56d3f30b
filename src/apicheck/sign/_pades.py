"""How is a seal written behind a PDF, and read back?

The only module that knows pyHanko. Its update is fixed but for the signature and the moment, so that it can be made again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import Certificate
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from apicheck.errors import UnusableKey
from apicheck.sign.seal import Seal

FIELD = "Seal"
RESERVED = 32_768
"""Hexadecimal digits that the signature and its certificates may take."""
HASH = "sha256"
UNSEEN = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
"""PDF/A forbids a hidden field (ISO 19005-3, 6.3.2), PDF/UA one on the page that has no tag (ISO 14289-1, 7.18.1)."""

logging.getLogger("pyhanko").addHandler(logging.NullHandler())  # what is wrong with a stranger's file is for `verify` to say


class _Update(IncrementalPdfFileWriter):
    """An update that leaves the metadata of the paper as they are, and whose identifier follows from the paper."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> ArrayObject:
        prev.stream.seek(0)
        return ArrayObject([prev.trailer["/ID"][0], ByteStringObject(sha256(prev.stream.read()).digest()[:16])])

    def _update_meta(self) -> None:
        """Leave out what pyHanko writes: another producer and the time of the clock."""


def put(paper: bytes, file: Path, passphrase: str | None) -> bytes:
    """Return a paper with a seal behind it, as ``seal.put`` does."""
    signer = _signer(file, passphrase)
    now = datetime.now(UTC).replace(microsecond=0)
    try:
        return _update(paper, now, lambda digest: asyncio.run(signer.async_sign(digest, HASH, use_pades=True)).dump())
    except (ValueError, SigningError) as error:
        raise UnusableKey("seal-unusable", file=file, error=error) from None


def put_again(paper: bytes, sealed: bytes) -> bytes | None:
    """Return this paper with the seal that is on another; None when there is none."""
    try:
        found = _only(sealed)
        return _update(paper, _moment(found), lambda digest: _der(found.pkcs7_content))
    except Exception:  # noqa: BLE001  # whatever breaks in what a stranger wrote, it is no seal
        return None


def read(paper: bytes) -> Seal | None:
    """Return the seal on a paper, as ``seal.read`` does."""
    try:
        found = _only(paper)
        moment, signer = _moment(found), found.signer_cert
        whole = found.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
        intact, valid = validate_sig_integrity(found.signer_info, signer, "data", found.compute_digest())
        in_time = signer.not_valid_before <= moment <= signer.not_valid_after
        owner, issuer = _name(signer.subject.native), _name(signer.issuer.native)
    except Exception:  # noqa: BLE001  # whatever breaks in what a stranger wrote, it is no seal
        return None
    return Seal(owner, issuer, moment, holds=whole and intact and valid and in_time)


def _name(distinguished: Mapping[str, object]) -> str:
    """Return the organisation in a name (X.520), or else all of it."""
    return str(distinguished.get("organization_name") or ", ".join(map(str, distinguished.values())))


def _only(paper: bytes) -> EmbeddedPdfSignature:
    """Return the one signature in a PDF; anything may be raised when there is not one."""
    found: EmbeddedPdfSignature
    (found,) = PdfFileReader(BytesIO(paper)).embedded_signatures
    return found


def _moment(found: EmbeddedPdfSignature) -> datetime:
    """Return when a seal was put, by its owner's clock."""
    moment = found.self_reported_timestamp
    if moment is None:
        raise ValueError(FIELD)
    return moment


def _update(paper: bytes, moment: datetime, sign: Callable[[bytes], bytes]) -> bytes:
    """Return a paper with the update that holds a signature of its digest, made at a moment."""
    writer = _Update(BytesIO(paper))
    field = SigFieldSpec(FIELD, on_page=0, readable_field_name=FIELD, invis_sig_settings=UNSEEN)
    steps = PdfCMSEmbedder(new_field_spec=field).write_cms(FIELD, writer)
    next(steps)
    holder = SignatureObject(timestamp=moment, subfilter=SigSeedSubFilter.PADES, bytes_reserved=RESERVED)
    steps.send(SigObjSetup(sig_placeholder=holder))
    prepared, output = steps.send(SigIOSetup(md_algorithm=HASH))
    steps.send(sign(prepared.document_digest))
    written: bytes = output.getvalue()
    return written


def _der(padded: bytes) -> bytes:
    """Return a signature without the zeros behind it: a sequence says its own length, here in two bytes (X.690, 8.1.3.5)."""
    return padded[: 4 + int.from_bytes(padded[2:4], "big")]


def _signer(file: Path, passphrase: str | None) -> SimpleSigner:
    """Return what seals with the key in a file.

    Raises:
        UnusableKey: the file cannot be read or opened, has no key or certificate, or that is not valid today.
    """
    secret = passphrase.encode() if passphrase else None
    try:
        content = file.read_bytes()
        key, certificate, _ = pkcs12.load_key_and_certificates(content, secret)
    except (OSError, ValueError) as error:
        raise UnusableKey("seal-unusable", file=file, error=error) from None
    if key is None or certificate is None:
        raise UnusableKey("seal-without-key", file=file)
    if not _is_valid(certificate):
        first, last = certificate.not_valid_before_utc.date(), certificate.not_valid_after_utc.date()
        raise UnusableKey("seal-not-now", file=file, first=first, last=last)
    signer: SimpleSigner = SimpleSigner.load_pkcs12_data(content, (), secret)
    return signer


def _is_valid(certificate: Certificate) -> bool:
    return certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc
