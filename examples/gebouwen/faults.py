"""Which faults can be planted in the example API?

Each takes the response as it should be and returns it as it should not be.
"""

from __future__ import annotations

from collections.abc import Callable

from werkzeug import Request, Response

Fault = Callable[[Request, Response], Response]

FAULTS: dict[str, Fault] = {}
