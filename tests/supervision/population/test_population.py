"""A seed gives one population; its ids are the ledger's; its limits hold; what is planted is what the manifest says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from gongshi.supervision.columns import HOME_OFFSET_MS, home_day
from gongshi.supervision.population import Size, Tier, draw_population, planned_transfers
from gongshi.supervision.population.plan import BATCH_MS, DECLARED, KINDS
from gongshi.terms.instant import MS_PER_DAY
from gongshi.terms.transfer import family_tag
from tests.supervision.populations import OPERATORS, SMALL, START, TIERS, draw

EXAMPLE = Size()


def test_the_examples_population_has_at_least_a_hundred_thousand_payments():
    population = draw(size=EXAMPLE)
    assert len(population.payments) == EXAMPLE.payments >= 100_000
    assert len({leg.zone for leg in planned_transfers(population)}) == 2
    assert len({leg.currency for leg in planned_transfers(population)}) == 2


def test_a_seed_gives_one_population_and_another_seed_another():
    first, _ = draw_population(7, START, OPERATORS, TIERS, SMALL)
    second, _ = draw_population(7, START, OPERATORS, TIERS, SMALL)
    assert list(planned_transfers(first)) == list(planned_transfers(second))
    assert (first.wallets, first.customers, first.rates) == (second.wallets, second.customers, second.rates)
    assert first.manifest.digest() == second.manifest.digest()
    other, _ = draw_population(8, START, OPERATORS, TIERS, SMALL)
    assert other.manifest.digest() != first.manifest.digest()
    assert not {wallet.id for wallet in other.wallets} & {wallet.id for wallet in first.wallets}


def test_the_drawing_of_seed_2016_is_the_same_on_every_machine():
    """Figures that were published stay: whoever means to change the generator changes this value with it."""
    assert draw().manifest.digest().hex()[:16] == "450be96b3554d15e"


def test_ids_carry_their_submitters_mark_and_rise():
    population = draw()
    last: dict[bytes, bytes] = {}
    for row, operator in zip(population.payments.ids, population.payments.operator, strict=True):
        id_, tag = row.tobytes(), family_tag(OPERATORS[operator], "pay")
        assert id_[8:] == tag
        assert id_ > last.get(tag, b"")
        last[tag] = id_
    for leg in population.declared:
        tag = family_tag(leg.operator, "declare")
        assert leg.id[8:] == tag
        assert leg.id > last.get(tag, b"")
        last[tag] = leg.id
    assert len({one.id for one in planned_transfers(population)}) == len(population.payments) + len(population.declared)


def test_a_batch_is_one_operators_two_hours_in_order():
    population = draw()
    payments, wallets = population.payments, population.wallets
    batches = list(payments.batches())
    assert sum(batch.stop - batch.start for batch in batches) == len(payments)
    for batch in batches:
        assert len({wallets[payer].operator for payer in payments.payer[batch]}) == 1
        assert len(set((payments.time[batch] // BATCH_MS).tolist())) == 1
        assert bool(np.all(np.diff(payments.time[batch]) >= 0))
    begins = [int(payments.time[batch.start]) // BATCH_MS for batch in batches]
    assert begins == sorted(begins)


def test_every_row_lies_within_the_populations_days():
    for one in planned_transfers(draw()):
        assert START <= one.time < START + SMALL.days * MS_PER_DAY


@pytest.mark.parametrize("seed", [2016, 5])
def test_the_tiers_limits_hold_for_all_that_a_wallet_does(seed):
    population = draw(seed)
    spent: Counter[tuple[int, int]] = Counter()
    held = [wallet.opening for wallet in population.wallets]
    payments = population.payments
    days = home_day(payments.time).tolist()
    for payer, payee, amount, day in zip(
        payments.payer.tolist(), payments.payee.tolist(), payments.amount.tolist(), days, strict=True
    ):
        tier = TIERS[population.wallets[payer].tier]
        spent[payer, day] += amount
        held[payer] -= amount
        held[payee] += amount
        assert amount <= tier.payment_limit
        assert spent[payer, day] <= tier.daily_limit
        assert held[payer] >= 0
        assert held[payee] <= TIERS[population.wallets[payee].tier].balance_limit


def test_a_wallet_gets_the_lowest_tier_that_holds():
    tiers = Counter(wallet.tier for wallet in draw().wallets)
    assert set(tiers) == set(TIERS)


def test_a_wallet_that_fits_no_tier_is_named_and_gets_the_highest():
    narrow = {"only": Tier(5_000_000, 10_000_000, 50_000_000)}
    population, problems = draw_population(2016, START, OPERATORS, narrow, SMALL)
    assert {problem.code for problem in problems} == {"supervision.population.tier_too_low"}
    assert {wallet.tier for wallet in population.wallets} == {"only"}
    names = {wallet.id for wallet in population.wallets}
    assert {problem.where for problem in problems} <= names


def test_days_too_few_for_what_is_planted_are_our_own_mistake():
    with pytest.raises(AssertionError):
        draw_population(1, START, OPERATORS, TIERS, replace(SMALL, days=7))


def test_people_too_few_for_what_is_planted_are_our_own_mistake():
    with pytest.raises(AssertionError):
        draw_population(1, START, OPERATORS, TIERS, replace(SMALL, wallets=100))


def test_a_foreign_leg_has_a_rate_on_its_home_day():
    population = draw()
    for leg in population.declared:
        assert (leg.currency, (leg.time + HOME_OFFSET_MS) // MS_PER_DAY) in population.rates
        assert leg.kind == KINDS[DECLARED]
    days = sorted(day for _, day in population.rates)
    assert all(after - before == 1 for before, after in pairwise(days))


def test_the_manifest_counts_what_the_size_asked_for():
    counts = Counter(ring.kind for ring in draw().manifest.rings)
    assert counts == {
        "mirror": SMALL.mirror_pools,
        "structuring": SMALL.structurers / 2,
        "structuring_split": SMALL.structurers / 2,
        "cycle": SMALL.cycles,
        "cycle_unordered": SMALL.unordered_cycles,
        "payroll": SMALL.payrolls,
        "family": SMALL.families,
        "stall": SMALL.stalls,
        "trader_late": SMALL.traders / 4,
        "trader": SMALL.traders * 3 / 4,
        "remitter": SMALL.remitters,
    }


def test_every_planted_row_is_on_the_ledger_and_belongs_to_one_pattern():
    population = draw()
    rows = [row for ring in population.manifest.rings for row in ring.rows]
    assert len(set(rows)) == len(rows)
    assert set(rows) <= {one.id for one in planned_transfers(population)}
    guilty = [account for ring in population.manifest.rings if not ring.innocent for account in ring.roles]
    assert len(set(guilty)) == len(guilty), "nobody plays in two rings"


def test_accounts_of_one_owner_stand_at_two_operators():
    population = draw()
    operator_of = {wallet.id: wallet.operator for wallet in population.wallets}
    by_owner: dict[str, list[str]] = {}
    for account, customer in population.customers.items():
        if account in operator_of:
            by_owner.setdefault(customer.owner, []).append(operator_of[account])
    several = [operators for operators in by_owner.values() if len(operators) > 1]
    assert several
    assert all(len(set(operators)) == len(operators) for operators in several)
