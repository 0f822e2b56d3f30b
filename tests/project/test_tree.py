"""Does the tree hold nothing of anybody's machine, and nothing that was left for later?"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).relative_to(ROOT).as_posix()
UNWANTED = {
    "the path of a machine": re.compile(r"(?<![\w.])/(?:work|tmp|farm|root|home|Users)/[a-z.]"),
    "something left for later": re.compile(r"\b(?:TODO|FIXME|HACK|NotImplementedError)\b"),
}
LONGEST = 400
"""Lines of a module. A longer one answers more than one question."""


@pytest.fixture(scope="module")
def tracked() -> dict[str, str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of tracked files")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    texts = {}
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        if file.is_file() and name != OWN:
            texts[name] = file.read_bytes().decode("utf-8", "replace")
    return texts


@pytest.mark.parametrize("what", UNWANTED)
def test_no_tracked_file_holds(what: str, tracked: dict[str, str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in tracked.items()
        for number, line in enumerate(text.splitlines(), 1)
        if UNWANTED[what].search(line)
    ]
    assert not found, f"{what}:\n" + "\n".join(found)


def test_no_module_is_too_long(tracked: dict[str, str]) -> None:
    long = {name: len(text.splitlines()) for name, text in tracked.items() if name.startswith("src/") and name.endswith(".py")}
    assert not {name: lines for name, lines in long.items() if lines > LONGEST}


def test_a_module_starts_with_the_question_it_answers(tracked: dict[str, str]) -> None:
    silent = [
        name
        for name, text in tracked.items()
        if name.startswith("src/") and name.endswith(".py") and not re.match(r'r?"""[^"]*\?', text)
    ]
    assert not silent
