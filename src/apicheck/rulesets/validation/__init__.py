"""How is a value held against a JSON Schema, so that a ruleset finds what it finds elsewhere?

A library says whether a value is valid; which error it names first, and where, is its own affair. Rulesets are judged by just
that, so the order and the words are here.
"""

from apicheck.rulesets.validation.evaluate import Evaluation
from apicheck.rulesets.validation.faults import Faults
from apicheck.rulesets.validation.schemas import Schemas, Scope, Unresolvable
from apicheck.rulesets.validation.suspects import Suspicion
from apicheck.rulesets.validation.tell import Told, tell

__all__ = ["Evaluation", "Faults", "Schemas", "Scope", "Suspicion", "Told", "Unresolvable", "tell"]
