from __future__ import annotations

import pytest

from gongshi.ledger import schema

FORM = {"a": schema.is_count, "b": schema.is_text}


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ({"a": 1, "b": "x"}, None),
        ([], {"field": "-", "reason": "map"}),
        (None, {"field": "-", "reason": "map"}),
        ({"a": 1}, {"field": "b", "reason": "missing"}),
        ({}, {"field": "a", "reason": "missing"}),
        ({"a": 1, "b": "x", "c": 0}, {"field": "c", "reason": "unknown"}),
        ({"a": 1, "b": "x", 7: 0}, {"field": "7", "reason": "unknown"}),
        ({"a": -1, "b": "x"}, {"field": "a", "reason": "form"}),
        ({"a": 1, "b": ""}, {"field": "b", "reason": "form"}),
    ],
)
def test_body_has_exactly_the_fields_of_the_form(body, values):
    problem = schema.check_fields(body, FORM, "toy.note.form")
    assert (None if problem is None else (problem.code, dict(problem.values))) == (
        None if values is None else ("toy.note.form", values)
    )


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        (
            schema.is_id,
            ["a", "0", "wallet/1.a:b_c-d", "x" * 80],
            ["", "A", "-a", "/a", "x" * 81, "工", "a b", 1, None, b"a", "a\n"],
        ),
        (schema.is_text, ["x", "共识", "x" * 4000], ["", "x" * 4001, 1, None, b"x"]),
        (
            schema.is_text_pair,
            [{"zh": "一", "en": "one"}],
            [{}, {"zh": "一"}, {"zh": "", "en": "x"}, {"zh": "一", "en": "x", "fr": "y"}, "x"],
        ),
        (schema.is_integer, [0, -(2**63), 2**63 - 1], [True, 2**63, -(2**63) - 1, "1", None]),
        (schema.is_count, [0, 2**63 - 1], [-1, False, 2**63, "1"]),
        (schema.is_amount, [1, 2**63 - 1], [0, -1, True, 2**63, "1"]),
        (schema.is_digest, [bytes(32)], [bytes(31), bytes(33), "x" * 32, None]),
        (schema.is_bytes(2), [b"ab"], [b"", b"abc", "ab", None]),
        (schema.is_word("yes", "no"), ["yes", "no"], ["maybe", "", 1, None, ["yes"], {}]),
        (schema.is_optional(schema.is_count), [None, 3], [-1, "x"]),
        (schema.is_list_of(schema.is_count, 1, 2), [[1], [1, 2]], [[], [1, 2, 3], [-1], {}, (1,), None]),
        (schema.is_list_of(schema.is_count), [[], [0] * 1024], [[0] * 1025]),
    ],
)
def test_forms_take_what_they_name_and_nothing_else(form, good, bad):
    assert all(form(value) for value in good)
    assert [value for value in bad if form(value)] == []


def test_which_field_is_named_does_not_depend_on_the_order_in_the_body():
    one = schema.check_fields({"x": 1, "y": 2}, FORM, "toy.note.form")
    other = schema.check_fields({"y": 2, "x": 1}, FORM, "toy.note.form")
    assert one == other
