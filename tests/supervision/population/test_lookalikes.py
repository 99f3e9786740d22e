"""Look-alikes: some are never touched by the definitions, some are on purpose; both are shown on their rows alone."""

from __future__ import annotations

import pytest

from gongshi.supervision.columns import gather_columns
from gongshi.supervision.population import planned_transfers
from tests.supervision import oracles
from tests.supervision.population.test_rings import SEEDS, columns_of_ring, rings, rule
from tests.supervision.populations import columns_from, draw


def found_in(seed, ring, definition, id_):
    return definition(columns_of_ring(seed, ring), rule(id_).parameters)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_remittance_through_one_gateway_is_no_mirror(seed):
    for ring in rings(seed, "remitter"):
        assert not found_in(seed, ring, oracles.mirror_transfers, "mirror-transfer")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_traders_money_is_seen_to_cross_unless_it_crosses_late(seed):
    for ring in rings(seed, "trader"):
        assert not found_in(seed, ring, oracles.mirror_transfers, "mirror-transfer")
    for ring in rings(seed, "trader_late"):
        assert found_in(seed, ring, oracles.mirror_transfers, "mirror-transfer"), "on purpose: he burdens the rule"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_trader_would_be_a_mirror_without_the_path_on_which_his_money_crosses(seed):
    """The look-alike is a real one: leave out the remittance, and the definition holds."""
    population = draw(seed)
    for ring in rings(seed, "trader"):
        rows = [one for one in planned_transfers(population) if one.id in ring.rows and one.kind != "remit"]
        columns, _ = gather_columns(rows, population.customers, population.rates)
        assert oracles.mirror_transfers(columns, rule("mirror-transfer").parameters)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_familys_loop_runs_in_order_and_conserves_so_small_sums_alone_excuse_it(seed):
    limits = rule("conserving-cycle").parameters
    small = {**limits, "amount_min_fen": 1}
    for ring in rings(seed, "family"):
        columns = columns_of_ring(seed, ring)
        assert oracles.temporal_cycles(columns, small)
        worth = int(columns.worth.max())
        assert worth < 6_000_000


@pytest.mark.parametrize("seed", SEEDS)
def test_some_stalls_look_like_structuring_and_some_do_not(seed):
    found = [bool(found_in(seed, ring, oracles.structuring, "structuring-by-account")) for ring in rings(seed, "stall")]
    assert {True, False} == set(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_payroll_is_one_employer_paying_many(seed):
    for ring in rings(seed, "payroll"):
        columns = columns_of_ring(seed, ring)
        assert len(set(columns.payer.tolist())) == 1
        assert len(set(columns.payee.tolist())) == len(columns) >= 10


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_innocent_plays_in_a_ring(seed):
    manifest = draw(seed).manifest
    guilty = {account for ring in manifest.rings if not ring.innocent for account in ring.roles}
    innocent = {account for ring in manifest.rings if ring.innocent for account in ring.roles}
    assert not guilty & innocent
    assert innocent <= set(columns_from(seed).accounts)
