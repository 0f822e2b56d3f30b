"""What is told of one test?"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from apicheck.model.base import Frozen, Location, Text
from apicheck.model.evidence import CheckRef, Evidence, Observation, Outcome, RecordedExchange, Source
from apicheck.model.explanation import HandledException
from apicheck.model.standard import Level, Role, Standard


class Status(StrEnum):
    """The verdict on one rule."""

    PASS = "pass"  # noqa: S105  # a verdict, no password
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    OPEN = "open"


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
    SAFE_WRITE = "safe-write"
    """Writes only to objects that the run created itself, and removes those at the end; needs a consent record."""
    FULL = "full"
    """Every documented method; needs a consent record."""


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


class Reference(Frozen):
    """A document by what it is known: its own words for itself, its name, and the SHA-256 of its bytes as fetched."""

    title: str
    version: str
    document: str
    digest: str


class Consent(Frozen):
    """The leave of somebody with the right to give it to write to a test environment, for one period of whole days."""

    by: str
    on_behalf_of: str
    base_url: str
    from_: date = Field(alias="from")
    until: date
    environment: Literal["test"]


class Unreached(Frozen):
    """An operation that never answered 2xx, and why."""

    operation: str
    reason: Text


class Scope(Frozen):
    """What was agreed before the first request was sent, beside the limits of the run.

    ``addresses`` are those that the host stood for; ``private`` says that one of them is of a private network or this machine.
    ``token_hosts`` are the other hosts that may be spoken to, to fetch a token. ``schemes`` are the names of the security
    schemes of which credentials go along.
    """

    host: str
    addresses: tuple[str, ...] = ()
    private: bool = False
    methods: tuple[str, ...]
    operations: int
    left_out: tuple[Unreached, ...] = ()
    schemes: tuple[str, ...] = ()
    token_hosts: tuple[str, ...] = ()


class Resumption(Frozen):
    """Where a run that had ended early went on.

    ``stopped`` is when it last sent a request, ``resumed`` when it went on, ``requests`` how many it had sent since it began or
    last went on.
    """

    stopped: str
    resumed: str
    requests: int


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
    resumed: tuple[Resumption, ...] = ()
    """Where it had ended early and went on; ``started`` is when it first began. The evidence is of all its parts together."""
    by: str | None = None
    """The organisation that carried it out, by its own account. A run cannot know who started it; a signature can."""
    scope: Scope | None = None
    left_over: tuple[str, ...] = ()
    """What the run created and could not remove, by URL."""
    trespasses: tuple[str, ...] = ()
    """Requests that were sent though they were not agreed: a fault of apicheck, never of the API."""


class Coverage(Frozen):
    """How much of the API was seen. Counts only."""

    rules: dict[Status, int] = Field(default_factory=dict)
    operations: int = 0
    reached: int = 0
    answered: int = 0
    """Operations that answered 2xx at least once."""
    secured: int = 0
    """Operations that ask for credentials, according to the document."""
    answered_with_auth: int = 0
    """Operations that answered 2xx at least once to a request with our credentials."""
    requests: dict[Source, int] = Field(default_factory=dict)
    not_reached: tuple[Unreached, ...] = ()


class Change(StrEnum):
    """What came of something when it was tested again."""

    SAME = "same"
    IMPROVED = "improved"
    WORSE = "worse"
    NOT_COMPARABLE = "not-comparable"
    """One of the two reports says nothing that can be laid beside what the other says."""


class Incomparable(StrEnum):
    """What makes two reports as a whole incomparable when it is another in the second than in the first."""

    STANDARD = "standard"
    SUBJECT = "subject"
    """Neither the document nor the base URL is the same, so nothing shows that both are about one API."""
    VERSION = "version"
    """The major version of apicheck."""


class RuleAgain(Frozen):
    """The status of one rule in the earlier report and in this one; None where a report has no such rule."""

    rule: str
    before: Status | None
    now: Status | None
    change: Change


class FindingAgain(Frozen):
    """One cause in two reports. ``message`` is what the earlier report said of a cause that is not found any more."""

    id: str
    source: Source
    check: str
    change: Change
    message: Text | None = None


class Earlier(Frozen):
    """A report that was tested again. ``digest`` is the SHA-256 of its bytes, by which it can be told from any other."""

    digest: str
    tool: str
    started: str
    conclusion: Conclusion
    subject: Subject
    standard: str
    standard_digest: str
    by: str | None = None


class Retest(Frozen):
    """Which report was tested again, and what came of everything that it said."""

    earlier: Earlier
    incomparable: tuple[Incomparable, ...] = ()
    rules: tuple[RuleAgain, ...] = ()
    findings: tuple[FindingAgain, ...] = ()
    contradicted: tuple[CheckRef, ...] = ()
    """Checks of the document that said something else of the very same document. One of the two reports is wrong then."""


class RulesetFinding(Frozen):
    """One thing that a rule of a foreign ruleset found. Lines and columns count from 1; the end is behind the last character."""

    rule: str
    severity: Literal["error", "warn", "info", "hint"]
    message: str
    """In the words of the ruleset; a stranger's text."""
    location: Location
    end_line: int
    end_column: int
    documentation: str | None = None


class RuleNotRun(Frozen):
    """A rule of a foreign ruleset that could not be put to the document, wholly or in part, and why."""

    rule: str
    reason: Text


class RulesetOutcome(Frozen):
    """What a foreign ruleset found: advice, which no verdict rests on. ``digest`` is the SHA-256 of all that it is made of."""

    name: str
    digest: str
    findings: tuple[RulesetFinding, ...] = ()
    not_run: tuple[RuleNotRun, ...] = ()


class Report(Frozen):
    """Everything there is to tell, rules included: all formats are rendered from this alone, and anyone can judge again."""

    schema_: Literal["apicheck/report/1.0"] = Field("apicheck/report/1.0", alias="schema")
    tool: str
    subject: Subject
    reference: Reference | None = None
    """The document of the standard of its domain that it was held against."""
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
    exceptions: tuple[HandledException, ...] = ()
    """What vendor and buyer said about rules that are not met. They count as of the day that the run started, in UTC."""
    again: Retest | None = None
    """What this report is a re-test of; None when it is a first test."""
    rulesets: tuple[RulesetOutcome, ...] = ()
    """What rulesets that are no standard of apicheck found besides."""
