"""Which standards, modules and exceptions does a tender ask for together?

A profile is a TOML file: one of ours by its name, or one's own by its path. It resolves into one standard, so that everything
else knows standards only. What it sets aside stays in it, with the motivation, for a report to show.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from apicheck import catalogue
from apicheck.errors import UnusableProfile, WrongUse, first_of
from apicheck.model import Frozen, Part, Rule, Standard, Text
from apicheck.resources import resource

SUFFIX = ".toml"


class SetAside(Frozen):
    """A rule that does not count, because another one that is just as binding contradicts it."""

    rule: str
    motivation: Text


class Profile(Frozen):
    """A profile as it is written.

    ``modules`` are standards whose rules apply only where there are signs of what they are about; ``applies`` names the parts of
    which it is sure that they do, so that no sign is a doubt. ``explainable`` says whether a buyer may accept an explanation.
    """

    id: str
    edition: str
    title: Text
    publisher: str
    source: str
    date: str
    status: Text
    standards: tuple[str, ...]
    modules: tuple[str, ...] = ()
    applies: tuple[str, ...] = ()
    explainable: bool = True
    set_aside: tuple[SetAside, ...] = ()


def names() -> tuple[str, ...]:
    """Return the names of our own profiles, in alphabetical order."""
    return tuple(sorted(file.stem for file in resource("profiles").glob(f"*{SUFFIX}")))


def asked(standard: str, profile: str | None) -> Standard:
    """Return what is to be judged by: the profile when one is asked for, else the edition of a standard.

    Raises:
        WrongUse: there is no such standard or profile, or both are asked for.
        UnusableProfile: the profile is not as it should be.
        UnusableCatalogue: a file of the catalogue is not as it should be.
    """
    if profile and standard != catalogue.DEFAULT:
        raise WrongUse("standard-or-profile")
    return load(profile) if profile else catalogue.load(standard)


def load(name: str) -> Standard:
    """Return a profile as one standard, by its name or by the path of a file of one's own, which ends in ``.toml``.

    Raises:
        WrongUse: there is no such profile.
        UnusableProfile: the file cannot be read or is not complete, or names what is not there or stands in it twice.
    """
    own = name.endswith(SUFFIX)
    if not own and name not in names():
        raise WrongUse("unknown-profile", name=name, known=", ".join(names()))
    file = Path(name) if own else resource("profiles") / f"{name}{SUFFIX}"
    try:
        return resolve(Profile.model_validate(tomllib.loads(file.read_text("utf-8"))))
    except ValidationError as invalid:
        raise UnusableProfile("profile-unusable", file=file.name, error=first_of(invalid)) from None
    except (OSError, ValueError, WrongUse) as error:
        raise UnusableProfile("profile-unusable", file=file.name, error=error) from None


def resolve(profile: Profile) -> Standard:
    """Return the one standard that a profile comes to.

    Raises:
        WrongUse: it names a standard that is not there.
        ValueError: two of its parts have the same rule, or it names a rule or a part that it does not have.
    """
    parts = [catalogue.load(name) for name in (*profile.standards, *profile.modules)]
    rules = [(part.name, rule) for part in parts for rule in part.rules]
    ids = [rule.id for _, rule in rules]
    motivations = {item.rule: item.motivation for item in profile.set_aside}
    problems = (
        ("twice", {identifier for identifier in ids if ids.count(identifier) > 1}),
        ("unknown rule", motivations.keys() - set(ids)),
        ("not a part", set(profile.applies) - {part.name for part in parts}),
    )
    for problem, wrong in problems:
        if wrong:
            raise ValueError(f"{problem}: {', '.join(sorted(wrong))}")
    header = profile.model_dump(include={"id", "edition", "title", "publisher", "source", "date", "status", "explainable"})
    resolved = [_resolved(rule, motivations.get(rule.id), demanded=part in profile.applies) for part, rule in rules]
    told: dict[str, Any] = {
        "rules": resolved,
        "parts": [Part(name=part.name, digest=part.digest) for part in parts],
        "out_of_reach": [text for part in parts for text in part.out_of_reach],
    }
    return catalogue.sealed(Standard(**header, **told, digest=""))


def deviations(standard: Standard) -> Iterator[str]:
    """Yield the names of what a resolved profile says of its parts that is not so, as far as they are known here.

    A part that is not in this catalogue, or has another digest here; the ids of rules that are not those of the parts; and the
    name of the profile itself, when it is called as one of ours and sets aside or demands something else.
    """
    ours = load(standard.id) if standard.id in names() else standard
    if ours.name == standard.name and ours.digest != standard.digest:
        yield standard.name
    known = set(catalogue.editions())
    parts = {part.name: catalogue.load(part.name) for part in standard.parts if part.name in known}
    yield from (part.name for part in standard.parts if part.name not in parts or parts[part.name].digest != part.digest)
    if len(parts) == len(standard.parts):
        expected = {rule.id: rule for part in parts.values() for rule in part.rules}
        found = {rule.id: _resolved(rule, None, demanded=False) for rule in standard.rules}
        differing = (
            identifier for identifier in expected.keys() | found.keys() if expected.get(identifier) != found.get(identifier)
        )
        yield from sorted(differing)


def _resolved(rule: Rule, motivation: Text | None, *, demanded: bool) -> Rule:
    return rule.model_copy(update={"set_aside": motivation, "demanded": demanded})
