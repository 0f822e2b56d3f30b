"""Is the major version in the URL under which the API answers, as /core/uri-version asks?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from apicheck.answers import Answer, Fault
from apicheck.openapi.major import MAJOR, MORE_THAN_MAJOR
from apicheck.probe.live import LiveApi
from apicheck.probe.registry import question


@question("base-url-has-major-version")
def base_url_has_major_version(api: LiveApi) -> Iterator[Answer]:
    """Does the base path hold ``v`` with the major version, and no more of the version than that?

    A version that every path of the document starts with counts as part of the base path. Whether it is the major version
    of ``info.version`` is not asked: only edition 2.0 did.
    """
    segments = urlsplit(api.client.base_url + api.root).path.split("/")
    more = next((segment for segment in segments if MORE_THAN_MAJOR.fullmatch(segment)), None)
    if more:
        yield Fault("probe.base-url-more-than-major", url=api.client.base_url, segment=more)
    elif any(MAJOR.fullmatch(segment) for segment in segments):
        yield None
    else:
        yield Fault("probe.base-url-without-version", url=api.client.base_url)
