"""What can a person ask of apicheck on the command line?

No logic here: a command gathers its options, calls one function and turns what comes back into output and an exit code.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from apicheck import __version__
from apicheck.cli import usage
from apicheck.cli.help_page import HelpPage
from apicheck.cli.options import say_help, spoken
from apicheck.errors import ApicheckError
from apicheck.words import say


def _version(asked: bool) -> None:  # noqa: FBT001  # typer hands the option over by position
    if asked:
        typer.echo(f"apicheck {__version__}")
        raise typer.Exit


_MODULES = {
    "check": "check",
    "lint": "lint",
    "probe": "check",
    "fuzz": "check",
    "conform": "conform",
    "standards": "standards",
    "attest": "attest",
    "exceptions": "exceptions",
    "report": "report",
    "sign": "sign",
    "verify": "sign",
    "keys": "sign",
    "requirement": "requirement",
    "rules": "rules",
    "explain": "rules",
    "baseline": "lint",
    "fix": "fix",
    "reduce": "reduce",
    "auth": "auth",
    "data": "data",
    "replay": "replay",
    "demo": "demo",
    "selftest": "demo",
}
"""Which module of this package has which command, in the order in which they are listed."""

_NO_PATH_FOR_US = frozenset({errno.ENAMETOOLONG, errno.EACCES})
"""What is wrong with a path that no file can have, or that nobody may look at. A file of ours that is not there is a bug."""


class _Commands(TyperGroup):
    """The commands, each loaded when it is asked for: who lints in an editor does not wait for what signs."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in _MODULES and cmd_name not in self.commands:
            module = typer.Typer(rich_markup_mode=None)
            import_module(f"{__name__}.{_MODULES[cmd_name]}").add_to(module)
            self.commands.update(typer.main.get_group(module).commands)
        return self.commands.get(cmd_name)


TyperGroup.context_class.formatter_class = HelpPage
app = typer.Typer(
    name="apicheck",
    cls=_Commands,
    help=say_help("apicheck"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def apicheck(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help=say_help("option-version"))] = False,  # noqa: FBT002  # a flag
) -> None:
    """Take the options that go before a command."""


def main() -> None:
    """Run the command line and exit with the documented code; no traceback ever reaches the user."""
    sys.exit(_run())


def _run() -> int:
    try:
        return app(standalone_mode=False) or 0
    except typer.Exit as done:
        return done.exit_code
    except TyperException as wrong:
        said = usage.explain(wrong)
        return _complain(said.in_(spoken()), wrong.exit_code) if said else _show(wrong)
    except (typer.Abort, KeyboardInterrupt):
        return _complain(say("errors.interrupted").in_(spoken()), 4)
    except ApicheckError as error:
        return _complain(error.explain().in_(spoken()), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader of our output is gone; that is no error
        return 0
    except Exception as bug:  # noqa: BLE001  # the last door: a bug of ours gets a sentence and the code of "could not run"
        if isinstance(bug, OSError) and bug.filename and bug.errno in _NO_PATH_FOR_US:
            return _complain(ApicheckError("file-unusable", file=bug.filename, error=bug).explain().in_(spoken()), 4)
        last = traceback.extract_tb(bug.__traceback__)[-1]
        where = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119  # a name, not a file to open
        return _complain(say("errors.bug", error=f"{type(bug).__name__}: {bug}", where=where).in_(spoken()), 4)


def _show(help_: TyperException) -> int:
    sys.stderr.write(f"{help_.format_message()}\n")
    return help_.exit_code


def _complain(sentence: str, exit_code: int) -> int:
    sys.stderr.write(f"apicheck: {sentence}\n")
    return exit_code
