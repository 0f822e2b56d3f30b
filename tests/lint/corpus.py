"""Which real documents are there to test with, and what did the official linter find in them?"""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("APICHECK_SHARED", Path(__file__).parents[3] / "shared"))
CORPUS = SHARED / "corpus"
ABSENT = f"the corpus is not at {CORPUS}; set APICHECK_SHARED to the folder that holds it"


def documents(collection: str) -> Iterator[tuple[str, Path]]:
    """Yield the name and the entry file of every document of a collection."""
    with (CORPUS / collection / "index.tsv").open(encoding="utf-8") as index:
        for row in csv.reader(index, delimiter="\t"):
            path = CORPUS / collection / row[1]
            if path.is_file():
                yield row[0], path


def official(collection: str, name: str) -> list[dict[str, Any]]:
    """Return what Spectral found with the official ruleset; [] where it found nothing or broke down."""
    path = CORPUS / "oracle" / "spectral-adr22" / f"{collection}.{name}.json"
    packed = path.with_name(path.name + ".gz")
    text = gzip.decompress(packed.read_bytes()).decode() if packed.exists() else path.read_text("utf-8") if path.exists() else ""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return found if isinstance(found, list) else []
