"""A technology is known by its terms in both languages."""

from gongshi.terms.technology import Technology
from gongshi.terms.text import Text


def test_a_technology_is_a_record():
    one = Technology("consensus", Text("共识", "Consensus"), ("共识", "拜占庭容错"), ("consensus", "BFT"))
    assert one == Technology("consensus", Text("共识", "Consensus"), ("共识", "拜占庭容错"), ("consensus", "BFT"))
    assert one != Technology("consensus", Text("共识", "Consensus"), ("共识",), ("consensus", "BFT"))
