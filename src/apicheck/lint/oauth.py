"""Is access described as the NL GOV assurance profile for OAuth 2.0 asks, as far as a document can tell?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, Fault
from apicheck.lint.nodes import mapping, sequence
from apicheck.lint.registry import check
from apicheck.openapi import Operation, SecurityScheme, View

_ALLOWED = frozenset({"authorizationCode", "clientCredentials"})
_ADDRESSES = frozenset({"authorizationUrl", "tokenUrl", "refreshUrl", "openIdConnectUrl"})
_TOKENS = frozenset({"oauth2", "openIdConnect"})
_IN_QUERY = frozenset({"access_token", "token", "bearer"})


@check("oauth-flows-allowed")
def oauth_flows_allowed(api: View) -> Iterator[Answer]:
    """Are the flows those of the profile: authorisation code and client credentials, never implicit or password? /oauth/grants."""
    for scheme in _schemes(api, "oauth2"):
        for flow in mapping(scheme.value.get("flows")):
            if flow in _ALLOWED:
                yield None
            else:
                at = scheme.place.child("flows", flow)
                yield Fault("lint.oauth-flow", at=at, used_by=scheme.used_by, scheme=scheme.name, flow=flow)


@check("oauth-endpoints-secure")
def oauth_endpoints_secure(api: View) -> Iterator[Answer]:
    """Is every address where a token is asked for or described reached by TLS? /oauth/tls."""
    for scheme in api.security_schemes:
        holders = [(scheme.place, scheme.value)]
        holders += [(scheme.place.child("flows", name), mapping(flow)) for name, flow in mapping(scheme.value.get("flows")).items()]
        for place, holder in holders:
            for key in _ADDRESSES & holder.keys():
                url = str(holder[key])
                secure = "://" not in url or url.lower().startswith("https://")
                yield None if secure else Fault("lint.authorization-without-tls", at=place.child(key), url=url)


@check("tokens-in-header")
def tokens_in_header(api: View) -> Iterator[Answer]:
    """Where tokens are used, does no operation take one in the query? /oauth/header, API-13."""
    if not any(scheme.value.get("type") in {*_TOKENS, "http"} for scheme in api.security_schemes):
        return
    for operation in api.operations:
        in_query = [parameter for parameter in operation.parameters if parameter.location == "query"]
        token = next((parameter for parameter in in_query if parameter.name.lower() in _IN_QUERY), None)
        if token:
            yield Fault("lint.token-in-query", at=token.place, used_by=[operation.name], name=token.name)
        else:
            yield None


@check("scopes-required")
def scopes_required(api: View) -> Iterator[Answer]:
    """Does every operation that asks for a token say which scopes it needs? /oauth/scopes, /cg/4b2."""
    token_schemes = {scheme.name for scheme in api.security_schemes if scheme.value.get("type") in _TOKENS}
    for operation in api.operations:
        demands = [demand for demand in effective_security(api, operation) if token_schemes & demand.keys()]
        bare = any(not demand[name] for demand in demands for name in token_schemes & demand.keys())
        if bare:
            yield Fault("lint.scopes-missing", at=operation.place, used_by=operation.used_by, request=operation.name)
        elif demands:
            yield None


def effective_security(api: View, operation: Operation) -> list[dict[str, Any]]:
    """Return the Security Requirement Objects in force for an operation: its own, else those of the document (OAS)."""
    own = operation.value.get("security", api.document.root.get("security"))
    return [demand for demand in sequence(own) if isinstance(demand, dict)]


def _schemes(api: View, kind: str) -> Iterator[SecurityScheme]:
    return (scheme for scheme in api.security_schemes if scheme.value.get("type") == kind)
