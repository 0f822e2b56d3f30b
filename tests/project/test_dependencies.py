"""Is all that the product imports declared, and is all that is declared imported?"""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROVIDERS = packages_distributions()


def imported() -> set[str]:
    names: set[str] = set()
    for folder in ("src", "examples"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    names.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module)
                elif isinstance(node, ast.Constant) and node.value in PROVIDERS:  # a package asked for its files, by name
                    names.add(str(node.value))
    outside = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"apicheck"}
    return {normal(distribution) for name in outside for distribution in PROVIDERS.get(name, [])}


def declared(*, extras: bool = False) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() if extras for one in extra)]
    return {normal(re.split(r"[\[<>=!~; ]", dependency, maxsplit=1)[0]) for dependency in wanted}


def normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_what_is_imported_is_declared() -> None:
    assert imported() <= declared(extras=True)


def test_what_is_declared_is_imported() -> None:
    assert declared() <= imported()
