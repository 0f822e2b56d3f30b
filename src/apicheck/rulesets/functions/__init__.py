"""What can a rule ask of a value?

Every module of this package is imported, so a function is added by adding a file.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from apicheck.rulesets.functions.registry import Context, Function, Result, WrongOptions, is_known, lookup

__all__ = ["Context", "Function", "Result", "WrongOptions", "is_known", "lookup"]

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
