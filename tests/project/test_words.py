"""Does every text exist that the code says, is every text said, and is none of them a word we may not use?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import cast

import pytest
import yaml_rs

from apicheck import errors

SOURCE = Path(__file__).parents[2] / "src" / "apicheck"
WORDS = SOURCE / "words"
CATALOGUE: dict[str, dict[str, str]] = {
    f"{file.stem}.{name}": entry
    for file in sorted(WORDS.glob("*.yaml"))
    for name, entry in cast("dict[str, dict[str, str]]", yaml_rs.loads(file.read_text("utf-8"))).items()
}
FORBIDDEN = re.compile(r"gecertificeerd|certificaat|certified|certificate of|compliant|gegarandeerd|guaranteed|%", re.IGNORECASE)
"""A report says what was tested and what was found. It grants nothing, promises nothing and gives no marks."""
SAYERS = {"say", "Fault", "Unsure", "CannotTell"}
ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.ApicheckError)}
NO_VALUE = {"Fault": {"at", "used_by", "exchange", "operation"}}
"""Arguments of a sayer that say where, and fill in nothing."""


def trees() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(SOURCE.rglob("*.py")):
        yield file.relative_to(SOURCE).as_posix(), ast.parse(file.read_text("utf-8"))


def said() -> Iterator[tuple[str, str, ast.Call]]:
    """Yield every place where the code says a text by its full id."""
    for file, tree in trees():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str) and name in SAYERS | ERRORS:
                yield f"{file}:{call.lineno}", ("errors." if name in ERRORS else "") + call.args[0].value, call


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


SAID = list(said())


@pytest.mark.parametrize(("where", "key", "call"), SAID, ids=[f"{where}-{key}" for where, key, _ in SAID])
def test_what_the_code_says_exists_and_is_filled_in(where: str, key: str, call: ast.Call) -> None:
    assert key in CATALOGUE, f"{where} says {key}, which words/ does not have"
    if all(keyword.arg for keyword in call.keywords):
        sayer = getattr(call.func, "id", "")
        given = {str(keyword.arg) for keyword in call.keywords} - NO_VALUE.get(sayer, set())
        missing = placeholders(CATALOGUE[key]["nl"]) - given
        assert not missing, f"{where} gives {key} no value for {missing}"


def test_every_text_is_said() -> None:
    constants: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.add(node.value)
            elif isinstance(node, ast.JoinedStr) and has_words(node):
                patterns.append(re.compile("".join(pattern(part) for part in node.values)))
    for template in (SOURCE / "report").rglob("*.j2"):
        constants.update(re.findall(r"""["']([a-z.-]+)["']""", template.read_text("utf-8")))
    unsaid = [
        key
        for key in CATALOGUE
        if constants.isdisjoint(names := {key, key.partition(".")[2]})
        and not any(pattern.fullmatch(name) for pattern in patterns for name in names)
    ]
    assert not unsaid, f"nothing says {unsaid}"


def has_words(text: ast.JoinedStr) -> bool:
    """Return whether an f-string names more than the file of a text: ``verdict.declared-{outcome}``, but not ``verdict.{name}``."""
    literal = "".join(str(part.value) for part in text.values if isinstance(part, ast.Constant))
    return any(map(str.isalpha, literal.partition(".")[2] or literal.removesuffix(".")))


def pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z0-9-]+"


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_text_says_the_same_in_both_languages(key: str) -> None:
    entry = CATALOGUE[key]
    assert set(entry) == {"nl", "en"}
    assert all(text.strip() for text in entry.values())
    assert placeholders(entry["nl"]) == placeholders(entry["en"])
    assert not FORBIDDEN.search(" ".join(entry.values())), "a report grants nothing, promises nothing and gives no marks"
