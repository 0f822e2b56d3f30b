"""Which change of the document alone would mend what is found in it?

Only what a document can be given without asking what the API does differently: a place for a contact, the header and the errors
that the standard prescribes. A mend promises nothing of the API; whoever takes it over must see to it that it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

from apicheck import lint, openapi
from apicheck.errors import UnreadableDocument
from apicheck.model import Finding, Source, Standard
from apicheck.openapi.insertion import Addition, Piece, pieces, with_pieces
from apicheck.openapi.patch import unified

Tokens = tuple[str | int, ...]
New = tuple[Tokens, Any]
"""Where something new comes to stand, and what."""

_HEADER = {"description": "De versie van de API die antwoordt.", "schema": {"type": "string"}}
_PROBLEM = {
    "type": "object",
    "required": ["status", "title", "detail"],
    "properties": {"status": {"type": "integer"}, "title": {"type": "string"}, "detail": {"type": "string"}},
}
_AS_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_BAD_REQUEST = {
    "description": "De invoer is onjuist.",
    "headers": {"API-Version": {"$ref": "#/components/headers/API-Version"}},
    "content": _AS_PROBLEM,
}


class Mended(NamedTuple):
    """The text of a document with its mends, which were put in as ``pieces``, and how many findings they are for."""

    text: str
    pieces: tuple[Piece, ...]
    findings: int
    left: int


def mend(document: openapi.Document, standard: Standard) -> Mended:
    """Return the text of a document with all mends that there are for it.

    Raises:
        UnreadableDocument: the text cannot be changed without changing more than that.
    """
    findings = [found for found in _findings(document, standard) if found[1].location is not None]
    news = {id(finding): list(_news(document, check, finding)) for check, finding in findings}
    mended = sum(map(bool, news.values()))
    wanted = deepcopy(document.root)
    for tokens, value in (new for each in news.values() for new in each):
        _set(wanted, tokens, value)
    put_in = pieces(document.content, _additions(document.root, wanted))
    text = with_pieces(document.content.text.decode(), put_in)
    if not _says(text, document.name, wanted):
        raise UnreadableDocument("document-not-mendable", name=document.name)
    return Mended(text, tuple(put_in), mended, len(findings) - mended)


def _says(text: str, name: str, wanted: object) -> bool:
    try:
        return openapi.parse(text.encode(), name).root == wanted
    except UnreadableDocument:
        return False


def patch(document: openapi.Document, mended: Mended) -> str:
    """Return the change as a patch that ``patch`` and ``git apply`` take."""
    return unified(document.name, document.content.text.decode(), mended.pieces)


def _findings(document: openapi.Document, standard: Standard) -> Iterator[tuple[str, Finding]]:
    bound = dict.fromkeys(ref.check for rule in standard.rules for _, ref in rule.bindings if ref.source is Source.LINT)
    for evidence in lint.run(openapi.View(document), bound):
        yield from ((evidence.check, finding) for finding in evidence.findings)


def _news(document: openapi.Document, check: str, finding: Finding) -> Iterator[New]:
    """Yield what would mend a finding; nothing when the document has no room for all of it."""
    location = finding.location
    if location is None or check not in _MENDS or location.file != document.locate(document.place()).file:
        return
    try:
        tokens = _tokens(document.root, location.pointer)
    except LookupError:  # what is found to be missing has no place of its own
        return
    news = list(_MENDS[check](tokens, _at(document.root, tokens)))
    if all(_has_room(document.root, new) for new, _ in news):
        yield from news


def _contact(tokens: Tokens, _: Any) -> Iterator[New]:
    """A place for a contact. It stays empty, and so the rule fails, until somebody fills it in."""
    if tokens == ("info",):
        yield ("info", "contact"), {"name": ""}


def _version_header(tokens: Tokens, _: Any) -> Iterator[New]:
    yield (*tokens, "headers", "API-Version"), {"$ref": "#/components/headers/API-Version"}
    yield ("components", "headers", "API-Version"), _HEADER


def _problem(tokens: Tokens, response: Any) -> Iterator[New]:
    """A body for an error that has none; one that has another is not for us to change."""
    if "content" not in (*tokens, *response):
        yield (*tokens, "content"), _AS_PROBLEM
        yield ("components", "schemas", "Problem"), _PROBLEM


def _bad_request(tokens: Tokens, _: Any) -> Iterator[New]:
    yield (*tokens, "responses", "400"), {"$ref": "#/components/responses/BadRequest"}
    yield ("components", "responses", "BadRequest"), _BAD_REQUEST
    yield ("components", "headers", "API-Version"), _HEADER
    yield ("components", "schemas", "Problem"), _PROBLEM


_MENDS: dict[str, Callable[[Tokens, Any], Iterator[New]]] = {
    "contact-present": _contact,
    "version-header-documented": _version_header,
    "version-header-documented-on-errors": _version_header,
    "problem-details-documented": _problem,
    "status-400-documented": _bad_request,
}


def _tokens(root: Any, pointer: str) -> Tokens:
    """Return the tokens of a JSON pointer (RFC 6901) into a document.

    Raises:
        LookupError: it leads nowhere.
    """
    tokens: list[str | int] = []
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        tokens.append(int(name) if isinstance(root, list) else name)
        root = root[tokens[-1]]
    return tuple(tokens)


def _at(root: Any, tokens: Tokens) -> Any:
    for token in tokens:
        root = root[token]
    return root


def _has_room(root: Any, tokens: Tokens) -> bool:
    """Say whether every object on the way to something new is one, with something in it, or is not there yet."""
    for token in tokens:
        if not isinstance(root, list if isinstance(token, int) else dict) or not root:
            return False
        if isinstance(root, dict) and token not in root:
            return True
        root = _at(root, (token,))
    return True


def _set(root: Any, tokens: Tokens, value: Any) -> None:
    """Put something in that is not there yet, with the objects that lead to it."""
    for token in tokens[:-1]:
        root = root.setdefault(token, {}) if isinstance(root, dict) else _at(root, (token,))
    root.setdefault(tokens[-1], deepcopy(value))


def _additions(old: Any, new: Any, tokens: Tokens = ()) -> Iterator[Addition]:
    """Yield what a document has more than an older one; apart from that they are the same."""
    children: Iterable[Any] = old if isinstance(old, dict) else range(len(old)) if isinstance(old, list) else ()
    for child in children:
        yield from _additions(old[child], new[child], (*tokens, child))
    if isinstance(old, dict):
        yield from (Addition(tokens, key, new[key]) for key in new if key not in old)
