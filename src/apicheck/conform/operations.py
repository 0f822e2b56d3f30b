"""What would a client of one operation miss, apart from what its schemas say?

Yields failures of the operation as a whole, and pairs of schemas to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from apicheck.conform.difference import Effect, Failure, Side
from apicheck.conform.nodes import Node, Schema, alike, described
from apicheck.conform.parameters import parameters
from apicheck.conform.structures import Pair
from apicheck.openapi import Document, MediaType, Operation, Response, answering

_ON_REQUEST = frozenset({"206", "304"})
"""Statuses that only a client gets that asks for them, by Range or If-None-Match (RFC 9110 §13 and §14)."""


class Both(NamedTuple):
    """The candidate's operation, that of the reference, and the documents they stand in."""

    candidate: Operation
    reference: Operation
    documents: tuple[Document, Document]


Found = tuple[Side, Failure | Pair]
"""Failures have the candidate as wide and the reference as narrow, whatever the side."""


def operation(both: Both) -> Iterator[Found]:
    """Compare everything that an operation has, but for who may use it."""
    yield from ((Side.REQUEST, found) for found in parameters(both.candidate, both.reference, both.documents))
    yield from ((Side.REQUEST, found) for found in _request_body(both))
    yield from ((Side.RESPONSE, found) for found in _responses(both))
    yield from ((Side.OPERATION, found) for found in _callbacks(both))


def _request_body(both: Both) -> Iterator[Failure | Pair]:
    mine, theirs = both.candidate.request_body, both.reference.request_body
    if theirs is None:
        if mine:
            required = mine.value.get("required") is True
            kind, effect = ("body-required", Effect.BREAKING) if required else ("body-added", Effect.HARMLESS)
            yield Failure(kind, effect, mine.place, both.reference.place)
        return
    if mine is None:
        yield Failure("body-missing", Effect.BREAKING, both.candidate.place.child("requestBody"), theirs.place)
        return
    if mine.value.get("required") is True and theirs.value.get("required") is not True:
        yield Failure("body-required", Effect.BREAKING, mine.place, theirs.place)
    for asked in theirs.media_types:
        offered = covering(asked.name, mine.media_types)
        if offered is None:
            at = mine.place.child("content", asked.name)
            yield Failure("request-media-type-missing", Effect.BREAKING, at, asked.place, {"name": asked.name})
        else:
            yield Pair(_schema(offered, both.documents[0]), _schema(asked, both.documents[1]), Side.REQUEST)
            yield from _encoding(offered, asked, both)
    for extra in mine.media_types:
        if covering(extra.name, theirs.media_types) is None:
            yield Failure("request-media-type-added", Effect.HARMLESS, extra.place, theirs.place, {"name": extra.name})


def _encoding(mine: MediaType, theirs: MediaType, both: Both) -> Iterator[Failure]:
    values = [item.value.get("encoding", {}) for item in (mine, theirs)]
    nodes = [
        Node(value, item.place.child("encoding"), document)
        for value, item, document in zip(values, (mine, theirs), both.documents, strict=True)
    ]
    if values[1] and not alike(*nodes):
        yield Failure("undecided", Effect.UNKNOWN, nodes[0].place, nodes[1].place, {"keyword": "encoding"})


def _responses(both: Both) -> Iterator[Failure | Pair]:
    mine, theirs = both.candidate.responses, both.reference.responses
    at = both.candidate.place.child("responses")
    for answer in mine:
        counterpart = answering(answer.status, theirs)
        if counterpart:
            yield from _response(answer, counterpart, both)
        else:
            yield _added_status(answer, both)
    for promised in theirs:
        if promised.status == "default" or any(answer.status.upper() == promised.status.upper() for answer in mine):
            continue
        covering = answering(promised.status, mine)
        if covering:
            yield from _response(covering, promised, both)
        elif promised.status[:1] in {"2", "3"} and promised.status not in _ON_REQUEST:
            yield Failure("status-missing", Effect.BREAKING, at.child(promised.status), promised.place, {"name": promised.status})
        else:
            yield Failure("error-missing", Effect.UNKNOWN, at.child(promised.status), promised.place, {"name": promised.status})


