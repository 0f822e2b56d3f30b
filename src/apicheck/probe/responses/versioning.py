"""Does every response tell which version of the API answered, as /core/version-header asks?

Read so that every response in the base path counts, those to requests for a path or method that the API does not have
included. What comes from something in front of the API may lack the header (rationale of the rule), so that is a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.probe.live import LiveApi, named
from apicheck.probe.registry import response_check


@response_check("version-header-on-success")
def version_header_on_success(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Does every response below 400 hold one API-Version, equal to ``info.version``?"""
    if exchange.status is not None and exchange.status < 400:
        yield _version(exchange, api)


@response_check("version-header-on-errors")
def version_header_on_errors(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Does every error that the API itself sends hold one API-Version, equal to ``info.version``?"""
    if exchange.status is None or exchange.status < 400:
        return
    if exchange.header("api-version") is None and api.may_be_intermediary(exchange):
        yield Unsure("probe.version-header-perhaps-intermediary", request=named(exchange), status=exchange.status)
    else:
        yield _version(exchange, api)


@response_check("version-header-without-prefix")
def version_header_without_prefix(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Is the header called API-Version, without a prefix such as ``X-``?"""
    prefixed = exchange.header("x-api-version")
    if prefixed is not None:
        yield Fault("probe.version-header-prefixed", exchange=exchange, everywhere=True, value=prefixed)
    elif exchange.header("api-version") is not None:
        yield None


def _version(exchange: Exchange, api: LiveApi) -> Fault | None:
    values = [value.strip() for name, value in exchange.headers if name.lower() == "api-version"]
    about: dict[str, Any] = {
        "request": named(exchange),
        "status": exchange.status,
        "value": ", ".join(values),
        "version": api.version,
    }
    if not values:
        return Fault("probe.version-header-missing", exchange=exchange, everywhere=not api.tells_version, **about)
    if len(values) > 1:
        return Fault("probe.version-header-repeated", exchange=exchange, **about)
    if api.version and values[0] != api.version:
        return Fault("probe.version-header-differs", exchange=exchange, **about)
    return None
