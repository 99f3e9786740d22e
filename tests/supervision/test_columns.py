from dataclasses import replace

import numpy as np
import pytest

from gongshi.supervision.columns import (
    WORTH_FEN_MAX,
    gather_columns,
    home_day,
    scale_down,
    scale_up,
    select,
    select_holders,
    take_rows,
)
from gongshi.supervision.records import Customer
from gongshi.terms.problem import Problem
from tests.supervision.worlds import RATES, START, columns_of, customers_of, draw_graph, number_of, row

DAY = 86_400


def test_rows_stand_in_the_order_of_time_and_id_whatever_order_they_come_in():
    rows = [row(3, "a", "b", 5, 1), row(1, "b", "a", 5, 2), row(2, "a", "c", 4, 3)]
    columns = columns_of(rows)
    assert [number_of(columns, at) for at in range(3)] == [2, 1, 3]
    assert [columns.accounts[at] for at in columns.payer] == ["a", "b", "a"]
    assert columns.digest == columns_of(rows[::-1]).digest
    assert columns.place_of[(1).to_bytes(16)] == 1


def test_ids_are_ordered_as_bytes_not_as_signed_numbers():
    ids = [bytes([255]) + bytes(15), bytes([1]) + bytes(15), bytes(15) + b"\xff"]
    rows = [replace(row(1, "a", "b", 0, 1), id=one) for one in ids]
    columns, _ = gather_columns(rows, {}, {})
    assert [columns.row_id(at) for at in range(3)] == sorted(ids)


def test_a_foreign_amount_is_worth_the_rate_of_its_home_day_rounded_down():
    """
    the rate is 9/10 on the first home day of these worlds and 10/10 on the next
    """
    late, early = row(1, "a", "b", DAY - 1, 11, zone="XX"), row(2, "a", "b", DAY, 11, zone="XX")
    assert columns_of([late, early]).worth.tolist() == [9, 11]
    assert home_day(np.array([START - 1, START])).tolist() == [20513, 20514]


@pytest.mark.parametrize(
    ("bent", "problem"),
    [
        ({"id": b"short"}, Problem("supervision.row.id_length", b"short".hex(), {"bytes": 5})),
        ({"amount": 0}, Problem("supervision.row.amount", (2).to_bytes(16).hex(), {"amount": 0})),
        ({"id": (1).to_bytes(16)}, Problem("supervision.row.duplicate", (1).to_bytes(16).hex())),
        (
            {"currency": "USD"},
            Problem("supervision.rate.missing", (2).to_bytes(16).hex(), {"currency": "USD", "day": 20514}),
        ),
        (
            {"amount": WORTH_FEN_MAX + 1},
            Problem(
                "supervision.row.worth",
                (2).to_bytes(16).hex(),
                {"worth_fen": WORTH_FEN_MAX + 1, "most_fen": WORTH_FEN_MAX},
            ),
        ),
    ],
)
def test_a_row_that_cannot_be_judged_is_left_out_and_named(bent, problem):
    rows = [row(1, "a", "b", 0, 5), replace(row(2, "b", "a", 1, 5), **bent), row(3, "a", "b", 2, 5)]
    columns, problems = gather_columns(rows, {}, RATES)
    assert set(map(repr, problems)) == {repr(problem)}
    kept = [1, 3] if problem.code != "supervision.row.duplicate" else [3]
    assert [number_of(columns, at) for at in range(len(columns))] == kept


def test_the_greatest_worth_is_still_judged():
    assert len(columns_of([row(1, "a", "b", 0, WORTH_FEN_MAX)])) == 1


def test_a_digest_changes_with_everything_but_the_height():
    rows = draw_graph(3)
    columns = columns_of(rows)
    assert columns_of([replace(one, height=99) for one in rows]).digest == columns.digest
    other = replace(rows[0], amount=rows[0].amount + 1)
    assert columns_of([other, *rows[1:]]).digest != columns.digest
    assert columns_of(rows, owners={rows[0].payer: "somebody"}).digest != columns.digest
    assert columns_of(rows, holders={rows[0].payer: "legal"}).digest != columns.digest


def test_an_account_without_a_record_stands_for_itself_as_a_natural_person():
    columns, _ = gather_columns([row(1, "a", "b", 0, 5)], {"a": Customer("o", "legal")}, {})
    assert [columns.owners[at] for at in columns.owner] == ["o", "b"]
    assert columns.holder.tolist() == [1, 0]


def test_an_empty_past_has_columns_and_a_digest():
    columns = columns_of([])
    assert len(columns) == 0
    assert columns.digest == columns_of([]).digest


def test_some_rows_keep_their_names():
    columns = columns_of([row(number, "a", "b", number, 5) for number in range(5)])
    some = take_rows(columns, [1, 3])
    assert [number_of(some, at) for at in range(2)] == [1, 3]
    assert some.accounts == columns.accounts


def test_a_scope_looks_at_kinds_zones_currencies_and_never_at_rows_to_oneself():
    rows = [
        row(1, "a", "b", 0, 5),
        row(2, "a", "b", 0, 5, "remit"),
        row(3, "a", "b", 0, 5, zone="XX"),
        row(4, "a", "a", 0, 5),
    ]
    columns = columns_of(rows)
    assert select(columns, {}).tolist() == [True, True, True, False]
    assert select(columns, {"kinds": ("pay",)}).tolist() == [True, False, True, False]
    assert select(columns, {"kinds": ("pay",), "zones": ("CN",)}).tolist() == [True, False, False, False]
    assert select(columns, {"currencies": ("HKD",)}).tolist() == [False, False, True, False]
    assert not select(columns, {"kinds": ("cash_in",)}).any()


def test_institutions_are_no_customers_unless_the_scope_says_so():
    rows = [row(1, "person", "firm", 0, 5), row(2, "desk", "person", 0, 5)]
    columns = columns_of(rows, holders={"firm": "legal", "desk": "institution"})
    assert columns.accounts == ("desk", "firm", "person")
    assert select_holders(columns, {}).tolist() == [False, True, True]
    assert select_holders(columns, {"holders": ("institution",)}).tolist() == [True, False, False]


@pytest.mark.parametrize("amount", [0, 1, 999_999, 1_000_000, 123_456_789_012, WORTH_FEN_MAX])
@pytest.mark.parametrize("ppm", [0, 1, 333_333, 970_000, 1_000_000, 1_030_000])
def test_scaling_is_exact(amount, ppm):
    assert int(scale_down(np.array([amount]), ppm)[0]) == amount * ppm // 1_000_000
    assert int(scale_up(np.array([amount]), ppm)[0]) == -(-amount * ppm // 1_000_000)


def test_customers_of_a_world_are_those_of_its_rows():
    assert set(customers_of([row(1, "a", "b", 0, 5)])) == {"a", "b"}
