"""What does the OpenAPI document itself say about the rules?

Every module of this package is imported, so a check is added by adding a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from apicheck.answers import Fault, Tally, ask
from apicheck.lint.registry import check
from apicheck.model import Evidence, Location, Source
from apicheck.openapi import View

__all__ = ["check", "run"]

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")


def run(api: View, names: Iterable[str]) -> tuple[Evidence, ...]:
    """Put the questions with these names to the document of an API, in this order.

    Raises:
        KeyError: no check has that name.
    """

    def locate(fault: Fault) -> Location | None:
        return api.document.locate(fault.at, fault.used_by) if fault.at else None

    def establish(name: str) -> Evidence:
        tally = Tally(name, Source.LINT, entry=api.document.place().file)
        ask(tally, check[name], api)
        return tally.evidence(locate)

    return tuple(establish(name) for name in names)
