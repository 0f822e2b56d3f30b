"""Which nouns does apicheck think in?

What is written to disk or read from it is a frozen pydantic model; what never leaves memory is a slotted dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Source(StrEnum):
    """Where evidence comes from. The four words are also the packages, the commands and the keys in a rule file."""

    LINT = "lint"
    PROBE = "probe"
    FUZZ = "fuzz"
    ATTEST = "attest"


class Outcome(StrEnum):
    """The answer of one check. A check establishes; it never judges."""

    MET = "met"
    VIOLATED = "violated"
    VACUOUS = "vacuous"
    """There was nothing to look at."""
    UNKNOWN = "unknown"
    """It could not be established: no answer, no budget, or a fault of our own."""


class Status(StrEnum):
    """The verdict on one rule."""

    PASS = "pass"  # noqa: S105  # a verdict, no password
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    OPEN = "open"


class Role(StrEnum):
    """What a check may do to the verdict of a rule."""

    REQUIRES = "requires"
    """Must be answered and met; a violation fails the rule."""
    REFUTED_BY = "refuted-by"
    """Can only fail the rule, never carry it."""
    INFORMED_BY = "informed-by"
    """Printed with the verdict, never decides."""


class Level(StrEnum):
    """The weight that the standard gives a requirement (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Conclusion(StrEnum):
    """What a whole report comes to: a pure function of the verdicts on the MUST rules."""

    FAILS = "fails"
    INCOMPLETE = "incomplete"
    CONFORMS_WITH_EXPLANATION = "conforms-with-explanation"
    CONFORMS_PARTLY_DECLARED = "conforms-partly-declared"
    CONFORMS = "conforms"


class Mode(StrEnum):
    """What a live run may do to the API."""

    READ_ONLY = "read-only"
    """GET, HEAD and OPTIONS only."""
    FULL = "full"
    """Every documented method; needs a consent record."""


class Frozen(BaseModel):
    """Base of everything that is written to or read from disk."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"), populate_by_name=True
    )


class Text(Frozen):
    """One thing said in both languages. Ids are never translated and never stand here."""

    nl: str
    en: str

    def in_(self, language: Literal["nl", "en"]) -> str:
        """Return the text in the language asked for."""
        return self.nl if language == "nl" else self.en


class Place(NamedTuple):
    """A node of the document: the file it stands in and the JSON pointer tokens that lead to it."""

    file: str
    tokens: tuple[str | int, ...]

    def child(self, *tokens: str | int) -> Place:
        """Return the place below this one."""
        return Place(self.file, self.tokens + tokens)

    @property
    def pointer(self) -> str:
        """The JSON pointer (RFC 6901)."""
        return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in self.tokens)


class Location(Frozen):
    """A place as a person finds it: file, line and column (from 1, in characters), and the operations that reach it."""

    file: str
    pointer: str
    line: int | None = None
    column: int | None = None
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was sent and what came back, exactly as on the wire. Never written to disk unredacted.

    ``operation`` is ``"GET /gebouwen/{id}"`` where the request was meant for a documented operation.
    ``status`` is None when no response came; ``error`` then says why. ``elapsed`` is in seconds, ``started`` an
    ISO 8601 instant in UTC. Header names keep their case; a header sent twice stands twice.
    """

    id: str
    sender: Source
    purpose: str
    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...] = ()
    request_body: bytes = b""
    operation: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    started: str = ""
    elapsed: float = 0.0
    error: str | None = None

    def header(self, name: str) -> str | None:
        """Return the value of a response header (RFC 9110: names ignore case; repeated ones are joined by a comma)."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def media_type(self) -> str:
        """The media type of the response without parameters, in lower case; empty when none was given."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()


class RecordedMessage(Frozen):
    """The redacted side of an exchange."""

    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    body_size: int = 0


class RecordedExchange(Frozen):
    """An exchange as it may be shown: redacted, at most 512 bytes of body a side."""

    id: str
    sender: Source
    purpose: str
    operation: str | None
    method: str
    url: str
    request: RecordedMessage
    status: int | None
    response: RecordedMessage
    started: str
    elapsed: float
    error: str | None
    curl: str


class Finding(Frozen):
    """One cause. ``id`` is stable over runs and independent of line numbers; ``exchange`` is the id of a recorded exchange."""

    id: str
    message: Text
    location: Location | None = None
    operation: str | None = None
    exchange: str | None = None
    occurrences: int = 1


class Evidence(Frozen):
    """What one check established: its outcome, how many things it examined, and what it found."""

    check: str
    source: Source
    outcome: Outcome
    examined: int = 0
    findings: tuple[Finding, ...] = ()
    reason: Text | None = None


class CheckRef(Frozen):
    """A check by its source and name, as a rule file binds to it."""

    source: Source
    check: str

    def __str__(self) -> str:
        return f"{self.source}:{self.check}"


