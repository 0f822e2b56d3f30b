"""Does whoever reads Dutch get Dutch, also when something is wrong with what was typed or given?"""

import re
from pathlib import Path

import pytest

from apicheck.resources import resource

from .conftest import Run

GOOD = str(resource("examples") / "gebouwen" / "openapi.yaml")
ENGLISH = re.compile(
    r"\b(the|no such|invalid|missing|required|should|input|value|error|file|directory|option|argument|expected|usage|permitted)\b",
    re.IGNORECASE,
)
WRONG = {
    "no-command": ("foo",),
    "no-option": ("verify", "x", "--foo"),
    "option-alike": ("lint", "x", "--langg", "nl"),
    "no-argument": ("verify",),
    "no-obliged-option": ("check", "x"),
    "no-value": ("lint", "x", "--format"),
    "too-many": ("verify", "x", "y"),
    "no-choice": ("lint", "x", "--fail-on", "king"),
    "no-number": ("check", "x", "--url", "u", "--seed", "abc"),
    "too-low": ("check", "x", "--url", "u", "--seed=-1"),
    "no-date": ("verify", "x", "--on", "tomorrow"),
}
UNREADABLE = {
    "report-gone": ("verify", "weg.json"),
    "report-no-json": ("report", "kapot.json"),
    "keys-gone": ("verify", "kapot.json", "--keys", "weg.toml"),
    "key-gone": ("sign", "x", "--key", "weg.pem", "--role", "vendor", "--owner", "x"),
    "keys-lack": ("verify", "kapot.json", "--keys", "leeg.toml"),
    "keys-wrong": ("verify", "kapot.json", "--keys", "rol.toml"),
    "list-gone": ("verify", "kapot.json", "--list", "weg.json"),
    "form-gone": ("exceptions", "decide", "weg.yaml"),
    "form-lacks": ("exceptions", "decide", "half.yaml"),
    "form-binary": ("exceptions", "decide", "beeld.yaml"),
    "form-large": ("exceptions", "decide", "groot.yaml"),
    "attest-lacks": ("attest", "check", "half.yaml", GOOD),
    "name-too-long": ("verify", f"{'x' * 300}.json"),
    "document-too-long": ("fix", f"{'x' * 300}.yaml"),
    "standard-too-long": ("lint", GOOD, "--conforms-to", f"{'x' * 300}.json"),
    "not-written": ("requirement", "--out", "half.yaml/eis.md"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {
        "kapot.json": "{",
        "leeg.toml": "",
        "rol.toml": '[[keys]]\nid = "x"\nowner = "x"\nrole = "king"\nfrom = 2026-01-01\nuntil = "soon"\n',
        "half.yaml": 'standard: "x"\nextra: 1\n',
        "beeld.yaml": b"\xff\xfe\x00",
        "groot.yaml": "#" * 1_000_001,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return tmp_path


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_what_was_not_understood_is_said_in_one_sentence_of_the_language(run: Run, arguments: tuple[str, ...]) -> None:
    dutch = run(*arguments)
    assert dutch.code == 2
    assert dutch.err.startswith("apicheck: ")
    assert dutch.err.endswith((".\n", "?\n"))
    assert dutch.err.count("\n") == 1
    assert not ENGLISH.search(re.sub(r"--[\w-]+|'[^']*'", "", dutch.err)), dutch.err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("arguments", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_wrong_with_a_file_is_said_in_the_language(run: Run, arguments: tuple[str, ...]) -> None:
    dutch = run(*arguments)
    assert dutch.code == 4
    assert dutch.err.count("\n") == 1
    assert "een fout in apicheck zelf" not in dutch.err
    own_words = re.sub(r'"[^"]*"|\([^)]*\)|--[\w-]+|\S+\.(json|toml|pem|yaml|md)', "", dutch.err)
    assert not ENGLISH.search(own_words), dutch.err


def test_who_reads_english_gets_english(run: Run) -> None:
    assert run("lint", "x", "--fail-on", "king", "--lang", "en").err.startswith("apicheck: --fail-on must be one of these: ")


@pytest.mark.parametrize("arguments", [(), ("rules",), ("keys",)])
def test_a_command_alone_shows_what_there_is_without_a_complaint(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert result.err.startswith("Gebruik: ")
    assert "apicheck: " not in result.err


OF_TYPER = (
    "Usage:",
    "[OPTIONS]",
    "COMMAND [ARGS]",
    "Options:",
    "Arguments:",
    "Commands:",
    "Show this message",
    "[required]",
    "default: ",
    "env var: ",
)


@pytest.mark.parametrize("command", [(), ("check",), ("auth",)])
def test_help_is_in_one_language(run: Run, command: tuple[str, ...]) -> None:
    dutch, english = (run(*command, "--help", env={"APICHECK_LANG": language}).out for language in ("nl", "en"))
    assert [words for words in OF_TYPER if words in dutch] == []
    assert dutch.startswith("Gebruik: ")
    assert "Opties:" in dutch
    assert english.startswith("Usage: ")
    assert "Options:" in english


@pytest.mark.parametrize(
    ("typed", "told"),
    [(("chekc",), "Bedoelt u check?"), (("auth", "tset"), "Bedoelt u test?"), (("xyzzy",), "Zie apicheck --help.")],
)
def test_a_slip_in_a_command_is_understood(run: Run, typed: tuple[str, ...], told: str) -> None:
    result = run(*typed)
    assert (result.code, told in result.err) == (2, True)
