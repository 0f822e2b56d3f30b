"""Is a token kept out of places where tokens get known (/core/transport/no-sensitive-uris), and can nobody make one up?"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import Iterator
from typing import Any, Final

import orjson

from apicheck.answers import Answer, Fault, Unsure
from apicheck.probe.live import LiveApi, Reached, doubt
from apicheck.probe.questions.access import REFUSED
from apicheck.probe.registry import question

_BEARER = "bearer "
_WELL_KNOWN: Final = """
    secret Secret SECRET secretkey secret_key secret-key SecretKey mysecret my_secret my-secret mysecretkey my_secret_key
    my-secret-key supersecret super_secret super-secret supersecretkey super-secret-key topsecret jwtsecret jwt_secret jwt-secret
    your_jwt_secret your-jwt-secret your-secret your_secret your-secret-key your-256-bit-secret your-384-bit-secret
    your-512-bit-secret a-string-secret-at-least-256-bits-long changeme change_me change-me key mykey jwtkey private token
    password passw0rd wachtwoord geheim admin test testing dev development default random demo example qwerty 123456 12345678
    1234567890
""".split()  # noqa: SIM905  # as a list it would be sixty lines
"""Keys of examples and tutorials, with which anybody signs a token at the first try."""
_HASHES: Final = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
"""Algorithms with one key for who signs and who checks (RFC 7518 §3.2)."""


@question("token-in-query-refused")
def token_in_query_refused(api: LiveApi) -> Iterator[Answer]:
    """Is a bearer token refused when it goes along in the query? RFC 9700 §4.3.2: clients MUST NOT pass it so, for URLs are kept.

    Tried once, with our own token, where it is accepted in the header and where no token at all is refused.
    """
    for reached in api.reached.values():
        token = _token(reached)
        if token and api.again(reached, "token-in-query-refused", authenticated=False).status in REFUSED:
            exchange = api.again(reached, "token-in-query-refused", query={"access_token": token}, authenticated=False)
            status, name = exchange.status or 0, reached.operation.name
            if 200 <= status < 300:
                yield Fault("probe.token-in-query", exchange=exchange, request=name)
            elif 400 <= status < 500:
                yield None
            else:
                yield doubt(exchange) or Unsure("probe.server-error", request=name, status=status)
            return


def _token(reached: Reached) -> str | None:
    values = (value for name, value in reached.exchange.request_headers if name.lower() == "authorization")
    return next((value[len(_BEARER) :] for value in values if value.lower().startswith(_BEARER)), None)


@question("token-hard-to-forge")
def token_hard_to_forge(api: LiveApi) -> Iterator[Answer]:
    """Is the token of this run one that others cannot make as well: signed, and not with a key that everybody knows?

    Nothing is sent: the signature is worked out here, on the token that goes along anyway. RFC 8725 §3.2 and §3.5.
    """
    for reached in api.reached.values():
        token = _token(reached)
        algorithm = _algorithm(token) if token else None
        if token is None or algorithm is None:
            continue
        if algorithm.lower() == "none":
            yield Fault("probe.token-unsigned", exchange=reached.exchange, everywhere=True)
        elif algorithm in _HASHES:
            known = any(_signs(key, token, algorithm) for key in ("", *_WELL_KNOWN))
            yield Fault("probe.token-key-known", exchange=reached.exchange, everywhere=True, algorithm=algorithm) if known else None
        return


def _algorithm(token: str) -> str | None:
    """Return the algorithm in the header of a JSON Web Token (RFC 7515 §4.1.1); None when it is no such token."""
    try:
        header: Any = orjson.loads(_decoded(token.partition(".")[0]))
    except (Error, ValueError):
        return None
    algorithm = header.get("alg") if isinstance(header, dict) and token.count(".") == 2 else None
    return algorithm if isinstance(algorithm, str) else None


def _signs(key: str, token: str, algorithm: str) -> bool:
    signed, _, signature = token.rpartition(".")
    try:
        return hmac.compare_digest(hmac.digest(key.encode(), signed.encode(), _HASHES[algorithm]), _decoded(signature))
    except (Error, ValueError):
        return False


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
