"""`python -m gongshi.web serve|accounts --home PATH`: the desk as a program of its own; the command line starts it.

0  done      2  the call is wrong      4  the home cannot be used      5  something outside failed
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from gongshi.group.queries import get_mandates
from gongshi.ledger.audit import DivergenceError
from gongshi.terms.sentence import Catalogue
from gongshi.terms.text import Language
from gongshi.web.server import ADDRESS, BusyPortError, serve
from gongshi.wiring import Home, HomeError, KeyFolderError, StoreError, get_catalogue, open_house

DONE, USAGE, HOME, WORLD = 0, 2, 4, 5


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two; what goes wrong is one line with what to do."""
    given = _read(arguments)
    catalogue = get_catalogue(_get_language())
    try:
        if given.what == "accounts":
            return _accounts(given.home, given.as_of, catalogue, as_json=given.json)
        return _serve(given.home, given.as_of, given.port, catalogue)
    except (HomeError, StoreError, KeyFolderError, DivergenceError, BusyPortError, OSError, ValueError) as error:
        line, code = explain(error, catalogue)
        print(line, file=sys.stderr)  # noqa: T201 - the door
        return code


def _read(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gongshi.web", description="The desk in a browser.")
    commands = parser.add_subparsers(dest="what", required=True)
    serving = commands.add_parser("serve", help="serve a home on this machine's loopback address")
    serving.add_argument("--port", type=int, default=0, help="the port; the home's own by default")
    making = commands.add_parser("accounts", help="make an account for every mandate that has none")
    making.add_argument("--json", action="store_true", help="print the result as JSON")
    for command in (serving, making):
        command.add_argument("--home", type=Path, required=True, help="the home folder")
        command.add_argument("--as-of", default="", help="an ISO date or time that stands for now")
    return parser.parse_args(arguments)


def _get_language() -> Language:
    return "en" if os.environ.get("GONGSHI_LANG", "zh").startswith("en") else "zh"


def _serve(home: Path, as_of: str, port: int, catalogue: Catalogue) -> int:
    port = port or Home(home).settings().port

    def on_ready() -> None:
        print(catalogue.say("web.serve.ready", address=f"http://{ADDRESS}:{port}"), flush=True)  # noqa: T201 - the door

    return serve(home, as_of, port, on_ready)


def _accounts(home: Path, as_of: str, catalogue: Catalogue, *, as_json: bool) -> int:
    from gongshi.web.settings import configure

    with open_house(home, as_of) as house:
        configure(home)
        from gongshi.web.accounts import make_accounts  # after Django stands

        with house.desk.read() as connection:
            mandates = get_mandates(connection)
        now = house.desk.now()
        held = [one for one in mandates if one.organisation in house.desk.keyrings and one.until >= now]
        made = list(make_accounts(held))
    rows: list[dict[str, object]] = [
        {
            "account": one.mandate.id,
            "organisation": one.mandate.organisation,
            "roles": list(one.mandate.roles),
            "password": one.password,
        }
        for one in made
    ]
    _print_accounts(rows, len(held), catalogue, as_json=as_json)
    return DONE


def _print_accounts(rows: list[dict[str, object]], held: int, catalogue: Catalogue, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))  # noqa: T201 - the result
        return
    print(catalogue.say("web.accounts.made", made=len(rows), held=held))  # noqa: T201 - the result
    for row in rows:
        print(f"  {row['account']:<24}{row['password']:<26}{row['organisation']}")  # noqa: T201 - the result


def explain(error: Exception, catalogue: Catalogue) -> tuple[str, int]:
    """Give the line that a user reads and the exit code."""
    if isinstance(error, HomeError):
        return catalogue.say(f"cli.home.{error.reason}", path=error.path, **error.values), HOME
    if isinstance(error, StoreError):
        return catalogue.say(f"cli.store.{error.reason}", path=error.path, place=error.place), HOME
    if isinstance(error, KeyFolderError):
        return catalogue.say(f"cli.keys.{error.reason}", path=error.path), HOME
    if isinstance(error, DivergenceError):
        return catalogue.say("cli.store.diverged", height=error.height, what=error.what), HOME
    if isinstance(error, BusyPortError):
        return catalogue.say("web.serve.busy", port=error.port, other=error.port + 1), WORLD
    if isinstance(error, OSError):
        return catalogue.say("cli.error.system", detail=error.strerror or str(error), path=error.filename or ""), WORLD
    return catalogue.say("web.serve.as_of", detail=error), USAGE


if __name__ == "__main__":
    sys.exit(main())
