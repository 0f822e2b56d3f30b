"""What was promised in an explanation that the buyer accepted: what, and by when?

A promise is an accepted explanation with its last day. It is told on top of a report, and looked after when the same API is
tested again: then the document has changed, so that the explanation itself no longer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from apicheck.exceptions import accepted_in
from apicheck.model import HandledException, Report, Status, Text, Verdict
from apicheck.words import say


def made(accepted: Iterable[HandledException], verdicts: Iterable[Verdict]) -> Iterator[Text]:
    """Yield the promises of a report, the first that is due first."""
    titles = {verdict.rule: verdict.title for verdict in verdicts}
    for day, rule in sorted((item.until, item.rule) for item in accepted if item.until):
        yield _told("made", rule, day, titles[rule])


def looked_after(earlier: Report, verdicts: Iterable[Verdict], day: date) -> Iterator[Text]:
    """Yield what came of every promise in an earlier report, as of this day: kept, broken, or still to be kept.

    A rule that the new report does not have, or on which it does not decide, is told as not established.
    """
    found = {verdict.rule: verdict.status for verdict in verdicts}
    titles = {verdict.rule: verdict.title for verdict in earlier.verdicts}
    counted = accepted_in(earlier)
    for item in earlier.exceptions:
        if item.rule not in counted or item.until is None:
            continue
        status = found.get(item.rule, Status.OPEN)
        if status is Status.FAIL:
            came_to = "broken" if item.until < day else "pending"
        else:
            came_to = "unknown" if status is Status.OPEN else "kept"
        yield _told(came_to, item.rule, item.until, titles[item.rule])


def _told(came_to: str, rule: str, day: date, title: Text) -> Text:
    values = {"rule": rule, "date": day}
    return Text(
        nl=say(f"promises.promise-{came_to}", title=title.nl, **values).nl,
        en=say(f"promises.promise-{came_to}", title=title.en, **values).en,
    )
