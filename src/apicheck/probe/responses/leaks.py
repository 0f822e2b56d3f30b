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

_PRODUCT_HEADERS = (
    "x-powered-by",
    "x-aspnet-version",
    "x-aspnetmvc-version",
    "x-generator",
    "x-runtime",
    "x-debug-token",
    "x-debug-token-link",
    "x-backend",
    "x-backend-server",
    "x-upstream",
    "x-served-by",
)
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
    r"|\b(?:sqlalchemy|sqlite3|django\.db|org\.hibernate|peewee|pymongo)\."
    r"|\b(?:ActiveRecord|Illuminate\\+Database|Doctrine\\+DBAL)(?:::|\\+)\w"
    r"|\b(?:Sequelize\w*Error|PrismaClient\w+|QueryFailedError|MongoServerError|EntityFramework)\b"
    r"|You have an error in your SQL syntax"
    r"|Unclosed quotation mark after the character string"
    r"|// Werkzeug Debugger</title>"
    r"|because you have <code>DEBUG = True</code>"
)
"""Stack traces, messages of databases and of what maps objects to them, and the pages of frameworks that run in debug mode."""
_SESSIONS = re.compile(r"^(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|laravel_session|connect\.sid|CFID|CFTOKEN)$", re.IGNORECASE)
"""Cookies by whose name a product is known."""
_AFFINITY = re.compile(r"^(?:BIGipServer|AWSALB|AWSELB|ROUTEID|ARRAffinity|SERVERID)", re.IGNORECASE)


@response_check("no-product-headers")
def no_product_headers(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Do the headers name no product with its version, no server behind the API, and no cookie that a product is known by?

    A bare name in Server (``nginx``) is harmless.
    """
    shown = [name for name in _PRODUCT_HEADERS if exchange.header(name) is not None]
    shown += [name for name in ("server", "via") if _VERSION.search((exchange.header(name) or "").replace("HTTP/", ""))]
    for name in shown:
        yield Fault(f"probe.product-header-{name}", exchange=exchange, everywhere=True, value=exchange.header(name))
    known = next((name for name in _cookies(exchange) if _SESSIONS.match(name)), None)
    if known:
        yield Fault("probe.product-cookie", exchange=exchange, everywhere=True, name=known)
    if not shown and not known:
        yield None


@response_check("no-stack-traces")
def no_stack_traces(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Do errors hold no stack trace, no message of a database and no word of what maps objects to it?"""
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
    names = _cookies(exchange)
    for name in names:
        kind = "affinity-cookie" if is_affinity(name) else "cookie"
        yield Fault(f"probe.{kind}", exchange=exchange, everywhere=True, name=name)
    if not names:
        yield None


def is_affinity(cookie: str) -> bool:
    """Say whether a cookie is that of a load balancer, by its name."""
    return _AFFINITY.match(cookie) is not None


def _cookies(exchange: Exchange) -> list[str]:
    return [value.partition("=")[0].strip() for name, value in exchange.headers if name.lower() == "set-cookie"]
