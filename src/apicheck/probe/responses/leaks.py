"""Do responses keep to themselves what the API is made of, and which session asked?

For /core/hide-implementation, /core/http-response-code and /core/stateless; none of these decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from apicheck.answers import Answer, Fault
from apicheck.model import Exchange
from apicheck.probe.live import LiveApi, named
from apicheck.probe.registry import response_check

_PRODUCT_HEADERS = ("x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator", "x-runtime")
_VERSION = re.compile(r"/\s?v?\d")
_TRACE = re.compile(
    r"Traceback \(most recent call last\)"
    r"|(?:\b|\\t)at (?:java|javax|jakarta|org|com|nl)\.[\w.$]+\("
    r"|\bSystem\.\w+(?:\.\w+)*Exception"
    r"|\bORA-\d{5}\b"
    r"|\bSQLSTATE\b"
    r"|\bPG::\w+"
    r"|\bpsycopg\d?\."
    r"|Whitelabel Error Page"
    r"|\bat [\w.<>]+ \((?:/|file:|node:)[^)\n]{1,200}:\d+:\d+\)"
)
_AFFINITY = re.compile(r"^(?:BIGipServer|AWSALB|AWSELB|ROUTEID|ARRAffinity|SERVERID)", re.IGNORECASE)


@response_check("no-product-headers")
def no_product_headers(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Do the headers name no product with its version?

    A bare name in Server (``nginx``) is harmless.
    """
    shown = [name for name in _PRODUCT_HEADERS if exchange.header(name) is not None]
    shown += [name for name in ("server", "via") if _VERSION.search((exchange.header(name) or "").replace("HTTP/", ""))]
    for name in shown:
        yield Fault(f"probe.product-header-{name}", exchange=exchange, everywhere=True, value=exchange.header(name))
    if not shown:
        yield None


@response_check("no-stack-traces")
def no_stack_traces(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Do errors hold no stack trace and no message of a database?"""
    if exchange.status is None or exchange.status < 400 or not exchange.body:
        return
    found = _TRACE.search(exchange.body.decode("utf-8", "replace"))
    if found:
        yield Fault("probe.stack-trace", exchange=exchange, request=named(exchange), status=exchange.status)
    else:
        yield None


@response_check("no-cookies")
def no_cookies(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Does the API ask nobody to keep a cookie?

    The cookie of a load balancer is told apart: it is no state of the API, but it does tie a client to a server.
    """
    names = [value.partition("=")[0].strip() for name, value in exchange.headers if name.lower() == "set-cookie"]
    for name in names:
        kind = "affinity-cookie" if _AFFINITY.match(name) else "cookie"
        yield Fault(f"probe.{kind}", exchange=exchange, everywhere=True, name=name)
    if not names:
        yield None
