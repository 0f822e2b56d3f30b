"""What does a standard ask, and which checks tell whether it is so?"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from apicheck.model.base import Frozen, Text
from apicheck.model.evidence import CheckRef, Source


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
    """What is asked of the vendor where no check can settle a rule."""

    question: Text
    evidence: Text


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
    set_aside: Text | None = None
    """Why a profile sets the rule aside, so that it does not apply whatever is found. A standard sets none of its rules aside."""
    demanded: bool = False
    """Whether a profile says that the rule applies. Nothing to look at is then a doubt, and no reason to leave it out."""

    @property
    def bindings(self) -> tuple[tuple[Role, CheckRef], ...]:
        """Every check that the rule binds to, with its role."""
        roles = ((Role.REQUIRES, self.requires), (Role.REFUTED_BY, self.refuted_by), (Role.INFORMED_BY, self.informed_by))
        return tuple((role, ref) for role, refs in roles for ref in refs)

    @property
    def declaration(self) -> CheckRef | None:
        """The declaration that answers the rule's question, named after its id; None without a question."""
        return CheckRef(source=Source.ATTEST, check=self.id.removeprefix("/")) if self.attest else None


class Part(Frozen):
    """A standard that a profile consists of: its name, and its digest as it is known where the profile was put together."""

    name: str
    digest: str


class Standard(Frozen):
    """One edition of a standard, or of a profile: the standards, modules and exceptions that a tender asks for together.

    ``digest`` is over everything that decides, so two reports can be compared.
    """

    id: str
    edition: str
    title: Text
    publisher: str
    source: str
    date: str
    status: Text
    rules: tuple[Rule, ...]
    digest: str
    parts: tuple[Part, ...] = ()
    """The standards that a profile consists of; () for a standard."""
    out_of_reach: tuple[Text, ...] = ()
    """What the text says that no tool can establish. A report tells it, for silence would read as a pass."""
    explainable: bool = True
    """Whether a buyer may accept an explanation for a rule that is not met."""

    @property
    def name(self) -> str:
        """The standard as it is asked for: ``nlgov-adr@2.2``."""
        return f"{self.id}@{self.edition}"

    def checks_named(self, what: str) -> frozenset[CheckRef]:
        """Return the checks that a person means: those of a rule, by its id, or one by its name, as ``lint:verbs-in-paths``."""
        refs = ((rule.id, ref) for rule in self.rules for _, ref in rule.bindings)
        return frozenset(ref for rule, ref in refs if what in {rule, ref.check, str(ref)})
