"""How does somebody put their name to a report, and how does a reader check that?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from apicheck.cli.options import Lang, say_help, secret
from apicheck.errors import WrongUse
from apicheck.sign import KeyType, SignerRole
from apicheck.words import say

BundlePath = Annotated[Path, typer.Argument(metavar="BUNDLE", help=say_help("argument-bundle"))]
KeyPath = Annotated[Path, typer.Option("--key", metavar="FILE", dir_okay=False, help=say_help("option-key"))]
RoleName = Annotated[SignerRole, typer.Option("--role", help=say_help("option-role"))]
Owner = Annotated[str, typer.Option("--owner", metavar="NAME", help=say_help("option-owner"))]
SealFile = Annotated[Path | None, typer.Option("--seal", metavar="FILE", dir_okay=False, help=say_help("option-seal"))]
Passphrase = Annotated[str | None, typer.Option("--passphrase", metavar="env:VAR", help=say_help("option-passphrase"))]
KeyFile = Annotated[Path | None, typer.Option("--keys", metavar="FILE", dir_okay=False, help=say_help("option-keys"))]
KeyOut = Annotated[Path, typer.Option("--out", metavar="FILE", dir_okay=False, help=say_help("option-key-out"))]
Kind = Annotated[KeyType, typer.Option("--type", help=say_help("option-key-type"))]
TestedList = Annotated[Path | None, typer.Option("--list", metavar="FILE", dir_okay=False, help=say_help("option-list"))]
DAY = {"metavar": "YYYY-MM-DD", "formats": ["%Y-%m-%d"]}
ValidUntil = Annotated[datetime | None, typer.Option("--valid-until", help=say_help("option-valid-until"), **DAY)]
On = Annotated[datetime | None, typer.Option("--on", help=say_help("option-on"), **DAY)]


def add_to(app: typer.Typer) -> None:
    """Add ``sign``, ``verify`` and ``keys new`` to the command line."""
    app.command("sign", help=say_help("sign"))(sign)
    app.command("verify", help=say_help("verify"))(verify)
    keys = typer.Typer(help=say_help("keys"), no_args_is_help=True, rich_markup_mode=None)
    keys.callback()(lambda: None)  # one command alone would lose its name
    keys.command("new", help=say_help("keys-new"))(new)
    app.add_typer(keys, name="keys")


def sign(
    path: BundlePath,
    key: KeyPath,
    role: RoleName,
    owner: Owner,
    valid_until: ValidUntil = None,
    seal: SealFile = None,
    passphrase: Passphrase = None,
    lang: Lang = "nl",
) -> None:
    """Add a signature to the file beside a report, and to its papers; with ``--seal`` these get a seal too."""
    from apicheck.report.json_ import parse  # noqa: PLC0415  # no other command waits for cryptography
    from apicheck.sign import bundle, envelope, keys  # noqa: PLC0415
    from apicheck.sign.seal import is_on  # noqa: PLC0415

    private = keys.read(key)
    found = bundle.read(path)
    report = parse(found.files[found.report], found.report)
    until = valid_until.date() if valid_until else None
    if until and until < datetime.now(UTC).date():
        raise WrongUse("signature-of-the-past", date=until)
    if seal and not found.papers:
        raise WrongUse("seal-without-paper", path=path)
    finish = _finishing(seal, passphrase)
    signed = envelope.sign(found, report, private, role=role, owner=owner, valid_until=until, finish=finish).predicate
    values = {"owner": signed.owner, "file": found.signature_file, "date": signed.valid_until}
    typer.echo(say("sign.signed", **values).in_(lang))
    for paper, content in found.papers.items():
        if is_on(content) and not seal:
            typer.echo(say("sign.seal-gone", file=paper).in_(lang), err=True)


def _finishing(seal: Path | None, passphrase: str | None) -> Callable[[bytes], bytes]:
    """Return what is done to a paper at last: a seal is put on it, or nothing."""
    if seal is None:
        return lambda paper: paper
    from apicheck.sign.seal import put  # noqa: PLC0415  # no other command waits for cryptography

    return partial(put, file=seal, passphrase=secret("passphrase", passphrase) if passphrase else None)


def verify(path: BundlePath, keys: KeyFile = None, tested: TestedList = None, on: On = None, lang: Lang = "nl") -> None:
    """Answer seven questions about a report. Exit code 1 when something is not ok, 3 when something cannot be told."""
    from apicheck.sign import bundle, listing  # noqa: PLC0415  # no other command waits for cryptography
    from apicheck.sign.keys import read_trusted  # noqa: PLC0415
    from apicheck.sign.verify import exit_code  # noqa: PLC0415
    from apicheck.sign.verify import verify as answers  # noqa: PLC0415

    day = (on or datetime.now(UTC)).date()
    known = read_trusted(keys) if keys else {}
    lines = answers(bundle.read(path), known, day, listing.read(tested) if tested else None)
    for number, line in enumerate(lines, 1):
        answer = say(f"sign.answer-{line.standing}").in_(lang)
        typer.echo(f"{number}. {line.question.in_(lang)}: {answer}. {line.why.in_(lang)}")
    raise typer.Exit(exit_code(lines))


def new(out: KeyOut, kind: Kind = KeyType.ED25519, lang: Lang = "nl") -> None:
    """Make a key pair and print its id."""
    from apicheck.sign import keys  # noqa: PLC0415  # no other command waits for cryptography

    key = keys.new(kind)
    public = keys.write(key, out)
    typer.echo(say("sign.keys-written", private=out, public=public).in_(lang))
    typer.echo(keys.key_id(key))
