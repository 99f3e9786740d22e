"""A problem is a code with values, never a sentence."""

import pytest

from gongshi.terms.problem import Problem


def test_a_problem_is_a_value():
    problem = Problem("ledger.entry.expired", "ab", {"height": 7})
    assert problem == Problem("ledger.entry.expired", "ab", {"height": 7})
    assert problem.as_json() == {"code": "ledger.entry.expired", "where": "ab", "values": {"height": 7}}


@pytest.mark.parametrize(
    "code", ["", "ledger", "ledger.entry", "ledger.entry.expired.more", "Ledger.entry.x", "a.b.it failed"]
)
def test_a_code_is_room_noun_reason(code):
    with pytest.raises(AssertionError):
        Problem(code)
