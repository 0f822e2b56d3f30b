"""Which part of an exchange may be shown?

A header is shown when its name is known to be harmless; any other value is masked, and so is every place where that value comes
back. In all text, what looks like a credential or like personal data is masked. A mask tells the length of what stood there.
"""

from __future__ import annotations

import re
import shlex
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from html import escape
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus, unquote

import orjson

from apicheck.model import Exchange, Frozen, RecordedExchange, RecordedMessage, Text
from apicheck.words import visible

EXCERPT = 512
"""Bytes of a body that are shown."""
TELLING = 6
"""Characters from which a masked value is so long that it is masked wherever it comes back."""

SAFE_HEADERS = frozenset(
    """
    accept accept-crs accept-encoding accept-language accept-patch accept-post accept-ranges access-control-allow-credentials
    access-control-allow-headers access-control-allow-methods access-control-allow-origin access-control-expose-headers
    access-control-max-age access-control-request-headers access-control-request-method age allow api-version cache-control
    connection content-crs content-disposition content-encoding content-language content-length content-location
    content-security-policy content-type date deprecation etag expires feature-policy host if-match if-none-match keep-alive
    last-modified link location origin permissions-policy pragma referrer-policy retry-after server strict-transport-security
    sunset trailer transfer-encoding upgrade user-agent vary via warning www-authenticate x-api-version x-aspnet-version
    x-aspnetmvc-version x-content-type-options x-frame-options x-generator x-powered-by x-ratelimit-limit
    x-ratelimit-remaining x-runtime x-xss-protection
    """.split()  # noqa: SIM905  # as a list it would be sixty lines
)
_OWN_BUSINESS = frozenset({"host", "content-length", "connection", "accept-encoding"})
"""Headers that curl makes itself."""

_SECRET_NAME = re.compile(
    r"token|secret|passw|wachtwoord|api[-_]?key|credential|jwt|session|sessie|signature|\bauth|^key$|^sig$|^pin$|^pwd$|bsn|burgerservice",
    re.IGNORECASE,
)
_MASK = re.compile(r"\[masked: \d+]")
_NAME = re.compile(r"""(["'])((?:(?!\1)[^\\]){1,80})\1\s{0,8}:\s{0,8}""")
"""The name of a member, in JSON or as Python shows it."""
_VALUE = re.compile(r"""\"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?|[^\s,}\]"'\[{]+""", re.DOTALL)
_BRACKET = re.compile(r"""\"(?:[^"\\]|\\.)*+"?|[\[\]{}]""", re.DOTALL)
_LINE = re.compile(r"(?m)^([ \t>-]{0,40}([\w.-]{1,80})[ \t]{0,4}:[ \t]{1,8})(\S.*)$")
"""A header or a member in YAML."""
_ELEMENT = re.compile(r"(<([\w:.-]{1,80})(?: [^<>]{0,200})?>)([^<]+)(?=</)")
_ESCAPED = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
"""A text in JSON, or the beginning of one, in which may stand JSON again."""
_ENCODED = re.compile(r"[\w.~+%*!-]+")
"""What may be a text that is percent-encoded (RFC 3986 §2.1), in which may stand anything again."""
_DEEPEST = 4
"""Texts within texts that are looked into; what lies deeper is masked as a whole."""
_PARAMETER = re.compile(r"((?:^|[?&;\s\"'])([\w.\[\]%-]{1,80})=)(\[masked: \d+]|[^&;\s\"'<>]+)")
_JWT = re.compile(r"eyJ[\w.-]{8,}|\be[yw][\w-]{8,}\.[\w-]{8,}\.[\w-]*")
"""Three parts of base64 (RFC 7519 §3), of which the first is an object in JSON."""
_BEARER = re.compile(r"(\bbearer(?:\s|%20|\+)+)([\w.~+/=-]{6,})", re.IGNORECASE)
_USERINFO = re.compile(r"(//)([^/\s@]{1,200})(?=@)")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++(?:@|%40|\\u0040|&#(?:64|x40);)[\w-]++(?:\.[\w-]++)+", re.IGNORECASE)
_IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}(?:(?: |%20|\+)?[A-Z0-9]{4}){2,7}(?:(?: |%20|\+)?[A-Z0-9]{1,3})?(?![A-Z0-9])", re.IGNORECASE | re.ASCII
)
_NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)", re.ASCII)
_SCHEMES = frozenset({"basic", "bearer", "digest", "apikey", "negotiate", "mutual"})
"""Words before a credential (RFC 9110 §11.1), which are no secret."""


