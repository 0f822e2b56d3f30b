"""How is the example API asked, over real HTTP?"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from apicheck.demo import PlantedFault, planted_faults, running_example

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def faults() -> dict[str, PlantedFault]:
    return {fault.name: fault for fault in planted_faults()}


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Ask the good API; a path starts below its base URL."""
    with running_example() as example, httpx.Client(base_url=example.base_url) as client:
        yield client.request


@pytest.fixture
def ask_with(faults: dict[str, PlantedFault]) -> Iterator[Callable[..., Ask]]:
    """Start the API with the faults of these names, and ask that."""
    with ExitStack() as stack:

        def start(*names: str) -> Ask:
            example = stack.enter_context(running_example([faults[name] for name in names]))
            return stack.enter_context(httpx.Client(base_url=example.base_url)).request

        yield start
