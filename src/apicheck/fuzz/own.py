"""Which object does a request go to that may only change what this run made itself?

The engine takes ids from anywhere. So in mode ``safe-write`` the id in the path of a request that writes is replaced by that of an
object of our own: the one that was made last, or, when all are gone, one that is made as an earlier one was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import requests

from apicheck.fuzz.known import fitting
from apicheck.fuzz.transmission import Send
from apicheck.leave import READS, Leave, created
from apicheck.model import Exchange, Mode
from apicheck.openapi import Document, Operation, Parameter
from apicheck.openapi.validation import Validation

_ITEM: Final = re.compile(r"/\{([^{}/]+)\}(?=/|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an operation finds an object of ours: the path of the collection, and the parameter that names one in it."""

    collection: str
    operation: Operation
    parameter: str


@dataclass(frozen=True, slots=True)
class Maker:
    """A request that made an object: what sends it, the request itself, and the operation that it is of."""

    send: Send
    request: requests.PreparedRequest
    operation: str | None


class OwnObjects:
    """Knows the objects that a run made, and how to make another.

    Args:
        document: what the API says that it does.
        operations: those of the document.
        leave: what may be sent; it knows what was made.
        base_url: where the paths of the document start.
        lack: is told of an operation for which there was no object, by its name.
    """

    def __init__(
        self, document: Document, operations: Iterable[Operation], leave: Leave, base_url: str, lack: Callable[[str], None]
    ) -> None:
        self._leave = leave
        self._lack = lack
        self._validation = Validation(document, "request")
        self._places = {
            operation.name: place
            for operation in operations
            if operation.method.upper() not in READS and leave.offers_on_own(operation.method.upper(), operation.path)
            if (place := _place(operation, base_url))
        }
        self._makers: dict[str, Maker] = {}

    def see(self, send: Send, request: requests.PreparedRequest, exchange: Exchange) -> None:
        """Remember how an object was made."""
        made = created(exchange)
        if made and made in self._leave.left:
            self._makers[_collection(made)] = Maker(send, request.copy(), exchange.operation)

    def chosen(self, operation: str, make: Callable[[Maker], object]) -> dict[str, Any]:
        """Return the path parameter, and its value, that lead an operation to an object of ours; nothing when it needs none.

        Args:
            operation: its name.
            make: sends a request that made an object once more.

        Raises:
            LookupError: there is no such object, and none can be made.
        """
        place = self._places.get(operation)
        if place is None:
            return {}
        url = self._alive(place.collection, make)
        if url is None:
            self._lack(operation)
            raise LookupError(operation)
        text = unquote(url.rpartition("/")[2])
        typed = next((fitting(item, [text], self._validation) for item in place.operation.parameters if _is(item, place)), [])
        return {place.parameter: typed[0] if typed else text}

    def revived(self, url: str, make: Callable[[Maker], object]) -> str:
        """Return a URL on an object of ours as it is, or, when that object is gone, on another in the same place."""
        left, path = set(self._leave.left), urlsplit(url).path
        for own in self._leave.own if self._leave.mode is Mode.SAFE_WRITE else ():
            start = urlsplit(own).path
            if own not in left and (path == start or path.startswith(f"{start}/")):
                other = self._alive(_collection(own), make)
                return url.replace(start, urlsplit(other).path, 1) if other else url
        return url

    def _alive(self, collection: str, make: Callable[[Maker], object]) -> str | None:
        def last() -> str | None:
            return next((url for url in self._leave.left if _collection(url) == collection), None)

        if last() is None and (maker := self._makers.get(collection)):
            make(maker)
        return last()


def _place(operation: Operation, base_url: str) -> Place | None:
    found = _ITEM.search(operation.path)
    if found is None:
        return None
    return Place(f"{urlsplit(base_url).path.rstrip('/')}{operation.path[: found.start()]}", operation, found[1])


def _is(parameter: Parameter, place: Place) -> bool:
    return (parameter.location, parameter.name) == ("path", place.parameter)


def _collection(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[0]
