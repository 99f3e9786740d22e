"""One answer, whatever the batches: what is found on a past stays found, and nothing later changes it (as of each row).

A kernel that looks ahead, or whose answer depends on where a batch ends, fails here; so does one that needs its rows sorted.
"""

from __future__ import annotations

import random

import pytest

from gongshi.supervision.columns import gather_columns
from gongshi.supervision.records import Rule
from gongshi.supervision.rules import run_rule
from gongshi.terms.transfer import Transfer
from tests.supervision.worlds import RATES, customers_of, draw_graph, rule_of

OWNERS = {"b": "a", "d": "c"}
RULES = {
    "temporal_cycle": rule_of("temporal_cycle", window_s=30, length_max=5),
    "conserving_cycle": rule_of("temporal_cycle", window_s=40, length_max=6, conserving=1, keep_ppm=800_000),
    "structuring": rule_of("structuring", threshold_fen=110, band_ppm=300_000, rows_min=2, window_s=25),
    "mirror_transfer": rule_of("mirror_transfer", window_s=20, tolerance_ppm=150_000, keep_ppm=700_000),
    "large_value": rule_of("large_value", threshold_fen=300),
}


def alerts_on(rows: list[Transfer], whole: list[Transfer], rule: Rule) -> list[tuple[str, tuple[str, ...]]]:
    """Give ids with accounts, in order: what a supervisor would enter on this part of the past."""
    columns, problems = gather_columns(rows, customers_of(whole, OWNERS), RATES)
    assert not problems
    return [(alert.id, alert.accounts) for alert in run_rule(columns, rule)]


@pytest.mark.parametrize("name", RULES)
def test_batches_of_1_and_of_128_and_all_at_once_give_the_same_alerts(name):
    rule, total = RULES[name], 0
    for seed in range(25):
        rows = sorted(draw_graph(seed, zones=("CN", "XX")), key=lambda row: (row.time, row.id))
        whole = alerts_on(rows, rows, rule)
        for batch in (1, 7, 128):
            grown: list[tuple[str, tuple[str, ...]]] = []
            for end in [*range(batch, len(rows), batch), len(rows)]:
                so_far = alerts_on(rows[:end], rows, rule)
                assert set(grown) <= set(so_far), f"seed {seed}: what was found is gone"
                assert [one for one in so_far if one in set(grown)] == grown, f"seed {seed}: the order changed"
                grown = so_far
            assert grown == whole
        total += len(whole)
    assert total > 50, "the worlds hold what is looked for"


@pytest.mark.parametrize("name", RULES)
def test_the_order_in_which_rows_come_in_does_not_matter(name):
    rule = RULES[name]
    for seed in range(25):
        rows = draw_graph(seed, zones=("CN", "XX"))
        shuffled = random.Random(seed).sample(rows, len(rows))
        assert alerts_on(rows, rows, rule) == alerts_on(shuffled, rows, rule)
