"""What does the user always want, whatever the command?

``apicheck.toml`` in the folder where a command is given, or the file that ``--config`` names.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from apicheck.credentials import Scheme
from apicheck.credentials.config import PemFile
from apicheck.errors import WrongUse, first_of
from apicheck.model import Frozen

FILE = Path("apicheck.toml")


class Settings(Frozen):
    """The settings of a user.

    Args:
        contact: an address or page that the ``User-Agent`` names, for who wonders about our requests.
        ca: a file with the certificates to trust on top of those of this machine.
        consent: see ``apicheck.consent``, which reads it when it is asked for.
        auth: how each security scheme is told who we are, by its name in the document.
    """

    contact: str | None = Field(None, pattern=r"^[!-~][ -~]{2,100}$")
    ca: PemFile | None = None
    consent: dict[str, Any] | None = None
    auth: dict[str, Scheme] = Field(default_factory=dict)


def read(file: Path | None = None) -> Settings:
    """Return the settings in a file; without one those in ``apicheck.toml``, or none when that is not there.

    Raises:
        WrongUse: the file cannot be read, or holds something that is no setting.
    """
    if file is None and not FILE.is_file():
        return Settings()
    try:
        return Settings.model_validate(tomllib.loads(where(file).read_text("utf-8")))
    except ValidationError as invalid:
        raise WrongUse("settings-unusable", file=where(file), error=first_of(invalid)) from None
    except (OSError, ValueError) as error:
        raise WrongUse("settings-unusable", file=where(file), error=error) from None


def where(file: Path | None) -> Path:
    """Return the file that the settings are read from."""
    return file or FILE
