"""Ids of rows: a running number and whose it is, so that nobody's row takes another's place."""

from hypothesis import given
from hypothesis import strategies as st

from gongshi.terms.instant import Instant
from gongshi.terms.transfer import Transfer, family_tag, transfer_id

NUMBERS = st.integers(0, 2**64 - 1)


@given(NUMBERS, NUMBERS)
def test_ids_rise_with_their_numbers(one, other):
    ids = [transfer_id("bank", "pay", number) for number in (one, other)]
    assert (ids[0] < ids[1]) == (one < other)
    assert {len(id_) for id_ in ids} == {16}


def test_operators_and_families_have_ids_of_their_own():
    tags = {family_tag(operator, family) for operator in ("bank", "payments") for family in ("pay", "fund", "declare")}
    assert len(tags) == 6
    assert family_tag("a\x00b", "c") == family_tag("a", "b\x00c"), "names are words and hold no zero byte"
    assert transfer_id("bank", "pay", 1)[8:] == family_tag("bank", "pay")


def test_a_transfer_is_a_record():
    row = Transfer(bytes(16), "a", "b", Instant(1), 5, "e-CNY", "CN", "pay", "bank", 7)
    assert (row.payer, row.amount, row.height) == ("a", 5, 7)
