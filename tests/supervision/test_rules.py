"""Tiny worlds in which the table of the comparison is known by hand."""

from dataclasses import replace
from datetime import date

import pytest

from gongshi.supervision.records import Manifest, Option, Ring
from gongshi.supervision.rules import compare_options, run_option, run_rule, score_run
from gongshi.supervision.scores import kind_rows, score_rows
from gongshi.terms.instant import day_of
from gongshi.terms.text import Text
from tests.supervision.worlds import START, columns_of, row, rule_of

NAME = Text("名", "name")
DAY = 86_400
DESK = {"desk": "institution"}


def option_of(id_, *rules):
    return Option(id_, NAME, NAME, rules)


def ring_of(id_, kind, rows, roles, *, innocent=False):
    return Ring(id_, kind, innocent, tuple(number.to_bytes(16) for number in rows), dict.fromkeys(roles, "member"))


ROWS = [
    row(1, "a", "b", 0, 900),  # the ring: a -> b -> a
    row(2, "b", "a", 1, 900),
    row(3, "c", "d", 10, 500),  # a family: c -> d -> c
    row(4, "d", "c", 11, 500),
    row(5, "desk", "e", 20, 4_900, "cash_in"),  # a stall
    row(6, "f", "g", 30, 7_000),  # somebody buys a flat
]
MANIFEST = Manifest(
    1,
    (
        ring_of("r1", "cycle", [1, 2], "ab"),
        ring_of("r2", "mirror", [9], "xy"),  # its row is not on the ledger
        ring_of("l1", "family", [3, 4], "cd", innocent=True),
        ring_of("l2", "stall", [5], "e", innocent=True),
    ),
)
CYCLES = option_of("cycles", rule_of("temporal_cycle"))
LARGE = option_of("large", rule_of("large_value", threshold_fen=4_900))


@pytest.fixture
def columns():
    return columns_of(ROWS, holders=DESK)


def test_the_table_of_two_options(columns):
    """
    cycles raises 1-2 and 3-4; large raises 5 (of e) and 6 twice (of f, who pays, and of g, who is paid)
    """
    comparison = compare_options(columns, [run_option(columns, CYCLES), run_option(columns, LARGE)], MANIFEST)
    cycles, large = score_rows(comparison)
    assert cycles == {
        "option": "cycles",
        "name": {"zh": "名", "en": "name"},
        "rings": 2,
        "caught": 1,
        "missed": 1,
        "alerts": 2,
        "false_alarms": 1,
        "accounts": 7,
        "accounts_burdened": 2,
        "money_planted": 1_800,
        "money_covered": 1_800,
    }
    counted = ("caught", "missed", "alerts", "false_alarms", "accounts_burdened", "money_covered")
    assert [large[name] for name in counted] == [0, 2, 3, 3, 3, 0]
    assert (comparison.caught_by_all, comparison.caught_by_none) == (0, 1)


def test_the_table_by_kind(columns):
    comparison = compare_options(columns, [run_option(columns, CYCLES), run_option(columns, LARGE)], MANIFEST)
    found = [
        (one["option"], one["kind"], one["innocent"], one["touched"], one["present"]) for one in kind_rows(comparison)
    ]
    assert found == [
        ("cycles", "cycle", False, 1, 1),
        ("cycles", "mirror", False, 0, 1),
        ("cycles", "family", True, 1, 1),
        ("cycles", "stall", True, 0, 1),
        ("large", "cycle", False, 0, 1),
        ("large", "mirror", False, 0, 1),
        ("large", "family", True, 0, 1),
        ("large", "stall", True, 1, 1),
    ]


def test_one_payment_is_reported_of_both_customers(columns):
    run = run_option(columns, LARGE)
    assert [alert.accounts for alert in run.alerts if alert.rows == ((6).to_bytes(16),)] in (
        [("f",), ("g",)],
        [("g",), ("f",)],
    )
    assert len({alert.id for alert in run.alerts}) == 3


