"""`gongshi init`, `status`, `serve`: the home, where everything in it stands, and the desk in a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from gongshi.cli.alliance import get_founding, read_founding
from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.flows.alliance_to_ledger import found_alliance, is_founded, make_genesis
from gongshi.flows.standing import get_standing
from gongshi.terms.instant import day_of
from gongshi.terms.problem import Problem
from gongshi.wiring import (
    CHECKS,
    KINDS,
    NAMESPACES,
    Home,
    HomeError,
    Settings,
    follow_house,
    found_house,
    get_clock,
    open_house,
)

# Entries of the founding bear the genesis' own time: the engine never stands before it.
LONG_AGO = "2016-01-01"


def register(app: typer.Typer) -> None:
    """Add the commands to the tool."""
    app.command()(init)
    app.command()(status)
    app.command()(serve)
    app.command()(accounts)


def init(
    context: typer.Context,
    alliance: Annotated[Path | None, typer.Option(help="The folder with the founding file alliance.toml.")] = None,
    rehearsal: Annotated[bool, typer.Option(help="Hold every member's keys here, for practice.")] = False,
    seed: Annotated[int, typer.Option(help="The seed of everything that is drawn in a rehearsal.")] = 0,
    follow: Annotated[Path | None, typer.Option(help="Follow a ledger: a file from `gongshi ledger export`.")] = None,
    organisation: Annotated[str, typer.Option(help="Whose keys this desk holds and signs with.")] = "",
    keys: Annotated[Path | None, typer.Option(help="That organisation's key folder.")] = None,
    suite: Annotated[
        list[str] | None,
        typer.Option(help="MEMBER=SUITE: the member signs by sm2 or ml-dsa-44 and not by ed25519; may be repeated."),
    ] = None,
    delay_blocks: Annotated[int, typer.Option(help="Commit every entry so many blocks late (for tests).")] = 0,
    port: Annotated[int, typer.Option(help="The port of the desk.")] = 8000,
) -> None:
    """Make a home: found an alliance from its file, or follow a ledger that exists."""
    here: Context = context.obj
    settings = Settings(
        organisation=organisation,
        delay_blocks=delay_blocks,
        language=here.language,
        port=port,
        rehearsal=rehearsal,
        as_of=here.as_of,
        seed=seed,
        alliance=str(alliance.resolve()) if alliance else "",
    )
    if follow is not None and keys is not None and organisation:
        follow_house(here.home, settings, follow, keys)
        with open_house(here.home, here.as_of) as house:
            here.tell("cli.init.followed", path=here.home, height=house.desk.engine.height, organisation=organisation)
        return
    if alliance is None:
        raise typer.BadParameter(here.say("cli.init.what"))
    _found(here, alliance, settings, suite or [])


def _found(here: Context, alliance: Path, settings: Settings, suites: list[str]) -> None:
    """Found, or go on with a founding that was cut off."""
    if not settings.rehearsal:
        raise ProblemsError([Problem("cli.init.rehearsal")])
    if not Home(here.home).settings_path.exists():
        as_of = day_of(get_clock(here.as_of).now())
        founding = read_founding(alliance, as_of)
        names = [organisation.id for organisation in founding.organisations]
        settings = replace(settings, organisation=settings.organisation or founding.secretariat)
        genesis = make_genesis(founding, KINDS, NAMESPACES)
        found_house(here.home, settings, founding.organisations, genesis, names, _read_suites(suites, names))
    with open_house(here.home, LONG_AGO) as house:
        founding = get_founding(house)
        if is_founded(house.desk, founding):
            raise HomeError("exists", here.home)
        found_alliance(house.desk, founding)
        here.tell(
            "cli.init.founded",
            name=founding.name.in_(here.language),
            members=len(founding.organisations),
            mandates=len(founding.mandates),
            committees=len(founding.committees),
            path=here.home,
        )


def _read_suites(options: list[str], members: list[str]) -> dict[str, str]:
    """Read MEMBER=SUITE; a member or a suite that is not known is refused before anything is made."""
    named = {}
    for option in options:
        member, _, suite = option.partition("=")
        if member not in members or suite not in CHECKS:
            raise ProblemsError([Problem("cli.init.suite", values={"option": option, "suites": ", ".join(CHECKS)})])
        named[member] = suite
    return named


def status(context: typer.Context) -> None:
    """Say where everything stands, in one object."""
    here: Context = context.obj
    with here.open() as house:
        here.give(get_standing(house.desk, house.home.published_path))


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="The port; the home's own where none is given.")] = 0,
) -> None:
    """Serve the desk on this machine's loopback address until Ctrl-C."""
    here: Context = context.obj
    command, environment = _web(here, "serve", *(["--port", str(port)] if port else []))
    os.execve(sys.executable, command, environment)  # noqa: S606 - this process becomes the desk, and so do its signals


def accounts(context: typer.Context) -> None:
    """Make an account for every role that has none, each with a one-time password that is shown once."""
    here: Context = context.obj
    command, environment = _web(here, "accounts", *(["--json"] if here.as_json else []))
    raise typer.Exit(subprocess.run(command, env=environment, check=False).returncode)  # noqa: S603 - our own module


def _web(here: Context, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Give the web door's call and environment: it is a program of its own, and this door starts it."""
    as_of = ["--as-of", here.as_of] if here.as_of else []
    command = [sys.executable, "-m", "gongshi.web", *arguments, "--home", str(here.home), *as_of]
    return command, {**os.environ, "GONGSHI_LANG": here.language}
