"""Is the house in order: style, types, and who imports whom?"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = {
    "style": ["ruff", "check"],
    "layout": ["ruff", "format", "--diff", "--quiet"],
    "types": ["mypy"],
    "layers": ["lint-imports"],
}


@pytest.mark.parametrize("question", TOOLS)
def test_the_house_is_in_order(question: str) -> None:
    tool, *arguments = TOOLS[question]
    done = subprocess.run([Path(sys.executable).with_name(tool), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{tool} has something to say:\n{done.stdout}{done.stderr}"
