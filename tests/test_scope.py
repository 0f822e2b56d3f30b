"""Is it known, and told, where the requests of a run go?"""

from __future__ import annotations

import socket
from typing import Any

import pytest

from apicheck.errors import TargetRefused
from apicheck.model import Mode
from apicheck.openapi import View
from apicheck.plan import Plan
from apicheck.scope import agree
from tests.probe.conftest import describe, get


def plan(url: str, mode: Mode = Mode.READ_ONLY) -> Plan:
    return Plan(spec="", sources=(), command="", base_url=url, mode=mode)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The addresses that names stand for in a test."""
    known: dict[str, str] = {}

    def look_up(host: str, port: Any, **_: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (known[host], port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(("address", "private"), [("93.184.216.34", False), ("10.1.2.3", True), ("127.0.0.1", True)])
def test_a_private_address_is_told(names: dict[str, str], address: str, private: bool) -> None:  # noqa: FBT001  # pytest
    names["api.example.org"] = address
    agreed = agree(plan("https://api.example.org/v1"), View(describe({"/a": get()})))
    assert agreed
    assert (agreed.scope.host, agreed.scope.addresses, agreed.scope.private) == ("api.example.org", (address,), private)


def test_a_name_for_a_link_local_address_is_refused_unless_the_address_is_named(names: dict[str, str]) -> None:
    names |= {"metadata.example.org": "169.254.169.254", "169.254.169.254": "169.254.169.254"}
    with pytest.raises(TargetRefused, match="own network"):
        agree(plan("http://metadata.example.org"), View(describe({"/a": get()})))
    assert agree(plan("http://169.254.169.254"), View(describe({"/a": get()})))


def test_a_host_without_an_address_is_for_the_first_request_to_tell(names: dict[str, str]) -> None:
    agreed = agree(plan("https://bestaat-niet.example.org"), View(describe({"/a": get()})))
    assert agreed
    assert agreed.scope.addresses == ()


def test_what_writes_is_left_out_and_it_is_said_why() -> None:
    paths = {
        "/a": get() | {"post": {"responses": {}}},
        "/a/{id}": {"delete": {"responses": {}}},
        "/b": {"patch": {"responses": {}}},
    }
    agreed = agree(plan("http://127.0.0.1:1"), View(describe(paths)))
    assert agreed
    assert [left.operation for left in agreed.scope.left_out] == ["POST /a", "DELETE /a/{id}", "PATCH /b"]
    assert agreed.scope.operations == 1
    assert agreed.scope.methods == ("GET", "HEAD", "OPTIONS", "PROPFIND", "TRACE")
