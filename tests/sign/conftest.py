"""A bundle that the vendor signed."""

from pathlib import Path

import pytest

from .signers import VENDOR, example, write


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """The folder of a report, its page and the signature of the vendor."""
    VENDOR.sign(write(tmp_path, example()))
    return tmp_path
