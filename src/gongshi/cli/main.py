"""`gongshi`: the whole tool. Each family of commands is a file beside this one, imported when it is called."""

from __future__ import annotations

import importlib
import itertools
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from gongshi import __version__
from gongshi.cli.context import Context, get_home
from gongshi.cli.errors import USAGE, ProblemsError, explain
from gongshi.terms.problem import Problem
from gongshi.terms.text import Language
from gongshi.wiring import get_catalogue, read_as_of

_ALONE = {"init": "desk", "status": "desk", "serve": "desk", "accounts": "desk"}
_ALONE |= {name: name for name in ("verify", "trace", "rehearse")}
FAMILIES = ("ledger", "watch", "lab", "pilots", "supervision", "group", "paper")


class Families(TyperGroup):
    """Imports a command's file when the command is called: none waits for another's libraries. Typer keeps its types private."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Give every command's name, in the order of the help."""
        return [*super().list_commands(ctx), *_ALONE, *FAMILIES]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give the command of a name, or nothing."""
        if cmd_name in _ALONE or cmd_name in FAMILIES:
            holder = typer.Typer(rich_markup_mode=None)
            holder.callback()(lambda: None)  # a group even where it holds one command
            module = importlib.import_module(f"gongshi.cli.{_ALONE.get(cmd_name, cmd_name)}")
            if cmd_name in FAMILIES:
                holder.add_typer(module.app, name=cmd_name)
            else:
                module.register(holder)
            return typer.main.get_group(holder).commands[cmd_name]
        return super().get_command(ctx, cmd_name)


app = typer.Typer(
    name="gongshi",
    cls=Families,
    help="共识 Gongshi: the desk of a working group on distributed ledger technology.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def options(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="The home folder; GONGSHI_HOME, or ./.gongshi.")] = None,
    lang: Annotated[str, typer.Option(help="zh or en; GONGSHI_LANG, or zh.")] = "",
    as_of: Annotated[str, typer.Option(help="An ISO date or time that stands for now.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print results as JSON.")] = False,
) -> None:
    """Read the options that every command shares."""
    if isinstance(context.obj, Context):
        return
    context.obj = Context(get_home(home), get_language(lang), as_json, check_as_of(as_of))


@app.command()
def version() -> None:
    """Print the version."""
    print(__version__)  # noqa: T201 - the answer


def check_as_of(as_of: str) -> str:
    """Give the as-of as it was typed; a problem when it is neither a date nor a time."""
    try:
        read_as_of(as_of or "2016-01-01")
    except ValueError:
        raise ProblemsError([Problem("cli.as_of.form", as_of)]) from None
    return as_of


def get_language(given: str) -> Language:
    """Give the reader's language: the option, the variable, or Chinese."""
    return "en" if (given or os.environ.get("GONGSHI_LANG", "zh")).startswith("en") else "zh"


def run(arguments: list[str], context: Context | None = None) -> int:
    """Run one command; give its exit code. What went wrong is told in one line on standard error."""
    command = typer.main.get_command(app)
    try:
        result = command.main(arguments, prog_name="gongshi", standalone_mode=False, obj=context)
    except typer.Abort:
        return USAGE
    except TyperException as error:
        print(error.format_message(), file=sys.stderr)  # noqa: T201 - the door
        return USAGE
    except BrokenPipeError:
        return 0
    except Exception as error:
        if os.environ.get("GONGSHI_TRACEBACK"):
            raise
        language = context.language if context else get_language(_find_language(arguments))
        lines, code = explain(error, get_catalogue(language))
        print("\n".join(lines), file=sys.stderr)  # noqa: T201 - the door
        return code
    return result if isinstance(result, int) else 0


def _find_language(arguments: list[str]) -> str:
    return next((b for a, b in itertools.pairwise(arguments) if a == "--lang"), "")


def main() -> None:
    """Run the command line."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
