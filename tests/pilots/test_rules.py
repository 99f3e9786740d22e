from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.pilots.records import Payment, Wallet, read_terms
from gongshi.pilots.rules import check_issue, check_receive, compute_day, spend
from gongshi.terms.instant import day_of, instant_from_iso
from tests.pilots.worlds import ALPHA, BANK, NOON, PARAMETERS, QUOTA

TERMS = read_terms({"pilot": PARAMETERS})
DAY = compute_day(NOON, 480)
WALLET = Wallet(ALPHA, "small", frozen=False, day=DAY, spent=1_000)


def payment(amount=100, at=NOON) -> Payment:
    return Payment(bytes(16), "w1", "w2", amount, "pay", at)


def code(result) -> str | None:
    return getattr(result, "code", None)


@pytest.mark.parametrize(
    ("before", "after"),
    [("2026-03-01T15:59:59.999", "2026-03-01T16:00:00"), ("2025-12-31T15:59:59.999", "2025-12-31T16:00:00")],
)
def test_day_begins_at_midnight_in_the_pilots_zone(before, after):
    days = [compute_day(instant_from_iso(text), 480) for text in (before, after)]
    assert days[1] == days[0] + 1
    assert compute_day(instant_from_iso(before), 0) == compute_day(instant_from_iso(after), 0)


@given(st.integers(0, 4 * 10**12))
def test_day_is_that_of_the_calendar(at):
    """From 1991, when China last changed its clocks, the offset of 480 minutes is that of Asia/Shanghai."""
    if at > instant_from_iso("1992-01-01"):
        assert compute_day(at, 480) == (day_of(at) - day_of(0)).days + compute_day(0, 480)


@pytest.mark.parametrize(
    ("organisation", "operator", "issued", "amount", "expected"),
    [
        (BANK, ALPHA, 0, QUOTA, None),
        (BANK, ALPHA, 1, QUOTA, "pilots.issue.over_quota"),
        (BANK, BANK, 0, 1, "pilots.issue.not_operator"),
        (ALPHA, ALPHA, 0, 1, "pilots.issue.not_issuer"),
    ],
)
def test_issue(organisation, operator, issued, amount, expected):
    assert code(check_issue(TERMS, organisation, operator, issued, amount)) == expected


@pytest.mark.parametrize(
    ("amount", "balance", "expected"),
    [
        (1_000, 1_000, None),
        (1_001, 9_000, "pilots.payment.over_limit"),
        (1_000, 999, "pilots.payment.not_covered"),
    ],
)
def test_payment_within_limit_and_balance(amount, balance, expected):
    assert code(spend(payment(amount), replace(WALLET, spent=0), balance, TERMS)) == expected


def test_daily_limit_adds_up_to_its_last_fen_and_begins_anew_at_midnight():
    assert spend(payment(1_000), replace(WALLET, spent=1_500), 9_000, TERMS).spent == 2_500
    assert code(spend(payment(1_000), replace(WALLET, spent=1_501), 9_000, TERMS)) == "pilots.payment.over_daily_limit"
    midnight = instant_from_iso("2026-03-02T16:00:00")
    assert (
        code(spend(payment(1_000, midnight - 1), replace(WALLET, spent=2_000), 9_000, TERMS))
        == "pilots.payment.over_daily_limit"
    )
    after = spend(payment(1_000, midnight), replace(WALLET, spent=2_000), 9_000, TERMS)
    assert (after.day, after.spent) == (DAY + 1, 1_000)


def test_day_that_is_over_takes_no_more_payments():
    problem = spend(payment(at=NOON - 86_400_000), WALLET, 9_000, TERMS)
    assert (code(problem), problem.values["day"], problem.values["last"]) == (
        "pilots.payment.out_of_order",
        DAY - 1,
        DAY,
    )


def test_frozen_wallet_neither_pays_nor_receives():
    frozen = replace(WALLET, frozen=True)
    assert code(spend(payment(), frozen, 9_000, TERMS)) == "pilots.wallet.frozen"
    assert code(check_receive("w1", frozen, 0, 1, TERMS)) == "pilots.wallet.frozen"


def test_balance_limit_is_reached_and_not_passed():
    assert check_receive("w1", WALLET, 4_000, 1_000, TERMS) is None
    assert code(check_receive("w1", WALLET, 4_001, 1_000, TERMS)) == "pilots.wallet.over_balance"


def test_what_a_payment_does_not_touch_stays():
    after = spend(payment(), WALLET, 9_000, TERMS)
    assert after == replace(WALLET, spent=1_100)
