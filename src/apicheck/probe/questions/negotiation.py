"""Does the API answer in a form that it has, whatever form is asked for? For /core/http-response-code."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from apicheck.answers import Answer, Fault
from apicheck.probe.live import LiveApi, doubt
from apicheck.probe.registry import question

_NO_FORM = "application/x-apicheck"
_MOST = 5
"""Operations that are tried."""


@question("unknown-form-refused")
def unknown_form_refused(api: LiveApi) -> Iterator[Answer]:
    """Is a form that does not exist refused with 406, or another one given? RFC 9110 §12.4.1 allows both.

    A fault is an answer that says it has that form, and one that breaks down. It is an error that few APIs forget, and that
    nothing else provokes, for the checks on errors to see.
    """
    for reached in islice(api.reached.values(), _MOST):
        exchange = api.again(reached, "unknown-form-refused", headers=[("Accept", _NO_FORM)])
        status, name = exchange.status or 0, reached.operation.name
        if exchange.media_type == _NO_FORM or status == 500:
            kind = "given" if status < 400 else "server-error"
            yield Fault(f"probe.unknown-form-{kind}", exchange=exchange, request=name, status=status)
        else:
            yield doubt(exchange)
