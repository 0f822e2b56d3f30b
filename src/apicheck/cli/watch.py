"""When does a document that is being written deserve another look?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from glob import has_magic
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from apicheck.errors import WrongUse

_ENDINGS = (".json", ".yaml", ".yml")


class _Documents(DefaultFilter):
    """Only files that may be part of a document; editors write others beside them."""

    def __call__(self, change: Change, path: str) -> bool:
        return path.endswith(_ENDINGS) and super().__call__(change, path)


def changes(specs: Sequence[str]) -> Iterator[None]:
    """Yield at once, and again whenever a file in the folders of these documents changes, until a person interrupts.

    Raises:
        WrongUse: one of them is no file, so nothing would ever change.
    """
    folders = {_folder(spec) for spec in specs}
    watching = watch(*folders, watch_filter=_Documents(), rust_timeout=100, yield_on_timeout=True, raise_interrupt=False)
    next(watching, None)  # from here on no change is missed, also not while the first look is taken
    yield
    for changed in watching:
        if changed:
            yield


def _folder(spec: str) -> Path:
    """Where a document and what it refers to may stand; of a pattern the folder before its first wildcard."""
    path = Path(spec)
    parts = list(path.parts)
    fixed = next((index for index, part in enumerate(parts) if has_magic(part)), len(parts) - 1)
    folder = Path(*parts[:fixed])
    if spec == "-" or "://" in spec or not folder.is_dir():
        raise WrongUse("cannot-watch", name=spec)
    return folder
