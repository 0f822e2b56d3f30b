"""Does the document conform to that of the standard of its domain?"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.answers import Answer
from apicheck.conform import LINT_CHECK, Benchmark, answers
from apicheck.lint.registry import check_beside
from apicheck.openapi import View


@check_beside(LINT_CHECK)
def conforms_to_reference(api: View, benchmark: Benchmark | None) -> Iterator[Answer]:
    """Would a client that was made for the reference find everything as that promises?"""
    yield from answers(api.document, benchmark)