def redact(exchange: Exchange, known: Iterable[str] = ()) -> RecordedExchange:
    """Return an exchange as it may be shown to anybody; ``known`` are values that are secret wherever they stand.

    Pure: the same exchange gives the same record.
    """
    secrets = _secrets(exchange, known)
    url = _clean(exchange.url, secrets)
    request_headers = _headers(exchange.request_headers, secrets)
    request_body = _body(exchange.request_body, secrets)
    return RecordedExchange(
        id=exchange.id,
        sender=exchange.sender,
        purpose=exchange.purpose,
        operation=exchange.operation,
        method=_shown(exchange.method),
        url=url,
        request=RecordedMessage(headers=request_headers, body=request_body, body_size=len(exchange.request_body)),
        status=exchange.status,
        response=RecordedMessage(
            headers=_headers(exchange.headers, secrets), body=_body(exchange.body, secrets), body_size=len(exchange.body)
        ),
        started=exchange.started,
        elapsed=exchange.elapsed,
        error=exchange.error,
        curl=_curl(_shown(exchange.method), url, request_headers, request_body, whole=len(exchange.request_body) <= EXCERPT),
    )


T = TypeVar("T", bound=Frozen)


def conceal(told: T, known: Iterable[str]) -> T:
    """Return something that is told with all of its text masked: a finding may repeat what a server said."""
    secrets = _written(known)

    def mask(value: Any) -> Any:
        if isinstance(value, Text):
            return Text(nl=scrub(_without(value.nl, secrets)), en=scrub(_without(value.en, secrets)))
        if isinstance(value, Frozen):
            return value.model_copy(update={name: mask(getattr(value, name)) for name in type(value).model_fields})
        return tuple(map(mask, value)) if isinstance(value, tuple) else value

    masked: T = mask(told)
    return masked


def scrub(text: str) -> str:
    """Return a text with all that looks like a credential or like personal data masked, however it is written."""
    return _scrub(text, 0)


def _scrub(text: str, depth: int) -> str:
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: _within(found[0], _unescaped(found[0]), depth), text)
    if "%" in text:
        text = _ENCODED.sub(lambda found: _within(found[0], unquote(found[0]), depth), text)
    text = _without_members(text)
    for pattern in (_PARAMETER, _LINE, _ELEMENT):
        text = pattern.sub(_if_secret, text)
    for pattern in (_JWT, _EMAIL):
        text = pattern.sub(lambda found: _mask(found[0]), text)
    for pattern in (_BEARER, _USERINFO):
        text = pattern.sub(lambda found: found[1] + _mask(found[2]), text)
    text = _IBAN.sub(lambda found: _mask(found[0]) if _is_iban(found[0]) else found[0], text)
    return _NINE_DIGITS.sub(lambda found: _mask(found[0]) if is_citizen_number(found[0]) else found[0], text)


def _mask(value: str) -> str:
    return value if _MASK.fullmatch(value) else f"[masked: {len(value)}]"


def _within(written: str, meant: str, depth: int) -> str:
    """Return a text as it is written; masked when what it means holds something to mask."""
    if written == meant:
        return written
    return written if depth < _DEEPEST and _scrub(meant, depth + 1) == meant else _mask(written)


def _unescaped(text: str) -> str:
    for end in ("", '"') if "\\" in text else ():
        with suppress(orjson.JSONDecodeError):
            return str(orjson.loads(text + end))
    return text


def _if_secret(found: re.Match[str]) -> str:
    """Mask the value of a named pair when its name is that of a secret."""
    return found[1] + _mask(found[3]) if _SECRET_NAME.search(unquote(found[2])) else found[0]


def _without_members(text: str) -> str:
    """Mask the value of every member that is named as a secret: a text, a number, or all that an object or a list holds."""
    pieces, at = [], 0
    for found in _NAME.finditer(text):
        if found.start() >= at and _SECRET_NAME.search(found[2]):
            end = _end(text, found.end())
            pieces += [text[at : found.end()], _mask(text[found.end() : end]) if end > found.end() else ""]
            at = end
    return "".join([*pieces, text[at:]])


