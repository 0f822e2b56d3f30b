"""Do the headers of Federated Service Connectivity have the form that its standard lays down?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from apicheck.answers import Answer, Fault
from apicheck.model import Exchange
from apicheck.probe.live import LiveApi, named
from apicheck.probe.registry import response_check

_UUID_7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_ERROR_CODE = re.compile(r"[A-Z][A-Z0-9_]+")


@response_check("fsc-transaction-id")
def fsc_transaction_id(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Is the number of a transaction a UUID of version 7? /fsc/transaction-id (RFC 9562 §5.7)."""
    value = exchange.header("fsc-transaction-id")
    if value is not None:
        right = _UUID_7.fullmatch(value)
        yield None if right else Fault("probe.fsc-transaction-id", exchange=exchange, everywhere=True, value=value)


@response_check("fsc-error-code")
def fsc_error_code(exchange: Exchange, _api: LiveApi) -> Iterator[Answer]:
    """Is the code of an error that a component of FSC gives one word in capitals, on an error? /fsc/error-code."""
    value = exchange.header("fsc-error-code")
    if value is not None and exchange.status is not None:
        right = _ERROR_CODE.fullmatch(value) and exchange.status >= 400
        about: dict[str, Any] = {"request": named(exchange), "status": exchange.status, "value": value}
        yield None if right else Fault("probe.fsc-error-code", exchange=exchange, **about)
