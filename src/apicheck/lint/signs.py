"""Does the document show that a module applies, of which the rules cannot be decided by a document?

Each of these looks for signs. One sign makes the answer "cannot tell", so that the rule stays open until the vendor declares;
without any, the module does not apply. A sign never decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.answers import Answer, Unsure
from apicheck.lint.modules import OTHER_SIGNATURE, SIGNATURE_OF_MODULE
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.lint.responses import without_parameters
from apicheck.lint.servers import urls
from apicheck.openapi import View

_SIGNATURES = SIGNATURE_OF_MODULE | OTHER_SIGNATURE
_ENCRYPTED = frozenset({"application/jose+json", "application/jose", "application/pkcs7-mime"})
_FSC_PORT = ":8443"


@check("signatures-used")
def signatures_used(api: View) -> Iterator[Answer]:
    """Is there no header for a signature, so that the signing module does not apply? /signing."""
    yield from _doubt(name for name in _header_names(api) if name.lower() in _SIGNATURES)


@check("encryption-used")
def encryption_used(api: View) -> Iterator[Answer]:
    """Is there no media type for encrypted content, so that the encryption module does not apply? /encryption/jwe."""
    names = (without_parameters(media_type.name) for media_type in api.media_types)
    yield from _doubt(name for name in names if name in _ENCRYPTED)


@check("tokens-used")
def tokens_used(api: View) -> Iterator[Answer]:
    """Is there no OAuth 2.0 or OpenID Connect, so that the profile for it does not apply? /oauth."""
    yield from _doubt(scheme.name for scheme in api.security_schemes if scheme.value.get("type") in {"oauth2", "openIdConnect"})


@check("fsc-used")
def fsc_used(api: View) -> Iterator[Answer]:
    """Is there no sign of Federated Service Connectivity: its headers, its management port, or its name? /fsc."""
    yield from _doubt(name for name in _header_names(api) if name.lower().startswith("fsc-"))
    addresses = (url.text for server in api.servers for url in urls(server))
    yield from _doubt(address for address in addresses if split_port(address) == _FSC_PORT)
    yield from _doubt(word for word in ("FSC", "Federated Service Connectivity") if word in _told(api))


@check("digikoppeling-used")
def digikoppeling_used(api: View) -> Iterator[Answer]:
    """Is there no sign of Digikoppeling: a client certificate that is asked for, or its name? /digikoppeling."""
    yield from _doubt(scheme.name for scheme in api.security_schemes if scheme.value.get("type") == "mutualTLS")
    yield from _doubt(word for word in ("Digikoppeling",) if word in _told(api))


@check("events-used")
def events_used(api: View) -> Iterator[Answer]:
    """Is there no event as CloudEvents describes it, so that the profile for it does not apply? /cloudevents."""
    events = (schema for schema in api.schemas if "specversion" in mapping(schema.value.get("properties")))
    yield from _doubt(schema.name or "specversion" for schema in events)


def split_port(address: str) -> str:
    """Return the port of an address with its colon; empty when it names none."""
    authority = address.partition("://")[2].partition("/")[0].rpartition("@")[2]
    found = authority.rpartition("]")[2] if authority.startswith("[") else authority
    return found[found.index(":") :] if ":" in found else ""


def _header_names(api: View) -> Iterator[str]:
    yield from (header.name for header in api.headers)
    yield from (parameter.name for parameter in api.parameters if parameter.location == "header")


def _told(api: View) -> str:
    return " ".join(str(api.info.get(key) or "") for key in ("title", "description"))


def _doubt(signs: Iterator[str]) -> Iterator[Unsure]:
    sign = next(signs, None)
    if sign:
        yield Unsure("lint.module-applies", sign=sign)
