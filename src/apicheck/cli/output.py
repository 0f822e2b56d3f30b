"""Where does a report go, and how does a person see that work is being done?

What is asked for goes to standard output or to files; progress goes to standard error.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apicheck.cli.options import Language
from apicheck.errors import NotWritten, WrongUse
from apicheck.model import Report, Source
from apicheck.report import FORMATS, terminal
from apicheck.words import say

ON_SCREEN = "terminal"

_FOLDERS = re.compile(r"(?:^|(?<=[=:]))/(?:.*/)?")
"""The folders of an absolute path, alone or behind ``NAME=`` or ``file:``."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A format of the report and the file that takes it; None is standard output."""

    format: str
    file: Path | None


def destinations(asked: list[str] | None, folder: Path | None = None, *, default: tuple[str, ...] = ()) -> tuple[Destination, ...]:
    """Return where each format goes: ``NAME=PATH`` says so, ``NAME=-`` is standard output, ``NAME`` alone goes into the folder.

    Without a folder ``NAME`` alone goes to standard output. Unless another format takes it, the screen shows the report too.

    Raises:
        WrongUse: there is no such format, or two formats want standard output.
    """
    chosen = tuple(_destination(item, folder) for item in asked or default)
    on_screen = [destination.format for destination in chosen if destination.file is None]
    if len(on_screen) > 1:
        raise WrongUse("two-on-screen", formats=", ".join(on_screen))
    return chosen if on_screen else (Destination(ON_SCREEN, None), *chosen)


def _destination(item: str, folder: Path | None) -> Destination:
    name, equals, path = item.partition("=")
    if name not in FORMATS or (equals and not path):
        raise WrongUse("unknown-format", format=item, known=", ".join(FORMATS))
    if equals:
        return Destination(name, None if path == "-" else Path(path))
    if folder is None or name == ON_SCREEN:
        return Destination(name, None)
    return Destination(name, folder / FORMATS[name].file)


def deliver(report: Report, wanted: tuple[Destination, ...], language: Language) -> None:
    """Render the report for each destination, the screen last.

    Raises:
        NotWritten: a file could not be written.
    """
    for destination in sorted(wanted, key=lambda destination: destination.file is None):
        if destination == Destination(ON_SCREEN, None) and sys.stdout.isatty():
            terminal.show(report, language.value)
            continue
        content = rendered(report, destination.format, language)
        if destination.file is None:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            write(destination.file, content)
            sys.stderr.write(say("cli.written", format=destination.format, file=destination.file).in_(language.value) + "\n")


def rendered(report: Report, name: str, language: Language) -> bytes:
    """Return the bytes of a report in one format."""
    content = FORMATS[name].render(report, language.value)
    return content.encode("utf-8") if isinstance(content, str) else content


def write(file: Path, content: bytes) -> None:
    """Write a file, in a folder that is made where there is none.

    Raises:
        NotWritten: it could not be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise NotWritten("not-written", file=file, error=error.strerror or error) from None


@contextmanager
def progress(language: Language) -> Iterator[Callable[[Source, int, int], None]]:
    """Show a bar for each source of evidence while the work goes on; nothing when nobody watches."""
    from rich import progress as rich_progress  # noqa: PLC0415  # what reads a document alone shows no bar and waits for none
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (
        rich_progress.SpinnerColumn(),
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[Source, rich_progress.TaskID] = {}

        def show(source: Source, done: int, total: int) -> None:
            if source not in tasks:
                tasks[source] = bars.add_task(say(f"cli.progress-{source}").in_(language.value))
            bars.update(tasks[source], completed=done, total=total)

        yield show


def command_line() -> str:
    """Return the command line that repeats this run; values of credentials never stand on it, nor the folders of this machine."""
    return shlex.join(["apicheck", *(argument if "://" in argument else _FOLDERS.sub("", argument) for argument in sys.argv[1:])])
