"""A rule's document is read strictly: what another reader might read otherwise is refused."""

import json

import pytest
from alerted import canonical, rule_of

from gongshi_verifier.rule import DocumentError, holds_rule, read_json, read_rule

GOOD = rule_of("temporal_cycle", {"kinds": ["pay"]})


def test_a_rule_reads():
    rule = read_rule(canonical(GOOD))
    assert (rule.id, rule.version, rule.typology, rule.valid_to) == ("rule-temporal_cycle", 1, "temporal_cycle", None)
    assert (rule.valid_from, rule.scope) == (18_262, {"kinds": ["pay"]})
    ended = read_rule(canonical({**GOOD, "valid_to": "2020-01-02"}))
    assert [ended.is_in_force(day) for day in (18_261, 18_262, 18_263, 18_264)] == [False, True, True, False]


@pytest.mark.parametrize(
    "change",
    [
        {"id": 7},
        {"typology": None},
        {"version": True},
        {"version": -1},
        {"parameters": []},
        {"parameters": {"a": True}},
        {"parameters": {"a": "1"}},
        {"parameters": {"a": 2**63}},
        {"scope": []},
        {"scope": {"moods": []}},
        {"scope": {"kinds": "pay"}},
        {"scope": {"kinds": [1]}},
        {"valid_from": None},
        {"valid_from": 20200101},
        {"valid_from": "20200101"},
        {"valid_from": "2020-13-01"},
        {"valid_to": "2020"},
    ],
)
def test_a_field_of_another_form_is_refused(change):
    with pytest.raises(DocumentError):
        read_rule(canonical({**GOOD, **change}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b"[" * 100_000,
        b'{"a":' + b"9" * 10_000 + b"}",
    ],
)
def test_what_is_no_document_is_refused(data):
    with pytest.raises(DocumentError):
        read_rule(data)


def test_a_document_may_be_any_json_of_whole_numbers():
    assert read_json(b'{"a": [1, true, null, "x"]}') == {"a": [1, True, None, "x"]}


def test_true_is_not_one_among_the_rules_of_an_option():
    option = canonical({"rules": [{"a": 1}]})
    assert holds_rule(option, b'{"a": 1}')
    assert not holds_rule(option, b'{"a": true}')
    assert not holds_rule(option, b"{")
    assert not holds_rule(json.dumps([]).encode(), b'{"a": 1}')
