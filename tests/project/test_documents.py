"""Is what the documents say about the project still true?"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml_rs

from apicheck import __version__
from apicheck.cli import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
PUBLICCODE: Any = yaml_rs.loads((ROOT / "publiccode.yml").read_text("utf-8"))


def commands(program: str) -> Iterator[tuple[str, list[str]]]:
    """Yield every command line that a document shows, in a block of its own or between backticks."""
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        blocks = re.findall(r"```(?:console|sh|bash)\n(.*?)```", text, re.DOTALL)
        lines = [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", text)
        for line in lines:
            if line.startswith(f"{program} "):
                yield document.name, shlex.split(line, comments=True)[1:]


@pytest.mark.parametrize(("document", "arguments"), list(commands("make")))
def test_a_make_command_exists(document: str, arguments: list[str]) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert next(argument for argument in arguments if "=" not in argument) in targets, document


@pytest.mark.parametrize(("document", "arguments"), list(commands("apicheck")))
def test_an_apicheck_command_exists(document: str, arguments: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    for name in command.list_commands(None):
        command.get_command(None, name)  # a command is loaded when it is asked for
    words = [argument for argument in arguments if argument not in {"…", "..."}]
    while words and words[0] in getattr(command, "commands", ()):
        command = command.commands[words.pop(0)]
    if hasattr(command, "commands"):  # "rules list|show" names several at once
        assert all(name in command.commands for word in words[:1] if not word.startswith("-") for name in word.split("|")), document
        return
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known, document


def test_the_picture_in_the_readme_is_what_the_demo_prints(tmp_path: Path) -> None:
    demo = [sys.executable, "-m", "apicheck", "demo", "--out", str(tmp_path), "--lang", "nl"]
    done = subprocess.run(demo, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    picture = re.search(r"```text\n\$ apicheck demo\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert picture
    printed = done.stdout.replace(" \n", "\n")
    pieces = [piece.strip("\n") for piece in picture[1].split("…\n") if piece.strip()]
    assert not [piece for piece in pieces if piece not in printed]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pages_of_the_rules_are_those_of_the_rules(language: str, tmp_path: Path) -> None:
    docs = [sys.executable, "-m", "apicheck", "rules", "docs", "--out", str(tmp_path), "--lang", language]
    subprocess.run(docs, capture_output=True, check=True)
    assert texts(tmp_path) == texts(ROOT / "docs" / "rules" / language), "write them again with: make docs"


def texts(folder: Path) -> dict[Path, str]:
    return {file.relative_to(folder): file.read_text("utf-8") for file in folder.rglob("*.md")}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_a_link_inside_the_project_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text("utf-8"))
    inside = [link for link in links if "://" not in link]
    assert not [link for link in inside if not (document.parent / link).exists()]


def test_the_map_of_the_house_shows_every_room() -> None:
    rooms = {
        path.stem for path in (ROOT / "src" / "apicheck").iterdir() if not path.name.startswith("_") and path.name != "py.typed"
    }
    drawn = set(re.findall(r"`([a-z]+)`", (ROOT / "ARCHITECTURE.md").read_text("utf-8")))
    assert not rooms - drawn


def test_the_changelog_and_publiccode_name_this_version() -> None:
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == __version__
    assert PUBLICCODE["softwareVersion"] == __version__


@pytest.mark.parametrize("language", ["nl", "en"])
def test_publiccode_describes_the_project_within_the_limits_of_the_standard(language: str) -> None:
    described = PUBLICCODE["description"][language]
    assert len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert described["features"]


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert text.rstrip().endswith("All other changes or additions to this Appendix require the production of a new EUPL version.")
