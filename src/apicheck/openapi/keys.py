"""Which string stands for a YAML key that is none?"""

from __future__ import annotations

import json


def key_text(key: object) -> str:
    """Return the key as JSON would have it: ``200`` is "200", ``true`` is "true", ``null`` is "null"."""
    if isinstance(key, str):
        return key
    if isinstance(key, float) and key.is_integer():
        return str(int(key))
    if key is None or isinstance(key, bool | int | float):
        return json.dumps(key)
    return str(key)
