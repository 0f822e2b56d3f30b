"""The real command line, for the tests of this folder too."""

from tests.cli.conftest import run as run  # noqa: PLC0414  # a fixture
