"""Does what a user installs hold everything, and does it work without the checkout?"""

import email
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from apicheck import __version__

ROOT = Path(__file__).parents[2]
CARRIED = sorted(
    file.relative_to(ROOT).as_posix()
    for folder in ("rules", "examples")
    for file in (ROOT / folder).rglob("*")
    if file.is_file() and "__pycache__" not in file.parts
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", folder, ROOT], capture_output=True, text=True, check=False, env=_environment()
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def apicheck(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel with only what the wheel itself asks for."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python, (wheel,) = home / "bin" / "python", built.glob("*.whl")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", wheel],
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
    )
    assert done.returncode == 0, done.stderr
    return home / "bin" / "apicheck"


def test_the_wheel_carries_the_rules_and_the_examples(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert CARRIED
    assert not {f"apicheck/_{name}" for name in CARRIED} - names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("tests/", "benchmarks/"))]


def test_the_sdist_can_be_built_from_alone(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert not {*CARRIED, "pyproject.toml", "README.md", "LICENSE"} - names


def test_the_metadata_say_what_an_index_shows(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    archive = zipfile.ZipFile(wheel)
    (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = email.message_from_string(archive.read(name).decode("utf-8"))
    assert (metadata["Name"], metadata["Version"]) == ("apicheck-nl", __version__)
    assert metadata["License-Expression"] == "EUPL-1.2"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload()
    assert [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["rules", "list"], ["rules", "test"], ["lint", str(ROOT / "examples" / "gebouwen" / "openapi.yaml")]],
)
def test_the_installed_command_works_anywhere(apicheck: Path, arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run([apicheck, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, env=_environment())
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()


def _environment() -> dict[str, str]:
    """Return the environment without what would let the checkout shine through."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