def _added_status(answer: Response, both: Both) -> Failure:
    """A client knows an unknown error by its class (RFC 9110 §15); what to do with an unknown success it cannot know."""
    at = both.reference.place.child("responses")
    if answer.status in _ON_REQUEST:
        return Failure("status-on-request", Effect.HARMLESS, answer.place, at, {"name": answer.status})
    if answer.status[:1] in {"2", "3"}:
        return Failure("status-added", Effect.BREAKING, answer.place, at, {"name": answer.status})
    return Failure("error-added", Effect.HARMLESS, answer.place, at, {"name": answer.status})


def _response(mine: Response, theirs: Response, both: Both) -> Iterator[Failure | Pair]:
    status = theirs.status if theirs.status != "default" else mine.status
    for promised in theirs.media_types:
        given = covering(promised.name, mine.media_types)
        if given is None:
            values = {"name": promised.name, "status": status}
            at = mine.place.child("content", promised.name)
            yield Failure("response-media-type-missing", Effect.BREAKING, at, promised.place, values)
        else:
            yield Pair(_schema(promised, both.documents[1]), _schema(given, both.documents[0]), Side.RESPONSE)
    for extra in mine.media_types:
        if theirs.media_types and covering(extra.name, theirs.media_types) is None:
            values = {"name": extra.name, "status": status}
            yield Failure("response-media-type-added", Effect.HARMLESS, extra.place, theirs.place, values)
    yield from _headers(mine, theirs, both, status)


def _headers(mine: Response, theirs: Response, both: Both, status: str) -> Iterator[Failure | Pair]:
    """Header names ignore case; Content-Type is none of them (OAS 3.0.4, 4.7.15)."""
    given = {header.name.lower(): header for header in mine.headers}
    promised = {header.name.lower(): header for header in theirs.headers if header.name.lower() != "content-type"}
    for name, header in promised.items():
        own = given.get(name)
        values = {"name": header.name, "status": status}
        if own is None:
            yield Failure("header-missing", Effect.BREAKING, mine.place.child("headers", header.name), header.place, values)
            continue
        if header.value.get("required") is True and own.value.get("required") is not True:
            yield Failure("header-optional", Effect.BREAKING, own.place, header.place, values)
        if header.schema or own.schema:
            wide, narrow = (
                described(header.value, header.place, both.documents[1]),
                described(own.value, own.place, both.documents[0]),
            )
            yield Pair(wide, narrow, Side.RESPONSE)
    for name, header in given.items():
        if name not in promised and name != "content-type":
            yield Failure("header-added", Effect.HARMLESS, header.place, theirs.place, {"name": header.name, "status": status})


def _callbacks(both: Both) -> Iterator[Failure]:
    """In a callback the roles are turned; that it is the same is all that is looked at."""
    nodes = [
        Node(item.value.get("callbacks", {}), item.place.child("callbacks"), document)
        for item, document in zip(both[:2], both.documents, strict=True)
    ]
    if nodes[1].value and not alike(*nodes):
        yield Failure("callbacks-undecided", Effect.UNKNOWN, nodes[0].place, nodes[1].place)


def _schema(media_type: MediaType, document: Document) -> Schema:
    return described(media_type.value, media_type.place, document)


def covering(name: str, offered: Iterable[MediaType]) -> MediaType | None:
    """The media type that is the same, or a range that holds it (RFC 9110 §12.5.1); parameters are part of it."""
    wanted = _plain(name)
    by_name = {_plain(item.name): item for item in offered}
    main = wanted.partition("/")[0]
    candidates = (wanted, wanted.partition(";")[0], f"{main}/*", "*/*")
    return next((by_name[each] for each in candidates if each in by_name), None)


def _plain(media_type: str) -> str:
    """A media type without what makes no difference: case, spaces, and the charset that JSON always has (RFC 8259 §8.1)."""
    kept = [part.strip().lower() for part in media_type.split(";")]
    return ";".join(part for part in kept if not part.startswith("charset=utf-8"))
