"""Does a seal on a paper leave the paper as it was, say whose it is, and hide nothing that somebody else added?"""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apicheck.errors import UnreadableReport, UnusableKey, WrongUse
from apicheck.report import json_, pdf
from apicheck.sign import bundle, seal
from apicheck.sign.standing import Standing
from apicheck.sign.verify import exit_code, verify

from .signers import OK, RETESTER, TODAY, VENDOR, answers, code, example, trusting, write

pypdf = pytest.importorskip("pypdf", reason='the extra "pdf" is not installed, so NO SEAL was tried')
pytest.importorskip("typst", reason='the extra "pdf" is not installed, so NO SEAL was tried')
generic = pytest.importorskip("pyhanko.pdf_utils.generic", reason='the extra "seal" is not installed, so NO SEAL was tried')
incremental_writer = pytest.importorskip("pyhanko.pdf_utils.incremental_writer")
reader = pytest.importorskip("pyhanko.pdf_utils.reader")
validation = pytest.importorskip("pyhanko.sign.validation")
certvalidator = pytest.importorskip("pyhanko_certvalidator")
_pades = pytest.importorskip("apicheck.sign._pades")

BYTES, SIGNATURE, SIGNER, RECOMPUTED, PAGE, DATES, LIST = range(7)
NOT_OK, UNDETERMINED = Standing.NOT_OK, Standing.UNDETERMINED
SECRET = "open sesame"  # noqa: S105  # of a file that a test makes
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
SIGNS = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
ATTACHED = ("report.json", "report.dsse.json")


def certificate(owner: str, key: Key, *, issuer: str, by: Key, days: int = 300, since: int = 1) -> x509.Certificate:
    def name(organisation: str) -> x509.Name:
        parts = {NameOID.ORGANIZATION_NAME: organisation, NameOID.COMMON_NAME: f"Zegel van {organisation}"}
        return x509.Name([x509.NameAttribute(part, text) for part, text in parts.items()])

    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name(issuer), name(owner), key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=since)).not_valid_after(now + timedelta(days=days))
    return builder.add_extension(SIGNS, critical=True).sign(by, SHA256())


def p256() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def kept(
    file: Path,
    owner: str = VENDOR.owner,
    *,
    secret: str | None = SECRET,
    make: Callable[[], Key] = p256,
    days: int = 300,
    since: int = 1,
) -> Path:
    """Write a key with its certificate, as a trust service hands it out."""
    key = make()
    issued = certificate(owner, key, issuer="Uitgever", by=p256(), days=days, since=since)
    lock = BestAvailableEncryption(secret.encode()) if secret else NoEncryption()
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, issued, None, lock))
    return file


@pytest.fixture(scope="module")
def stamp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept(tmp_path_factory.mktemp("seal") / "seal.p12")


@pytest.fixture(scope="module")
def sealed_once(tmp_path_factory: pytest.TempPathFactory, stamp: Path) -> Path:
    folder = write(tmp_path_factory.mktemp("sealed"), example())
    (folder / pdf.FILE).write_bytes(pdf.render(example(), "nl"))
    VENDOR.sign(folder, finish=lambda paper: seal.put(paper, stamp, SECRET))
    return folder


@pytest.fixture
def sealed(sealed_once: Path, tmp_path: Path) -> Path:
    """The paper in a bundle that the vendor signed and sealed."""
    return Path(shutil.copytree(sealed_once, tmp_path / "sealed")) / pdf.FILE


def unsealed(paper: Path) -> bytes:
    return pdf.render(example(), "nl", (paper.parent / "report.dsse.json").read_bytes())


def attached(content: bytes) -> dict[str, bytes]:
    return {name: found[0] for name, found in pypdf.PdfReader(BytesIO(content), strict=True).attachments.items()}


def test_a_sealed_paper_verifies_in_its_bundle_and_alone_and_says_whose_seal_it_is(sealed: Path, tmp_path: Path) -> None:
    assert answers(sealed.parent) == OK
    alone = Path(shutil.copy(sealed, tmp_path / "aanbod.pdf"))
    assert answers(alone) == OK
    line = verify(bundle.read(alone), trusting(VENDOR), TODAY)[SIGNATURE]
    assert all(said in line.why.nl for said in (VENDOR.owner, "Uitgever", "niet te bepalen"))


