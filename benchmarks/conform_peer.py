"""Prints what another tool says of the same changes as ``benchmarks.conform``: openapi-diff, from npm.

Name its program in APICHECK_PEERS, the folder with ``openapi-diff``. It reads OpenAPI 3.0 in one file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from apicheck.conform.compare import compare
from apicheck.conform.difference import Effect
from benchmarks.conform import changes, parsed, whole
from tests.lint.corpus import documents

SAMPLE = (
    "vng-referentielijsten-api",
    "maykin-objecttypes",
    "maykin-open-vtb-berichten",
    "minbzk-moza-notificatie",
    "hc-reisdocumenten",
)
"""Documents of different makers, small enough to start another program for each change."""


def main() -> None:
    """Print one row for each kind of change, and the totals."""
    program = shutil.which("openapi-diff", path=f"{os.environ.get('APICHECK_PEERS', '')}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        sys.exit(
            "openapi-diff is not here: `npm install --prefix benchmarks/peers`, and name its node_modules/.bin in APICHECK_PEERS"
        )
    told: dict[tuple[str, bool], Counter[str]] = {}
    for name, path in documents("dutch"):
        root = whole(path) if name in SAMPLE else None
        if root is None:
            continue
        root.pop("x-apicheck", None)
        print(name, file=sys.stderr)
        reference = parsed(root)
        for mutation, _, changed in changes(root, name):
            counts = told.setdefault((mutation.name, mutation.breaks), Counter())
            counts["changes"] += 1
            counts["ours"] += compare(parsed(changed), reference).effect is Effect.BREAKING
            counts[peer(program, root, changed)] += 1
    print("| change | breaks | times | apicheck: breaking | openapi-diff: breaking | failed |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for (kind, breaks), counts in sorted(told.items(), key=lambda item: (not item[0][1], item[0][0])):
        row(kind.replace("_", " "), "yes" if breaks else "no", counts)
    for breaks in (True, False):
        row("**all**", "yes" if breaks else "no", sum((counts for key, counts in told.items() if key[1] is breaks), Counter()))


def row(kind: str, breaks: str, counts: Counter[str]) -> None:
    """Print one row."""
    cells = (kind, breaks, *(str(counts[key]) for key in ("changes", "ours", "breaking", "failed")))
    print("| " + " | ".join(cells) + " |")


def peer(program: str, reference: dict[str, Any], candidate: dict[str, Any]) -> str:
    """Return what openapi-diff says: ``breaking``, ``harmless`` or ``failed``."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("reference.json", "candidate.json")]
        for file, root in zip(files, (reference, candidate), strict=True):
            file.write_text(json.dumps(root), "utf-8")
        done = subprocess.run([program, *map(str, files)], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if "Breaking changes found" in said:
        return "breaking"
    return "harmless" if done.returncode == 0 else "failed"


if __name__ == "__main__":
    main()
