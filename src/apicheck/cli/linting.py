"""What is done with a document that is linted, or with many of them?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from apicheck.cli.documents import each, slug
from apicheck.cli.output import ON_SCREEN, Destination, deliver, rendered, write
from apicheck.errors import UnreadableDocument, WrongUse
from apicheck.model import Language, Report
from apicheck.openapi.collection import collection_paused
from apicheck.plan import FailOn, Plan
from apicheck.run import carry_out, exit_code

_NAME = "{name}"
"""Stands in the path of a format for the name of the document."""


def difference(plan: Plan, old: str, new: str, language: Language) -> int:
    """Show what is found in one of two documents only. Exit code 1 when a MUST rule has something new."""
    from apicheck.cli.beside import show_difference  # noqa: PLC0415  # nothing else lays two reports side by side

    before, now = (carry_out(replace(plan, spec=spec)) for spec in (old, new))
    return 4 if 4 in {exit_code(before), exit_code(now)} else int(show_difference(before, now, language))


def side_by_side(plan: Plan, editions: str, spec: str, language: Language) -> int:
    """Show the verdicts of several editions on one document. Exit code that of the strictest."""
    from apicheck.cli.beside import show_editions  # noqa: PLC0415  # nothing else lays two reports side by side

    standard, _, _ = plan.standard.partition("@")
    reports = [carry_out(replace(plan, spec=spec, standard=f"{standard}@{edition.strip()}")) for edition in editions.split(",")]
    show_editions(reports, language)
    return max(map(exit_code, reports))


@dataclass(frozen=True, slots=True)
class _Done:
    """What one of many documents came to: exit code, what goes to standard output, and what is said on standard error."""

    code: int
    output: bytes = b""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with each document."""

    plan: Plan
    wanted: tuple[Destination, ...]
    fail_on: FailOn
    language: Language

    def on(self, specs: Sequence[str]) -> int:
        """Do it and return the exit code of the whole.

        Raises:
            ApicheckError: the only document cannot be read, or many documents would be written over each other.
        """
        if len(specs) == 1:
            with collection_paused():
                report = self._report(specs[0])
                deliver(report, self.wanted, self.language)
                return exit_code(report, self.fail_on)
        self._keep_apart(specs)
        code = 0
        for done in each(specs, self.on_one_of_many):
            sys.stdout.buffer.write(done.output)
            sys.stderr.write(done.said)
            code = max(code, done.code)
        sys.stdout.buffer.flush()
        return code

    @collection_paused()
    def on_one_of_many(self, spec: str) -> _Done:
        """Do it for one document, in whichever process."""
        try:
            report = self._report(spec)
        except UnreadableDocument as error:  # the other documents are still worth reading
            return _Done(error.exit_code, said=f"apicheck: {error.explain().in_(self.language)}\n")
        output = b""
        for destination in self.wanted:
            content = rendered(report, destination.format, self.language)
            if destination.file is None:
                output = content
            else:
                write(Path(str(destination.file).replace(_NAME, slug(spec))), content)
        return _Done(exit_code(report, self.fail_on), output)

    def _report(self, spec: str) -> Report:
        return carry_out(replace(self.plan, spec=spec))

    def _keep_apart(self, specs: Sequence[str]) -> None:
        if any(destination != Destination(ON_SCREEN, None) and _NAME not in str(destination.file) for destination in self.wanted):
            raise WrongUse("several-documents", name=_NAME)
        if any(destination.file for destination in self.wanted) and len(set(map(slug, specs))) < len(specs):
            raise WrongUse("documents-with-one-name")
