"""What goes along with a request, so that the API knows who asks?

One keyring serves probe and fuzz. It is asked anew for every request, so that a token that expires is replaced in time.
"""

from __future__ import annotations

import re
import ssl
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from apicheck.answers import CannotTell
from apicheck.credentials.config import ApiKey, Basic, Bearer, MutualTls, Scheme, ZgwJwt
from apicheck.credentials.tokens import Token, fetch, zgw
from apicheck.errors import TargetRefused
from apicheck.model import Exchange

Pairs = tuple[tuple[str, str], ...]
Alternatives = tuple[Mapping[str, tuple[str, ...]], ...]
"""The security requirements of an operation, one of which must be met: the scopes by the name of the scheme (OAS, 4.8.30)."""

MOST_RENEWALS: Final = 20
"""Times in a run that a token is replaced because it was refused: an operation that refuses every token must not cost one each."""

_SECRETS: Final = (
    "value",
    "username",
    "password",
    "token",
    "client_secret",
    "key",
    "secret",
    "user_id",
    "user_representation",
)
_PARAMETER: Final = re.compile(r"\\\{[^{}]*\\\}")


@dataclass(frozen=True, slots=True)
class Demand:
    """What an operation of the document asks of whoever calls it. ``method`` is in capitals."""

    method: str
    path: str
    alternatives: Alternatives


