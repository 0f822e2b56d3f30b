"""What did the vendor and the buyer say about a rule that is not met (comply or explain)?"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from apicheck.model.base import Frozen, Text


class Signatory(Frozen):
    """The person who answers for a form, with the role and the organisation spoken for. Blank as long as nobody does."""

    name: str = ""
    role: str = ""
    organisation: str = ""

    @property
    def complete(self) -> bool:
        """Whether it says who, as what, and for whom."""
        return all(said.strip() for said in (self.name, self.role, self.organisation))

    @property
    def told(self) -> str:
        """Name, role and organisation in one line."""
        return ", ".join(filter(None, (self.name, self.role, self.organisation)))


class DeviationGround(StrEnum):
    """The grounds on which a vendor may deviate; there are no others."""

    INSUFFICIENT_SUPPLY = "insufficient-supply"
    INSUFFICIENT_FUNCTION = "insufficient-function"
    """What the rule asks would not work well or safely enough here."""
    LEGAL_RESTRICTION = "legal-restriction"
    TRANSITION = "transition"
    """It will be met by the end date."""
    WEIGHTY_REASON = "weighty-reason"


class Handling(StrEnum):
    """What came of an exception."""

    PROPOSED = "proposed"
    """By the vendor; the buyer did not decide, or something is missing."""
    EXPLAINED = "explained"
    """The buyer accepts the explanation."""
    EQUIVALENT = "equivalent"
    """The buyer takes another solution for as good."""
    REJECTED = "rejected"
    DISPUTED = "disputed"
    """The vendor says that the finding is wrong. It stays a failure: whoever doubts it repeats the test."""
    EXPIRED = "expired"
    STALE = "stale"
    """It is about nothing that fails in this report."""

    @property
    def accepted(self) -> bool:
        """Whether the buyer took it; nothing else changes a conclusion."""
        return self in {Handling.EXPLAINED, Handling.EQUIVALENT}


class HandledException(Frozen):
    """What was proposed for one rule, what was decided, and what came of that. It stands beside the verdict, never in its place.

    ``standard`` and ``document`` (the SHA-256 of its bytes) are what it was proposed for; ``proposals`` is the SHA-256 of the
    vendor's form, so that a holder of the form can lay it beside the report. Dates are whole days. ``reason`` is the buyer's;
    ``note`` is ours and says why it does not count. Whether an acceptance counts for a conclusion is told by
    ``apicheck.exceptions.accepted`` from this record and the report it stands in; ``handling`` alone is not believed.
    """

    rule: str
    handling: Handling
    standard: str
    document: str
    proposals: str
    ground: DeviationGround | None = None
    text: str = ""
    compensation: str = ""
    until: date | None = None
    proposed_by: Signatory
    proposed_on: date | None = None
    decided_by: Signatory | None = None
    decided_on: date | None = None
    reason: str = ""
    note: Text | None = None
