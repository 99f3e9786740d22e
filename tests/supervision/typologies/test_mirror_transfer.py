import random

import pytest

from gongshi.supervision.columns import scale_up
from gongshi.supervision.typologies import mirror_transfer
from tests.supervision.oracles import mirror_transfers
from tests.supervision.worlds import columns_of, draw_graph, found_numbers, row, rule_of

HOUR = 3600
LINK = {"client_abroad": "client"}


def test_300_random_graphs_equal_the_definition():
    total = 0
    for seed in range(300):
        rng = random.Random(seed)
        rule = rule_of(
            "mirror_transfer",
            window_s=rng.randint(1, 45),
            tolerance_ppm=rng.choice((0, 30_000, 150_000)),
            path_max=rng.randint(1, 4),
            keep_ppm=rng.choice((700_000, 900_000)),
        )
        columns = columns_of(draw_graph(seed, zones=("CN", "XX")), owners={"b": "a", "d": "c"})
        found = found_numbers(columns, rule)
        assert len(found) == len(set(found))
        assert set(found) == mirror_transfers(columns, rule.parameters), f"seed {seed}"
        total += len(found)
    assert total > 500


def _pair(worth: int = 900, lag_s: int = HOUR):
    """10 HKD are worth 9 yuan on the first day of these worlds, 10 on the next."""
    return [
        row(1, "client", "pool", 0, 900),
        row(2, "pool_abroad", "client_abroad", lag_s, worth * 10 // 9, "declared", "XX"),
    ]


def test_a_mirror_transfer_is_found_in_either_order():
    rule = rule_of("mirror_transfer")
    assert found_numbers(columns_of(_pair(), LINK), rule) == [(1, 2)]
    assert found_numbers(columns_of(_pair(lag_s=-HOUR), LINK), rule_of("mirror_transfer", tolerance_ppm=200_000)) == [
        (2, 1)
    ]


def test_unlinked_clients_are_strangers():
    assert found_numbers(columns_of(_pair()), rule_of("mirror_transfer")) == []


@pytest.mark.parametrize(("lag_s", "found"), [(HOUR, True), (HOUR + 1, False)])
def test_the_distance_in_time_includes_its_bound(lag_s, found):
    rule = rule_of("mirror_transfer", window_s=HOUR)
    assert bool(found_numbers(columns_of(_pair(lag_s=lag_s), LINK), rule)) is found


@pytest.mark.parametrize(("worth", "found"), [(927, True), (928, False), (873, True), (872, False)])
def test_the_tolerance_includes_its_bounds(worth, found):
    """3 % of 900 is 27: from 873 to 927."""
    rows = [
        row(1, "client", "pool", 0, 900),
        row(2, "pool_abroad", "client_abroad", HOUR, -(-worth * 10 // 9), "declared", "XX"),
    ]
    assert bool(found_numbers(columns_of(rows, LINK), rule_of("mirror_transfer"))) is found


def _crossing(amounts):
    """The pool remits to a gateway, the gateway pays the pool abroad: the money is seen to cross."""
    return [
        *_pair(lag_s=5 * HOUR),
        row(3, "pool", "gateway", HOUR, amounts[0], "remit"),
        row(4, "gateway", "pool_abroad", 2 * HOUR, amounts[1] * 10 // 9, "declared", "XX"),
    ]


@pytest.mark.parametrize(
    ("amounts", "found"),
    [((891, 882), False), ((810, 729), False), ((801, 783), True), ((900, 909), True)],
)
def test_money_that_is_seen_to_cross_excuses(amounts, found):
    assert bool(found_numbers(columns_of(_crossing(amounts), LINK), rule_of("mirror_transfer"))) is found


def test_a_path_longer_than_the_bound_does_not_excuse():
    rows = columns_of(_crossing((891, 882)), LINK)
    assert found_numbers(rows, rule_of("mirror_transfer", path_max=1)) == [(1, 2)]


def test_a_remittance_through_one_gateway_is_none():
    rows = [
        row(1, "client", "gateway", 0, 900, "remit"),
        row(2, "gateway", "client_abroad", HOUR, 1000, "declared", "XX"),
    ]
    assert found_numbers(columns_of(rows, LINK), rule_of("mirror_transfer")) == []


def test_a_stopped_search_is_marked():
    rows = [*_pair(lag_s=5 * HOUR), *(row(10 + n, "x", "pool_abroad", n, 900, "declared", "XX") for n in range(9))]
    columns, rule = columns_of(rows, LINK), rule_of("mirror_transfer", visits_max=3)
    judgement = mirror_transfer.judge(columns, rule, mirror_transfer.gather(columns, rule))
    assert judgement.stopped == 1
    assert [(finding.complete, finding.visits) for finding in judgement.findings] == [(False, 3)]


def test_a_world_without_home_rows_has_no_findings():
    rows = [row(1, "a", "b", 0, 900, "declared", "XX")]
    assert found_numbers(columns_of(rows), rule_of("mirror_transfer")) == []


def test_explained_conditions_hold():
    columns, rule = columns_of(_pair(lag_s=-HOUR), LINK), rule_of("mirror_transfer", tolerance_ppm=200_000)
    finding = mirror_transfer.judge(columns, rule, mirror_transfer.gather(columns, rule)).findings[0]
    conditions = mirror_transfer.explain(columns, rule, finding)
    assert {(c.name, c.relation): c.bound for c in conditions}["foreign_fen", "<="] == 1080
    assert all(c.value <= c.bound for c in conditions if c.relation == "<=")
    assert all(c.value >= c.bound for c in conditions if c.relation == ">=")
    assert all((c.value == c.bound) is (c.relation == "==") for c in conditions if c.relation in ("==", "!="))


def test_the_plain_kernel_equals_the_compiled_one():
    for seed in range(60):
        columns = columns_of(draw_graph(seed, zones=("CN", "XX")), owners={"b": "a", "d": "c"})
        rule = rule_of("mirror_transfer", window_s=30, tolerance_ppm=150_000, path_max=4, keep_ppm=700_000)
        gathered = mirror_transfer.gather(columns, rule)
        least = scale_up(columns.worth, 700_000)
        rows = (columns.payer, columns.payee, columns.time, columns.worth, least)
        crosses, spent = mirror_transfer.search_paths(*gathered, *rows, 30_000, 4, 100_000)
        judged = mirror_transfer.judge(columns, rule, gathered)
        kept = [tuple(sorted(pair)) for pair in zip(gathered.home[~crosses], gathered.foreign[~crosses], strict=True)]
        assert sorted(finding.rows for finding in judged.findings) == sorted(kept)
        assert judged.visits == int(spent.sum())


def test_a_hub_with_many_rows_in_does_not_use_up_the_search():
    """Rows into the foreign pool before the window are not visited, however many there are."""
    old = [row(100 + n, "x", "pool_abroad", n - 10**6, 900, "declared", "CN") for n in range(50)]
    columns, rule = columns_of([*old, *_pair(lag_s=5 * HOUR)], LINK), rule_of("mirror_transfer", visits_max=3)
    judgement = mirror_transfer.judge(columns, rule, mirror_transfer.gather(columns, rule))
    assert [finding.complete for finding in judgement.findings] == [True]
    assert judgement.visits == 0