@dataclass(frozen=True, slots=True)
class Pass:
    """What goes along with one request. Empty for a stranger."""

    headers: Pairs = ()
    query: Pairs = ()
    cookies: Pairs = ()
    schemes: tuple[str, ...] = ()
    tokens: tuple[Token, ...] = field(default=(), repr=False)

    def __add__(self, other: Pass) -> Pass:
        return Pass(
            self.headers + other.headers,
            self.query + other.query,
            self.cookies + other.cookies,
            self.schemes + other.schemes,
            self.tokens + other.tokens,
        )

    @property
    def all_headers(self) -> Pairs:
        """The headers, with the cookies in theirs."""
        return self.headers + ((("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies)),) if self.cookies else ())


class Keyring:
    """The credentials of one run, by the name of the security scheme.

    Args:
        schemes: how each scheme is told who we are.
        base_url: where the paths of the document start.
        demands: what each operation asks.
        default: what the document asks of a request that is of no operation.
        defined: the Security Scheme Objects of the document, by name.
        ca: a file with the certificates that are trusted on top of those of this machine.

    Raises:
        TargetRefused: a key file or a scheme cannot be used.
    """

    def __init__(
        self,
        schemes: Mapping[str, Scheme] | None = None,
        *,
        base_url: str = "",
        demands: Iterable[Demand] = (),
        default: Alternatives = (),
        defined: Mapping[str, Mapping[str, Any]] | None = None,
        ca: str | None = None,
    ) -> None:
        self._schemes = dict(schemes or {})
        self._base = urlsplit(base_url).path.rstrip("/")
        self._demands = [(demand, re.compile(_PARAMETER.sub("[^/]+", re.escape(demand.path)))) for demand in demands]
        self._default = default
        self.defined = dict(defined or {})
        self._tokens: dict[tuple[str, tuple[str, ...]], Token | CannotTell] = {}
        self._shown: set[str] = set()
        self._renewals = 0
        self._trust = {identified: self._context(ca, identified=identified) for identified in (True, False)}

    @property
    def names(self) -> tuple[str, ...]:
        """The schemes of which there are credentials."""
        return tuple(self._schemes)

    @property
    def token_hosts(self) -> tuple[str, ...]:
        """The hosts that tokens are fetched from."""
        urls = (getattr(scheme, "token_url", None) for scheme in self._schemes.values())
        return tuple(sorted({urlsplit(url).netloc for url in urls if url}))

    @property
    def secrets(self) -> frozenset[str]:
        """Every value that went along, and every value that one was made from."""
        configured = {
            value for scheme in self._schemes.values() for name in _SECRETS if isinstance(value := getattr(scheme, name, None), str)
        }
        return frozenset(value for value in self._shown | configured if value)

    def trust(self, *, identified: bool) -> ssl.SSLContext | None:
        """Return what TLS is done with, our own key only when we are to be known; None when there is nothing to add."""
        return self._trust[identified]

    def show(self, method: str, url: str) -> Pass:
        """Return what goes along with a request.

        Of the alternatives that the document gives, the first one is taken of which every scheme has credentials. A scheme that the
        document does not know goes along with everything.

        Raises:
            CannotTell: a token could not be fetched.
        """
        shown = Pass()
        for name, scopes in self.wanted(method, url).items():
            shown += self._one(name, self._schemes[name], scopes)
        self._shown.update(value for _, value in (*shown.headers, *shown.query, *shown.cookies))
        self._shown.update(token.value for token in shown.tokens)
        return shown

    def wanted(self, method: str, url: str) -> Mapping[str, tuple[str, ...]]:
        """Return the schemes of which credentials go along with a request, and the scopes asked."""
        asked = next((option for option in self.asked(method, url) if all(name in self._schemes for name in option)), {})
        return {**{name: () for name in self._schemes if name not in self.defined}, **asked}

    def taken_off(self, url: str) -> str:
        """Return a URL without the keys that went along in its query: one that was sent before may be asked again by a stranger."""
        before, mark, query = url.partition("?")
        kept = [pair for pair in query.split("&") if unquote_plus(pair.partition("=")[2]) not in self._shown]
        return f"{before}{mark}{'&'.join(kept)}" if kept else before

    def recognises(self, exchange: Exchange) -> bool:
        """Say whether an exchange was sent as us. What the TLS handshake proves does not show: with that alone, all are."""
        values = [value for name, value in exchange.request_headers if name.lower() != "cookie"]
        values += [
            value for name, line in exchange.request_headers if name.lower() == "cookie" for value in re.split(r"; |=", line)
        ]
        values += [value for _, value in parse_qsl(urlsplit(exchange.url).query)]
        unseen = bool(self._schemes) and all(isinstance(scheme, MutualTls) for scheme in self._schemes.values())
        return unseen or any(value in self._shown for value in values)

    def renewed(self, shown: Pass) -> bool:
        """A request was refused (401): drop its tokens; return whether there is any use in asking again.

        There is when a token that was accepted before is not any more, unless that keeps happening.
        """
        spent = [token for token in shown.tokens if token.accepted and self._renewals < MOST_RENEWALS]
        self._renewals += len(spent)
        self._tokens = {key: token for key, token in self._tokens.items() if token not in spent}
        return bool(spent)

    def accepted(self, shown: Pass) -> None:
        """A request was not refused: its tokens are good."""
        for token in shown.tokens:
            token.accepted = True

    def asked(self, method: str, url: str) -> Alternatives:
        """Return what is asked of a request: what its operation asks, else any other operation on that path, else the document."""
        path = urlsplit(url).path.removeprefix(self._base)
        here = [demand for demand, pattern in self._demands if pattern.fullmatch(path) or pattern.fullmatch(path.rstrip("/"))]
        for demand in sorted(here, key=lambda demand: (demand.method != method, demand.path.count("{"))):
            return demand.alternatives
        return self._default

    def _one(self, name: str, scheme: Scheme, scopes: tuple[str, ...]) -> Pass:
        match scheme:
            case ApiKey():
                return self._api_key(name, scheme)
            case Basic():
                pair = b64encode(f"{scheme.username}:{scheme.password}".encode()).decode()
                return Pass(headers=(("Authorization", f"Basic {pair}"),), schemes=(name,))
            case Bearer():
                return Pass(headers=(("Authorization", f"Bearer {scheme.token}"),), schemes=(name,))
            case MutualTls():
                return Pass(schemes=(name,))
        if not isinstance(scheme, ZgwJwt):
            scopes = scopes if scheme.scopes is None else scheme.scopes
        key = (name, tuple(sorted(scopes)))
        token = self._tokens.get(key)
        if token is None or (isinstance(token, Token) and not token.fresh):
            try:
                token = zgw(scheme) if isinstance(scheme, ZgwJwt) else fetch(scheme, name, key[1], self.trust(identified=True))
            except CannotTell as refused:
                token = refused  # asking for every request again would not help, and may lock us out
            self._tokens[key] = token
        if isinstance(token, CannotTell):
            raise token
        return Pass(headers=(("Authorization", f"Bearer {token.value}"),), schemes=(name,), tokens=(token,))

    def _api_key(self, name: str, scheme: ApiKey) -> Pass:
        known = self.defined.get(name, {})
        place, called = scheme.in_ or known.get("in"), scheme.name or known.get("name")
        if not isinstance(called, str) or place not in {"header", "query", "cookie"}:
            raise TargetRefused("auth-place-unknown", scheme=name)
        pair = ((called, scheme.value),)
        if place == "header":
            return Pass(headers=pair, schemes=(name,))
        return Pass(query=pair, schemes=(name,)) if place == "query" else Pass(cookies=pair, schemes=(name,))

    def _context(self, ca: str | None, *, identified: bool) -> ssl.SSLContext | None:
        own = next((scheme for scheme in self._schemes.values() if isinstance(scheme, MutualTls)), None) if identified else None
        if own is None and ca is None:
            return None
        context = ssl.create_default_context()
        try:
            if ca:
                context.load_verify_locations(ca)
            if own:
                context.load_cert_chain(own.cert, own.key, own.password or "")  # without one OpenSSL asks the terminal
        except (OSError, ValueError) as unusable:
            raise TargetRefused("tls-file-unusable", error=unusable) from None
        return context
