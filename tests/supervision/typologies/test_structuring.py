import random

import pytest

from gongshi.supervision.typologies import structuring
from tests.supervision.oracles import structuring as oracle
from tests.supervision.worlds import columns_of, draw_graph, found_numbers, row, rule_of


def test_300_random_graphs_equal_the_definition():
    total = 0
    for seed in range(300):
        rng = random.Random(seed)
        rule = rule_of(
            "structuring",
            threshold_fen=rng.choice((110, 200)),
            band_ppm=rng.choice((200_000, 333_333, 600_000)),
            rows_min=rng.randint(1, 4),
            window_s=rng.randint(1, 45),
            incoming=seed % 2,
            linked=seed // 2 % 2,
        )
        columns = columns_of(draw_graph(seed), owners={"b": "a", "d": "c"})
        found = found_numbers(columns, rule)
        assert set(found) == oracle(columns, rule.parameters), f"seed {seed}"
        assert [numbers[-1] for numbers in found] == [
            numbers[-1] for numbers in sorted(found, key=lambda n: _place(columns, n))
        ]
        total += len(found)
    assert total > 1000


def _place(columns, numbers):
    return columns.place_of[numbers[-1].to_bytes(16)]


def _deposits(amounts, step_s=3600):
    return [row(number, "desk", "a", number * step_s, amount) for number, amount in enumerate(amounts)]


@pytest.mark.parametrize(
    ("amounts", "found"),
    [
        ([80, 80, 80], True),  # the band's lower end belongs to it
        ([79, 80, 80], False),
        ([99, 99, 99], True),
        ([100, 99, 99], False),  # the threshold itself does not: that is a large-value report
    ],
)
def test_the_band_is_closed_below_and_open_above(amounts, found):
    rule = rule_of("structuring", threshold_fen=100, window_s=86_400)
    assert bool(found_numbers(columns_of(_deposits(amounts)), rule)) is found


@pytest.mark.parametrize(("last", "found"), [(40, True), (39, False)])
def test_a_sum_exactly_at_the_threshold_counts(last, found):
    rule = rule_of("structuring", threshold_fen=100, band_ppm=700_000, rows_min=2, window_s=86_400)
    assert bool(found_numbers(columns_of(_deposits([60, last])), rule)) is found


def test_a_row_exactly_a_window_before_is_outside():
    rows = _deposits([90, 90, 90], step_s=30)
    assert found_numbers(columns_of(rows), rule_of("structuring", threshold_fen=100, window_s=60)) == []
    assert found_numbers(columns_of(rows), rule_of("structuring", threshold_fen=100, window_s=61)) == [(0, 1, 2)]


def test_deposits_over_two_wallets_of_one_owner_are_seen_only_when_linked():
    rows = [row(number, "desk", "ab"[number % 2], number, 90) for number in range(3)]
    columns = columns_of(rows, owners={"b": "a"})
    assert found_numbers(columns, rule_of("structuring", threshold_fen=100, linked=1)) == [(0, 1, 2)]
    assert found_numbers(columns, rule_of("structuring", threshold_fen=100, linked=0)) == []


def test_an_institution_is_no_customer_and_an_empty_world_has_no_findings():
    columns = columns_of(_deposits([90, 90, 90]), holders={"desk": "institution"})
    assert found_numbers(columns, rule_of("structuring", threshold_fen=100, incoming=0)) == []
    assert found_numbers(columns_of([]), rule_of("structuring")) == []


def test_explained_conditions_hold():
    columns, rule = columns_of(_deposits([90, 80, 99])), rule_of("structuring", threshold_fen=100)
    finding = structuring.judge(columns, rule, structuring.gather(columns, rule)).findings[0]
    values = {c.name: (c.value, c.bound) for c in structuring.explain(columns, rule, finding)}
    assert values == {
        "rows": (3, 3),
        "smallest_fen": (80, 80),
        "largest_fen": (99, 100),
        "sum_fen": (269, 100),
        "span_ms": (7_200_000, 259_200_000),
    }
