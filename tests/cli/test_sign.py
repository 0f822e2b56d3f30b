"""Can a vendor sign and a buyer verify, with the real command line and no network?"""

from pathlib import Path

import pytest

from apicheck.resources import resource

from .conftest import Run

GOOD = str(resource("examples") / "gebouwen" / "openapi.yaml")
KEYS = """
[[keys]]
id = "{id}"
owner = "Voorbeeld BV"
role = "vendor"
from = 2020-01-01
until = 2099-12-31
"""
SIGN = ("sign", "bundle", "--key", "key.pem", "--role", "vendor", "--owner", "Voorbeeld BV")


@pytest.fixture
def key(run: Run) -> str:
    """Make a bundle and a key; return the key's id."""
    assert run("lint", GOOD, "--format", "json=bundle/report.json", "--format", "html=bundle/report.html").code == 0
    made = run("keys", "new", "--out", "key.pem")
    assert made.code == 0
    return made.out.splitlines()[-1]


@pytest.mark.parametrize(("language", "words"), [("nl", ("ok", "niet te bepalen")), ("en", ("ok", "cannot be determined"))])
def test_from_key_to_seven_answers(run: Run, tmp_path: Path, key: str, language: str, words: tuple[str, str]) -> None:
    assert run(*SIGN).code == 0
    (tmp_path / "keys.toml").write_text(KEYS.format(id=key))
    result = run("verify", "bundle", "--keys", "keys.toml", "--lang", language)
    lines = result.out.splitlines()
    assert (result.code, result.err, len(lines)) == (0, "", 7)
    assert [line[0] for line in lines] == list("1234567")
    assert all(f": {words[0]}. " in line for line in lines[:6])
    assert f": {words[1]}. " in lines[6]


def test_a_key_of_the_other_kind(run: Run, tmp_path: Path, key: str) -> None:
    other = run("keys", "new", "--out", "other.pem", "--type", "p256").out.splitlines()[-1]
    assert run(*SIGN, "--key", "other.pem").code == 0
    (tmp_path / "keys.toml").write_text(KEYS.format(id=other))
    assert run("verify", "bundle/report.json", "--keys", "keys.toml").code == 0


def test_the_exit_code_says_how_it_ended(run: Run, tmp_path: Path, key: str) -> None:
    assert run("verify", "bundle").code == 3
    assert run(*SIGN, "--valid-until", "2099-01-31").code == 0
    assert run("verify", "bundle", "--lang", "en").code == 3
    assert run("verify", "bundle", "--on", "2099-02-01").code == 1
    (tmp_path / "bundle" / "report.html").write_text("<!DOCTYPE html>")
    changed = run("verify", "bundle", "--lang", "en")
    assert (changed.code, len(changed.out.splitlines())) == (1, 7)
    assert "report.html is not the file that Voorbeeld BV signed" in changed.out


def test_what_cannot_be_read_or_written_gets_one_sentence_and_4(run: Run, key: str) -> None:
    for arguments in (
        ("verify", "nowhere"),
        ("verify", "."),
        ("verify", "bundle", "--keys", "nowhere.toml"),
        ("sign", "nowhere", *SIGN[2:]),
        (*SIGN[:3], "nowhere.pem", *SIGN[4:]),
        ("keys", "new", "--out", "key.pem"),
    ):
        result = run(*arguments)
        assert (result.code, result.out, result.err.count("\n")) == (4, "", 1), arguments


@pytest.mark.parametrize("arguments", [SIGN[:-2], (*SIGN, "--role", "king"), ("verify",), ("verify", "x", "--on", "tomorrow")])
def test_wrong_use_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).code == 2


def test_a_signature_is_not_made_for_the_past(run: Run, key: str) -> None:
    result = run(*SIGN, "--valid-until", "2020-01-31")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert key.startswith("ed25519:")
