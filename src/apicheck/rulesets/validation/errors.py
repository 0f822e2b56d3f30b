"""What does a validator of JSON Schema say of a value that is not valid?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Way = tuple[str | int, ...]
"""The keys and indexes that lead from a value to a part of it."""


@dataclass(slots=True)
class Error:
    """One keyword that a part of a value does not satisfy. ``schema`` is the object that the keyword stands in."""

    keyword: str
    way: Way
    message: str
    schema: Any
    params: Mapping[str, Any] = field(default_factory=dict)
