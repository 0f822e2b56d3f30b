"""What is asked of one run?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from apicheck.catalogue import DEFAULT
from apicheck.courtesy import AS_A_GUEST, LONGEST_RUN, MOST_REQUESTS, USER_AGENT
from apicheck.model import Mode, Report, Source, Standard

if TYPE_CHECKING:
    from apicheck.credentials import Scheme
    from apicheck.testdata import TestData


class FailOn(StrEnum):
    """What ends a command with exit code 1, beside a MUST rule that fails."""

    MUST = "must"
    """Nothing else."""
    SHOULD = "should"
    """A SHOULD rule that fails, unless the buyer accepted an explanation."""
    OPEN = "open"
    """Something that was asked and is open."""


@dataclass(frozen=True, slots=True)
class Before:
    """A report that is to be tested again, and the SHA-256 of the bytes that it was read from."""

    report: Report
    digest: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The wishes of one run. ``max_time`` is in seconds, ``rate`` in requests per second.

    ``stdin_name`` is the file that standard input stands for.
    ``rulesets`` of another linter are put to the document besides, for advice.
    ``profile`` goes before ``standard``.
    ``conforms_to`` names the document of the standard that the API is held against, ``prefix`` how its paths start here.
    ``auth`` says who we are to each security scheme, ``ca`` which certificates are trusted besides those of this machine;
    ``headers`` go along with every request; ``data`` are values that the API is known to answer to.
    ``journal`` is where everything is written down as it comes; with ``resume`` the run goes on from what stands there.
    ``origins`` are the websites that are clients of the API.
    ``by`` is the organisation that carries it out, as it says itself.
    """

    spec: str
    sources: tuple[Source, ...]
    command: str
    standard: str = DEFAULT
    profile: str | None = None
    stdin_name: str | None = None
    conforms_to: str | None = None
    prefix: str | None = None
    baseline: Path | None = None
    rulesets: tuple[str, ...] = ()
    base_url: str | None = None
    declarations: Path | None = None
    exceptions: Path | None = None
    decisions: Path | None = None
    auth: Mapping[str, Scheme] = field(default_factory=dict)
    ca: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    data: TestData | None = None
    origins: tuple[str, ...] = ()
    user_agent: str = USER_AGENT
    mode: Mode = Mode.READ_ONLY
    consent: Path | None = None
    seed: int = 1
    max_requests: int = MOST_REQUESTS
    max_time: float = LONGEST_RUN
    rate: float = AS_A_GUEST
    journal: Path | None = None
    resume: bool = False
    by: str | None = None
    again: Before | None = None


def checks(standard: Standard, source: Source) -> list[str]:
    """Return the checks of one source that the rules of a standard bind to, each once."""
    return list(dict.fromkeys(ref.check for rule in standard.rules for _, ref in rule.bindings if ref.source is source))
