"""Is the major version in the URL under which the API answers, as /core/uri-version asks?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from apicheck.answers import Answer, Fault
from apicheck.openapi.major import MAJOR, MORE_THAN_MAJOR
from apicheck.probe.live import LiveApi, doubt
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


@question("unversioned-path-refused")
def unversioned_path_refused(api: LiveApi) -> Iterator[Answer]:
    """Does what answers under the major version not answer without it? For /core/uri-version.

    One operation is tried. A page in HTML is what a web application answers to any path.
    """
    for reached in api.reached.values():
        parts = urlsplit(reached.url)
        segments = parts.path.split("/")
        version = next((place for place, segment in enumerate(segments) if MAJOR.fullmatch(segment)), None)
        if version is None:
            return
        path = "/".join(segments[:version] + segments[version + 1 :])
        exchange = api.client.send(
            "GET", urlunsplit(parts._replace(path=path)), headers=reached.headers, purpose="unversioned-path-refused"
        )
        if 200 <= (exchange.status or 0) < 300 and exchange.media_type != "text/html":
            yield Fault("probe.unversioned-path", exchange=exchange, request=reached.operation.name, path=path)
        else:
            yield None if exchange.status == 404 else doubt(exchange)
        return
