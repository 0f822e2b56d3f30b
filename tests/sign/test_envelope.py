"""Is what we sign what DSSE and in-toto say it is, and can nothing in the file change unseen?"""

import json
import uuid
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer._key import SSlibKey

from apicheck.errors import NotWritten, WrongUse
from apicheck.sign import dsse, envelope, keys

from .signers import RETESTER, VENDOR, Signer, example, write

SIGNATURES = "report.dsse.json"


def as_dict(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / SIGNATURES).read_bytes())
    return loaded


@pytest.mark.parametrize("signer", [VENDOR, RETESTER], ids=lambda signer: type(signer.key).__name__)
def test_the_library_of_the_makers_of_dsse_verifies_our_envelope(signer: Signer, tmp_path: Path) -> None:
    signer.sign(write(tmp_path, example()))
    scheme = "ed25519" if isinstance(signer.key, Ed25519PrivateKey) else "ecdsa-sha2-nistp256"
    theirs = SSlibKey.from_crypto(signer.key.public_key(), keyid=keys.key_id(signer.key), scheme=scheme)
    read = Envelope.from_dict(as_dict(tmp_path))
    assert read.verify([theirs], 1) == {theirs.keyid: theirs}
    assert read.pae() == dsse.pae(read.payload, envelope.PAYLOAD_TYPE)
    read.payload += b" "
    with pytest.raises(VerificationError):
        read.verify([theirs], 1)


def test_the_statement_is_of_in_toto_and_names_every_file_and_the_document(signed: Path) -> None:
    written = as_dict(signed)
    statement = json.loads(b64decode(written["payload"]))
    assert written["payloadType"] == "application/vnd.in-toto+json"
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert uuid.UUID(statement["predicateType"].removeprefix("urn:uuid:")).version == 4
    digests = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
    assert set(digests) == {"report.json", "report.html", "tested-document"}
    assert digests["tested-document"] == example().subject.digest
    assert statement["predicate"]["report"]["conclusion"] == example().conclusion


def test_a_next_signer_adds_a_line_and_touches_nothing(signed: Path) -> None:
    before = (signed / SIGNATURES).read_bytes()
    RETESTER.sign(signed)
    after = (signed / SIGNATURES).read_bytes()
    assert after.startswith(before)
    assert [said.predicate.owner for said in envelope.read_all(after) if said] == [VENDOR.owner, RETESTER.owner]


def test_nobody_signs_beside_a_signature_of_something_else(signed: Path) -> None:
    before = (signed / SIGNATURES).read_bytes()
    (signed / "report.html").write_text("another page")
    with pytest.raises(NotWritten, match=SIGNATURES):
        RETESTER.sign(signed)
    (signed / SIGNATURES).write_bytes(before[:-9])
    with pytest.raises(NotWritten, match=SIGNATURES):
        RETESTER.sign(signed)


@pytest.mark.parametrize("owner", ["", " ", "V\udcff", "\u202eVB", "V\nB"])
def test_who_signs_has_a_name_that_can_be_printed(owner: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        Signer(owner, VENDOR.role, VENDOR.key).sign(write(tmp_path, example()))
    assert not (tmp_path / SIGNATURES).exists()


@pytest.mark.parametrize("signer", [VENDOR, RETESTER], ids=lambda signer: type(signer.key).__name__)
def test_no_byte_of_an_envelope_can_change(signer: Signer, tmp_path: Path) -> None:
    signer.sign(write(tmp_path, example()))
    line = (tmp_path / SIGNATURES).read_bytes()
    assert envelope.read(line)
    for place in range(len(line)):
        changed = line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]
        assert not all(envelope.read_all(changed)), place
    assert envelope.read(line[:-1]) is None


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda line: line.replace(b'":"', b'": "', 1),
        lambda line: line.replace(b'{"payload"', b'{"note":"x","payload"', 1),
        lambda line: line.replace(b'"keyid":"ed25519:', b'"keyid":"', 1),
        lambda line: line.replace(b"application/vnd.in-toto+json", b"application/vnd.in-toto\\u002bjson", 1),
        lambda line: line.replace(b"\n", b"\r\n"),
        lambda line: b"\n" + line,
        lambda line: b"[]\n",
        lambda line: b"\xff\n",
    ],
)
def test_what_dsse_leaves_unsigned_has_one_form(rewrite: Callable[[bytes], bytes], signed: Path) -> None:
    line = (signed / SIGNATURES).read_bytes()
    assert rewrite(line) != line
    assert not all(envelope.read_all(rewrite(line)))
