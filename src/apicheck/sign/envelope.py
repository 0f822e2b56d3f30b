"""What does a signer say about a report, and where is that kept?

An in-toto Statement v1 in an envelope. Each signer vouches for something else, "we tested it" or "we tested it again", and so
signs a statement of their own: several signatures below one statement would make all of them say the same. ``report.dsse.json``
holds one envelope a line, as an in-toto Bundle does (https://github.com/in-toto/attestation/blob/main/spec/v1/bundle.md). With
one signer it is a plain DSSE envelope, and a next signer adds a line and touches nothing.

A paper holds the report and the envelopes, so it comes after them: it is no subject of a statement, and signing makes it again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Literal

from pydantic import AwareDatetime, Field

from apicheck.errors import NotWritten, WrongUse
from apicheck.model import Conclusion, Frozen, Report
from apicheck.report import pdf
from apicheck.sign import SignerRole, dsse, keys, paper
from apicheck.sign.bundle import Bundle

PAYLOAD_TYPE = "application/vnd.in-toto+json"
TESTED_DOCUMENT = "tested-document"
"""The subject that is the OpenAPI document: its own name is anyone's choice, and could be that of a file of the bundle."""
VALID = timedelta(days=92)
"""How long a signature is valid unless its signer says otherwise: three months."""


class Digest(Frozen):
    """The SHA-256 of the bytes of a subject, in hexadecimals."""

    sha256: str


class Subject(Frozen):
    """A file that a statement is about."""

    name: str
    digest: Digest


class Facts(Frozen):
    """What a reader wants to know of a report before opening it; the report must say the same."""

    tool: str
    standard: str
    standard_digest: str
    conclusion: Conclusion


class Predicate(Frozen):
    """Who signs, as what, with which key, and for how long. The key's id is signed too: that of the envelope is not."""

    role: SignerRole
    owner: str
    key: str
    signed_at: AwareDatetime
    valid_until: date
    report: Facts


class Statement(Frozen):
    """What a signer says: these files, by their digests, are those that this predicate is about."""

    type_: Literal["https://in-toto.io/Statement/v1"] = Field("https://in-toto.io/Statement/v1", alias="_type")
    subject: tuple[Subject, ...]
    predicate_type: Literal["urn:uuid:648e1929-ba33-43c3-a28f-91d92cfcd623"] = Field(
        "urn:uuid:648e1929-ba33-43c3-a28f-91d92cfcd623", alias="predicateType"
    )
    """The kind of statement. A UUID (RFC 9562), for there is no address on the web that we may claim for ever."""
    predicate: Predicate

    def digests(self) -> dict[str, str]:
        """Return the digest of each subject by its name."""
        return {subject.name: subject.digest.sha256 for subject in self.subject}


def facts(report: Report) -> Facts:
    """Return what a statement repeats of a report."""
    standard = report.standard
    return Facts(tool=report.tool, standard=standard.name, standard_digest=standard.digest, conclusion=report.conclusion)


def state(bundle: Bundle, report: Report, predicate: Predicate) -> Statement:
    """Return a statement about all files of a bundle and the document that was tested."""
    digests = bundle.digests() | {TESTED_DOCUMENT: report.subject.digest}
    subjects = (Subject(name=name, digest=Digest(sha256=digest)) for name, digest in digests.items())
    return Statement(subject=tuple(subjects), predicate=predicate)


def write(statement: Statement, key: keys.PrivateKey) -> bytes:
    """Return a statement, signed, as one line of the file with envelopes."""
    return dsse.wrap(statement.model_dump_json(by_alias=True).encode(), PAYLOAD_TYPE, key)


def read(line: bytes) -> Statement | None:
    """Return what was signed; None when the signature is wrong, it is no statement, or it names another key."""
    signed = dsse.unwrap(line, PAYLOAD_TYPE)
    try:
        statement = Statement.model_validate_json(signed.payload) if signed else None
    except ValueError:
        return None
    return statement if signed and statement and statement.predicate.key == signed.key else None


def read_all(envelopes: bytes) -> tuple[Statement | None, ...]:
    """Return what each line of the file with envelopes says, as ``read`` does."""
    return tuple(read(line) for line in BytesIO(envelopes))


def changed(statement: Statement, bundle: Bundle) -> list[str]:
    """Return the files of a bundle that are not as they were signed; the report is one of them when it was not signed at all."""
    signed = statement.digests()
    found = bundle.digests()
    return [name for name, digest in found.items() if signed.get(name, "" if name == bundle.report else digest) != digest]


def sign(
    bundle: Bundle,
    report: Report,
    key: keys.PrivateKey,
    *,
    role: SignerRole,
    owner: str,
    valid_until: date | None = None,
    finish: Callable[[bytes], bytes] = lambda made: made,
) -> Statement:
    """Sign a bundle: add an envelope to what its signers wrote, attach them all to its papers, and return what it says.

    A paper is made again and with that loses any seal. ``finish`` is done to each at last, to put a seal on it.

    Raises:
        WrongUse: the owner is no name that can be printed, or there is a paper and the extra ``pdf`` is not installed.
        UnreadableReport: what is called as a paper of a report is none.
        NotWritten: a file cannot be written, or the signatures there are not of these very files.
    """
    if not owner.strip() or not owner.isprintable():
        raise WrongUse("owner-unusable", owner=owner)
    now = datetime.now(UTC).replace(microsecond=0)
    until = valid_until or now.date() + VALID
    predicate = Predicate(role=role, owner=owner, key=keys.key_id(key), signed_at=now, valid_until=until, report=facts(report))
    statement = state(bundle, report, predicate)
    earlier = bundle.envelopes or b""
    if any(said is None or changed(said, bundle) for said in read_all(earlier)):
        raise NotWritten("signed-otherwise", file=bundle.signature_file)
    envelopes = earlier + write(statement, key)
    languages = {file: paper.read(file, content).language for file, content in bundle.papers.items()}
    papers = {file: finish(pdf.render(report, language, envelopes)) for file, language in languages.items()}
    for file, content in ({bundle.signature_file: envelopes} | papers).items():
        try:
            file.write_bytes(content)
        except OSError as error:
            raise NotWritten("not-written", file=file, error=error) from None
    return statement
