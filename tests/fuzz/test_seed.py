"""Does the same seed send the same requests, and another seed others?"""

from __future__ import annotations

import os
import subprocess
import sys

from apicheck.model import Mode
from tests.fuzz.api import Api, Request, fuzzed, serving

Sent = tuple[str, str, tuple[tuple[str, str], ...], bytes]


def sent(api: Api) -> list[Sent]:
    """Return every request as it came in; the host has another port each time."""

    def shown(request: Request) -> Sent:
        headers = tuple((name, value) for name, value in request.headers.items() if name != "host")
        return request.method, request.target, headers, request.body

    return [shown(request) for request in api.requests]


def requests_of(seed: int, mode: Mode = Mode.READ_ONLY, requests: int = 80) -> list[Sent]:
    with serving() as api:
        fuzzed(api.url, requests=requests, seed=seed, mode=mode)
        return sent(api)


def test_the_same_seed_sends_the_same_requests() -> None:
    assert requests_of(1) == requests_of(1)
    assert requests_of(1, Mode.FULL) == requests_of(1, Mode.FULL)


def test_another_seed_sends_others() -> None:
    assert requests_of(1) != requests_of(2)


def test_so_it_does_in_another_process() -> None:
    script = "from tests.fuzz.test_seed import requests_of; print(requests_of(1))"
    environments = [{**os.environ, "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    first, second = (
        subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True).stdout
        for environment in environments
    )
    assert first == second
