"""Which questions can be put to a live API, and which to each of its responses?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from apicheck.answers import Answer, Registry
from apicheck.model import Exchange
from apicheck.probe.live import LiveApi

question: Registry[Callable[[LiveApi], Iterator[Answer]]] = Registry()
"""Targeted questions by name. Each sends requests of its own and yields one answer for every thing it examines."""

response_check: Registry[Callable[[Exchange, LiveApi], Iterator[Answer]]] = Registry()
"""What is asked of every exchange, whoever sent it; an exchange that is beside the question yields no answer."""
