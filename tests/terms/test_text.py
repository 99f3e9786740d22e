"""Text in both languages, and what is refused."""

import pytest

from gongshi.terms.text import LANGUAGES, Text, text_from

NAME = Text("共识", "Consensus")


def test_each_reader_gets_his_side():
    assert [NAME.in_(language) for language in LANGUAGES] == ["共识", "Consensus"]
    assert text_from(NAME.as_json()) == NAME


@pytest.mark.parametrize(
    "value",
    [None, "x", {}, {"zh": "x"}, {"zh": "", "en": "x"}, {"zh": "x", "en": 7}, {"zh": "x", "en": "y", "fr": "z"}],
)
def test_a_text_has_both_sides_and_no_other(value):
    with pytest.raises(ValueError, match="not a text"):
        text_from(value)


def test_an_empty_side_is_our_mistake():
    for sides in (("", "x"), ("x", "")):
        with pytest.raises(AssertionError):
            Text(*sides)
