"""Do we, who read the document ourselves, see in an exchange what the engine claims of it?

The engine makes a request, says what is wrong with the answer, and is one program: a slip in how it reads a schema would make an
API guilty. So each claim is looked at again, without the engine: with our own view of the document and another validation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final

from apicheck.fuzz import sent
from apicheck.fuzz.adapter import SLOW
from apicheck.fuzz.failures import ANSWERED, UNANSWERED
from apicheck.fuzz.terms import Terms
from apicheck.model import Exchange
from apicheck.openapi import Document, Operation, View, answering
from apicheck.openapi.media_types import is_json
from apicheck.openapi.validation import Validation

_IMPLIED: Final = frozenset({"HEAD", "OPTIONS"})
"""Methods that servers answer by themselves, documented or not."""


class SecondOpinion:
    """Looks at single exchanges, for a check that the engine says has failed."""

    def __init__(self, document: Document, view: View, terms: Terms) -> None:
        self._document = document
        self._view = view
        self._terms = terms
        self._operations = {operation.name: operation for operation in view.operations}
        self._looks: Mapping[str, Callable[[Operation, Exchange], bool | None]] = {
            "no-server-error": lambda _, exchange: (exchange.status or 0) >= 500,
            "status-documented": lambda operation, exchange: answering(str(exchange.status), operation.responses) is None,
            "media-type-documented": _undocumented_media_type,
            "response-matches-schema": self._response_breaks_schema,
            "invalid-data-rejected": self._took_what_does_not_fit,
            "valid-data-accepted": self._refused_what_fits,
            "unsupported-method": self._wrong_on_unsupported_method,
            "allow-header-documented": self._allows_other_methods,
            "headers-documented": self._headers_differ,
            "authorisation-enforced": self._let_a_stranger_in,
            "answers-in-time": lambda _, exchange: exchange.elapsed > SLOW,
            **{f"{ANSWERED}-{error}": lambda _, exchange: exchange.error in UNANSWERED for error in UNANSWERED},
        }

    def agrees(self, claim: str, operation: str, exchange: Exchange) -> bool | None:
        """Say whether an exchange shows what is claimed; None when we cannot tell.

        Args:
            claim: a name of our own for what a check of the engine looks at.
            operation: the operation that the claim is about, such as ``GET /gebouwen/{id}``.
            exchange: what was sent and what came back.
        """
        if operation not in self._operations or (exchange.status is None and not claim.startswith(ANSWERED)):
            return None
        return self._looks[claim](self._operations[operation], exchange)

    @cached_property
    def _requests(self) -> Validation:
        return Validation(self._document, "request")

    @cached_property
    def _responses(self) -> Validation:
        return Validation(self._document, "response")

    def _response_breaks_schema(self, operation: Operation, exchange: Exchange) -> bool | None:
        documented = answering(str(exchange.status), operation.responses)
        item = sent.media_type_of(documented.media_types, exchange.media_type) if documented else None
        if item is None or item.schema is None or not is_json(exchange.media_type):
            return None
        try:
            value = sent.json_of(exchange.body)
        except ValueError:
            return True
        return _not(self._responses.fits(item.schema.value, item.schema.place, value))

    def _took_what_does_not_fit(self, operation: Operation, exchange: Exchange) -> bool | None:
        if not 200 <= (exchange.status or 0) < 300:
            return False
        return _not(sent.fits(operation, exchange, self._terms.base_url, self._requests))

    def _refused_what_fits(self, operation: Operation, exchange: Exchange) -> bool | None:
        if not 400 <= (exchange.status or 0) < 500:
            return False
        return sent.fits(operation, exchange, self._terms.base_url, self._requests)

    def _wrong_on_unsupported_method(self, operation: Operation, exchange: Exchange) -> bool:
        return exchange.method not in self._methods(operation) and (exchange.status != 405 or not exchange.header("allow"))

    def _allows_other_methods(self, operation: Operation, exchange: Exchange) -> bool:
        allowed = {method.strip().upper() for method in (exchange.header("allow") or "").split(",")} - {""}
        return bool(allowed) and bool((allowed ^ self._methods(operation)) - _IMPLIED)

    def _methods(self, operation: Operation) -> set[str]:
        return {other.method.upper() for other in self._view.operations if other.path == operation.path}

    def _headers_differ(self, operation: Operation, exchange: Exchange) -> bool | None:
        documented = answering(str(exchange.status), operation.responses)
        if documented is None:
            return None
        missing = (
            header.value.get("required") is True and exchange.header(header.name) is None
            for header in documented.headers
            if header.name.lower() != "content-type"  # is to be ignored (OAS 3.0.4, 4.7.17.1)
        )
        return any(missing) or None

    def _let_a_stranger_in(self, operation: Operation, exchange: Exchange) -> bool | None:
        demanded = operation.value.get("security", self._document.root.get("security"))
        if not isinstance(demanded, list) or not demanded or {} in demanded:
            return False
        schemes = {scheme.name: scheme.value for scheme in self._view.security_schemes}
        named = [schemes.get(name, {}) for requirement in demanded if isinstance(requirement, dict) for name in requirement]
        if any(scheme.get("type") == "mutualTLS" or scheme.get("in") in {"query", "cookie"} for scheme in named):
            return None
        ours = {(name.lower(), value) for name, value in self._terms.headers}
        known = any((name.lower(), value) in ours for name, value in exchange.request_headers)
        known = known or self._terms.keyring.recognises(exchange)
        return 200 <= (exchange.status or 0) < 300 and not known


def _undocumented_media_type(operation: Operation, exchange: Exchange) -> bool | None:
    documented = answering(str(exchange.status), operation.responses)
    if documented is None or not documented.media_types:
        return None
    return sent.media_type_of(documented.media_types, exchange.media_type) is None


def _not(answer: bool | None) -> bool | None:  # noqa: FBT001  # the answer of a validation
    return None if answer is None else not answer
