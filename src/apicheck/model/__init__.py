"""Which nouns does apicheck think in?

What is written to disk or read from it is a frozen pydantic model; what never leaves memory is a slotted dataclass.
"""

from apicheck.model.base import Frozen, Language, Location, Place, Text
from apicheck.model.evidence import (
    CheckRef,
    Evidence,
    Exchange,
    Finding,
    Observation,
    Outcome,
    RecordedExchange,
    RecordedMessage,
    Source,
)
from apicheck.model.explanation import DeviationGround, HandledException, Handling, Signatory
from apicheck.model.report import (
    Conclusion,
    Consent,
    Coverage,
    Ground,
    Mode,
    Reference,
    Report,
    Run,
    Scope,
    Status,
    Subject,
    Unreached,
    Verdict,
)
from apicheck.model.standard import Level, Part, Question, Reading, Requirement, Role, Rule, Standard

__all__ = [
    "CheckRef",
    "Conclusion",
    "Consent",
    "Coverage",
    "DeviationGround",
    "Evidence",
    "Exchange",
    "Finding",
    "Frozen",
    "Ground",
    "HandledException",
    "Handling",
    "Language",
    "Level",
    "Location",
    "Mode",
    "Observation",
    "Outcome",
    "Part",
    "Place",
    "Question",
    "Reading",
    "Reference",
    "RecordedExchange",
    "RecordedMessage",
    "Report",
    "Requirement",
    "Role",
    "Rule",
    "Run",
    "Scope",
    "Signatory",
    "Source",
    "Standard",
    "Status",
    "Subject",
    "Text",
    "Unreached",
    "Verdict",
]
