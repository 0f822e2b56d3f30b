"""Does a check that looks in two goes come to the same as one that looks once?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apicheck.answers import Answer, Fault, Tally, Unsure, together
from apicheck.model import Evidence, Exchange, Source

EXCHANGE = Exchange("x0001", Source.PROBE, "toets", "GET", "https://api.example/v1/a", operation="GET /a", status=200)
ANSWERS: list[Answer | Exception] = [
    None,
    Unsure("errors.budget-spent"),
    Unsure("errors.interrupted"),
    Fault("run.interrupted", operation="GET /a", exchange=EXCHANGE),
    Fault("run.interrupted", operation="GET /b"),
    MemoryError(),
]


def weighed(answers: list[Answer | Exception]) -> Evidence:
    tally = Tally("toets", Source.PROBE)
    for answer in answers:
        if isinstance(answer, Exception):
            tally.crash(answer)
        else:
            tally.add(answer)
    return tally.evidence(lambda _: None)


some = st.lists(st.sampled_from(ANSWERS), max_size=6)


@given(some, some)
def test_two_goes_come_to_what_one_comes_to(first: list[Answer | Exception], then: list[Answer | Exception]) -> None:
    assert together(weighed(first), weighed(then)) == weighed([*first, *then])


@given(some, some, some)
def test_it_does_not_matter_where_a_run_was_cut(
    first: list[Answer | Exception], then: list[Answer | Exception], last: list[Answer | Exception]
) -> None:
    parts = [weighed(part) for part in (first, then, last)]
    assert together(together(parts[0], parts[1]), parts[2]) == together(parts[0], together(parts[1], parts[2]))
