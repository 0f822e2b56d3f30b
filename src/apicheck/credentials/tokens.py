"""Where does a token come from, and when is it time for another?"""

from __future__ import annotations

import time
import uuid
import warnings
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any, Final
from urllib.parse import quote

from apicheck.answers import CannotTell
from apicheck.courtesy import USER_AGENT
from apicheck.credentials.config import ClientCredentials, PrivateKeyJwt, ZgwJwt

MARGIN: Final = 30.0
"""Seconds before its end that a token is replaced, so that no request is under way with one that just expired."""
_LIFETIME: Final = 300.0
"""Seconds that a token is used when nobody says how long it lives (RFC 6749 §5.1 only recommends to say so)."""
_TIMEOUT: Final = 10.0
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(slots=True)
class Token:
    """A token, and the moment (``time.monotonic``) until which it is used."""

    value: str
    until: float
    accepted: bool = False
    """Whether the API ever took it. One that it never took, it will not take when it is fetched again."""

    @property
    def fresh(self) -> bool:
        """Whether it may still be used."""
        return time.monotonic() < self.until


def fetch(scheme: ClientCredentials | PrivateKeyJwt, name: str, scopes: Iterable[str], trust: SSLContext | None) -> Token:
    """Return a token from the end point of a scheme; ``trust`` is what its TLS is held against.

    Raises:
        CannotTell: there was no answer, or it held no token.
    """
    import httpx  # noqa: PLC0415  # only who needs a token waits for it

    form = {"grant_type": "client_credentials"} | ({"scope": " ".join(sorted(scopes))} if scopes else {})
    headers = {"User-Agent": USER_AGENT, "Accept": "application/json"}
    if isinstance(scheme, PrivateKeyJwt):
        form |= {"client_id": scheme.client_id, "client_assertion_type": _ASSERTION, "client_assertion": _assertion(scheme, name)}
    elif scheme.client_auth == "post":
        form |= {"client_id": scheme.client_id, "client_secret": scheme.client_secret}
    else:  # RFC 6749 §2.3.1: encoded as a form first
        pair = f"{quote(scheme.client_id, safe='')}:{quote(scheme.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    began = time.monotonic()
    try:
        with httpx.Client(verify=trust or True, trust_env=False, timeout=_TIMEOUT) as client:
            answer = client.post(scheme.token_url, data=form, headers=headers)
            told = answer.json() if answer.status_code < 500 else {}
    except (httpx.HTTPError, ValueError) as trouble:
        raise CannotTell("errors.token-not-fetched", scheme=name, said=type(trouble).__name__) from None
    told = told if isinstance(told, dict) else {}
    token = told.get("access_token")
    if answer.status_code != 200 or not isinstance(token, str) or not token:
        raise CannotTell("errors.token-not-fetched", scheme=name, said=f"{answer.status_code} {told.get('error', '')}".strip())
    lives = told.get("expires_in")
    seconds = float(lives) if isinstance(lives, int | float | str) and str(lives).replace(".", "", 1).isdecimal() else _LIFETIME
    return Token(token, began + max(seconds - MARGIN, seconds / 2))


def zgw(scheme: ZgwJwt) -> Token:
    """Return a token as the ZGW APIs ask for it; they refuse one of more than an hour old, by ``iat``."""
    claims = {
        "iss": scheme.client_id,
        "iat": int(time.time()),
        "client_id": scheme.client_id,
        "user_id": scheme.user_id or scheme.client_id,
        "user_representation": scheme.user_representation or scheme.user_id or scheme.client_id,
    }
    return Token(_signed(claims, scheme.secret, "HS256", {}), time.monotonic() + _LIFETIME)


def _assertion(scheme: PrivateKeyJwt, name: str) -> str:
    now = int(time.time())
    claims = {
        "iss": scheme.client_id,
        "sub": scheme.client_id,
        "aud": scheme.token_url,
        "iat": now,
        "exp": now + 60,
        "jti": str(uuid.uuid4()),
    }
    try:
        return _signed(claims, scheme.key, scheme.algorithm, {"kid": scheme.key_id} if scheme.key_id else {})
    except (TypeError, ValueError) as unusable:
        raise CannotTell("errors.token-key-unusable", scheme=name, algorithm=scheme.algorithm) from unusable


def _signed(claims: dict[str, Any], key: str, algorithm: str, headers: dict[str, Any]) -> str:
    import jwt  # noqa: PLC0415  # only who signs waits for it

    with warnings.catch_warnings():  # the secret is short because the vendor made it so; this is not the place to say that
        warnings.simplefilter("ignore")
        try:
            return jwt.encode(claims, key, algorithm=algorithm, headers=headers)
        except jwt.PyJWTError as unusable:
            raise ValueError(str(unusable)) from None
