"""Is the traffic protected as the chapter on transport security asks?"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.answers import Answer, Fault
from apicheck.lint.lexicon import tokens, words
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.lint.servers import LOOPBACK, Url, split, urls
from apicheck.model import Place
from apicheck.openapi import View

_AUTHORIZATION = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl", "openIdConnectUrl", "oauth2MetadataUrl")
_SECURE = frozenset({"https", "wss"})


@check("https-servers")
def https_servers(api: View) -> Iterator[Answer]:
    """Does every server, and every address to get a token from, use TLS? /core/transport/tls.

    A relative URL has the scheme the document itself was fetched with; from a file it tells nothing. An address of the machine
    itself (localhost) crosses no network.
    """
    fetched = split(api.document.source.url or "")
    for server in api.servers:
        answers = [url if url.scheme else url._replace(scheme=fetched.scheme) for url in urls(server)]
        examined = [url for url in answers if url.scheme and url.host not in LOOPBACK]
        insecure = next((url for url in examined if url.scheme not in _SECURE), None)
        if insecure:
            yield Fault("lint.server-without-tls", at=server.place.child("url"), used_by=server.used_by, url=insecure.text)
        elif examined:
            yield None
    for place, url in _authorization_urls(api):
        if url.scheme and url.host not in LOOPBACK:
            yield None if url.scheme in _SECURE else Fault("lint.authorization-without-tls", at=place, url=url.text)


@check("api-key-not-in-query")
def api_key_not_in_query(api: View) -> Iterator[Answer]:
    """Does no API key travel in the URI, where logs keep it? /core/transport/no-sensitive-uris."""
    for scheme in api.security_schemes:
        if scheme.value.get("type") != "apiKey":
            continue
        if scheme.value.get("in") == "query":
            yield Fault("lint.api-key-in-query", at=scheme.place, name=scheme.value.get("name", scheme.name))
        else:
            yield None


@check("sensitive-names")
def sensitive_names(api: View) -> Iterator[Answer]:
    """Does no path or query parameter have a name that speaks of secrets or of a person? /core/transport/no-sensitive-uris.

    A hint: what a parameter holds is not proved by its name, and public registers may have such parameters by law.
    """
    secret, personal = words("secret-names"), words("personal-names")
    for parameter in api.parameters:
        if parameter.location not in {"path", "query"}:
            continue
        name = "".join(tokens(parameter.name))
        if name in secret:
            yield Fault("lint.secret-in-uri", at=parameter.place, used_by=parameter.used_by, name=parameter.name)
        elif name in personal:
            yield Fault("lint.personal-in-uri", at=parameter.place, used_by=parameter.used_by, name=parameter.name)
        else:
            yield None


def _authorization_urls(api: View) -> Iterator[tuple[Place, Url]]:
    """The addresses of OAuth 2.0 and OpenID Connect, with the place where each stands."""
    for scheme in api.security_schemes:
        holders = {scheme.place: scheme.value}
        holders |= {scheme.place.child("flows", name): mapping(flow) for name, flow in mapping(scheme.value.get("flows")).items()}
        for place, holder in holders.items():
            yield from ((place.child(key), split(holder[key])) for key in _AUTHORIZATION if isinstance(holder.get(key), str))
