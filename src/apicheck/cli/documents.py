"""Which documents are meant, and how are many of them worked through, each as if it were alone?"""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path
from typing import TypeVar

from apicheck.errors import WrongUse

FEW = 8
"""Documents for which starting another process takes longer than the work."""

T = TypeVar("T")


def expand(specs: Iterable[str]) -> list[str]:
    """Return the documents that are meant, each once: a pattern such as ``apis/**/*.yaml`` stands for every file it fits.

    Raises:
        WrongUse: a pattern fits no file.
    """
    return list(dict.fromkeys(name for spec in specs for name in _meant(spec)))


def _meant(spec: str) -> list[str]:
    if "://" in spec or not has_magic(spec) or Path(spec).exists():
        return [spec]
    found = sorted(name for name in glob(spec, recursive=True) if Path(name).is_file())  # noqa: PTH207  # Path.glob takes no absolute one
    if not found:
        raise WrongUse("pattern-fits-nothing", pattern=spec)
    return found


def slug(spec: str) -> str:
    """Return a document's name as part of a file name: its path or URL without what a file name cannot hold."""
    return re.sub(r"[^\w.-]+", "-", spec).strip("-.") or "document"


def each(documents: Sequence[str], work: Callable[[str], T]) -> Iterator[T]:
    """Yield what the work comes to for each document, in order; with many documents every processor takes part.

    ``work`` and what it returns must be able to go to another process.
    """
    if len(documents) <= FEW or "-" in documents:  # only this process has the standard input
        yield from map(work, documents)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # one document does not wait for it

    with ProcessPoolExecutor(initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)) as pool:
        try:
            yield from pool.map(work, documents, chunksize=4)
        finally:
            pool.shutdown(cancel_futures=True)
