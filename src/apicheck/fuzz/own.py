"""Which object does a request go to that may only change what this run made itself?

The engine takes ids from anywhere. So in mode ``safe-write`` the id in the path of a request that writes is replaced by that of an
object of our own: of each in turn, or, when all are gone, of one that is made as an earlier one was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
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

_PARAMETER: Final = re.compile(r"\{([^{}/]+)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an operation finds an object of ours: the path of the document that makes it, and the paths that such objects have.

    ``parameters`` are those in the path of the operation that name the object and what it is in; None where one is not described.
    """

    made_by: str
    pattern: re.Pattern[str]
    parameters: tuple[tuple[str, Parameter | None], ...]


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
            operation.name: [_place(operation, path, base_url) for path in leave.made_above(operation.path)]
            for operation in operations
            if operation.method.upper() not in READS and leave.offers_on_own(operation.method.upper(), operation.path)
        }
        self._makers: dict[str, Maker] = {}
        self._turn = 0

    def see(self, send: Send, request: requests.PreparedRequest, exchange: Exchange) -> None:
        """Remember how an object was made."""
        made = created(exchange)
        if made and exchange.operation and made in self._leave.left:
            self._makers[exchange.operation.partition(" ")[2]] = Maker(send, request.copy(), exchange.operation)

    def chosen(self, operation: str, make: Callable[[Maker], object]) -> dict[str, Any]:
        """Return the path parameters, with their values, that lead an operation to an object of ours; nothing when it needs none.

        Args:
            operation: its name.
            make: sends a request that made an object once more.

        Raises:
            LookupError: there is no such object, and none can be made.
        """
        places = self._places.get(operation, [])
        for place in places:
            found = self._alive(place.pattern, place.made_by, make)
            if found:
                return {
                    name: next(iter(fitting(parameter, [text], self._validation)), text) if parameter else text
                    for (name, parameter), text in zip(place.parameters, map(unquote, found.groups()), strict=True)
                }
        if places:
            self._lack(operation)
            raise LookupError(operation)
        return {}

    def revived(self, url: str, make: Callable[[Maker], object]) -> str:
        """Return a URL on an object of ours as it is, or, when that object is gone, on another in the same place."""
        left, path = set(self._leave.left), urlsplit(url).path
        for own in self._leave.own if self._leave.mode is Mode.SAFE_WRITE else ():
            start = urlsplit(own).path
            if own not in left and (path == start or path.startswith(f"{start}/")):
                beside = re.compile(f"{re.escape(start.rpartition('/')[0])}/[^/]+")
                other = self._alive(beside, self._made_by(beside), make)
                return url.replace(start, other[0], 1) if other else url
        return url

    def _made_by(self, beside: re.Pattern[str]) -> str:
        return next(
            (path for path, maker in self._makers.items() if beside.fullmatch(f"{urlsplit(maker.request.url or '').path}/x")), ""
        )

    def _alive(self, pattern: re.Pattern[str], made_by: str, make: Callable[[Maker], object]) -> re.Match[str] | None:
        """Return the path of an object of such paths, of each in turn, and first make one when there is none."""

        def there() -> list[re.Match[str]]:
            return [found for url in self._living() if (found := pattern.fullmatch(urlsplit(url).path))]

        found = there()
        if not found and (maker := self._makers.get(made_by)):
            make(maker)
            found = there()
        self._turn += 1
        return found[self._turn % len(found)] if found else None

    def _living(self) -> Iterator[str]:
        """Yield the objects of ours that are there: not one of which what it was in is gone."""
        left = self._leave.left
        gone = set(self._leave.own).difference(left)
        for url in left:
            parts = url.split("/")
            if not any("/".join(parts[:length]) in gone for length in range(3, len(parts))):
                yield url


def _place(operation: Operation, made_by: str, base_url: str) -> Place:
    """Return where an operation finds an object that a POST to a path of the document made."""
    names = _PARAMETER.findall(operation.path[: operation.path.index("}", len(made_by)) + 1])
    pattern = re.sub(r"\\\{[^{}/]+\\\}", "([^/]+)", re.escape(made_by))
    by_name = {parameter.name: parameter for parameter in operation.parameters if parameter.location == "path"}
    return Place(
        made_by,
        re.compile(f"{re.escape(urlsplit(base_url).path.rstrip('/'))}{pattern}/([^/]+)"),
        tuple((name, by_name.get(name)) for name in names),
    )
