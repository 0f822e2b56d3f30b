"""How does the catalogue read as a book: one page a rule, written from the rule and its cases?

Pages are Markdown. ``apicheck rules show`` prints one on the screen, ``apicheck rules docs`` writes them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml_rs

from apicheck.cases import Case
from apicheck.model import Language, Rule, Source, Standard
from apicheck.words import say

SIGN = "-used"
"""What the name ends in of a check that only looks for signs that a module applies."""


def page(standard: Standard, rule: Rule, cases: Iterable[Case], language: Language) -> str:
    """Return the page of one rule."""
    return "\n".join(_page(standard, rule, list(cases), language)) + "\n"


def index(standard: Standard, language: Language) -> str:
    """Return the page that lists the rules of an edition, with what it rests on."""
    lines = [
        f"# {standard.title.in_(language)}",
        "",
        standard.status.in_(language),
        "",
        f"- {_word('source', language)}: {_address(standard.source)}",
        f"- {_word('digest', language)}: `{standard.digest}`",
        "",
        *_out_of_reach(standard, language),
        "".join(f"| {_word(heading, language)} " for heading in ("rule", "title", "level", "settled-by")) + "|",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [{rule.id}]({file_of(rule)}) | {rule.title.in_(language)} | {rule.level} | {settled_by(rule, language)} |"
        for rule in standard.rules
    ]
    return "\n".join(lines) + "\n"


def _out_of_reach(standard: Standard, language: Language) -> Iterator[str]:
    if standard.out_of_reach:
        yield from (f"{_word('out-of-reach', language)}:", "")
        yield from (f"- {text.in_(language)}" for text in standard.out_of_reach)
        yield ""


def file_of(rule: Rule) -> str:
    """Return the file name of a rule's page: the id, as a path."""
    return f"{rule.id.removeprefix('/')}.md"


def settled_by(rule: Rule, language: Language) -> str:
    """Say in a few words which sources decide a rule. A check that only looks for signs that it applies decides nothing."""
    required = (ref for ref in rule.requires if not ref.check.endswith(SIGN))
    sources = dict.fromkeys(ref.source for ref in required)
    if not sources and rule.attest:
        sources = {Source.ATTEST: None}
    return ", ".join(_word(f"by-{source}", language) for source in sources) or _word("by-nothing", language)


def _page(standard: Standard, rule: Rule, cases: list[Case], language: Language) -> Iterator[str]:
    yield from (f"# {rule.title.in_(language)}", "")
    facts = [f"`{rule.id}`", standard.name, rule.level, _word(rule.kind, language)]
    if rule.formerly:
        facts.append(f"{_word('formerly', language)} {rule.formerly}")
    yield from (" · ".join(facts), "")
    yield from (rule.meaning.in_(language), "", f"## {_word('requirements', language)}", "")
    for requirement in rule.requirements:
        condition = f" ({_word('when', language)} {requirement.applies_when.in_(language)})" if requirement.applies_when else ""
        yield f"- **{requirement.level}** {requirement.text.in_(language)}{condition}"
    if rule.reading:
        yield from ("", f"## {_word('reading', language)}", "", rule.reading.chosen.in_(language))
        for extra in (rule.reading.because, rule.reading.official_linter):
            yield from ("", extra.in_(language)) if extra else ()
    yield from ("", f"## {_word('checks', language)}", "")
    yield from (f"- `{ref}`: {_word(role, language)}" for role, ref in rule.bindings)
    if rule.attest:
        yield from ("", f"## {_word('question', language)}", "", rule.attest.question.in_(language))
        yield from ("", rule.attest.evidence.in_(language))
    yield from ("", f"## {_word('remedy', language)}", "", rule.remedy.in_(language))
    if cases:
        yield from ("", f"## {_word('examples', language)}", "")
        for case in cases:
            yield from _example(case, language)
    yield from ("", f"{_word('source', language)}: {_address(rule.source)}")


def _example(case: Case, language: Language) -> Iterator[str]:
    yield from (f"### {_word(f'status-{case.expect}', language)}: {case.because.in_(language)}", "")
    told = (("document", case.document), ("reference", case.reference), ("answers", case.answers))
    difference = {key: value for key, value in told if value}
    if difference:
        yield from ("```yaml", yaml_rs.dumps(difference).strip().removeprefix("---").strip(), "```", "")
    else:
        yield from (_word("baseline", language), "")


def write(standard: Standard, cases: Iterable[Case], language: Language, folder: Path) -> list[Path]:
    """Write the index and a page for every rule below a folder; return the files written."""
    by_rule: dict[str, list[Case]] = {}
    for case in cases:
        by_rule.setdefault(case.rule, []).append(case)
    pages = {"README.md": index(standard, language)}
    pages |= {file_of(rule): page(standard, rule, by_rule.get(rule.id, []), language) for rule in standard.rules}
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in pages]


def _address(source: str) -> str:
    return f"<{source}>" if "://" in source else f"`{source}`"


def _word(name: str, language: Language) -> str:
    return say(f"rulebook.{name}").in_(language)
