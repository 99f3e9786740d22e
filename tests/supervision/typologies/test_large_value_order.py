"""Article 5 of PBoC Order 2016 No. 3 as the example's option files have it: each threshold to the fen, each direction alone."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from gongshi.supervision.records import Rule
from gongshi.supervision.rules import run_rule
from gongshi.terms.instant import day_of
from tests.supervision.populations import example_options
from tests.supervision.worlds import START, columns_of, row

NATURAL, LEGAL = {"desk": "institution"}, {"desk": "institution", "a": "legal", "b": "legal"}
# (rule, who the customer is, kind of the row, threshold in fen as the handbook's table of Article 5 has it)
ARTICLE_5 = [
    ("large-cash", NATURAL, "cash_in", 5_000_000),
    ("large-cash", LEGAL, "cash_in", 5_000_000),
    ("large-cash", NATURAL, "cash_out", 5_000_000),
    ("large-domestic-natural", NATURAL, "pay", 50_000_000),
    ("large-domestic-legal", LEGAL, "pay", 200_000_000),
    ("large-domestic-legal", LEGAL, "remit", 200_000_000),
    ("large-cross-border-natural", NATURAL, "remit", 20_000_000),
]


def versions_of(id_: str) -> list[Rule]:
    return [rule for option in example_options() for rule in option.rules if rule.id == id_]


def in_force(id_: str) -> Rule:
    (rule,) = [rule for rule in versions_of(id_) if rule.valid_from <= day_of(START) and rule.valid_to is None]
    return rule


def parties(kind: str) -> tuple[str, str]:
    return ("desk", "a") if kind == "cash_in" else ("a", "desk")


@pytest.mark.parametrize(("id_", "holders", "kind", "threshold"), ARTICLE_5)
def test_exactly_at_the_threshold_reports_and_one_fen_below_does_not(id_, holders, kind, threshold):
    rule = in_force(id_)
    for amount, accounts in ((threshold, [("a",)]), (threshold - 1, [])):
        columns = columns_of([row(1, *parties(kind), 0, amount, kind)], holders=holders)
        assert [alert.accounts for alert in run_rule(columns, rule)] == accounts


@pytest.mark.parametrize(("id_", "holders", "kind", "threshold"), ARTICLE_5)
def test_a_days_rows_of_one_direction_add_up_and_two_directions_do_not(id_, holders, kind, threshold):
    rule, half = in_force(id_), threshold // 2
    payer, payee = parties(kind)
    back = {"cash_in": "cash_out", "cash_out": "cash_in"}.get(kind, kind)
    one = row(1, payer, payee, 0, half, kind)
    same = columns_of([one, row(2, payer, payee, 9, half, kind)], holders=holders)
    assert [alert.accounts for alert in run_rule(same, rule)] == [("a",)]
    both = columns_of([one, row(2, payee, payer, 9, half, back)], holders=holders)
    assert run_rule(both, rule) == ()


def test_a_transfer_between_two_customers_is_reported_of_both():
    columns = columns_of([row(1, "a", "b", 0, 50_000_000)])
    assert sorted(alert.accounts for alert in run_rule(columns, in_force("large-domestic-natural"))) == [("a",), ("b",)]


def test_a_natural_persons_transfer_is_not_judged_by_the_rule_for_others():
    columns = columns_of([row(1, "a", "b", 0, 500_000_000)])
    assert run_rule(columns, in_force("large-domestic-legal")) == ()


@pytest.mark.parametrize("id_", sorted({id_ for id_, *_ in ARTICLE_5}))
def test_versions_follow_each_other_without_a_gap_and_the_amendment_left_the_threshold(id_):
    versions = sorted(versions_of(id_), key=lambda rule: rule.valid_from)
    assert [rule.version for rule in versions] == [1, 2]
    assert versions[1].valid_from == date(2025, 12, 1)
    for before, after in pairwise(versions):
        assert (after.valid_from - before.valid_to).days == 1
        assert before.parameters == after.parameters
