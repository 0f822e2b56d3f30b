"""Is a client that the reference lets in, let in by the candidate too?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from apicheck.conform.difference import Effect, Failure
from apicheck.openapi import Document, Operation, View


class Ticket(NamedTuple):
    """A security scheme by what a client notices of it: its kind, and where and how it is shown."""

    kind: str
    how: str


Way = Mapping[Ticket, frozenset[str]]
"""What a client must have all at once, with the scopes of each."""


class Gate:
    """Who may use the operations of one document."""

    def __init__(self, document: Document, view: View) -> None:
        self.document = document
        self._schemes = {scheme.name: scheme.value for scheme in view.security_schemes}
        self._default = document.root.get("security")

    @property
    def silent(self) -> bool:
        """Whether the document says nothing of access at all, as standards that leave it to the implementer do."""
        return not self._schemes and self._default is None

    def ways(self, operation: Operation) -> list[Way]:
        """Return every way to be let in; an empty one is open to all."""
        stated = operation.value.get("security", self._default)
        alternatives = [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []
        if not alternatives:
            return [{}]
        return [{self._ticket(name): _scopes(scopes) for name, scopes in one.items()} for one in alternatives]

    def _ticket(self, name: str) -> Ticket:
        scheme = self._schemes.get(name)
        if scheme is None:
            return Ticket("unknown", name)
        match scheme.get("type"):
            case "apiKey":
                return Ticket("apiKey", f"{scheme.get('in')} {str(scheme.get('name')).lower()}")
            case "http":
                how = str(scheme.get("scheme")).lower()
                return Ticket("bearer" if how == "bearer" else "http", how)
            case kind:
                return Ticket(str(kind), "")


def _scopes(scopes: object) -> frozenset[str]:
    return frozenset(map(str, scopes)) if isinstance(scopes, list) else frozenset()


def access(candidate: Operation, reference: Operation, gates: tuple[Gate, Gate]) -> Iterator[Failure]:
    """Yield each way in of the reference that the candidate does not know."""
    mine, theirs = gates
    ways = mine.ways(candidate)
    if {} in ways:
        return
    at = mine.document.place("security") if "security" not in candidate.value else candidate.place.child("security")
    at_theirs = theirs.document.place("security") if "security" not in reference.value else reference.place.child("security")
    if theirs.silent:
        yield Failure("access-unsaid", Effect.UNKNOWN, at, theirs.document.place(), {"candidate": _told(ways[0])})
        return
    for way in theirs.ways(reference):
        effect = min((_lets_in(own, way) for own in ways), key=[Effect.HARMLESS, Effect.UNKNOWN, Effect.BREAKING].index)
        if effect is not Effect.HARMLESS and way:
            yield Failure("access", effect, at, at_theirs, {"candidate": _told(ways[0]), "reference": _told(way)})
        elif effect is not Effect.HARMLESS:
            yield Failure("access-closed", effect, at, at_theirs, {"candidate": _told(ways[0])})


def _lets_in(mine: Way, theirs: Way) -> Effect:
    """Say whether a client that can show one thing can show the other. Three schemes all show a bearer token (RFC 6750)."""
    effect = Effect.HARMLESS
    for ticket, scopes in mine.items():
        if ticket in theirs:
            if not scopes <= theirs[ticket]:
                return Effect.BREAKING
        elif _is_token(ticket) and any(map(_is_token, theirs)):
            effect = Effect.UNKNOWN
        else:
            return Effect.BREAKING
    return effect


def _is_token(ticket: Ticket) -> bool:
    return ticket.kind in {"bearer", "oauth2", "openIdConnect"}


def _told(way: Way) -> str:
    told = [" ".join(dict.fromkeys(filter(None, (*ticket, *sorted(scopes))))) for ticket, scopes in way.items()]
    return " + ".join(told)
