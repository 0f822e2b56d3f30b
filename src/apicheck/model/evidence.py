"""What can be established, and what shows it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from apicheck.model.base import Frozen, Location, Text
from apicheck.model.explanation import Signatory


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


class CheckRef(Frozen):
    """A check by its source and name, as a rule file binds to it."""

    source: Source
    check: str

    def __str__(self) -> str:
        return f"{self.source}:{self.check}"


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
        wanted = name.lower()
        values = [value for key, value in self.headers if key.lower() == wanted]
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


class Tolerance(Frozen):
    """Why the maker of a document lives with a finding for now. It changes no verdict, and only what ``lint`` exits with.

    ``stands_in`` is the pointer in the document, or the name of the baseline file; ``until`` is the last day.
    """

    reason: str
    stands_in: str
    until: date | None = None


class Finding(Frozen):
    """One cause. ``id`` is stable over runs and independent of line numbers; ``exchange`` is the id of a recorded exchange."""

    id: str
    message: Text
    location: Location | None = None
    operation: str | None = None
    exchange: str | None = None
    occurrences: int = 1
    tolerated: Tolerance | None = None


class Evidence(Frozen):
    """What one check established: its outcome, how many things it examined, and what it found.

    ``crashed`` says that the check itself broke down, which is our fault and never the API's; its outcome is then unknown.
    ``valid_until`` is the last day of what was declared, ``declared_by`` the person who did.
    """

    check: str
    source: Source
    outcome: Outcome
    examined: int = 0
    findings: tuple[Finding, ...] = ()
    reason: Text | None = None
    crashed: bool = False
    valid_until: date | None = None
    declared_by: Signatory | None = None


class Observation(Frozen):
    """Something seen beyond the standard (a 5xx, an undocumented status): told, never judged.

    ``source`` is who saw it. ``tried`` is how often the request was sent again, each time on a fresh connection, and
    ``reproduced`` how often the same was seen then.
    """

    id: str
    check: str
    message: Text
    operation: str | None
    exchange: str | None
    occurrences: int = 1
    tried: int = 0
    reproduced: int = 0
    source: Source = Source.FUZZ
