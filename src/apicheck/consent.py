"""Who gave leave to write to this API, and does that leave cover this run?

Only reading needs no leave. A run that may write needs a record of somebody with the right to give it, for a test environment.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from apicheck.errors import TargetRefused, first_of
from apicheck.model import Consent


def read(file: Path, base_url: str, today: date | None = None) -> Consent:
    """Return the consent in a TOML file when it covers this base URL today.

    Raises:
        TargetRefused: the file cannot be read, is not complete, or does not cover this run.
    """
    try:
        consent = Consent.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, ValueError) as error:
        said = first_of(error) if isinstance(error, ValidationError) else error
        raise TargetRefused("consent-unreadable", file=file, error=said) from None
    day = today or datetime.now(UTC).date()
    if not _covers(consent.base_url, base_url):
        raise TargetRefused("consent-other-url", asked=base_url, given=consent.base_url)
    if not consent.from_ <= day <= consent.until:
        raise TargetRefused("consent-not-now", first=consent.from_, last=consent.until)
    return consent


def _covers(given: str, asked: str) -> bool:
    """Say whether a URL lies under the one that leave was given for: same origin, same path or below it."""
    leave, wish = urlsplit(given), urlsplit(asked)
    same_origin = (leave.scheme, leave.netloc) == (wish.scheme, wish.netloc)
    return same_origin and f"{wish.path.rstrip('/')}/".startswith(f"{leave.path.rstrip('/')}/")
