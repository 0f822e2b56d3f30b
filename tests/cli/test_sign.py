"""Can a vendor sign and a buyer verify, with the real command line and no network?"""

import importlib.util
from pathlib import Path

import pytest

from apicheck.resources import resource
from tests.sign.signers import LIST_KEEPER, entry, listed

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


def test_a_list_is_asked_for_and_counts_from_then_on(run: Run, tmp_path: Path, key: str) -> None:
    assert run(*SIGN).code == 0
    keeper = KEYS.format(id=LIST_KEEPER.trusted.id).replace("Voorbeeld BV", LIST_KEEPER.owner).replace("vendor", "list-keeper")
    (tmp_path / "keys.toml").write_text(KEYS.format(id=key) + keeper)
    verify = ("verify", "bundle", "--keys", "keys.toml", "--lang", "en")
    for content, code, said in (
        (listed(entry(tmp_path / "bundle")), 0, "7. On the list: ok. This report is on list 1"),
        (listed(), 1, "7. On the list: not ok. This report is not on list 1"),
        (b"{}", 1, "7. On the list: not ok. The signature below the list is wrong"),
    ):
        (tmp_path / "list.json").write_bytes(content)
        result = run(*verify, "--list", "list.json")
        assert (result.code, result.err) == (code, "")
        assert said in result.out
    assert run(*verify).code == 0


def test_a_seal_takes_a_paper_and_a_passphrase_that_stands_on_no_command_line(run: Run, tmp_path: Path, key: str) -> None:
    if any(importlib.util.find_spec(name) is None for name in ("typst", "pypdf", "pyhanko")):
        pytest.skip('the extras "pdf" and "seal" are not installed, so NOTHING WAS SEALED')
    from tests.sign.test_seal import SECRET, kept  # noqa: PLC0415  # it is skipped as a whole without the extras

    kept(tmp_path / "seal.p12")
    seal = (*SIGN, "--seal", "seal.p12", "--passphrase")
    assert run(*seal, "env:SEAL", env={"SEAL": SECRET}).code == 2, "there is no paper"
    assert run("report", "bundle/report.json", "--format", "pdf=bundle/report.pdf").code == 0
    for passphrase, code in ((SECRET, 2), ("env:NOT_THERE", 2), ("file:wrong.txt", 4)):
        (tmp_path / "wrong.txt").write_text("wrong")
        assert run(*seal, passphrase).code == code
        assert not (tmp_path / "bundle" / "report.dsse.json").exists()
    (tmp_path / "passphrase.txt").write_text(f"{SECRET}\n")
    assert run(*seal, "file:passphrase.txt").code == 0
    (tmp_path / "keys.toml").write_text(KEYS.format(id=key))
    alone = run("verify", "bundle/report.pdf", "--keys", "keys.toml", "--lang", "en")
    assert (alone.code, alone.err) == (0, "")
    assert "Whether that issuer is to be trusted cannot be determined here." in alone.out
    again = run(*SIGN, "--lang", "en")
    assert again.code == 0
    assert "is gone. Put a new one with --seal" in again.err
