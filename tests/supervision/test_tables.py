import json

import pytest

from gongshi.supervision.records import Customer
from gongshi.supervision.tables import RATE_PART_MAX, join_customers, read_customers, read_rates
from gongshi.terms.problem import Problem

PERSON, FIRM = Customer("o1", "natural"), Customer("o2", "legal")


def test_customers_and_rates_are_read():
    assert read_customers(b'{"w1": ["o1", "natural"], "w2": ["o2", "legal"]}', "bank") == (
        {"w1": PERSON, "w2": FIRM},
        (),
    )
    assert read_rates(b'{"20514": [9, 10]}', "HKD") == ({("HKD", 20514): (9, 10)}, ())


@pytest.mark.parametrize("data", [b"\xff", b"[]", b"1", b"{", b"[" * 100_000])
def test_what_is_no_table_is_named_and_nothing_falls(data):
    assert read_customers(data, "bank") == ({}, (Problem("supervision.table.unreadable", "bank"),))
    assert read_rates(data, "HKD") == ({}, (Problem("supervision.table.unreadable", "HKD"),))


def test_a_table_that_is_not_held_here_is_named():
    assert read_customers(None, "bank") == ({}, (Problem("supervision.table.missing", "bank"),))


@pytest.mark.parametrize(
    "row", [None, "o1", [], ["o1"], [1, "natural"], ["o1", "alien"], ["o1", "natural", 1], ["o1", []]]
)
def test_a_customer_that_is_none_is_left_out_and_named(row):
    found, problems = read_customers(json.dumps({"w0": row, "w1": ["o1", "natural"]}).encode(), "bank")
    assert found == {"w1": PERSON}
    assert problems == (Problem("supervision.table.row", "bank", {"row": "w0"}),)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        ("x", [1, 1]),
        ("1", [1]),
        ("1", [0, 1]),
        ("1", [1, 0]),
        ("1", [1.0, 1]),
        ("1", [True, 1]),
        ("1", [RATE_PART_MAX + 1, 1]),
    ],
)
def test_a_rate_that_is_none_is_left_out_and_named(day, rate):
    found, problems = read_rates(json.dumps({day: rate, "2": [RATE_PART_MAX, 1]}).encode(), "HKD")
    assert found == {("HKD", 2): (RATE_PART_MAX, 1)}
    assert problems == (Problem("supervision.table.row", "HKD", {"row": day}),)


def test_an_operator_speaks_of_its_own_accounts_only():
    claims = {"bank": {"w1": PERSON, "w2": FIRM}, "shop": {"w2": PERSON, "x": PERSON}}
    operators_of = {"w1": frozenset({"bank"}), "w2": frozenset({"shop"}), "x": frozenset({"bank", "shop"})}
    customers, problems = join_customers(claims, operators_of)
    assert customers == {"w1": PERSON, "w2": PERSON, "x": PERSON}
    assert problems == (Problem("supervision.customer.foreign", "w2", {"operator": "bank"}),)


def test_of_two_claims_on_an_account_abroad_the_first_stands_and_both_are_told():
    both = {"x": frozenset({"bank", "shop"})}
    customers, problems = join_customers({"shop": {"x": FIRM}, "bank": {"x": PERSON}}, both)
    assert customers == {"x": PERSON}
    assert problems == (Problem("supervision.customer.disputed", "x", {"operator": "shop"}),)
    assert join_customers({"shop": {"x": PERSON}, "bank": {"x": PERSON}}, both) == ({"x": PERSON}, ())


def test_an_account_that_nobody_operates_is_nobodys_to_speak_of():
    assert join_customers({"bank": {"y": PERSON}}, {})[0] == {}
