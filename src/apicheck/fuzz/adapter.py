"""How is schemathesis made to do only what was agreed, and to leave no trace?

The door to the engine: what it is told, and the few places in the process that it needs changed while it runs. One run at a time;
afterwards everything is as it was found. A process of its own would see to that too, but then every exchange, the budget, an
interruption and an error of ours would have to be carried across.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final, cast

import requests
import schemathesis.core.hooks
import schemathesis.openapi
import schemathesis.transport.requests as engine_transport
from hypothesis import configuration, strategies
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.charmap import charmap_file
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from requests.structures import CaseInsensitiveDict
from schemathesis.checks import CHECKS, CheckContext, CheckFunction, load_all_checks
from schemathesis.config import OperationConfig, OperationsConfig, SchemathesisConfig
from schemathesis.config._dictionaries import ParameterDictionaryBinding
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine.context import EngineContext
from schemathesis.filters import HasAPIOperation
from schemathesis.generation.case import Case
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER, HookContext
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.formats import STRING_FORMATS, register_string_format, unregister_string_format
from schemathesis.specs.openapi.schemas import OpenApiSchema

from apicheck.fuzz.identity import Adapter, Identity
from apicheck.fuzz.known import OFTEN, Dictionaries
from apicheck.fuzz.terms import Terms
from apicheck.fuzz.wire import Wire
from apicheck.model import Exchange, Mode

SLOW: Final = 5.0
"""Seconds within which an answer is expected."""

_ONE_RUN = Lock()
_NAMES = strategies.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
_LINKS = strategies.builds("https://{}.invalid/{}".format, _NAMES, _NAMES)
_MAILBOXES = strategies.builds("{}@{}.example.org".format, _NAMES, _NAMES)
_FORMATS: Final = {
    # A server may follow a link, look up a host or send a mail: these lead nowhere and reach nobody (RFC 2606, RFC 6761).
    **dict.fromkeys(("uri", "uri-reference", "iri", "iri-reference"), _LINKS),
    **dict.fromkeys(("hostname", "idn-hostname"), _NAMES.map("{}.invalid".format)),
    **dict.fromkeys(("email", "idn-email"), _MAILBOXES),
    # The engine does not know these two of the OpenAPI Format Registry.
    "time-local": strategies.times().map(lambda time: time.isoformat()),
    "date-time-local": strategies.datetimes().map(lambda moment: moment.isoformat()),
}


@contextmanager
def isolated() -> Iterator[None]:
    """Keep what the engine reads, writes and registers apart from the user's; one run at a time."""
    with (
        _ONE_RUN,
        TemporaryDirectory(prefix="apicheck-") as folder,
        _replaced(configuration, "__hypothesis_home_directory", Path(folder)),
        _replaced(schemathesis.core.hooks, "load_from_env", lambda: None),
        # Hypothesis likes to try constants that it finds in the code around it: ours, and other ones after every change of it.
        _replaced(providers, "_get_local_constants", Constants),
        _replaced(providers, "CONSTANTS_CACHE", LRUCache(1024)),
        _formats(),
        _credentials_asked_once(),
    ):
        _tell_what_utf_8_encodes()
        yield


