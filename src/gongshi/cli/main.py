"""`gongshi`: the whole tool. Each family of commands is a file beside this one, found by its name."""

from __future__ import annotations

import importlib
import itertools
import os
import sys
from pathlib import Path
from typing import Annotated

import click
import typer

from gongshi import __version__
from gongshi.cli.context import Context, get_home
from gongshi.cli.errors import USAGE, explain
from gongshi.terms.text import Language
from gongshi.wiring import get_catalogue

FAMILIES = ("ledger", "watch", "lab", "pilots", "supervision", "group", "paper")

app = typer.Typer(
    name="gongshi",
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
    context.obj = Context(get_home(home), get_language(lang), as_json, as_of)


@app.command()
def version() -> None:
    """Print the version."""
    print(__version__)  # noqa: T201 - the answer


def get_language(given: str) -> Language:
    """Give the reader's language: the option, the variable, or Chinese."""
    return "en" if (given or os.environ.get("GONGSHI_LANG", "zh")).startswith("en") else "zh"


def build() -> typer.Typer:
    """Add the families of commands; done once, late, so that `--help` of one family does not import the others' libraries."""
    if not app.registered_groups:
        for name in FAMILIES:
            module = importlib.import_module(f"gongshi.cli.{name}")
            app.add_typer(module.app, name=name)
        for name in ("desk", "verify", "trace", "rehearse"):
            importlib.import_module(f"gongshi.cli.{name}").register(app)
    return app


def run(arguments: list[str], context: Context | None = None) -> int:
    """Run one command; give its exit code. What went wrong is told in one line on standard error."""
    command = typer.main.get_command(build())
    try:
        result = command.main(arguments, prog_name="gongshi", standalone_mode=False, obj=context)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.exceptions.Abort:
        return USAGE
    except click.ClickException as error:
        error.show()
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
