"""How much may a run still ask of somebody else's server?"""

from __future__ import annotations

import math
import time
from threading import Lock

from apicheck.answers import CannotTell


class Budget:
    """The number of requests and the time, in seconds from now on, that probe and fuzz may use together. Safe in threads."""

    def __init__(self, max_requests: int | None = None, max_time: float | None = None) -> None:
        self._requests = math.inf if max_requests is None else max_requests
        self._end = math.inf if max_time is None else time.monotonic() + max_time
        self._lock = Lock()

    @property
    def requests_left(self) -> float:
        """Requests that may still be sent; infinite when no limit was given."""
        return self._requests

    @property
    def time_left(self) -> float:
        """Seconds that are left; infinite when no limit was given."""
        return max(0.0, self._end - time.monotonic())

    def spend(self) -> None:
        """Take one request out of the budget.

        Raises:
            CannotTell: the requests or the time are spent.
        """
        with self._lock:
            if self._requests < 1 or not self.time_left:
                raise CannotTell("errors.budget-spent")
            self._requests -= 1
