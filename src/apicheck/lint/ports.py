"""Are servers offered at the port that their standard lays down?"""

from __future__ import annotations

from collections.abc import Iterator

from apicheck.answers import Answer, Fault
from apicheck.lint.registry import check
from apicheck.lint.servers import LOOPBACK, urls
from apicheck.lint.signs import split_port
from apicheck.openapi import View

_DATA = frozenset({"", ":443"})


@check("data-at-port-443")
def data_at_port_443(api: View) -> Iterator[Answer]:
    """Is data offered at port 443, which https has by itself? /digikoppeling/port, /fsc/ports."""
    for server in api.servers:
        for url in urls(server):
            if url.scheme != "https" or url.host in LOOPBACK:
                continue
            if split_port(url.text) in _DATA:
                yield None
            else:
                yield Fault("lint.other-port", at=server.place.child("url"), used_by=server.used_by, url=url.text)
