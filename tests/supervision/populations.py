"""Seeded populations for the tests: the example's size, and a small one whose rings are few."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gongshi.supervision.adapters.option_files import read_options
from gongshi.supervision.columns import Columns, gather_columns
from gongshi.supervision.population import Population, Size, Tier, draw_population, planned_transfers
from gongshi.supervision.records import Option
from gongshi.terms.instant import instant_from_iso

ROOT = Path(__file__).parents[2]
START = instant_from_iso("2026-10-01T00:00:00+08:00")
OPERATORS = ("payment-company", "internet-bank")
# The tiers of examples/alliance, from the lowest to the highest.
TIERS = {
    "tier-4": Tier(200_000, 500_000, 1_000_000),
    "tier-3": Tier(500_000, 1_000_000, 2_000_000),
    "tier-2": Tier(5_000_000, 10_000_000, 50_000_000),
    "tier-1": Tier(500_000_000, 2_000_000_000, 10_000_000_000),
}
SMALL = Size(
    wallets=1_200,
    payments=6_000,
    days=10,
    mirror_pools=2,
    clients_per_pool=3,
    structurers=6,
    cycles=5,
    unordered_cycles=2,
    payrolls=4,
    families=12,
    stalls=10,
    traders=8,
    remitters=20,
)


@cache
def draw(seed: int = 2016, size: Size = SMALL) -> Population:
    """Draw a population that fits the example's tiers."""
    population, problems = draw_population(seed, START, OPERATORS, TIERS, size)
    assert not problems
    return population


@cache
def columns_from(seed: int = 2016, size: Size = SMALL) -> Columns:
    """What supervision sees of a population."""
    population = draw(seed, size)
    columns, problems = gather_columns(planned_transfers(population), population.customers, population.rates)
    assert not problems
    return columns


@cache
def example_options() -> tuple[Option, ...]:
    """The two options of the example alliance."""
    options, problems = read_options(ROOT / "examples" / "alliance" / "options")
    assert not problems
    return options
