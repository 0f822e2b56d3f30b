"""Does a command load only what it uses? Typing ``apicheck lint`` in an editor's hook must not wait for a fuzzer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "gebouwen" / "openapi.yaml"
HEAVY = {"cryptography", "docx", "hypothesis", "httpx", "jinja2", "openapi_spec_validator", "requests", "schemathesis", "werkzeug"}
HEAVY |= {"aiohttp", "pyhanko", "pypdf", "typst"}
TELL = """
import json, sys
sys.argv[1:] = {arguments}
from apicheck.cli import main
try:
    main()
finally:
    sys.stderr.write("\\n" + json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


@pytest.mark.parametrize(
    "arguments", [["--version"], ["lint", str(EXAMPLE)], ["lint", str(EXAMPLE), "--format", "json=-"], ["rules", "list"]]
)
def test_a_command_loads_only_what_it_uses(arguments: list[str]) -> None:
    assert not loaded_by(arguments) & HEAVY


def test_a_format_for_machines_waits_for_no_colours() -> None:
    assert "rich" not in loaded_by(["lint", str(EXAMPLE), "--format", "github=-"])


def loaded_by(arguments: list[str]) -> set[str]:
    done = subprocess.run([sys.executable, "-c", TELL.format(arguments=arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert "apicheck" in loaded
    return loaded
