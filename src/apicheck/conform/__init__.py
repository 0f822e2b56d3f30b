"""Does an API conform to the document of the standard of its domain?

``compare`` lays two documents side by side and asks whether the one may take the place of the other.
"""

from apicheck.conform.benchmark import Benchmark, find
from apicheck.conform.compare import Comparison, Examined, compare
from apicheck.conform.difference import Difference, Effect, Side
from apicheck.conform.evidence import LINT_CHECK, PROBE_CHECK, answers, notes
from apicheck.conform.paths import Prefix
from apicheck.conform.wire import ReferenceApi

__all__ = [
    "LINT_CHECK",
    "PROBE_CHECK",
    "Benchmark",
    "Comparison",
    "Difference",
    "Effect",
    "Examined",
    "Prefix",
    "ReferenceApi",
    "Side",
    "answers",
    "compare",
    "find",
    "notes",
]
