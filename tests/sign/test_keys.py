"""Can a key be made, kept and read back, and does a file of trusted keys say plainly what is wrong with it?"""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from apicheck.errors import NotWritten, UnusableKey
from apicheck.sign import KeyType, keys

ENTRY = """
[[keys]]
id = "ed25519:AAAA"
owner = "Voorbeeld BV"
role = "vendor"
from = 2026-01-01
until = 2026-12-31
"""


@pytest.mark.parametrize("kind", KeyType)
def test_a_key_is_kept_for_its_owner_alone_and_read_back(kind: KeyType, tmp_path: Path) -> None:
    key = keys.new(kind)
    public = keys.write(key, tmp_path / "key.pem")
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    assert (tmp_path / "key.pem").read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert public.read_text().startswith("-----BEGIN PUBLIC KEY-----")
    assert keys.key_id(keys.read(tmp_path / "key.pem")) == keys.key_id(key)
    assert keys.key_id(key).startswith(f"{kind}:")


def test_no_key_is_ever_written_over(tmp_path: Path) -> None:
    keys.write(keys.new(KeyType.ED25519), tmp_path / "key.pem")
    before = (tmp_path / "key.pem").read_bytes()
    with pytest.raises(NotWritten):
        keys.write(keys.new(KeyType.ED25519), tmp_path / "key.pem")
    assert (tmp_path / "key.pem").read_bytes() == before


@pytest.mark.parametrize("kind", KeyType)
@given(data=st.binary(), other=st.binary())
def test_a_signature_is_of_one_key_and_of_these_bytes(kind: KeyType, data: bytes, other: bytes) -> None:
    key = keys.new(kind)
    signature = keys.sign(key, data)
    assert keys.is_signed_by(keys.key_id(key), signature, data)
    assert keys.is_signed_by(keys.key_id(key), signature, other) == (data == other)
    assert not keys.is_signed_by(keys.key_id(keys.new(kind)), signature, data)


@given(st.text() | st.builds("{}:{}".format, st.sampled_from([*KeyType]), st.text()), st.binary(), st.binary())
def test_what_is_no_key_signed_nothing(identifier: str, signature: bytes, data: bytes) -> None:
    assert not keys.is_signed_by(identifier, signature, data)


def locked() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))


def of_another_curve() -> bytes:
    return generate_private_key(SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("content", [b"", b"no key", locked(), of_another_curve()], ids=["empty", "text", "locked", "P-384"])
def test_a_key_that_cannot_sign_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(content)
    with pytest.raises(UnusableKey, match=r"key\.pem"):
        keys.read(tmp_path / "key.pem")


def test_a_key_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableKey, match=r"key\.pem"):
        keys.read(tmp_path / "key.pem")
    with pytest.raises(UnusableKey, match=r"keys\.toml"):
        keys.read_trusted(tmp_path / "keys.toml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("keys = [", "keys.toml"),
        ("", "keys"),
        (ENTRY.replace("vendor", "king"), "role"),
        (ENTRY.replace("owner", "holder"), "owner"),
        (ENTRY * 2, "twice"),
    ],
)
def test_a_key_file_says_what_is_wrong_with_it(content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text(content)
    with pytest.raises(UnusableKey, match=said):
        keys.read_trusted(tmp_path / "keys.toml")
