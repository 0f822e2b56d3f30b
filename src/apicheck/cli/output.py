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

from apicheck.errors import NotWritten, WrongUse
from apicheck.model import Language, Report, Source
from apicheck.report import FORMATS, har
from apicheck.words import say

ON_SCREEN = "terminal"
EVIDENCE = har.FOLDER
"""A folder and no format: a file for each finding that traffic shows."""
JOURNAL = "journal.jsonl"
"""What a run that is ended by force leaves in the folder of the report."""
OF_EVIDENCE = re.compile(r"[0-9a-f]{64}\.har")
"""The name of a file in that folder."""
WORDLESS = {"csv", "github", "gitlab"}
"""The formats that have no room to say what they leave out, so it is said when they are written."""

_FOLDERS = re.compile(r"(?:^|(?<=[=:]))/(?:.*/)?")
"""The folders of an absolute path, alone or behind ``NAME=`` or ``file:``."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A format of the report and the file that takes it, a folder for the evidence; None is standard output."""

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
    known = (*FORMATS, EVIDENCE)
    if name not in known or (equals and not path) or item == f"{EVIDENCE}=-":
        raise WrongUse("unknown-format", format=item, known=", ".join(known))
    if equals:
        return Destination(name, None if path == "-" else Path(path))
    if name == EVIDENCE:
        return Destination(name, (folder or Path()) / EVIDENCE)
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
            from apicheck.report import terminal  # noqa: PLC0415  # a format for machines waits for no colours

            terminal.show(report, language)
            continue
        if destination.format == EVIDENCE and destination.file:
            _write_evidence(report, destination.file, language)
            continue
        content = rendered(report, destination.format, language)
        if destination.file is None:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            write(destination.file, content)
            _tell_written(destination.format, destination.file, language)


def _tell_written(name: str, file: Path, language: Language) -> None:
    told = [say("cli.written", format=name, file=file), *([say(f"report.loses-{name}")] if name in WORDLESS else [])]
    sys.stderr.write(" ".join(text.in_(language) for text in told) + "\n")


def _write_evidence(report: Report, folder: Path, language: Language) -> None:
    """Write the evidence of a report. What an earlier report left there is taken away; files that are not ours stay."""
    files = har.evidence(report)
    for name, content in files.items():
        write(folder / name, content)
    for other in folder.glob("*.har"):
        if OF_EVIDENCE.fullmatch(other.name) and other.name not in files:
            other.unlink()
    if files:
        _tell_written(EVIDENCE, folder, language)


def rendered(report: Report, name: str, language: Language) -> bytes:
    """Return the bytes of a report in one format."""
    content = FORMATS[name].render(report, language)
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
        raise NotWritten("not-written", file=file, error=error) from None


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
                tasks[source] = bars.add_task(say(f"cli.progress-{source}").in_(language))
            bars.update(tasks[source], completed=done, total=total)

        yield show


def command_line() -> str:
    """Return the command line that repeats this run; values of credentials never stand on it, nor the folders of this machine."""
    return shlex.join(["apicheck", *(argument if "://" in argument else _FOLDERS.sub("", argument) for argument in sys.argv[1:])])
