"""What is asked of a live API on purpose, one question at a time?

Every module of this package is imported, so a question is added by adding a file. Questions read only, unless there is leave to
write: no method but GET, HEAD and others that RFC 9110 §9.2.1 and its extensions call safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from apicheck.answers import Tally, ask
from apicheck.model import Evidence, Exchange, Source
from apicheck.probe.live import LiveApi
from apicheck.probe.registry import question

__all__ = ["BEYOND", "ask_questions", "question"]

BEYOND: Final[Mapping[str, bool]] = {
    "access-refused-without-key": False,
    "invalid-query-400": False,
    "invalid-body-400": False,
    "closed-whatever-headers": True,
    "token-hard-to-forge": True,
    "read-only-kept": True,
}
"""Questions that are asked whatever the standard, and whether they are told beside it; of the others the answers tell."""

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")


def ask_questions(names: Iterable[str], live: LiveApi) -> Iterator[tuple[Evidence, tuple[Exchange, ...]]]:
    """Put the questions with these names to the API, in this order; yield what each established and the exchanges it refers to.

    Raises:
        KeyError: no question has that name.
    """
    for name in names:
        tally = Tally(name, Source.PROBE)
        ask(tally, question[name], live)
        yield tally.evidence(live.locate), tally.exchanges
