"""How is a node of a stranger's document taken for what it should be, without trusting that it is?"""

from __future__ import annotations

from typing import Any

LONGEST = 100_000
"""Characters of a text that a hint looks at."""


def mapping(node: Any) -> dict[str, Any]:
    """Return an object as it is, and anything else as an empty one."""
    return node if isinstance(node, dict) else {}


def sequence(node: Any) -> list[Any]:
    """Return an array as it is, and anything else as an empty one."""
    return node if isinstance(node, list) else []


def strings(node: Any) -> list[str]:
    """Return the strings of an array, or a string by itself."""
    return [one for one in (node if isinstance(node, list) else [node]) if isinstance(one, str)]


def opening(text: Any) -> str:
    """Return the part of a text that a hint looks at: what it looks for stands early, and a text may hold megabytes."""
    return text[:LONGEST] if isinstance(text, str) else ""
