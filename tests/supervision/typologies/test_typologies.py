"""Brothers of one shape: whoever adds a typology is held to it here."""

import pytest

from gongshi.supervision.records import Judgement
from gongshi.supervision.typologies import get_typologies, judge_rule
from gongshi.terms.text import Text
from tests.supervision.worlds import columns_of, row, rule_of


@pytest.mark.parametrize("name", get_typologies())
def test_a_typology_has_a_number_a_name_in_both_languages_and_integer_defaults(name):
    typology = get_typologies()[name]
    assert isinstance(typology.NAME, Text)
    assert typology.NUMBER > 0
    assert all(type(value) is int for value in typology.PARAMETERS.values())


@pytest.mark.parametrize("name", get_typologies())
def test_an_empty_past_and_a_scope_that_matches_nothing_have_no_findings(name):
    assert judge_rule(columns_of([]), rule_of(name)) == Judgement((), 0)
    columns = columns_of([row(1, "a", "b", 0, 5), row(2, "b", "a", 1, 5)])
    assert judge_rule(columns, rule_of(name, {"kinds": ("remit",)})).findings == ()


def test_no_two_typologies_have_one_number():
    numbers = {typology.NUMBER for typology in get_typologies().values()}
    assert len(numbers) == len(get_typologies())
    assert numbers >= {3, 12, 15, 17}
