"""What do the rules say, and do they judge their own examples as they promise?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from apicheck import catalogue, rulebook
from apicheck.cases import Case, collect
from apicheck.catalogue import DEFAULT
from apicheck.cli.options import Lang, StandardName, say_help
from apicheck.errors import WrongUse
from apicheck.model import Rule, Standard
from apicheck.resources import resource
from apicheck.words import say

Folder = Annotated[Path | None, typer.Argument(metavar="DIR", file_okay=False, exists=True, help=say_help("argument-rules-folder"))]
RuleId = Annotated[str, typer.Argument(metavar="ID", help=say_help("argument-rule"))]
Explained = Annotated[str, typer.Argument(metavar="RULE|CHECK", help=say_help("argument-explained"))]
Pages = Annotated[Path, typer.Option("--out", metavar="DIR", file_okay=False, help=say_help("option-docs-out"))]


def add_to(app: typer.Typer) -> None:
    """Add ``rules list|show|test|docs`` and ``explain`` to the command line."""
    commands = typer.Typer(help=say_help("rules"), no_args_is_help=True, rich_markup_mode=None)
    for name, command in (("list", list_), ("show", show), ("test", try_cases), ("docs", docs)):
        commands.command(name, help=say_help(f"rules-{name}"))(command)
    app.add_typer(commands, name="rules")
    app.command("explain", help=say_help("explain"))(explain)


def list_(standard: StandardName = DEFAULT, lang: Lang = "nl") -> None:
    """List the rules of an edition."""
    loaded = catalogue.load(standard)
    console = _console()
    console.print(loaded.title.in_(lang), style="bold")
    console.print(loaded.status.in_(lang))
    for rule in loaded.rules:
        console.print(f"\n{rule.id}  {rule.level}", style="bold")
        console.print(f"  {rule.title.in_(lang)}")
        console.print(f"  {say('rulebook.settled-by').in_(lang)} {rulebook.settled_by(rule, lang)}")


def show(rule: RuleId, standard: StandardName = DEFAULT, lang: Lang = "nl") -> None:
    """Explain one rule."""
    from rich.markdown import Markdown  # noqa: PLC0415  # no other command pays for it

    loaded = catalogue.load(standard)
    cases = [case for case in _cases(loaded) if case.rule == rule]
    page, _, source = rulebook.page(loaded, _find(loaded, rule), cases, lang).rstrip().rpartition("\n")
    Console().print(Markdown(page))
    _console().print(f"\n{source}", soft_wrap=True)  # an address that is broken over two lines leads nowhere


def explain(what: Explained, standard: StandardName = DEFAULT, lang: Lang = "nl") -> None:
    """Explain what a finding names: a rule by its id or the last part of it, or every rule that rests on a check."""
    loaded = catalogue.load(standard)
    rules = [rule for rule in loaded.rules if f"{rule.id}/".endswith(f"/{what.strip('/')}/")]
    checks = loaded.checks_named(what)
    rules = rules or [rule for rule in loaded.rules if not checks.isdisjoint(ref for _, ref in rule.bindings)]
    if not rules:
        raise WrongUse("nothing-to-explain", what=what, standard=standard)
    for rule in rules:
        show(rule.id, standard, lang)


def try_cases(folder: Folder = None, lang: Lang = "nl") -> None:
    """Try every case of every edition. Exit code 1 when one gives another verdict than it promises."""
    from apicheck.trial import try_case  # noqa: PLC0415  # reading rules must not load the checks

    root = folder or resource("rules")
    console, tried, wrong = _console(), 0, 0
    for name in catalogue.editions(root):
        standard = catalogue.load(name, root)
        for rule, case in collect(root / standard.id, standard):
            verdict, _ = try_case(case, rule, root / standard.id)
            tried += 1
            if verdict.status is not case.expect:
                wrong += 1
                values = {
                    "case": f"{name} {case.rule} {case.name}",
                    "got": verdict.status,
                    "reason": verdict.reason.in_(lang),
                }
                console.print(say("cli.case-wrong", **values).in_(lang))
    console.print(say("cli.cases-tried", tried=tried, wrong=wrong).in_(lang))
    raise typer.Exit(1 if wrong or not tried else 0)


def docs(out: Pages = Path("docs/rules"), lang: Lang = "nl") -> None:
    """Write the pages of every edition below a folder."""
    for name in catalogue.editions():
        loaded = catalogue.load(name)
        rulebook.write(loaded, _cases(loaded), lang, out / loaded.id / loaded.edition)
    _console().print(say("cli.docs-written", folder=out).in_(lang))


def _console() -> Console:
    """Return a console that takes nothing in a text for markup: whoever writes rules may write brackets."""
    return Console(highlight=False, markup=False, emoji=False)


def _cases(standard: Standard) -> list[Case]:
    return [case for _, case in collect(resource("rules") / standard.id, standard)]


def _find(standard: Standard, identifier: str) -> Rule:
    found = next((rule for rule in standard.rules if rule.id == identifier), None)
    if found is None:
        raise WrongUse("unknown-rule", rule=identifier, standard=standard.name)
    return found
