"""How is a form written that a person fills in, and how is it read back?

A form is YAML with comments, since people write in it by hand. What it is made from may come from a stranger: no text can break
out of its comment or its quotes.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from textwrap import wrap
from typing import TypeVar

import yaml_rs

from apicheck.model import Frozen, Signatory
from apicheck.words import visible

LARGEST = 1_000_000
"""Bytes of a form. One with every rule answered at length is a tenth of that."""
MOST_ALIASED = 1_000
"""YAML nodes that aliases may repeat in all."""
WIDTH = 110
"""Characters of a line of a comment."""

Form = TypeVar("Form", bound=Frozen)


def read(file: Path, kind: type[Form]) -> tuple[Form, str]:
    """Return a form and the SHA-256 of its bytes.

    Raises:
        OSError: the file cannot be read, or is larger than a form can be.
        ValueError: it is not as the form was.
    """
    if file.stat().st_size > LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    data = file.read_bytes()
    limits = yaml_rs.AliasLimits(max_total_replayed_events=MOST_ALIASED)
    loaded: object = yaml_rs.loads(data.decode("utf-8"), parse_datetime=False, alias_limits=limits)
    return kind.model_validate(loaded), sha256(data).hexdigest()


def comment(text: str, indent: str = "") -> Iterator[str]:
    """Yield a text as lines of a comment."""
    for line in text.splitlines():
        yield from (f"{indent}# {part}" for part in wrap(visible(line, 5_000), WIDTH) or ("",))


def quoted(text: str) -> str:
    """Return a text as one value on one line: a string in JSON is one in YAML 1.2, whatever is in it."""
    return json.dumps(text)


def signatory(field: str) -> Iterator[str]:
    """Yield the lines in which somebody signs."""
    yield f"{field}:"
    yield from (f'  {name}: ""' for name in Signatory.model_fields)
