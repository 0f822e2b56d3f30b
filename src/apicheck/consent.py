"""Who gave leave to write to this API, and does that leave cover this run?

Only reading needs no leave. A run that may write needs a record of somebody with the right to give it, for a test environment;
and where the document itself speaks of production, no record helps.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from apicheck.errors import TargetRefused
from apicheck.model import Consent
from apicheck.openapi import Server

_PRODUCTION = re.compile(
    r"(?<![\w-])(?<!niet )(?<!geen )(?<!not )(?<!non )(?<!no )(?:productie\w*|production|prod)(?!\w)", re.IGNORECASE
)
"""What production is called; pre-production, non-production and ``geen productie`` are something else."""
_VARIABLE = re.compile(r"\\\{[^{}]*\\\}")


def read(file: Path, base_url: str, today: date | None = None) -> Consent:
    """Return the consent in a TOML file, or in its table ``[consent]``, when it covers this base URL today.

    Raises:
        TargetRefused: the file cannot be read, is not complete, or does not cover this run.
    """
    try:
        found = tomllib.loads(file.read_text("utf-8"))
        consent = Consent.model_validate(found.get("consent", found))
    except (OSError, ValueError) as error:
        raise TargetRefused("consent-unreadable", file=file, error=error) from None
    day = today or datetime.now(UTC).date()
    if not _covers(consent.base_url, base_url):
        raise TargetRefused("consent-other-url", asked=base_url, given=consent.base_url)
    if not consent.from_ <= day <= consent.until:
        raise TargetRefused("consent-not-now", first=consent.from_, last=consent.until)
    return consent


def refuse_production(servers: Iterable[Server], base_url: str) -> None:
    """Refuse a host that the document calls production, in the description or the ``x-environment`` of a server.

    Raises:
        TargetRefused: it does; the message names the server.
    """
    for server in servers:
        called = (server.value.get(key) for key in ("description", "x-environment"))
        if any(isinstance(name, str) and _PRODUCTION.search(name) for name in called) and _is_host_of(server.url, base_url):
            raise TargetRefused("production-refused", server=server.url)


def _is_host_of(server: str, base_url: str) -> bool:
    """Say whether a server of the document, in which any variable may be anything, is on the host that is tested.

    One without a host is: it says where the API is, wherever that may be.
    """
    host = urlsplit(server).netloc.rpartition("@")[2]
    pattern = _VARIABLE.sub(r"[^/]*", re.escape(host))
    named = (urlsplit(base_url).netloc, urlsplit(base_url).hostname or "")
    return not host or any(re.fullmatch(pattern, name, re.IGNORECASE) for name in named)


def _covers(given: str, asked: str) -> bool:
    """Say whether a URL lies under the one that leave was given for: same origin, same path or below it."""
    leave, wish = urlsplit(given), urlsplit(asked)
    same_origin = (leave.scheme, leave.netloc) == (wish.scheme, wish.netloc)
    return same_origin and f"{wish.path.rstrip('/')}/".startswith(f"{leave.path.rstrip('/')}/")
