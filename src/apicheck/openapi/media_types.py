"""What does the name of a media type tell of its contents?"""

from __future__ import annotations


def is_json(media_type: str) -> bool:
    """Say whether a media type, with or without parameters, is JSON (RFC 6839, 3.1)."""
    name = media_type.partition(";")[0].strip().lower()
    return name == "application/json" or name.endswith("+json")
