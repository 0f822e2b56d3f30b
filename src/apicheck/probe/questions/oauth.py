"""Does the authorisation server offer what the NL GOV assurance profile for OAuth 2.0 asks, according to its own description?

Only a description at the host under test is read. One elsewhere is not ours to visit, and stays for the vendor to declare.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, CannotTell, Fault
from apicheck.model import Exchange
from apicheck.probe.live import LiveApi, doubt, json_body
from apicheck.probe.registry import question

_MEMBERS = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_WRONG_GRANTS = frozenset({"implicit", "password"})


@question("oauth-described")
def oauth_described(api: LiveApi) -> Iterator[Answer]:
    """Does the description name issuer, authorization_endpoint, token_endpoint and jwks_uri? /oauth/discovery (RFC 8414)."""
    for exchange, told in _descriptions(api):
        missing = [name for name in _MEMBERS if not told.get(name)]
        yield Fault("probe.oauth-members", exchange=exchange, members=", ".join(missing)) if missing else None


@question("oauth-grants-offered")
def oauth_grants_offered(api: LiveApi) -> Iterator[Answer]:
    """Are the grants implicit and password not offered? /oauth/grants."""
    for exchange, told in _descriptions(api):
        wrong = sorted(_WRONG_GRANTS.intersection(_texts(told, "grant_types_supported")))
        yield Fault("probe.oauth-grants", exchange=exchange, grants=", ".join(wrong)) if wrong else None


@question("oauth-pkce-s256")
def oauth_pkce(api: LiveApi) -> Iterator[Answer]:
    """Is PKCE offered with S256, and not with plain? /oauth/pkce (RFC 7636)."""
    for exchange, told in _descriptions(api):
        methods = _texts(told, "code_challenge_methods_supported")
        right = "S256" in methods and "plain" not in methods
        yield None if right else Fault("probe.oauth-pkce", exchange=exchange, methods=", ".join(methods) or "-")


@question("oauth-private-key-jwt")
def oauth_private_key_jwt(api: LiveApi) -> Iterator[Answer]:
    """Can a client prove who it is with a key of its own (private_key_jwt)? /oauth/client-auth (RFC 7523)."""
    for exchange, told in _descriptions(api):
        methods = _texts(told, "token_endpoint_auth_methods_supported")
        right = "private_key_jwt" in methods
        yield None if right else Fault("probe.oauth-client-auth", exchange=exchange, methods=", ".join(methods) or "-")


def _descriptions(api: LiveApi) -> Iterator[tuple[Exchange, dict[str, Any]]]:
    """Yield what the authorisation servers say of themselves.

    Raises:
        CannotTell: one is on another host, or does not answer.
    """
    for scheme in api.view.security_schemes:
        if scheme.value.get("type") not in {"oauth2", "openIdConnect"}:
            continue
        url = scheme.value.get("openIdConnectUrl") or scheme.value.get("oauth2MetadataUrl")
        if not isinstance(url, str):
            raise CannotTell("probe.oauth-not-described", scheme=scheme.name)
        exchange = api.client.send("GET", url, purpose="oauth-described", authenticated=False)
        told = json_body(exchange)
        if unsure := doubt(exchange):
            raise CannotTell(unsure.message, **unsure.values)
        yield exchange, told if exchange.status == 200 and isinstance(told, dict) else {}


def _texts(told: dict[str, Any], name: str) -> list[str]:
    found = told.get(name)
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []
