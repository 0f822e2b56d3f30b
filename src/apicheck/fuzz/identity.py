"""How does the engine send credentials that it never gets to see?

It is given a marker for each scheme, and decides itself when to leave that out or to send a wrong one: that is how it looks whether
an operation lets strangers in. Where the marker stands, the wire puts the credentials of that moment; where it was left out, none.
"""

from __future__ import annotations

from base64 import b64encode
from functools import partial
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter

from apicheck.credentials import Keyring
from apicheck.fuzz.transmission import Send
from apicheck.model import Exchange

MARKER: Final = "apicheck-credential"
_BASIC: Final = b64encode(f"{MARKER}:{MARKER}".encode()).decode()
_KNOWN: Final = {"apiKey": {"api_key": MARKER}, "bearer": {"bearer": MARKER}, "basic": {"username": MARKER, "password": MARKER}}
"""What the engine is told of the schemes that it can leave out, by their type or, of ``http``, by their scheme."""


class Identity:
    """Puts the credentials of a keyring on requests of the engine."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._marked: dict[str, dict[str, str]] = {}
        for name in keyring.names:
            scheme = keyring.defined.get(name, {})
            kind = scheme.get("scheme") if scheme.get("type") == "http" else scheme.get("type")
            if isinstance(kind, str) and (told := _KNOWN.get(kind if kind == "apiKey" else kind.lower())):
                self._marked[name] = told

    @property
    def told(self) -> dict[str, Any]:
        """The markers, as the engine takes them in its settings."""
        return {"openapi": self._marked} if self._marked else {}

    def of_engine(self, send: Send, request: requests.PreparedRequest) -> Send:
        """Return what sends a request of the engine: as a stranger when it left the marker out, else as us."""
        stranger = not _unmark(request) and self._would_mark(request)
        return self._as_stranger(send) if stranger else self._as_us(send, request.url or "")

    def _would_mark(self, request: requests.PreparedRequest) -> bool:
        """Say whether the engine marks a request unless it means to be a stranger: when markers alone meet what is asked."""
        asked = self._keyring.asked(request.method or "", request.url or "")
        return any(option and all(name in self._marked for name in option) for option in asked)

    def repeating(self, send: Send, before: Exchange) -> Send:
        """Return what sends once more what an exchange sent, as the same one as then."""
        return self._as_us(send, before.url) if self._keyring.recognises(before) else self._as_stranger(send)

    def _as_stranger(self, send: Send) -> Send:
        return partial(send, cert=self._keyring.trust(identified=False))

    def _as_us(self, send: Send, url: str) -> Send:
        def as_us(request: requests.PreparedRequest, **options: Any) -> requests.Response:
            shown = self._keyring.show(request.method or "", url)
            request.headers.update(dict(shown.all_headers))
            request.url = _with_query(self._keyring.taken_off(url), shown.query)
            response = send(request, cert=self._keyring.trust(identified=True), **options)
            if response.status_code == 401:
                self._keyring.renewed(shown)
            else:
                self._keyring.accepted(shown)
            return response

        return as_us


class Adapter(HTTPAdapter):
    """Takes a TLS context where requests takes the files of a client's key."""

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """Add the context to what a connection is recognised by, so that a stranger never gets one that was opened by us."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, None)
        return host, {**pool, "ssl_context": cert} if cert else pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Verify the server; the client's key is in the context."""
        super().cert_verify(conn, url, verify, None)


def _with_query(url: str, pairs: tuple[tuple[str, str], ...]) -> str:
    added = urlencode(pairs, quote_via=quote)
    return f"{url}{'&' if '?' in url else '?'}{added}" if added else url


def _unmark(request: requests.PreparedRequest) -> bool:
    """Take the markers off a request; return whether there were any."""
    marked = [name for name, value in request.headers.items() if MARKER in _text(value) or _BASIC in _text(value)]
    for name in marked:
        cookies = [part.strip() for part in _text(request.headers[name]).split(";")] if name.lower() == "cookie" else []
        kept = [cookie for cookie in cookies if MARKER not in cookie]
        if kept:
            request.headers[name] = "; ".join(kept)
        else:
            del request.headers[name]
    url = request.url or ""
    if MARKER not in url:
        return bool(marked)
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if MARKER not in pair]
    request.url = parts._replace(query="&".join(kept)).geturl()
    return True


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