def test_the_paper_stays_as_it_was_and_both_attachments_come_out_the_same(sealed: Path) -> None:
    content = sealed.read_bytes()
    assert content.startswith(unsealed(sealed))
    assert attached(content) == attached(unsealed(sealed)) == {name: (sealed.parent / name).read_bytes() for name in ATTACHED}


def test_the_pages_the_metadata_and_what_readers_demand_of_a_field_are_kept(sealed: Path) -> None:
    after, before = pypdf.PdfReader(sealed), pypdf.PdfReader(BytesIO(unsealed(sealed)))
    assert [page.extract_text() for page in after.pages] == [page.extract_text() for page in before.pages]
    assert after.metadata == before.metadata
    kept_xmp = [reader.trailer["/Root"]["/Metadata"].get_data() for reader in (after, before)]
    assert kept_xmp[0] == kept_xmp[1]
    (field,) = after.trailer["/Root"]["/AcroForm"]["/Fields"]
    widget = field.get_object()
    assert widget["/F"] & 0b100, "PDF/A: a field is printed"
    assert not widget["/F"] & 0b10, "PDF/A: a field is not hidden"
    assert all(corner < 0 for corner in widget["/Rect"]), "PDF/UA: what has no tag is not on the page"
    assert widget["/TU"]
    assert after.pages[0]["/Tabs"] == "/S"


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed, so NOBODY ELSE read the sealed paper")
def test_qpdf_finds_nothing_wrong(sealed: Path) -> None:
    done = subprocess.run(["qpdf", "--check", sealed], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_whole_of_pyhanko_finds_the_seal_over_the_entire_file(sealed: Path) -> None:
    (found,) = reader.PdfFileReader(BytesIO(sealed.read_bytes())).embedded_signatures
    context = certvalidator.ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False)
    status = asyncio.run(validation.async_validate_pdf_signature(found, context))
    assert status.bottom_line, status.pretty_print_details()
    assert status.coverage is validation.SignatureCoverageLevel.ENTIRE_FILE


@pytest.mark.parametrize(
    "make",
    [lambda: rsa.generate_private_key(65537, 2048), lambda: ec.generate_private_key(ec.SECP384R1())],
    ids=["RSA", "P-384"],
)
def test_other_keys_and_no_passphrase(make: Callable[[], Key], tmp_path: Path) -> None:
    paper = pdf.render(example(), "en")
    content = seal.put(paper, kept(tmp_path / "seal.p12", secret=None, make=make), None)
    found = seal.read(content)
    assert found
    assert found.holds
    assert seal.is_all_that_was_added(paper, content)


