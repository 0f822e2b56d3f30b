"""Where are the rules, the profiles and the examples on this machine?

A wheel carries them inside the package; an editable install leaves them in the checkout.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from apicheck.errors import UnusableCatalogue

_PACKAGE = Path(__file__).parent


def resource(name: Literal["rules", "profiles", "examples"]) -> Path:
    """Return the folder of the rules, of the profiles or of the examples.

    Raises:
        UnusableCatalogue: apicheck was installed without it.
    """
    installed, checkout = _PACKAGE / f"_{name}", _PACKAGE.parent.parent / name
    for folder in (installed, checkout):
        if folder.is_dir():
            return folder
    raise UnusableCatalogue("resource-missing", name=name, folder=installed)
