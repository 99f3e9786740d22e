import random
from itertools import pairwise

import numpy as np
import pytest

from gongshi.supervision.columns import take_rows
from gongshi.supervision.typologies import temporal_cycle
from tests.supervision.oracles import temporal_cycles
from tests.supervision.worlds import columns_of, draw_graph, found_numbers, row, rule_of


def test_300_random_graphs_equal_the_definition():
    total = 0
    for seed in range(300):
        rng = random.Random(seed)
        rule = rule_of(
            "temporal_cycle",
            window_s=rng.randint(1, 45),
            length_max=rng.randint(2, 6),
            conserving=seed % 2,
            keep_ppm=rng.choice((700_000, 900_000, 1_000_000)),
        )
        columns = columns_of(draw_graph(seed))
        found = found_numbers(columns, rule)
        assert len(found) == len(set(found))
        assert set(found) == temporal_cycles(columns, rule.parameters), f"seed {seed}"
        total += len(found)
    assert total > 1000, "the worlds hold cycles"


def test_the_plain_kernel_equals_the_compiled_one():
    for seed in range(40):
        columns, rule = columns_of(draw_graph(seed)), rule_of("temporal_cycle", window_s=30, length_max=5)
        gathered = temporal_cycle.gather(columns, rule)
        previous, before = temporal_cycle.link_rows(gathered.payer, gathered.payee, gathered.accounts)
        assert np.array_equal(previous, gathered.previous)
        assert np.array_equal(before, gathered.before)
        found, ends, spent = temporal_cycle.search_cycles(*gathered[1:], 30_000, 2, 5, False, 1_000_000)
        compiled = temporal_cycle.judge(columns, rule, gathered)
        rows = [tuple(gathered.rows[found[begin:end]].tolist()) for begin, end in pairwise([0, *ends.tolist()])]
        assert rows == [finding.rows for finding in compiled.findings]
        assert int(spent.sum()) == compiled.visits


@pytest.mark.parametrize("batch", [1, 7, 128])
def test_batches_do_not_change_the_answer(batch):
    for seed in range(20):
        columns, rule = columns_of(draw_graph(seed)), rule_of("temporal_cycle", window_s=30, length_max=5)
        whole, grown = found_numbers(columns, rule), []
        for end in [*range(batch, len(columns), batch), len(columns)]:
            so_far = found_numbers(take_rows(columns, list(range(end))), rule)
            assert so_far[: len(grown)] == grown
            grown = so_far
        assert grown == whole


def test_equal_times_are_ordered_by_id():
    """
    1  a -> b  second 0   and   2  b -> a  second 0: a cycle, because 1 < 2
    """
    rule = rule_of("temporal_cycle", window_s=1)
    assert found_numbers(columns_of([row(2, "b", "a", 0, 5), row(1, "a", "b", 0, 5)]), rule) == [(1, 2)]
    assert found_numbers(columns_of([row(1, "a", "b", 0, 5)]), rule) == []


def test_a_row_exactly_a_window_before_is_outside():
    rows = [row(1, "a", "b", 0, 5), row(2, "b", "a", 60, 5)]
    assert found_numbers(columns_of(rows), rule_of("temporal_cycle", window_s=60)) == []
    assert found_numbers(columns_of(rows), rule_of("temporal_cycle", window_s=61)) == [(1, 2)]


def test_parallel_rows_are_distinct_and_rows_to_oneself_do_not_count():
    rows = [row(1, "a", "b", 0, 5), row(2, "a", "b", 0, 5), row(3, "b", "b", 1, 5), row(4, "b", "a", 2, 5)]
    assert sorted(found_numbers(columns_of(rows), rule_of("temporal_cycle"))) == [(1, 4), (2, 4)]


@pytest.mark.parametrize(("amount", "found"), [(900, True), (899, False), (1000, True), (1001, False)])
def test_the_kept_share_is_exact(amount, found):
    rows = [row(1, "a", "b", 0, 1000), row(2, "b", "a", 1, amount)]
    assert bool(found_numbers(columns_of(rows), rule_of("temporal_cycle", conserving=1))) is found


def test_a_search_that_runs_into_its_budget_says_so():
    rows = [row(number, "a", "b", number, 5) for number in range(10)] + [row(10, "b", "a", 10, 5)]
    columns, rule = columns_of(rows), rule_of("temporal_cycle", visits_max=4)
    judgement = temporal_cycle.judge(columns, rule, temporal_cycle.gather(columns, rule))
    assert judgement.stopped == 1
    assert [finding.rows for finding in judgement.findings] == [(9, 10), (8, 10), (7, 10), (6, 10)]
    assert {finding.complete for finding in judgement.findings} == {False}
    assert {finding.visits for finding in judgement.findings} == {4}


def test_the_search_goes_no_deeper_than_a_cycle_could_be_long():
    """
    five rows x -> a, then a -> b, then b -> c: only where three rows may be a cycle are those into a looked at from c
    """
    rows = [*(row(number, "x", "a", number, 5) for number in range(5)), row(5, "a", "b", 5, 5), row(6, "b", "c", 6, 5)]
    columns = columns_of(rows)
    visits = [
        temporal_cycle.judge(columns, rule, temporal_cycle.gather(columns, rule)).visits
        for rule in (rule_of("temporal_cycle", length_max=2), rule_of("temporal_cycle", length_max=3))
    ]
    assert visits == [6, 11]


def test_explained_conditions_hold():
    columns, rule = (
        columns_of([row(1, "a", "b", 0, 1000), row(2, "b", "a", 1, 950)]),
        rule_of("temporal_cycle", conserving=1),
    )
    finding = temporal_cycle.judge(columns, rule, temporal_cycle.gather(columns, rule)).findings[0]
    conditions = {(c.name, c.relation): (c.value, c.bound) for c in temporal_cycle.explain(columns, rule, finding)}
    assert conditions["span_ms", "<"] == (1000, 7 * 86_400_000)
    assert conditions["step_fen", ">="] == (950, 900)
    assert conditions["step_fen", "<="] == (950, 1000)


@pytest.mark.parametrize("plain", [True, False])
def test_more_cycles_than_the_kernel_first_made_room_for(plain):
    """
    1…50  a -> b, then 101…150  b -> a: every pair is a cycle of two, 2,500 of them
    """
    rows = [row(n, "a", "b", n, 5) for n in range(1, 51)] + [row(100 + n, "b", "a", 100 + n, 5) for n in range(1, 51)]
    columns, rule = columns_of(rows), rule_of("temporal_cycle", length_max=2)
    gathered = temporal_cycle.gather(columns, rule)
    if plain:
        found, ends, _ = temporal_cycle.search_cycles(*gathered[1:], 7 * 86_400_000, 2, 2, False, 1_000_000)
        assert (len(found), len(ends)) == (5_000, 2_500)
        assert {tuple(found[end - 2 : end].tolist()) for end in ends} == {
            (a, b) for a in range(50) for b in range(50, 100)
        }
    else:
        assert len({finding.rows for finding in temporal_cycle.judge(columns, rule, gathered).findings}) == 2_500
