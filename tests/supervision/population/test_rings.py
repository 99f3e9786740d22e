"""What is planted satisfies the definitions, shown by the slow definitions themselves on each ring's rows alone."""

from __future__ import annotations

import pytest

from gongshi.supervision.columns import gather_columns, home_day
from gongshi.supervision.population import planned_transfers
from gongshi.supervision.records import Ring, Rule
from tests.supervision import oracles
from tests.supervision.populations import draw, example_options

SEEDS = (2016, 5, 77)


def rule(id_: str) -> Rule:
    return next(rule for option in example_options() for rule in option.rules if rule.id == id_)


def rings(seed: int, *kinds: str) -> list[Ring]:
    found = [ring for ring in draw(seed).manifest.rings if ring.kind in kinds]
    assert found
    return found


def columns_of_ring(seed: int, ring: Ring):
    population = draw(seed)
    rows = [one for one in planned_transfers(population) if one.id in ring.rows]
    columns, problems = gather_columns(rows, population.customers, population.rates)
    assert not problems
    assert len(columns) == len(ring.rows)
    return columns


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mirror_pool_is_a_mirror_transfer_for_every_one_of_its_payments(seed):
    for ring in rings(seed, "mirror"):
        columns = columns_of_ring(seed, ring)
        found = oracles.mirror_transfers(columns, rule("mirror-transfer").parameters)
        assert {number for pair in found for number in pair} == {int.from_bytes(row) for row in ring.rows}
        assert set(ring.roles.values()) == {"pool", "foreign_pool", "client", "client_abroad"}


@pytest.mark.parametrize("seed", SEEDS)
def test_structuring_is_seen_by_account_and_split_structuring_only_by_owner(seed):
    by_account, by_owner = rule("structuring-by-account").parameters, rule("structuring-by-owner").parameters
    for ring in rings(seed, "structuring"):
        assert oracles.structuring(columns_of_ring(seed, ring), by_account)
    for ring in rings(seed, "structuring_split"):
        columns = columns_of_ring(seed, ring)
        assert oracles.structuring(columns, by_owner)
        assert not oracles.structuring(columns, by_account)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_deposit_of_a_structurer_is_itself_a_large_value(seed):
    for ring in rings(seed, "structuring", "structuring_split"):
        columns = columns_of_ring(seed, ring)
        assert int(columns.worth.max()) < 5_000_000
        assert len(set(home_day(columns.time).tolist())) == len(columns), "one deposit a day"
        assert not oracles.large_values(columns, rule("large-cash").parameters)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_ordered_cycle_conserves_and_an_unordered_one_runs_against_time(seed):
    limits = rule("conserving-cycle").parameters
    for ring in rings(seed, "cycle"):
        found = oracles.temporal_cycles(columns_of_ring(seed, ring), limits)
        assert tuple(int.from_bytes(row) for row in columns_rows(seed, ring)) in found
    for ring in rings(seed, "cycle_unordered"):
        assert not oracles.temporal_cycles(columns_of_ring(seed, ring), limits)


def columns_rows(seed: int, ring: Ring) -> list[bytes]:
    columns = columns_of_ring(seed, ring)
    return [columns.row_id(at) for at in range(len(columns))]
