"""Is the connection as safe as the guidelines of the NCSC ask, for /core/transport/tls?"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.answers import Answer, Fault, Unsure
from apicheck.probe.live import LiveApi
from apicheck.probe.registry import question
from apicheck.probe.tls import Grade

AT_ANY_RATE = ("tls-not-weak", "tls-as-of-2025")
"""The questions about the connection itself: they can be put to a server of which no operation answers."""


@question("tls-not-weak")
def tls_not_weak(api: LiveApi) -> Iterator[Answer]:
    """Does the server refuse what the guidelines of 2021 and 2025 both advise against, and is its certificate sound?

    That there is nothing more than what could be tried is never said: with no fault the answer is a doubt, with what was seen.
    """
    return _graded(api, Grade.WEAK)


@question("tls-as-of-2025")
def tls_as_of_2025(api: LiveApi) -> Iterator[Answer]:
    """Does the server do without what the guidelines advise against since 2025, such as an RSA key of 2048 bits?"""
    return _graded(api, Grade.NOT_SINCE_2025)


def _graded(api: LiveApi, grade: Grade) -> Iterator[Answer]:
    server = api.tls
    if server is None or not server.is_tls:
        yield Unsure("probe.tls-not-used")
        return
    found: dict[str, list[str]] = {}
    for weakness in server.weaknesses:
        if weakness and weakness.grade is grade:
            found.setdefault(weakness.kind, []).append(weakness.name)
        else:
            yield None
    for kind, names in found.items():
        yield Fault(f"probe.tls-{kind}", name=", ".join(names))
    version, suite = server.negotiated
    yield Unsure("probe.tls-seen", version=version, suite=suite)
