import random
from collections import Counter

import pytest

from gongshi.supervision.typologies import large_value
from tests.supervision.oracles import large_reports
from tests.supervision.worlds import columns_of, draw_graph, found_numbers, row, rule_of

DAY = 86_400
T = 5_000_000


def test_300_random_graphs_equal_the_definition():
    total = 0
    for seed in range(300):
        rule = rule_of("large_value", threshold_fen=random.Random(seed).randint(100, 500), linked=seed % 2)
        columns = columns_of(draw_graph(seed), owners={"b": "a", "d": "c"})
        found = found_numbers(columns, rule)
        reports = large_reports(columns, rule.parameters)
        assert Counter(found) == Counter(rows for _, _, rows in reports), f"seed {seed}: one report a customer"
        total += len(found)
    assert total > 500


@pytest.mark.parametrize(("amount", "found"), [(T, True), (T - 1, False)])
def test_exactly_at_the_threshold_reports_and_one_fen_below_does_not(amount, found):
    columns = columns_of([row(1, "desk", "a", 0, amount, "cash_in")], holders={"desk": "institution"})
    assert bool(found_numbers(columns, rule_of("large_value"))) is found


def test_in_and_out_do_not_add_up_but_two_of_one_direction_do():
    desk = {"desk": "institution"}
    both = [row(1, "desk", "a", 0, 3_000_000, "cash_in"), row(2, "a", "desk", 9, 3_000_000, "cash_out")]
    assert found_numbers(columns_of(both, holders=desk), rule_of("large_value")) == []
    same = [row(1, "desk", "a", 0, 3_000_000, "cash_in"), row(2, "desk", "a", 9, 2_000_000, "cash_in")]
    assert found_numbers(columns_of(same, holders=desk), rule_of("large_value")) == [(1, 2)]


@pytest.mark.parametrize(("second", "found"), [(DAY - 1, True), (DAY, False)])
def test_a_day_ends_at_midnight_in_the_alliances_zone(second, found):
    rows = [row(1, "a", "b", 0, 3_000_000), row(2, "a", "b", second, 3_000_000)]
    assert bool(found_numbers(columns_of(rows), rule_of("large_value"))) is found


def test_the_scope_picks_kinds_and_holders():
    columns = columns_of([row(1, "firm", "a", 0, T)], holders={"firm": "legal"})
    assert found_numbers(columns, rule_of("large_value", {"kinds": ("cash_in",)})) == []
    judged = large_value.judge(
        columns, rule := rule_of("large_value", {"holders": ("legal",)}), large_value.gather(columns, rule)
    )
    assert [[columns.accounts[index] for index in finding.accounts] for finding in judged.findings] == [["firm"]]


def test_explained_conditions_hold():
    columns, rule = columns_of([row(1, "a", "b", 0, T)]), rule_of("large_value")
    finding = large_value.judge(columns, rule, large_value.gather(columns, rule)).findings[0]
    assert [(c.value, c.bound) for c in large_value.explain(columns, rule, finding)] == [(T, T), (20514, 20514)]
