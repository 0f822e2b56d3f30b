"""Which formats of a report are there, and what renders each?

Every public module of this package is one format, named after it: ``json_`` is called ``json``, ``spectral_json`` is called
``spectral-json``. It says in ``FILE`` under which name the format is kept and renders it with ``render(report, language)``. To
add a format, add a module. A format is imported when it is asked for, so that a command line in a hurry does not load a
template engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from apicheck.model import Report
from apicheck.report._text import Language


class Format(NamedTuple):
    """One way to write a report. ``render`` gives the same bytes for the same report, and needs no network."""

    name: str
    file: str
    render: Callable[[Report, Language], str | bytes]


class Formats(Mapping[str, Format]):
    """The formats by name, in alphabetical order."""

    def __init__(self) -> None:
        self._modules = {
            name.rstrip("_").replace("_", "-"): name for _, name, _ in iter_modules(__path__) if not name.startswith("_")
        }

    def __getitem__(self, name: str) -> Format:
        module = import_module(f"{__name__}.{self._modules[name]}")
        return Format(name, module.FILE, module.render)

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._modules))

    def __len__(self) -> int:
        return len(self._modules)


FORMATS = Formats()