@pytest.mark.parametrize(("ring_rows", "caught"), [([1, 2], {"r"}), ([1], {"r"}), ([3], set())])
def test_an_alert_catches_a_ring_of_which_half_its_rows_are(columns, ring_rows, caught):
    manifest = Manifest(1, (ring_of("r", "cycle", ring_rows, "ab"),))
    rule = rule_of("temporal_cycle", amount_min_fen=900)
    assert score_run(columns, run_option(columns, option_of("o", rule)), manifest).caught_rings == caught


def test_less_than_half_catches_nothing():
    columns = columns_of([row(1, "a", "b", 0, 9), row(2, "b", "c", 1, 9), row(3, "c", "a", 2, 9)])
    run = run_option(columns, option_of("o", rule_of("temporal_cycle")))
    score = score_run(columns, run, Manifest(1, (ring_of("r", "cycle", [1], "ab"),)))
    assert (score.caught, score.false_alarms, score.accounts_burdened) == (0, 1, 1)


def test_an_alert_half_of_one_ring_and_half_of_another_catches_both(columns):
    manifest = Manifest(1, (ring_of("r1", "cycle", [1], "a"), ring_of("r2", "cycle", [2], "b")))
    run = run_option(columns, option_of("o", rule_of("temporal_cycle", amount_min_fen=900)))
    assert score_run(columns, run, manifest).caught_rings == {"r1", "r2"}


def test_a_bystander_named_beside_a_ring_is_burdened_too(columns):
    """The alert 1-2 catches the ring of which only a is a player; b is named with him."""
    score = score_run(
        columns,
        run_option(columns, option_of("o", rule_of("temporal_cycle", amount_min_fen=900))),
        Manifest(1, (ring_of("r", "cycle", [1, 2], "a"),)),
    )
    assert (score.caught, score.false_alarms, score.accounts_burdened) == (1, 0, 1)


def test_an_institution_is_not_burdened(columns):
    rule = rule_of("large_value", {"holders": ("natural", "institution")}, threshold_fen=4_900)
    score = score_run(columns, run_option(columns, option_of("o", rule)), Manifest(1, ()))
    assert score.alerts == 4
    assert score.accounts_burdened == 3
    assert score.money_planted == 0


def test_a_rule_raises_only_what_closes_while_it_is_in_force():
    """
    day 0: a -> b, day 1: b -> a; the rule ends with day 0, or begins with day 1
    """
    columns = columns_of([row(1, "a", "b", 0, 9), row(2, "b", "a", DAY, 9)])
    first = day_of(START)
    rule = rule_of("temporal_cycle")
    assert run_rule(columns, replace(rule, valid_to=first)) == ()
    (alert,) = run_rule(columns, replace(rule, valid_from=date.fromordinal(first.toordinal() + 1)))
    assert alert.rows == ((1).to_bytes(16), (2).to_bytes(16))


def test_an_alert_is_as_of_the_height_of_its_newest_row():
    columns = columns_of([row(1, "a", "b", 0, 9, height=8), row(2, "b", "a", 1, 9, height=5)])
    (alert,) = run_rule(columns, rule_of("temporal_cycle"))
    assert (alert.as_of, alert.time, alert.accounts) == (8, START + 1_000, ("a", "b"))


def test_alerts_stand_in_the_order_of_their_last_rows_and_once(columns):
    rule = rule_of("temporal_cycle")
    run = run_option(columns, option_of("o", rule_of("large_value", threshold_fen=500), rule, rule))
    assert [alert.time for alert in run.alerts] == sorted(alert.time for alert in run.alerts)
    assert len({alert.id for alert in run.alerts}) == len(run.alerts)


def test_a_stopped_search_is_counted_in_the_run():
    rows = [row(number, "a", "b", number, 5) for number in range(10)] + [row(10, "b", "a", 10, 5)]
    run = run_option(columns_of(rows), option_of("o", rule_of("temporal_cycle", visits_max=4)))
    assert (run.stopped, run.visits) == (1, 5)
    assert {alert.complete for alert in run.alerts} == {False}


def test_nothing_is_planted_and_nothing_is_found():
    columns = columns_of([row(1, "a", "b", 0, 9)])
    comparison = compare_options(columns, [run_option(columns, CYCLES)] * 2, Manifest(1, ()))
    assert (comparison.caught_by_all, comparison.caught_by_none) == (0, 0)
    assert [score.missed for score in comparison.scores] == [0, 0]
