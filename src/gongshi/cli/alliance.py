"""The founding file as this home's ledger has laid it out: its calendar begins on the day that the genesis says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gongshi.cli.errors import ProblemsError
from gongshi.group.records import Founding
from gongshi.terms.instant import day_of
from gongshi.wiring import House, load_founding

ALLIANCE_FILE = "alliance.toml"
_ANY_DAY = date(2016, 1, 1)


def get_alliance_folder(house: House) -> Path:
    """Give the folder of the alliance's declarations, which the home was made with."""
    return Path(house.settings.alliance)


def read_founding(folder: Path, as_of: date) -> Founding:
    """Read the founding file laid out from a day; every problem is told."""
    founding = load_founding(folder / ALLIANCE_FILE, as_of)
    if not isinstance(founding, Founding):
        raise ProblemsError(founding)
    return founding


def get_as_of(house: House) -> date:
    """Give the day from which this home's calendar was laid out."""
    rehearsed = read_founding(get_alliance_folder(house), _ANY_DAY)
    return _ANY_DAY + (day_of(house.desk.engine.genesis.time) - day_of(rehearsed.founded_at))


def get_founding(house: House) -> Founding:
    """Give the founding file with this home's days."""
    return read_founding(get_alliance_folder(house), get_as_of(house))