class _Bound(OperationsConfig):
    """Has single operations draw from dictionaries. In the settings this would be looked for, and merged, anew for every case."""

    def __init__(self, bound: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__()
        self._bound = {
            operation: OperationConfig(parameters={key: ParameterDictionaryBinding(name, OFTEN) for key, name in names.items()})
            for operation, names in bound.items()
        }

    def get_for_operation(self, operation: APIOperation[Any, Any, Any, Any]) -> OperationConfig:
        """Return what holds for one operation."""
        return self._bound.get(operation.label) or super().get_for_operation(operation)


def load(tree: dict[str, Any], terms: Terms, known: Dictionaries) -> OpenApiSchema:
    """Return the operations of a document that may be tested. To be called while isolated.

    Args:
        tree: the document, as the engine may read it.
        terms: what was agreed.
        known: values that operations are known to take.

    Raises:
        Exception: the engine cannot do anything with this document.
    """
    leave = terms.allowed
    own = {"User-Agent": terms.user_agent, "Accept-Encoding": "identity"}
    config = SchemathesisConfig.from_dict(
        {
            "base-url": terms.base_url,
            # The engine takes ${NAME} for a variable of the environment, and $${NAME} for what it says.
            "headers": {name: value.replace("${", "$${") for name, value in {**own, **dict(terms.headers)}.items()},
            "seed": terms.seed,
            "workers": 1,
            "request-timeout": terms.request_timeout,
            "max-redirects": 0,
            "continue-on-failure": True,
            "suppress-health-check": ["all"],
            "analysis": {"constants": {"enabled": False}},
            "auth": {"auto-signup": False, **Identity(terms.keyring).told},
            "cache": {"enabled": False},
            "generation": {"database": "none", "no-shrink": True},
            "phases": {"coverage": {"unexpected-methods": []} if leave.mode is not Mode.FULL else {}},
            "checks": {
                "max_response_time": SLOW,
                "use_after_free": {"enabled": False},
                "ensure_resource_availability": {"enabled": False},
            },
            "dictionaries": {name: {"values": list(values)} for name, values in known.entries.items()},
        }
    )
    schema = schemathesis.openapi.from_dict(tree, config=config)
    schema.config.operations = _Bound(known.bound)
    if leave.mode is Mode.FULL:
        return schema

    def left_out(one: HasAPIOperation) -> bool:
        return not leave.worth_trying(one.operation.method.upper(), one.operation.path)

    return cast("OpenApiSchema", schema.exclude(left_out))


def again(wire: Wire, exchange: Exchange) -> Exchange | None:
    """Send once more, on a connection of its own, what an exchange sent; None when it may not or cannot be sent."""
    exchange = wire.on_own(exchange)
    request = requests.Request(exchange.method, exchange.url).prepare()
    request.url = exchange.url  # as it went, whatever requests would make of it
    request.headers = CaseInsensitiveDict(exchange.request_headers)
    request.body = exchange.request_body or None
    with _Session() as session:
        return wire.again(session.send, request, exchange)


@contextmanager
def connected(wire: Wire) -> Iterator[None]:
    """Let every request of the engine go through a wire."""
    session = _session(wire)
    with (
        _replaced(engine_transport, "ManagedCookiesSession", session),
        _replaced(engine_transport, "SameHostRedirectsSession", session),
        # The engine makes all edges of an operation before it sends the first, until this says that the share of time is spent.
        _replaced(EngineContext, "is_operation_slice_expired", property(lambda _: wire.has_enough_to_send())),
        _hooks(wire),
    ):
        yield


class _Session(engine_transport.ManagedCookiesSession):
    """Follows nothing, and takes no proxy or password from the environment."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.mount("https://", Adapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere: the redirect is the answer."""
        return None


def _session(wire: Wire) -> type[requests.Session]:
    class Wired(_Session):
        """Cannot send but through the wire."""

        def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
            return wire.send(super().send, request, options)

    return Wired


def _tell_what_utf_8_encodes() -> None:
    """Everything but surrogates (RFC 3629 §3). Given an empty folder, Hypothesis tries every character: seconds of work."""
    file = charmap_file("codec-v2-utf-8")
    file.parent.mkdir(parents=True)
    encodable, not_back = [(0, 0xD7FF), (0xE000, 0x10FFFF)], list[tuple[int, int]]()
    with gzip.open(file, "wt") as cache:
        json.dump([encodable, not_back], cache)


@contextmanager
def _hooks(wire: Wire) -> Iterator[None]:
    """Tell the wire which operation has its turn: when a case is made, and again when it is sent, to where the wire leads it.

    The engine calls ``before_call`` of the whole process only, not of one schema.
    """

    def filter_case(_: HookContext, case: Case[Any]) -> bool:
        wire.preparing(case.operation.label)
        return True

    def before_call(_: HookContext, case: Case[Any], __: dict[str, Any]) -> None:
        wire.sending(case.operation.label)
        if led := wire.led(case.operation.label):
            case.path_parameters = {**case.path_parameters, **led}

    hooks = (filter_case, before_call)
    for hook in hooks:
        GLOBAL_HOOK_DISPATCHER.register_hook_with_name(hook, hook.__name__)
    try:
        yield
    finally:
        for hook in hooks:
            GLOBAL_HOOK_DISPATCHER.unregister(hook)


@contextmanager
def _formats() -> Iterator[None]:
    """Have our formats made instead of the engine's; it adds one of its own when it finds that NUL is not accepted."""
    found = dict(STRING_FORMATS)
    for name, strategy in _FORMATS.items():
        register_string_format(name, strategy)
    try:
        yield
    finally:
        for name in list(STRING_FORMATS):
            unregister_string_format(name)
        STRING_FORMATS.update(found)


@contextmanager
def _credentials_asked_once() -> Iterator[None]:
    """Have an operation that answers strangers found out once: the engine asks again, twice, after each of its good answers."""
    load_all_checks()
    found = cast("CheckFunction", CHECKS.get_one("ignored_auth"))
    open_to_all: set[str] = set()

    @wraps(found)
    def ignored_auth(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
        if case.operation.label in open_to_all:
            return True  # passed over
        try:
            return found(ctx, response, case)
        except Failure:
            open_to_all.add(case.operation.label)
            raise

    CHECKS.register(ignored_auth)
    try:
        yield
    finally:
        CHECKS.register(found)


@contextmanager
def _replaced(owner: object, name: str, value: object) -> Iterator[None]:
    found = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, found)
