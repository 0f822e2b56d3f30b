"""How does the user say who we are to each security scheme?

One table ``[auth.<name of the scheme>]`` of ``apicheck.toml``. It holds no secret: what is one, or might be, says from which
variable of the environment or from which file it comes.
"""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator

from apicheck.model import Frozen


def sourced(source: str) -> str:
    """Return the value that ``env:VARIABLE`` or ``file:PATH`` stands for.

    Raises:
        LookupError: there is no such variable or file; the error holds its name.
        ValueError: the value itself was given, in the open.
    """
    kind, _, where = source.partition(":")
    if kind == "env" and where in os.environ:
        return os.environ[where]
    if kind == "file" and Path(where).is_file():
        return Path(where).read_text("utf-8").strip()
    if kind in {"env", "file"}:
        raise LookupError(where)
    raise ValueError("not env:VARIABLE or file:PATH")


def _secret(source: str) -> str:
    try:
        return sourced(source)
    except LookupError as missing:
        raise ValueError(f"{missing.args[0]} does not exist") from None


def _file(source: str) -> str:
    path = source.removeprefix("file:")
    if path == source or not Path(path).is_file():
        raise ValueError("not file:PATH of a file that exists")
    return path


Secret = Annotated[str, AfterValidator(_secret)]
PemFile = Annotated[str, AfterValidator(_file)]


class ApiKey(Frozen):
    """A key in a header, the query or a cookie. Name and place are those of the document unless they are given here."""

    type: Literal["api-key"]
    value: Secret
    name: str | None = None
    in_: Literal["header", "query", "cookie"] | None = Field(None, alias="in")


class Basic(Frozen):
    """A user name and a password (RFC 7617)."""

    type: Literal["basic"]
    username: Secret
    password: Secret


class Bearer(Frozen):
    """A token that was made elsewhere (RFC 6750)."""

    type: Literal["bearer"]
    token: Secret


class _FromTokenEndpoint(Frozen):
    """What every way to get a token has. ``scopes`` are those of the operation unless they are given here.

    The address of the endpoint is never taken from the document: whoever wrote that would be sent our secret.
    """

    token_url: str
    client_id: Secret
    scopes: tuple[str, ...] | None = None

    @field_validator("token_url")
    @classmethod
    def _encrypted(cls, url: str) -> str:
        """RFC 6749 §3.2 asks for TLS; only on this machine nobody listens in."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname or "")):
            raise ValueError("a token end point has an https URL")
        return url


class ClientCredentials(_FromTokenEndpoint):
    """OAuth 2.0 client credentials (RFC 6749 §4.4), with the secret in a header or in the form."""

    type: Literal["oauth2-client-credentials"]
    client_secret: Secret
    client_auth: Literal["basic", "post"] = "basic"


class PrivateKeyJwt(_FromTokenEndpoint):
    """OAuth 2.0 client credentials, proved with a key (RFC 7523 §2.2)."""

    type: Literal["private-key-jwt"]
    key: Secret
    algorithm: Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"] = "RS256"
    key_id: str | None = None


class MutualTls(Frozen):
    """A client that proves itself in the TLS handshake; the files are PEM. Without ``key`` the first file holds both."""

    type: Literal["mtls"]
    cert: PemFile
    key: PemFile | None = None
    password: Secret | None = None


class ZgwJwt(Frozen):
    """The token of the Dutch APIs for case management (ZGW): made for each use, and signed with a shared secret."""

    type: Literal["zgw-jwt"]
    client_id: Secret
    secret: Secret
    user_id: Secret | None = None
    user_representation: Secret | None = None


Scheme = Annotated[
    ApiKey | Basic | Bearer | ClientCredentials | PrivateKeyJwt | MutualTls | ZgwJwt,
    Field(discriminator="type"),
]


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
