"""Money: whole minor units within 63 bits."""

import pytest

from gongshi.terms.money import AMOUNT_MAX, Money, is_amount


def test_an_amount_that_moves_is_positive_and_below_2_63():
    assert [is_amount(value) for value in (1, AMOUNT_MAX)] == [True, True]
    for value in (0, -1, AMOUNT_MAX + 1, True, 1.0, "1", None):
        assert not is_amount(value)


def test_money_is_ordered_within_its_currency():
    assert Money("CNY", 1) < Money("CNY", 2)
    assert Money("CNY", -AMOUNT_MAX).amount == -(2**63) + 1
    for amount in (AMOUNT_MAX + 1, -AMOUNT_MAX - 1, 0.5):
        with pytest.raises(AssertionError):
            Money("CNY", amount)
