"""What every command shares: where the home is, which language, tables or JSON, and the clock."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from gongshi.cli.errors import ProblemsError
from gongshi.flows.desk import Actor
from gongshi.group.queries import get_mandates
from gongshi.terms.problem import Problem
from gongshi.terms.sentence import Catalogue
from gongshi.terms.text import Language
from gongshi.wiring import House, get_catalogue, open_house

HOME_VARIABLE = "GONGSHI_HOME"
HOME_DEFAULT = ".gongshi"


@dataclass
class Context:
    """The options of this call; a rehearsal runs many calls in one process and keeps the house open between them."""

    home: Path
    language: Language = "zh"
    as_json: bool = False
    as_of: str = ""
    quiet: bool = False
    house: House | None = None

    @property
    def catalogue(self) -> Catalogue:
        """Give the sentences of the reader's language."""
        return get_catalogue(self.language)

    def say(self, code: str, /, **values: object) -> str:
        """Give a sentence of the catalogue."""
        return self.catalogue.say(code, **values)

    def tell(self, code: str, /, **values: object) -> None:
        """Print one sentence for people; JSON output stays free of it."""
        if not self.as_json and not self.quiet:
            _console(sys.stdout).print(self.say(code, **values), highlight=False, markup=False, soft_wrap=True)

    def give(self, value: object, columns: Sequence[str] = (), title: str = "") -> None:
        """Print a result: JSON where asked for, otherwise a table of rows or a list of names and values."""
        if self.as_json:
            print(json.dumps(value, ensure_ascii=False, indent=2, default=str))  # noqa: T201 - the result itself
        elif not self.quiet:
            _console(sys.stdout).print(self._table(value, columns, title))

    def _table(self, value: object, columns: Sequence[str], title: str) -> Table:
        table = Table(title=self.say(title) if title else None, title_justify="left", show_edge=False, pad_edge=False)
        rows = value if isinstance(value, list) else [{"": key, " ": item} for key, item in _pairs(value)]
        names = list(columns) or (list(rows[0]) if rows else [])
        for name in names:
            table.add_column(self.say(f"cli.column.{name}") if name.strip() else "", overflow="fold")
        for row in rows:
            table.add_row(*(_cell(row.get(name, ""), self.language) for name in names))
        return table

    @contextmanager
    def open(self) -> Iterator[House]:
        """Open the home, or use the one that a rehearsal holds open."""
        if self.house is not None:
            yield self.house
            return
        with open_house(self.home, self.as_of) as house:
            yield house

    def actor(self, house: House, *roles: str, given: str = "") -> Actor:
        """Give who acts: the mandate that was named, or the first with such a role among the organisations whose keys are here."""
        with house.desk.read() as connection:
            mandates = get_mandates(connection)
        held = [mandate for mandate in mandates if mandate.organisation in house.desk.keyrings]
        named = [mandate for mandate in held if mandate.id == given] if given else held
        fitting = [mandate for mandate in named if given or set(roles) & set(mandate.roles)]
        own = sorted(fitting, key=lambda mandate: mandate.organisation != house.organisation)
        if not own:
            raise ProblemsError([Problem("cli.actor.missing", given, {"roles": ", ".join(roles)})])
        return Actor(own[0].organisation, own[0].id)

    @contextmanager
    def progress(self, code: str, total: int) -> Iterator[Progress]:
        """Show progress of long work on standard error, with an estimate; nothing when it is not a terminal."""
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
            TimeRemainingColumn(),
            console=_console(sys.stderr),
            transient=True,
            disable=self.quiet or self.as_json or not sys.stderr.isatty(),
        )
        with bar:
            bar.add_task(self.say(code), total=total)
            yield bar


def get_home(given: Path | None) -> Path:
    """Give the home: the option, the variable, or the folder in the working directory."""
    return given or Path(os.environ.get(HOME_VARIABLE) or HOME_DEFAULT)


def _console(stream: object) -> Console:
    return Console(file=stream, soft_wrap=False)  # type: ignore[arg-type]


def _pairs(value: object) -> list[tuple[str, object]]:
    return list(value.items()) if isinstance(value, Mapping) else [("", value)]


def _cell(value: object, language: Language) -> str:
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        return str(value[language])
    if isinstance(value, dict):
        return ", ".join(f"{key} {_cell(item, language)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_cell(item, language) for item in value)
    if isinstance(value, bool) or value is None:
        return {True: "✓", False: "–", None: ""}[value]
    return f"{value:,}" if isinstance(value, int) else str(value)