def _end(text: str, start: int) -> int:
    """Return where a value in JSON ends; where the text ends when it is cut off."""
    if text[start : start + 1] not in {"[", "{"}:
        value = _VALUE.match(text, start)
        return value.end() if value else start
    depth = 0
    for found in _BRACKET.finditer(text, start):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(text)


def is_citizen_number(text: str) -> bool:
    """Say whether a text is nine digits that pass the eleven-test of a citizen service number (BSN)."""
    if not _NINE_DIGITS.fullmatch(text):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, text, strict=True)) % 11 == 0


def _is_iban(text: str) -> bool:
    """Say whether a text passes the check of ISO 13616 (modulo 97)."""
    plain = re.sub(r" |%20|\+", "", text).upper()
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _secrets(exchange: Exchange, known: Iterable[str]) -> tuple[str, ...]:
    """Return the values that are masked by name, longest first, so that an echo of them is found as well."""
    found = set(known)
    for name, value in (*exchange.request_headers, *exchange.headers):
        if name.lower() not in SAFE_HEADERS:
            found.update((value, *re.split(r"[\s;,=\"]+", value)))
    for pair in _PARAMETER.finditer(exchange.url):
        if _SECRET_NAME.search(unquote(pair[2])):
            found.update((pair[3], unquote(pair[3])))
    return _written(found)


def _written(values: Iterable[str]) -> tuple[str, ...]:
    """Return every way in which these values may come back, longest first."""
    parts = {part for value in values for part in _parts(value) if len(part) >= TELLING and part.lower() not in _SCHEMES}
    return tuple(sorted({way for part in parts for way in _ways(part)}, key=lambda way: (-len(way), way)))


def _parts(value: str) -> Iterator[str]:
    """Yield a value, and what it is made of: the credential behind a scheme, and the name and password of a basic login."""
    yield value
    scheme, _, credential = value.partition(" ")
    if scheme.lower() in _SCHEMES:
        yield credential
        if scheme.lower() == "basic":
            with suppress(ValueError):
                pair = b64decode(credential, validate=True).decode()
                yield from (pair, *pair.split(":", 1))


def _ways(value: str) -> Iterator[str]:
    data = value.encode("utf-8", "replace")
    yield from (value, quote(value, safe="", errors="replace"), quote_plus(value, errors="replace"), escape(value))
    yield orjson.dumps(value.encode("utf-8", "replace").decode()).decode()[1:-1]
    yield from (b64encode(data).decode(), urlsafe_b64encode(data).rstrip(b"=").decode())


def _clean(text: str, secrets: Iterable[str]) -> str:
    return _shown(scrub(_without(text, secrets)))


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, _mask(secret))
    return text


def _shown(text: str) -> str:
    """Make every character visible that could act, line by line."""
    return "\n".join(visible(line, longest=len(line)) for line in text.split("\n"))


def _headers(headers: Iterable[tuple[str, str]], secrets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (_shown(name), _clean(value, secrets) if name.lower() in SAFE_HEADERS else _mask(value)) for name, value in headers
    )


def _body(body: bytes, secrets: tuple[str, ...]) -> str:
    if b"\0" in body:  # not text: nothing to read in it, and nothing of it could be masked
        return f"[masked: {len(body)}]"
    text = _clean(body.decode("utf-8", "replace"), secrets)
    return text.encode("utf-8", "replace")[:EXCERPT].decode("utf-8", "ignore")


def _curl(method: str, url: str, headers: Iterable[tuple[str, str]], body: str, *, whole: bool) -> str:
    """Return the command that sends the request again; what was masked is to be put in variables of the shell."""
    words = ["curl", "-i", "-X", shlex.quote(method)]
    for name, value in headers:
        if name.lower() not in _OWN_BUSINESS:
            words += ["-H", _quoted(f"{name}: {value}", re.sub(r"\W", "_", name.upper(), flags=re.ASCII))]
    if body:
        words += ["--data-binary", _quoted(body, "MASKED") if whole else '"$BODY"']
    return " ".join([*words, _quoted(url, "MASKED")])


def _quoted(text: str, variable: str) -> str:
    """Quote a word for the shell, with the variable in the place of what was masked."""
    pieces = (shlex.quote(piece) if piece else "" for piece in _MASK.split(text))
    return f'"${variable}"'.join(pieces) or "''"
