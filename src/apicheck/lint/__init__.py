"""What does the OpenAPI document itself say about the rules?

Every module of this package is imported, so a check is added by adding a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from apicheck.answers import Fault, Tally, ask
from apicheck.conform import Benchmark
from apicheck.lint.registry import check, check_beside
from apicheck.model import Evidence, Location, Source
from apicheck.openapi import View

__all__ = ["check", "check_beside", "run"]

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")


def run(api: View, names: Iterable[str], benchmark: Benchmark | None = None) -> tuple[Evidence, ...]:
    """Put the questions with these names to the document of an API, in this order; ``benchmark`` is what it is held against.

    Raises:
        KeyError: no check has that name.
    """

    def locate(fault: Fault) -> Location | None:
        return api.document.locate(fault.at, fault.used_by) if fault.at else None

    def establish(name: str) -> Evidence:
        tally = Tally(name, Source.LINT, entry=api.document.place().file)
        if name in check_beside:
            ask(tally, check_beside[name], api, benchmark)
        else:
            ask(tally, check[name], api)
        return tally.evidence(locate)

    return tuple(establish(name) for name in names)
