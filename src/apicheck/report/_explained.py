"""What did the vendor explain or dispute, and what did the buyer decide?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from apicheck.model import HandledException, Signatory
from apicheck.report._text import Language, day, plain
from apicheck.words import say


def explanation(said: HandledException, language: Language) -> Iterator[tuple[str, str]]:
    """Yield everything that was said on one rule, each with its label, what came of it first."""
    yield _label("handling", language), say(f"report.handling-{said.handling}").in_(language)
    if said.note:
        yield _label("handling-note", language), plain(said.note.in_(language))
    if said.ground:
        yield say("exceptions.field-ground").in_(language), say(f"exceptions.ground-{said.ground}").in_(language)
    if said.text:
        yield say("exceptions.field-text").in_(language), plain(said.text)
    if said.compensation:
        yield say("exceptions.field-compensation").in_(language), plain(said.compensation)
    if said.until:
        yield say("exceptions.field-until").in_(language), day(said.until.isoformat(), language)
    yield _label("proposed-by", language), _person(said.proposed_by, said.proposed_on, language)
    if said.decided_by:
        yield _label("decided-by", language), _person(said.decided_by, said.decided_on, language)
    if said.reason:
        yield _label("decision-reason", language), plain(said.reason)


def brief(said: HandledException, language: Language) -> str:
    """Say in one line what came of an explanation."""
    return plain(": ".join(filter(None, (say(f"report.handling-{said.handling}").in_(language), said.text))))


def _label(name: str, language: Language) -> str:
    return say(f"report.{name}").in_(language)


def _person(who: Signatory, when: date | None, language: Language) -> str:
    return plain(", ".join(filter(None, (who.told, day(when.isoformat(), language) if when else ""))))