@pytest.mark.usefixtures("remembered_papers")
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_byte_of_a_sealed_paper_changes_it_is_never_all_ok(sealed_once: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray((sealed_once / pdf.FILE).read_bytes())
    begin = len(unsealed(sealed_once / pdf.FILE)) if data.draw(st.booleans()) else 0
    content[data.draw(st.integers(begin, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(content)
    try:
        lines = verify(bundle.read(forged), trusting(VENDOR), TODAY)
    except UnreadableReport:
        return
    assert exit_code(lines) == 1


def drawn_over(paper: bytes) -> bytes:
    """Write over the verdict in an update, as a PDF allows."""
    writer = incremental_writer.IncrementalPdfFileWriter(BytesIO(paper))
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=b"q 1 1 1 rg 0 600 600 200 re f Q")))
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_an_honest_seal_over_a_page_that_somebody_wrote_over(sealed: Path, stamp: Path) -> None:
    sealed.write_bytes(seal.put(drawn_over(unsealed(sealed)), stamp, SECRET))
    told = answers(sealed.parent)
    assert told[SIGNATURE] is Standing.OK, "the seal itself is right"
    assert told[PAGE] is NOT_OK


def test_somebody_who_writes_over_a_page_behind_the_seal(sealed: Path) -> None:
    sealed.write_bytes(drawn_over(sealed.read_bytes()))
    told = answers(sealed.parent)
    assert told[SIGNATURE] is NOT_OK
    assert told[PAGE] is NOT_OK


def test_a_seal_of_another_paper(sealed: Path, stamp: Path) -> None:
    other = pdf.render(example(), "en")
    moved = seal.put(other, stamp, SECRET)[len(other) :]
    sealed.write_bytes(unsealed(sealed) + moved)
    assert answers(sealed.parent)[PAGE] is NOT_OK


def test_two_seals(sealed: Path, stamp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = seal.put(unsealed(sealed), stamp, SECRET)
    monkeypatch.setattr(_pades, "FIELD", "Second")
    sealed.write_bytes(seal.put(once, stamp, SECRET))
    monkeypatch.undo()
    assert code(sealed.parent) == 1


def test_a_next_signer_takes_the_seal_off_and_may_put_one_of_their_own(sealed: Path, tmp_path: Path) -> None:
    RETESTER.sign(sealed.parent)
    assert not seal.is_on(sealed.read_bytes())
    assert answers(sealed.parent, trusting(VENDOR, RETESTER)) == OK
    own = kept(tmp_path / "own.p12", RETESTER.owner)
    sealed.parent.joinpath("report.dsse.json").unlink()
    RETESTER.sign(sealed.parent, finish=lambda paper: seal.put(paper, own, SECRET))
    found = seal.read(sealed.read_bytes())
    assert found
    assert found.owner == RETESTER.owner


def test_no_paper_without_a_seal_looks_sealed(sealed: Path) -> None:
    assert not seal.is_on(unsealed(sealed))


@given(st.binary())
def test_whatever_stands_behind_a_paper_is_no_seal(behind: bytes) -> None:
    assert seal.read(b"%PDF-1.7\n" + seal.MARK + behind) is None
    assert not seal.is_all_that_was_added(b"%PDF-1.7\n", b"%PDF-1.7\n" + seal.MARK + behind)


@pytest.mark.parametrize(("days", "since"), [(-1, 9), (9, -1)], ids=["expired", "not-yet"])
def test_a_certificate_of_another_day_seals_nothing(days: int, since: int, tmp_path: Path) -> None:
    with pytest.raises(UnusableKey, match=r"seal\.p12"):
        seal.put(b"", kept(tmp_path / "seal.p12", days=days, since=since), SECRET)


def test_a_seal_that_was_put_after_its_day_does_not_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pades, "_is_valid", lambda certificate: True)
    found = seal.read(seal.put(pdf.render(example(), "nl"), kept(tmp_path / "seal.p12", days=-1, since=9), SECRET))
    assert found
    assert not found.holds


def test_a_file_that_cannot_seal_is_told(stamp: Path, tmp_path: Path) -> None:
    (tmp_path / "text.p12").write_bytes(b"no seal")
    bare = tmp_path / "bare.p12"
    bare.write_bytes(pkcs12.serialize_key_and_certificates(None, None, None, [self_signed()], NoEncryption()))
    for file, secret in (
        (tmp_path / "nowhere.p12", None),
        (tmp_path / "text.p12", None),
        (stamp, "wrong"),
        (stamp, None),
        (bare, None),
    ):
        with pytest.raises(UnusableKey, match=file.name):
            seal.put(b"", file, secret)


def self_signed() -> x509.Certificate:
    key = p256()
    return certificate("Los", key, issuer="Los", by=key)


def test_what_a_seal_says_of_its_owner_cannot_act(tmp_path: Path, sealed: Path) -> None:
    hostile = kept(tmp_path / "seal.p12", "\u202e\x1b[2JBV")
    sealed.write_bytes(seal.put(unsealed(sealed), hostile, SECRET))
    line = verify(bundle.read(sealed), trusting(VENDOR), TODAY)[SIGNATURE]
    assert line.standing is Standing.OK
    assert line.why.nl.isprintable()


def test_where_nothing_can_read_a_seal(sealed: Path, stamp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "apicheck.sign._pades", raising=False)
    monkeypatch.delattr("apicheck.sign._pades", raising=False)
    for name in [name for name in sys.modules if name.startswith("pyhanko")]:
        monkeypatch.setitem(sys.modules, name, None)
    told: list[Any] = answers(sealed.parent)
    assert told[SIGNATURE] is told[PAGE] is UNDETERMINED
    with pytest.raises(WrongUse, match=r"apicheck-nl\[pdf,seal\]"):
        seal.put(b"", stamp, SECRET)
    sealed.write_bytes(unsealed(sealed))
    assert answers(sealed.parent) == OK


def test_the_report_in_a_sealed_paper_is_that_of_the_bundle(sealed: Path) -> None:
    assert json_.parse(bundle.read(sealed).files[json_.FILE], json_.FILE) == example()
