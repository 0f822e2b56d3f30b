"""What will be asked of a running API, and what will not?

Worked out before the first request, so that whoever gives leave sees it, and so that a report can say what was agreed.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from apicheck import consent
from apicheck.credentials import Demand, Keyring
from apicheck.errors import TargetRefused
from apicheck.leave import HARMLESS, Leave, removable
from apicheck.model import Consent, Mode, Scope, Text, Unreached
from apicheck.openapi import Operation, View
from apicheck.plan import Plan
from apicheck.words import say

_UNDOCUMENTED: Final = {
    Mode.READ_ONLY: HARMLESS,
    Mode.SAFE_WRITE: HARMLESS,
    Mode.FULL: HARMLESS | {"DELETE", "PATCH", "POST", "PUT", "QUERY"},
}
"""The methods that are tried whether or not the document has them, to see what the API says to one that it has not."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is agreed about the live part of a run: what may be sent, who we are, what it comes to, and who gave consent."""

    leave: Leave
    keyring: Keyring
    scope: Scope
    consent: Consent | None
    secured: tuple[str, ...] = ()
    """The operations that ask for credentials, by name."""


def agree(plan: Plan, api: View) -> Agreed | None:
    """Return what is agreed, before anything is sent; None when there is no running API to test.

    Raises:
        TargetRefused: the run may write, and there is no consent for it or the document calls the host production; the
            credentials cannot be used; or the host is a name for an address that is link-local.
    """
    if plan.base_url is None:
        return None
    given = consent.read(plan.consent, plan.base_url) if plan.consent else None
    if plan.mode is not Mode.READ_ONLY:
        if given is None:
            raise TargetRefused("consent-missing")
        consent.refuse_production(api.servers, plan.base_url)
    leave = _leave(api.operations, plan.base_url, plan.mode)
    keyring = keyring_for(plan, api)
    scope = scope_of(api.operations, plan.base_url, leave, schemes=keyring.names, token_hosts=keyring.token_hosts)
    _refuse_link_local(scope)
    return Agreed(leave, keyring, scope, given, _secured(api))


def keyring_for(plan: Plan, api: View) -> Keyring:
    """Return the credentials of a run, with what the document asks for each operation.

    Raises:
        TargetRefused: a file with a key, or a scheme, cannot be used.
    """
    default = _alternatives(api.document.root.get("security"))
    return Keyring(
        plan.auth,
        base_url=plan.base_url or "",
        demands=[
            Demand(
                operation.method.upper(),
                operation.path,
                _alternatives(operation.value["security"]) if "security" in operation.value else default,
            )
            for operation in api.operations
        ],
        default=default,
        defined={scheme.name: scheme.value for scheme in api.security_schemes},
        ca=plan.ca,
    )


def _secured(api: View) -> tuple[str, ...]:
    default = api.document.root.get("security")
    asked = {operation.name: _alternatives(operation.value.get("security", default)) for operation in api.operations}
    return tuple(name for name, options in asked.items() if options and all(options))


def _alternatives(security: object) -> tuple[dict[str, tuple[str, ...]], ...]:
    """Return security requirements as they are meant (OAS 3.0.4, 4.8.30); what is none, is left out."""
    return tuple(
        {str(name): tuple(map(str, scopes)) if isinstance(scopes, list) else () for name, scopes in option.items()}
        for option in (security if isinstance(security, list) else ())
        if isinstance(option, dict)
    )


def _refuse_link_local(scope: Scope) -> None:
    """Refuse a name that stands for a link-local address (RFC 3927, RFC 4291 §2.5.6), where clouds hand out keys.

    Who means such an address, names the address. Other private addresses are told and not refused: that is where test
    environments live.
    """
    for address in scope.addresses:
        plain = address.partition("%")[0]
        if ip_address(plain).is_link_local and plain not in scope.host:
            raise TargetRefused("target-link-local", host=scope.host, address=address)


def _leave(operations: Iterable[Operation], base_url: str, mode: Mode) -> Leave:
    return Leave(base_url, mode, removable((operation.method.upper(), operation.path) for operation in operations))


def scope_of(
    operations: Iterable[Operation], base_url: str, leave: Leave, *, schemes: Iterable[str] = (), token_hosts: Iterable[str] = ()
) -> Scope:
    """Return what a run may ask. Looks the host up and sends nothing to it."""
    asked, left_out = [], []
    for operation in operations:
        reason = _reason(operation, leave)
        if reason is None:
            asked.append(operation)
        else:
            left_out.append(Unreached(operation=operation.name, reason=reason))
    addresses = _addresses(base_url)
    return Scope(
        host=urlsplit(base_url).netloc,
        addresses=addresses,
        private=any(not ip_address(address.partition("%")[0]).is_global for address in addresses),
        methods=tuple(sorted(_UNDOCUMENTED[leave.mode] | {operation.method.upper() for operation in asked})),
        operations=len(asked),
        left_out=tuple(left_out),
        schemes=tuple(schemes),
        token_hosts=tuple(token_hosts),
    )


def _reason(operation: Operation, leave: Leave) -> Text | None:
    method = operation.method.upper()
    if leave.worth_trying(method, operation.path):
        return None
    return say(f"scope.left-out-{leave.mode}", method=method)


def _addresses(base_url: str) -> tuple[str, ...]:
    """Return the addresses that the host stands for now; none when it has none, which the first request will tell."""
    parts = urlsplit(base_url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or parts.scheme, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(sorted({str(address[0]) for *_, address in found}))
