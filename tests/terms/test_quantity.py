"""Figures: integer, scale and unit; printed with every digit of the scale."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.terms.quantity import Quantity, count_of, quantity_from, quantity_of


@pytest.mark.parametrize(
    ("quantity", "printed"),
    [
        (Quantity(1_234_567, 0, "payment"), "1,234,567"),
        (Quantity(1_234_567, 2, "CNY"), "12,345.67"),
        (Quantity(5, 3, "s"), "0.005"),
        (Quantity(-120, 1, "%"), "-12.0"),
        (Quantity(0, 2, "CNY"), "0.00"),
    ],
)
def test_a_figure_is_printed_with_all_its_digits(quantity, printed):
    assert quantity.printed() == printed


@given(st.integers(), st.integers(0, 12), st.text())
def test_a_figure_reads_back(value, scale, unit):
    quantity = Quantity(value, scale, unit)
    assert quantity_from(quantity.as_json()) == quantity
    assert quantity.as_decimal() * 10**scale == value or abs(value) >= 10**27


def test_rounding_is_half_to_even():
    assert [quantity_of(Decimal(text), 1, "s").value for text in ("0.25", "0.35", "0.251", "-0.25")] == [2, 4, 3, -2]
    assert quantity_of(0.5, 0, "s") == Quantity(0, 0, "s")
    assert count_of(7, "vote") == Quantity(7, 0, "vote")


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        {},
        {"value": 1, "scale": 0},
        {"value": 1, "scale": 0, "unit": "s", "more": 1},
        {"value": 1.0, "scale": 0, "unit": "s"},
        {"value": True, "scale": 0, "unit": "s"},
        {"value": 1, "scale": "0", "unit": "s"},
        {"value": 1, "scale": 0, "unit": None},
    ],
)
def test_what_is_no_figure_is_refused(value):
    with pytest.raises(ValueError, match="not a quantity"):
        quantity_from(value)


@pytest.mark.parametrize("scale", [-1, 13])
def test_scales_are_from_0_to_12(scale):
    with pytest.raises(AssertionError):
        Quantity(1, scale, "s")
    with pytest.raises(ValueError, match="not a quantity"):
        quantity_from({"value": 1, "scale": scale, "unit": "s"})
