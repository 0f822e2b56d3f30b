"""Which questions can be put to an OpenAPI document?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from apicheck.answers import Answer, Registry
from apicheck.conform import Benchmark
from apicheck.openapi import View

check: Registry[Callable[[View], Iterator[Answer]]] = Registry()
"""The checks of this package by name. Each is a generator that yields one answer for every thing it examines."""

check_beside: Registry[Callable[[View, Benchmark | None], Iterator[Answer]]] = Registry()
"""Checks that lay another document beside that of the API, if one was given."""
