"""Does an API conform to the document of the standard of its domain?

``compare.compare`` lays two documents side by side and asks whether the one may take the place of the other, ``wire`` holds answers
against the document of the standard. Both are loaded only where a standard is named.
"""

from apicheck.conform.benchmark import Benchmark, find
from apicheck.conform.evidence import LINT_CHECK, PROBE_CHECK, answers, notes

__all__ = ["LINT_CHECK", "PROBE_CHECK", "Benchmark", "answers", "find", "notes"]