class Requirement(Frozen):
    """One sentence of the standard, in our own words, with the level the standard gives it."""

    level: Level
    text: Text
    applies_when: Text | None = None


class Reading(Frozen):
    """How the text is read where it leaves room, why, and where that differs from the official ruleset."""

    chosen: Text
    because: Text | None = None
    official_linter: Text | None = None


class Question(Frozen):
    """What is asked of the vendor where no check can settle a rule. ``valid`` is an ISO 8601 duration."""

    question: Text
    evidence: Text
    valid: str = "P1Y"


class Rule(Frozen):
    """One rule of a standard, as one edition has it."""

    id: str
    title: Text
    meaning: Text
    level: Level
    kind: Literal["technical", "functional"]
    source: str
    formerly: str | None = None
    requirements: tuple[Requirement, ...]
    reading: Reading | None = None
    requires: tuple[CheckRef, ...] = ()
    refuted_by: tuple[CheckRef, ...] = ()
    informed_by: tuple[CheckRef, ...] = ()
    attest: Question | None = None
    remedy: Text

    @property
    def bindings(self) -> tuple[tuple[Role, CheckRef], ...]:
        """Every check that the rule binds to, with its role."""
        roles = ((Role.REQUIRES, self.requires), (Role.REFUTED_BY, self.refuted_by), (Role.INFORMED_BY, self.informed_by))
        return tuple((role, ref) for role, refs in roles for ref in refs)

    @property
    def declaration(self) -> CheckRef | None:
        """The declaration that answers the rule's question, named after the last segment of its id; None without a question."""
        return CheckRef(source=Source.ATTEST, check=self.id.rpartition("/")[2]) if self.attest else None


class Standard(Frozen):
    """One edition of a standard. ``digest`` is over all its rules as resolved, so two reports can be compared."""

    id: str
    edition: str
    title: Text
    publisher: str
    source: str
    date: str
    status: Text
    rules: tuple[Rule, ...]
    digest: str

    @property
    def name(self) -> str:
        """The standard as it is asked for: ``nlgov-adr@2.2``."""
        return f"{self.id}@{self.edition}"


class Ground(Frozen):
    """One piece of evidence a verdict rests on, with the role it had."""

    check: str
    source: Source
    role: Role
    outcome: Outcome


class Verdict(Frozen):
    """The status of one rule, the sources that settled it, and everything it rests on."""

    rule: str
    title: Text
    level: Level
    kind: Literal["technical", "functional"]
    status: Status
    basis: tuple[Source, ...] = ()
    grounds: tuple[Ground, ...] = ()
    reason: Text


class Subject(Frozen):
    """What was tested. ``digest`` is the SHA-256 of the document's bytes as fetched."""

    title: str
    version: str
    document: str
    digest: str
    url: str | None = None


class Consent(Frozen):
    """The leave of somebody with the right to give it to write to a test environment, for one period of whole days."""

    by: str
    on_behalf_of: str
    base_url: str
    from_: date = Field(alias="from")
    until: date
    environment: Literal["test"]


class Run(Frozen):
    """How the test was done, and the command that repeats it."""

    started: str
    finished: str
    sources: tuple[Source, ...]
    command: str
    seed: int | None = None
    mode: Mode | None = None
    consent: Consent | None = None
    max_requests: int | None = None
    max_time: float | None = None
    rate: float | None = None
    stopped: Text | None = None
    """Why the run ended before its plan was done; None when nothing cut it short."""


class Unreached(Frozen):
    """An operation that never answered 2xx, and why."""

    operation: str
    reason: Text


class Coverage(Frozen):
    """How much of the API was seen. Counts only."""

    rules: dict[Status, int] = Field(default_factory=dict)
    operations: int = 0
    reached: int = 0
    answered: int = 0
    """Operations that answered 2xx at least once."""
    requests: dict[Source, int] = Field(default_factory=dict)
    not_reached: tuple[Unreached, ...] = ()


class Observation(Frozen):
    """Something seen beyond the standard (a 5xx, an undocumented status): told, never judged."""

    id: str
    check: str
    message: Text
    operation: str | None
    exchange: str | None
    occurrences: int = 1


class Report(Frozen):
    """Everything there is to tell, rules included: all formats are rendered from this alone, and anyone can judge again."""

    schema_: Literal["apicheck/report/1.0"] = Field("apicheck/report/1.0", alias="schema")
    tool: str
    subject: Subject
    standard: Standard
    run: Run
    conclusion: Conclusion
    verdicts: tuple[Verdict, ...]
    evidence: tuple[Evidence, ...]
    coverage: Coverage
    robustness: tuple[Observation, ...] = ()
    notes: tuple[Text, ...] = ()
    """What is told on top: the document served differs from the one given, TLS was not verified, and the like."""
    exchanges: tuple[RecordedExchange, ...] = ()
