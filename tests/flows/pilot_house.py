"""A real house in a temporary folder: the example alliance, every member's keys, a clock that stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from gongshi.flows.alliance_to_ledger import found_alliance, make_genesis
from gongshi.group.adapters.alliance_file import load_founding
from gongshi.group.records import Founding
from gongshi.ledger.adapters.home import Settings
from gongshi.supervision.population import Population, Tier, draw_population
from gongshi.terms.instant import MS_PER_DAY, Instant, start_of_day
from gongshi.wiring import KINDS, NAMESPACES, House, found_house, open_house
from tests.supervision.populations import SMALL

ALLIANCE = Path(__file__).parents[2] / "examples" / "alliance"
AS_OF = "2026-10-20"


def found(home: Path, delay_blocks: int = 0) -> None:
    """Found the example alliance in a home."""
    founding = load_founding(ALLIANCE / "alliance.toml", date.fromisoformat(AS_OF))
    assert isinstance(founding, Founding)
    settings = Settings(organisation=founding.secretariat, rehearsal=True, delay_blocks=delay_blocks)
    names = [organisation.id for organisation in founding.organisations]
    found_house(home, settings, founding.organisations, make_genesis(founding, KINDS, NAMESPACES), names)
    with open_house(home, AS_OF) as house:
        found_alliance(house.desk, founding)


@contextmanager
def opened(home: Path) -> Iterator[House]:
    """Open the home on the as-of day."""
    with open_house(home, AS_OF) as house:
        yield house


def population_for(house: House, seed: int = 2016) -> Population:
    """Draw the small population for the pilot of this house; its days end before the as-of day."""
    pilot = house.desk.engine.genesis.params["pilot"]
    tiers = {name: Tier(*limits) for name, limits in sorted(pilot["tiers"].items(), reverse=True)}
    start = Instant(start_of_day(date.fromisoformat(AS_OF)) - SMALL.days * MS_PER_DAY)
    population, problems = draw_population(seed, start, pilot["operators"], tiers, SMALL)
    assert not problems
    return population
