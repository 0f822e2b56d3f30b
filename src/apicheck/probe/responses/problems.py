"""Are errors told as problem details, as /core/error-handling/problem-details asks (RFC 9457)?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from apicheck.answers import Answer, Fault, Unsure
from apicheck.model import Exchange
from apicheck.probe.live import LiveApi, json_body, named
from apicheck.probe.registry import response_check

_MEMBERS = ("status", "title", "detail")


@response_check("problem-details")
def problem_details(exchange: Exchange, api: LiveApi) -> Iterator[Answer]:
    """Is every error that the API itself sends a problem with the members status, title and detail?

    The answer to HEAD has no body (RFC 9110 §9.3.2), so it is passed over. ``title`` and ``detail`` must be text that is not
    empty, ``status`` must be the status of the response (RFC 9457 §3.1.2). That ``detail`` says more than ``title`` is not asked.
    """
    if exchange.status is None or exchange.status < 400 or exchange.method == "HEAD":
        return
    if exchange.error:
        yield Unsure("probe.body-not-whole", request=named(exchange))
        return
    fault = _fault(exchange)
    if fault and api.may_be_intermediary(exchange):
        yield Unsure("probe.problem-perhaps-intermediary", request=named(exchange), status=exchange.status)
    else:
        yield fault


def _fault(exchange: Exchange) -> Fault | None:
    about: dict[str, Any] = {"request": named(exchange), "status": exchange.status}
    if not exchange.media_type:
        return Fault("probe.problem-no-media-type", exchange=exchange, **about)
    if exchange.media_type not in {"application/problem+json", "application/problem+xml"}:
        return Fault("probe.problem-media-type", exchange=exchange, media_type=exchange.media_type, **about)
    problem = json_body(exchange) if exchange.media_type.endswith("json") else _xml_members(exchange.body)
    if not isinstance(problem, Mapping):
        return Fault("probe.problem-not-parsable", exchange=exchange, media_type=exchange.media_type, **about)
    missing = [name for name in _MEMBERS if not _filled(problem, name)]
    if missing:
        return Fault("probe.problem-members", exchange=exchange, members=", ".join(missing), **about)
    if str(problem["status"]) != str(exchange.status):
        return Fault("probe.problem-status", exchange=exchange, member=problem["status"], **about)
    return None


def _filled(problem: Mapping[str, Any], name: str) -> bool:
    value = problem.get(name)
    if name == "status":
        return isinstance(value, int | str) and not isinstance(value, bool) and str(value).strip() != ""
    return isinstance(value, str) and value.strip() != ""


def _xml_members(body: bytes) -> dict[str, str] | None:
    """Return the members of a problem in XML (RFC 9457 appendix B); None when it is none. Never with a document type."""
    if re.search(rb"<!", body.replace(b"<!--", b"")):
        return None
    try:
        root = ET.fromstring(body)  # noqa: S314  # without a document type there are no entities to expand
    except ET.ParseError:
        return None
    return {child.tag.rpartition("}")[2]: child.text or "" for child in root}
