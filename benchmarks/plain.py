"""How many requests does plain schemathesis send?

Run as a script it is ``schemathesis`` itself, and prints at the end how often it sent something, what its checks send included.
"""

from __future__ import annotations

import atexit
import sys
from typing import Any

import requests
from schemathesis.cli import schemathesis

SENT = "requests sent:"


class _Counter:
    sent = 0


def _count() -> None:
    send = requests.Session.send

    def counted(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        _Counter.sent += 1
        return send(self, request, **options)

    requests.Session.send = counted  # type: ignore[method-assign]  # to count is all that this is for
    atexit.register(lambda: print(SENT, _Counter.sent, file=sys.stderr))


if __name__ == "__main__":
    _count()
    schemathesis()
