"""Does the document tell which version of the API it describes, as the chapter on versioning asks?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from apicheck.answers import Answer, Fault, Unsure
from apicheck.lint.nodes import mapping
from apicheck.lint.registry import check
from apicheck.lint.responses import is_error, responses, unresolved
from apicheck.lint.servers import Url, urls
from apicheck.openapi import View
from apicheck.openapi.major import MAJOR, MORE_THAN_MAJOR

_FIRST_NUMBER = re.compile(r"v?([0-9]+)")
_SEMANTIC_VERSION = re.compile(  # https://semver.org, "Is there a suggested regular expression?"
    r"(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)"
    r"(?:-(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?"
)


@check("major-version-in-server-url")
def major_version_in_server_url(api: View) -> Iterator[Answer]:
    """Does the base path of every server hold the major version, and no more of the version than that? /core/uri-version.

    Without servers the base path is ``/`` (OAS, OpenAPI Object), unless every operation names its own.
    """
    in_paths = any(_major(segment) for item in api.path_items for segment in item.path.split("/"))
    missing = "lint.version-in-paths-only" if in_paths else "lint.version-not-in-server-url"
    if not api.document_servers and not (api.operations and all(operation.servers for operation in api.operations)):
        yield Fault("lint.no-servers", at=api.document.place())
    for server in api.servers:
        at, used_by = server.place.child("url"), server.used_by
        yield next(
            (Fault(text, at=at, used_by=used_by, url=url.text or '""') for url in urls(server) if (text := _wrong(url, missing))),
            None,
        )


@check("server-version-equals-info-version")
def server_version_equals_info_version(api: View) -> Iterator[Answer]:
    """Is the major version in every base path that of ``info.version``? /core/uri-version, How to test of 2.0."""
    version = api.info.get("version")
    for server in api.servers:
        stated = [(url, found) for url in urls(server) if (found := _majors(url))]
        if not stated:
            continue
        if not isinstance(version, str):
            yield Unsure("lint.no-info-version")
            continue
        first = _FIRST_NUMBER.match(version)
        wrong = next((url for url, majors in stated if not first or (first[1].lstrip("0") or "0") not in majors), None)
        if wrong:
            at = server.place.child("url")
            yield Fault("lint.server-version-differs", at=at, used_by=server.used_by, url=wrong.text, version=version)
        else:
            yield None


@check("info-version-semver")
def info_version_semver(api: View) -> Iterator[Answer]:
    """Is ``info.version`` a Semantic Version? /core/semver, How to test of 2.1 and later."""
    version = api.info.get("version")
    at = api.document.place("info", "version")
    if version is None:
        yield Fault("lint.no-info-version", at=api.document.place("info"))
    elif not isinstance(version, str):
        yield Fault("lint.info-version-not-text", at=at, version=json.dumps(version))
    elif not _SEMANTIC_VERSION.fullmatch(version):
        yield Fault("lint.info-version-not-semver", at=at, version=version)
    else:
        yield None


@check("version-header-documented")
def version_header_documented(api: View) -> Iterator[Answer]:
    """Is API-Version described with every response that is no error, ``default`` included? /core/version-header."""
    return _version_header(api, lambda status: not is_error(status))


@check("version-header-documented-on-errors")
def version_header_documented_on_errors(api: View) -> Iterator[Answer]:
    """Is API-Version described with every error response as well? /core/version-header of 2.2: "in every response"."""
    return _version_header(api, is_error)


def _version_header(api: View, wanted: Callable[[str], bool]) -> Iterator[Answer]:
    """Header names ignore case (RFC 9110, 5.1). A header that is a reference counts by its name, wherever the reference leads."""
    for response in responses(api, lambda _, response: wanted(response.status)):
        if any(name.lower() == "api-version" for name in mapping(response.value.get("headers"))):
            yield None
        else:
            yield Fault("lint.version-header-missing", at=response.place, used_by=response.used_by, status=response.status)
    yield from unresolved(api, "responses", wanted)


def _wrong(url: Url, missing: str) -> str | None:
    """What is wrong with the version in a server URL, as the id of a text."""
    if any(MORE_THAN_MAJOR.fullmatch(segment) for segment in url.segments):
        return "lint.more-than-major-version-in-server-url"
    return None if any(_major(segment) for segment in url.segments) else missing


def _major(segment: str) -> bool:
    return MAJOR.fullmatch(segment) is not None


def _majors(url: Url) -> list[str]:
    return [found[1] for segment in url.segments if (found := MAJOR.fullmatch(segment))]
